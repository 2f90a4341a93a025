// The program: it alone knows which storage and which providers run.
#include <malloc.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <iostream>
#include <random>
#include <thread>

#include <boost/json.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "actors/runtime.hpp"
#include "config/settings.hpp"
#include "gateway/api/api.hpp"
#include "gateway/bridge.hpp"
#include "gateway/cli/arguments.hpp"
#include "gateway/cli/composition.hpp"
#include "gateway/cli/demo.hpp"
#include "gateway/cli/development_key.hpp"
#include "gateway/cli/doctor.hpp"
#include "gateway/cli/sandbox_server.hpp"
#include "gateway/inbound/server.hpp"
#include "gateway/log.hpp"
#include "gateway/metrics.hpp"
#include "gateway/outbound/client.hpp"
#include "protocols/core/overloaded.hpp"
#include "storage/sqlite/store.hpp"

extern char** environ;

namespace cambist {
namespace {

using gateway::log_event;
using gateway::LogLevel;

constexpr int status_failed = 1;
constexpr int status_settings = 2;  // wrong, missing or unusable settings

std::atomic<bool> escalated{false};  // the runtime gave up: the process ends with an error

TimePoint wall_clock() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

/// Ids and jitter; never keys or secrets.
std::uint64_t random_bits() {
  thread_local std::mt19937_64 engine{[] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64{seed};
  }()};
  return engine();
}

int fail(int status, const std::string& line) {
  std::cerr << "cambist: " << line << '\n';
  return status;
}

/// One line for each problem.
int fail_settings(const Error& error) {
  std::cerr << error.detail << (error.detail.ends_with('\n') ? "" : "\n");
  return status_settings;
}

config::Environment environment() {
  config::Environment found;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    const auto at = text.find('=');
    if (at != std::string_view::npos) found.emplace(text.substr(0, at), text.substr(at + 1));
  }
  return found;
}

/// SIGTERM and SIGINT are waited for, never handled: blocked before any thread starts.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT}) sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

