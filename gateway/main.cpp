// The program: it alone knows which storage and which providers run.
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

/// Every provider that can work: it has a secret key, or the sandbox stands in for it.
Result<std::map<std::string, actors::ProviderParams>> make_providers(
    const config::Settings& settings, const std::string& sandbox_url) {
  std::map<std::string, actors::ProviderParams> made;
  for (const auto& entry : provider::registry()) {
    const auto found = settings.providers.find(std::string{entry.name});
    if (found == settings.providers.end() || !found->second.enabled) continue;
    const config::Provider& account = found->second;
    const auto known = config::adapter_settings(entry.name, account, sandbox_url);
    if (!known.secrets.contains("secret_key")) continue;
    auto adapter = entry.make(known);
    if (!adapter) {
      return Error{ErrorCode::invalid_request, "provider " + std::string{entry.name} + ": " +
                                                   adapter.error().field + ": " +
                                                   adapter.error().detail};
    }
    actors::ProviderParams params;
    params.adapter = std::move(*adapter);
    params.breaker = account.breaker;
    params.call_timeout = account.call_timeout;
    params.in_flight_max = account.in_flight_max;
    params.queued_max = account.queued_max;
    params.rate_limit_per_s = account.rate_limit_per_s;
    made.emplace(entry.name, std::move(params));
  }
  if (made.empty()) {
    return Error{ErrorCode::invalid_request,
                 "no provider is configured: set CAMBIST_STRIPE_SECRET_KEY, or run with --sandbox"};
  }
  return made;
}

gateway::outbound::ClientLimits client_limits(const config::Outbound& settings) {
  gateway::outbound::ClientLimits limits;
  limits.connections_per_origin = settings.connections_per_provider_max;
  limits.waiting_per_origin = settings.waiting_per_provider_max;
  limits.response_bytes = settings.response_bytes_max;
  limits.connect_timeout = settings.connect_timeout;
  limits.tls_timeout = settings.tls_timeout;
  limits.idle_max = settings.idle_max;
  limits.ca_file = settings.ca_file;
  return limits;
}

gateway::inbound::Limits server_limits(const config::Server& settings) {
  gateway::inbound::Limits limits;
  limits.connections = settings.connections_max;
  limits.connections_per_address = settings.connections_per_address_max;
  limits.body_bytes = settings.body_bytes_max;
  limits.idle_max = settings.idle_max;
  // A backstop: the API answers every request within its own deadline.
  limits.handler_deadline = settings.request_deadline + std::chrono::seconds{5};
  return limits;
}

gateway::Rates rates(const config::Limits& settings) {
  gateway::Rates rates;
  rates.writes = {settings.writes_per_s, static_cast<double>(settings.writes_burst)};
  rates.reads = {settings.reads_per_s, static_cast<double>(settings.reads_burst)};
  rates.strangers = {settings.unauthenticated_per_s,
                     static_cast<double>(settings.unauthenticated_burst)};
  return rates;
}

actors::RuntimeParams runtime_params(const config::Settings& settings,
                                     std::shared_ptr<storage::Store> store,
                                     std::map<std::string, actors::ProviderParams> providers,
                                     std::shared_ptr<gateway::Metrics> metrics) {
  actors::RuntimeParams params;
  params.store = std::move(store);
  params.providers = std::move(providers);
  params.http = gateway::outbound::make_client(client_limits(settings.outbound));
  params.telemetry = std::move(metrics);
  params.now = wall_clock;
  params.random = random_bits;
  params.policy = settings.payments;
  params.key_lifetime = settings.idempotency.lifetime;
  params.journal_batch_max = settings.journal.batch_max;
  params.journal_queue_max = settings.journal.queue_max;
  params.journal_timeout = settings.journal.timeout;
  params.readers = settings.journal.readers;
  params.timer_poll = settings.runtime.timer_poll;
  params.idle_max = settings.runtime.idle_max;
  params.live_payments_max = settings.runtime.live_payments_max;
  // One second after the gateway has answered 202, so that nothing waits that nobody hears.
  params.reply_max = settings.server.request_deadline + std::chrono::seconds{1};
  return params;
}

Result<std::vector<storage::ApiKeyRow>> register_key(storage::Store& store, const Secret& key) {
  auto row = gateway::api_key_row(key.reveal(), default_tenant(), wall_clock());
  // One row for the default tenant's key: another key takes the place of the last one.
  row.id = "default";
  if (auto put = store.put_api_key(row); !put) return put.error();
  return store.open_reader()->api_keys();
}

void print_banner(const config::Settings& settings, const std::string& sandbox_url,
                  const ApiKey& key, const std::string& url) {
  std::cout << "cambist " CAMBIST_VERSION "\n";
  if (!sandbox_url.empty()) std::cout << "  sandbox  " << sandbox_url << '\n';
  std::cout << "  data     " << settings.storage.data << '\n';
  if (key.print)
    std::cout << "  key      " << key.key.reveal()
              << "  (development; printed once, kept beside the data)\n";
  std::cout << "  API      " << url << std::endl;
}

/// Waits for SIGTERM or SIGINT. A second one ends the process at once.
void wait_for_stop(const sigset_t& signals) {
  int number = 0;
  sigwait(&signals, &number);
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
  auto providers = make_providers(settings, sandbox_url);
  if (!providers) return fail(status_settings, providers.error().detail);

  gateway::ApiParams api_params;
  for (const auto& [name, params] : *providers) api_params.providers.push_back(name);

  caf::actor_system_config actor_config;
  actor_config.set("scheduler.max-threads", static_cast<std::size_t>(settings.runtime.workers));
  actor_config.set("scheduler.max-throughput", std::size_t{200});
  caf::actor_system system{actor_config};
  const auto metrics = std::make_shared<gateway::Metrics>();
  auto params = runtime_params(settings, store, std::move(*providers), metrics);
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
  api_params.rates = rates(settings.limits);
  api_params.in_flight_max = settings.server.in_flight_max;
  api_params.now = wall_clock;
  api_params.random = random_bits;
  gateway::Api api{std::move(api_params)};

  auto server =
      gateway::inbound::Server::start(settings.server.listen, server_limits(settings.server),
                                      api.handler(), api.refusal(), settings.server.threads);
  if (!server) {
    runtime.stop();
    return fail(status_settings, "listen: " + server.error().detail);
  }
  const auto url = gateway::cli::local_url(settings.server.listen, (*server)->port());
  print_banner(settings, sandbox_url, *key, url);
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

int run_sandbox(const gateway::cli::SandboxAlone& command) {
  const auto signals = block_signals();
  raise_descriptor_limit();
  auto started =
      gateway::cli::SandboxServer::start(command.listen, command.roots, wall_clock, random_bits);
  if (!started) return fail(status_settings, started.error().detail);
  if (!command.webhooks.empty()) {
    std::cerr << "cambist: --webhooks: this version's emulators send no webhooks yet\n";
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