/// Few arenas: a dozen threads that each keep a heap of their own would hold memory that nobody
/// uses.
void limit_arenas() {
  mallopt(M_ARENA_MAX, 2);
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

// --- serve
// ------------------------------------------------------------------------------------------------------

struct ApiKey {
  Secret key;
  bool print = false;
};

/// The key of the default tenant: from the settings, else (with the sandbox) one made for
/// development.
Result<ApiKey> api_key(const config::Settings& settings) {
  if (!settings.api_key.empty()) return ApiKey{settings.api_key.clone(), false};
  if (!settings.sandbox.enabled) {
    return Error{
        ErrorCode::invalid_request,
        "CAMBIST_API_KEY: not set; without the sandbox the default tenant's API key must be given"};
  }
  auto made = gateway::cli::development_key(settings.storage.data);
  if (!made) return made.error();
  return ApiKey{std::move(made->key), made->fresh};
}

Result<std::vector<storage::ApiKeyRow>> register_key(storage::Store& store, const Secret& key) {
  auto row = gateway::api_key_row(key.reveal(), default_tenant(), wall_clock());
  // One row for the default tenant's key: another key takes the place of the last one.
  row.id = "default";
  if (auto put = store.put_api_key(row); !put) return put.error();
  return store.open_reader()->api_keys();
}

void print_banner(const config::Settings& settings, const std::string& sandbox_url,
                  const std::string& webhooks_url, const ApiKey& key, const std::string& url) {
  std::cout << "cambist " CAMBIST_VERSION "\n";
  if (!sandbox_url.empty()) {
    std::cout << "  sandbox  " << sandbox_url << '\n';
    std::cout << "  webhooks " << webhooks_url << "/{provider}\n";
  }
  std::cout << "  data     " << settings.storage.data << '\n';
  if (key.print)
    std::cout << "  key      " << key.key.reveal()
              << "  (development; printed once, kept beside the data)\n";
  std::cout << "  API      " << url << std::endl;
}

/// Waits for SIGTERM or SIGINT; a second one ends the process at once. Meanwhile what the heap no
/// longer needs goes back to the system, so that a peak of load is not paid for ever.
void wait_for_stop(const sigset_t& signals) {
  constexpr timespec trim_every{10, 0};
  int number = sigtimedwait(&signals, nullptr, &trim_every);
  while (number < 0) {
    malloc_trim(0);
    number = sigtimedwait(&signals, nullptr, &trim_every);
  }
  log_event(LogLevel::info, "draining",
            {{"signal", std::string_view{number == SIGINT ? "SIGINT" : "SIGTERM"}}});
  std::thread{[signals] {
    int second = 0;
    sigwait(&signals, &second);
    _exit(128 + second);
  }}.detach();
}

int serve(const config::Settings& settings) {
  const auto signals = block_signals();
  raise_descriptor_limit();
  limit_arenas();
  if (auto started = gateway::start_log(settings.log.level); !started)
    return fail_settings(started.error());

  auto opened = storage::sqlite::open(settings.storage.data);
  if (!opened)
    return fail(status_settings, "data " + settings.storage.data + ": " + opened.error().detail);
  const std::shared_ptr<storage::Store> store = std::move(*opened);
  auto key = api_key(settings);
  if (!key) return fail(status_settings, key.error().detail);
  auto keys = register_key(*store, key->key);
  if (!keys)
    return fail(status_settings, "data " + settings.storage.data + ": " + keys.error().detail);

  std::unique_ptr<gateway::cli::SandboxServer> emulators;
  if (settings.sandbox.enabled) {
    auto made =
        gateway::cli::SandboxServer::start(settings.sandbox.listen, {}, wall_clock, random_bits);
    if (!made) return fail(status_settings, "sandbox listen: " + made.error().detail);
    emulators = std::move(*made);
  }
  const std::string sandbox_url = emulators ? emulators->url() : std::string{};
  auto providers = gateway::cli::make_providers(settings, sandbox_url);
  if (!providers) return fail(status_settings, providers.error().detail);

  gateway::ApiParams api_params;
  for (const auto& [name, params] : *providers) api_params.providers.push_back(name);

  caf::actor_system_config actor_config;
  actor_config.set("scheduler.max-threads", static_cast<std::size_t>(settings.runtime.workers));
  actor_config.set("scheduler.max-throughput", std::size_t{200});
  caf::actor_system system{actor_config};
  const auto metrics = std::make_shared<gateway::Metrics>();
  metrics->begin(api_params.providers);
  const auto queue = std::make_shared<gateway::QueueGate>(gateway::cli::queue_policy(settings), [] {
    return std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()};
  });
  metrics->on_intent([queue](Duration queued) { queue->durable(queued); });
  auto params = gateway::cli::runtime_params(settings);
  params.store = store;
  params.providers = std::move(*providers);
  params.http = gateway::outbound::make_client(gateway::cli::client_limits(settings.outbound));
  params.merchant_http = gateway::outbound::make_client(gateway::cli::merchant_limits(settings));
  params.telemetry = metrics;
  params.now = wall_clock;
  params.random = random_bits;
  params.on_escalation = [process = getpid()](const std::string& reason) {
    log_event(LogLevel::err, "the runtime cannot go on", {{"reason", std::string_view{reason}}});
    escalated = true;
    kill(process, SIGTERM);
  };
  actors::Runtime runtime{system, std::move(params)};

  api_params.bridge = gateway::make_bridge(system, runtime);
  api_params.metrics = metrics;
  api_params.timers = gateway::make_timers();
  api_params.keys = std::move(*keys);
  api_params.request_deadline = settings.server.request_deadline;
  api_params.endpoint_deadline = gateway::cli::endpoint_deadline(settings);
  api_params.rates = gateway::cli::rates(settings.limits);
  api_params.queue = queue;
  api_params.allow_loopback = settings.webhooks.allow_loopback;
  api_params.in_flight_max = settings.server.in_flight_max;
  api_params.now = wall_clock;
  api_params.random = random_bits;
  gateway::Api api{std::move(api_params)};

  auto server =
      gateway::inbound::Server::start(settings.server.listen, gateway::cli::server_limits(settings),
                                      api.handler(), api.refusal(), settings.server.threads);
  if (!server) {
    runtime.stop();
    return fail(status_settings, "listen: " + server.error().detail);
  }
  const auto url = gateway::cli::local_url(settings.server.listen, (*server)->port());
  std::string webhooks_url;
  if (emulators) {
    webhooks_url = url + "/api/v1/webhooks";
    const auto secrets = gateway::cli::webhook_secrets(settings, sandbox_url);
    if (auto sends = emulators->webhooks_to(webhooks_url, secrets); !sends)
      log_event(LogLevel::warn, "the sandbox sends no webhooks",
                {{"reason", std::string_view{sends.error().detail}}});
  }
  print_banner(settings, sandbox_url, webhooks_url, *key, url);
  log_event(LogLevel::info, "serving", {{"url", std::string_view{url}}});

  wait_for_stop(signals);
  api.drain();
  (*server)->drain(settings.server.drain_deadline);
  runtime.stop();
  if (emulators) emulators->drain(std::chrono::seconds{1});
  log_event(LogLevel::info, "stopped");
  gateway::stop_log();
  return escalated ? status_failed : 0;
}

// --- the other commands
// -------------------------------------------------------------------------------------------

/// From the environment, as the server reads them, so that both can be told with one variable.
gateway::sandbox::webhooks::Secrets alone_secrets(const gateway::cli::SandboxServer& emulators) {
  const auto variables = environment();
  gateway::sandbox::webhooks::Secrets secrets;
  for (const auto& provider : emulators.providers()) {
    std::string name = "CAMBIST_" + provider + "_WEBHOOK_SECRET";
    for (auto& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const auto found = variables.find(name);
    const bool set = found != variables.end() && !found->second.empty();
    secrets.emplace(provider,
                    Secret{set ? found->second : std::string{config::sandbox_webhook_secret}});
  }
  return secrets;
}

int run_sandbox(const gateway::cli::SandboxAlone& command) {
  const auto signals = block_signals();
  raise_descriptor_limit();
  auto started =
      gateway::cli::SandboxServer::start(command.listen, command.roots, wall_clock, random_bits);
  if (!started) return fail(status_settings, started.error().detail);
  if (!command.webhooks.empty()) {
    const auto secrets = alone_secrets(**started);
    if (auto sends = (*started)->webhooks_to(command.webhooks, secrets); !sends)
      return fail(status_settings, "--webhooks: " + sends.error().detail);
    std::cout << "  webhooks " << command.webhooks << "/{provider}\n";
  }
  for (const auto& [provider, url] : (*started)->roots())
    std::cout << "  " << provider << "  " << url << '\n';
  std::cout << "  sandbox  " << (*started)->url() << std::endl;
  int number = 0;
  sigwait(&signals, &number);
  (*started)->drain(std::chrono::seconds{1});
  return 0;
}

int run_demo(const gateway::cli::Demo& command, const gateway::cli::Arguments& arguments) {
  const auto variables = environment();
  const auto variable = [&](const char* name) -> std::string {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string{} : found->second;
  };
  gateway::cli::DemoParams params{command.url, Secret{variable("CAMBIST_API_KEY")}, arguments.json,
                                  wall_clock, random_bits};
  if (params.api_key.empty()) {
    const auto from_environment = variable("CAMBIST_DATA");
    const auto data =
        arguments.flags.data.value_or(from_environment.empty() ? "cambist-data" : from_environment);
    auto known = gateway::cli::find_development_key(data);
    if (!known)
      return fail(status_settings,
                  "CAMBIST_API_KEY: not set, and there is no development key in " + data);
    params.api_key = std::move(*known);
  }
  return gateway::cli::run_demo(*gateway::outbound::make_client({}), params, std::cout, std::cerr);
}

int run_migrate(const config::Settings& settings, bool json) {
  const auto migrations = storage::sqlite::migrate(settings.storage.data);
  if (!migrations) return fail(status_failed, migrations.error().detail);
  boost::json::array list;
  for (const auto& migration : *migrations) {
    if (json) {
      list.push_back({{"number", migration.number},
                      {"name", migration.name},
                      {"checksum", migration.checksum},
                      {"applied", migration.applied}});
    } else {
      std::cout << migration.number << "  " << migration.name << "  "
                << (migration.applied ? "applied now" : "was there") << '\n';
    }
  }
  if (json) std::cout << boost::json::serialize(boost::json::object{{"migrations", list}}) << '\n';
  return 0;
}

int print_version(bool json) {
  if (json) {
    std::cout << R"({"name":"cambist","version":")" CAMBIST_VERSION "\"}\n";
  } else {
    std::cout << "cambist " CAMBIST_VERSION "\n";
  }
  return 0;
}

int run(gateway::cli::Arguments arguments) {
  const auto with_settings = [&](auto action) {
    auto settings = config::load(arguments.flags, environment());
    return settings ? action(std::move(*settings)) : fail_settings(settings.error());
  };
  return std::visit(
      Overloaded{
          [&](const gateway::cli::Serve&) {
            return with_settings([](const auto& settings) { return serve(settings); });
          },
          [&](const gateway::cli::SandboxAlone& command) { return run_sandbox(command); },
          [&](const gateway::cli::Demo& command) { return run_demo(command, arguments); },
          [&](const gateway::cli::ConfigCheck&) {
            return with_settings([](const auto&) {
              std::cout << "the settings are right\n";
              return 0;
            });
          },
          [&](const gateway::cli::ConfigShow&) {
            const auto shown = config::show(arguments.flags, environment());
            if (!shown) return fail_settings(shown.error());
            std::cout << *shown;
            return 0;
          },
          [&](const gateway::cli::Migrate&) {
            return with_settings(
                [&](const auto& settings) { return run_migrate(settings, arguments.json); });
          },
          [&](const gateway::cli::Version&) { return print_version(arguments.json); },
          [&](const gateway::cli::Doctor&) {
            return with_settings([&](const auto& settings) {
              const auto client = gateway::outbound::make_client({});
              const auto open_store = [&]() -> Result<void> {
                auto store = storage::sqlite::open(settings.storage.data);
                if (!store) return store.error();
                return {};
              };
              return gateway::cli::report(gateway::cli::examine(settings, *client, open_store),
                                          arguments.json, std::cout);
            });
          },
      },
      arguments.command);
}

}  // namespace
}  // namespace cambist

int main(int argc, char** argv) {
  auto parsed = cambist::gateway::cli::parse(argc, argv);
  if (const auto* exit = std::get_if<cambist::gateway::cli::Exit>(&parsed)) {
    if (exit->status == 0) std::cout << exit->text;
    if (exit->status != 0) std::cerr << "cambist: " << exit->text << '\n';
    return exit->status;
  }
  try {
    return cambist::run(std::move(std::get<cambist::gateway::cli::Arguments>(parsed)));
  } catch (const std::exception& error) {
    std::cerr << "cambist: " << error.what() << '\n';
    return 1;
  }
}
