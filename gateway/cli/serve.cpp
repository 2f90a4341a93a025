#include "gateway/cli/serve.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <iostream>
#include <thread>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>

#include "actors/runtime.hpp"
#include "gateway/api/api.hpp"
#include "gateway/bridge.hpp"
#include "gateway/cli/composition.hpp"
#include "gateway/cli/development_key.hpp"
#include "gateway/cli/process.hpp"
#include "gateway/cli/sandbox_server.hpp"
#include "gateway/inbound/server.hpp"
#include "gateway/log.hpp"
#include "gateway/metrics.hpp"
#include "gateway/outbound/client.hpp"

namespace cambist::gateway::cli {
namespace {

std::atomic<bool> escalated{false};  // the runtime gave up: the process ends with an error

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
  auto made = development_key(settings.storage.data);
  if (!made) return made.error();
  return ApiKey{std::move(made->key), made->fresh};
}

Result<std::vector<storage::ApiKeyRow>> register_key(storage::Store& store, const Secret& key) {
  auto row = api_key_row(key.reveal(), default_tenant(), wall_clock());
  // One row for the default tenant's key: another key takes the place of the last one.
  row.id = "default";
  if (auto put = store.put_api_key(row); !put) return put.error();
  return store.open_reader()->api_keys();
}

/// Every hop between threads that sleep costs more than what it carries: few are enough.
std::size_t workers(int asked_for) {
  if (asked_for > 0) return static_cast<std::size_t>(asked_for);
  return std::max(1U, std::thread::hardware_concurrency() / 2);
}

// One queue for all workers: one without work sleeps until it is woken (README.md, decision 4).
void set_scheduler(caf::actor_system_config& config, const config::Runtime& settings) {
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", workers(settings.workers));
  config.set("scheduler.max-throughput", std::size_t{200});
}

void print_banner(const std::string& version, const config::Settings& settings,
                  const std::string& sandbox_url, const std::string& webhooks_url,
                  const ApiKey& key, const std::string& url) {
  std::cout << "cambist " << version << '\n';
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

}  // namespace

int serve(const config::Settings& settings, OpenStore open_store, const std::string& version) {
  const auto signals = block_signals();
  raise_descriptor_limit();
  if (auto started = start_log(settings.log.level); !started) return fail_settings(started.error());

  auto opened = open_store(settings);
  if (!opened) return fail(status_settings, opened.error().detail);
  const std::shared_ptr<storage::Store> store = std::move(*opened);
  auto key = api_key(settings);
  if (!key) return fail(status_settings, key.error().detail);
  auto keys = register_key(*store, key->key);
  if (!keys) return fail(status_settings, "the store: " + keys.error().detail);

  std::unique_ptr<SandboxServer> emulators;
  if (settings.sandbox.enabled) {
    auto made = SandboxServer::start(settings.sandbox.listen, {}, wall_clock, random_bits);
    if (!made) return fail(status_settings, "sandbox listen: " + made.error().detail);
    emulators = std::move(*made);
  }
  const std::string sandbox_url = emulators ? emulators->url() : std::string{};
  auto providers = make_providers(settings, sandbox_url);
  if (!providers) return fail(status_settings, providers.error().detail);

  ApiParams api_params;
  for (const auto& entry : provider::registry()) {
    const std::string name{entry.name};
    if (providers->contains(name)) {
      api_params.providers.push_back(name);
      api_params.adapters.emplace(name, providers->at(name).adapter);
      continue;
    }
    const std::string& why = settings.providers.at(name).problem;
    api_params.providers_off.emplace_back(name, why);
    if (!why.empty()) {
      log_event(LogLevel::warn, "a provider is misconfigured and takes no payment",
                {{"provider", std::string_view{name}}, {"reason", std::string_view{why}}});
    }
  }

  caf::actor_system_config actor_config;
  set_scheduler(actor_config, settings.runtime);
  caf::actor_system system{actor_config};
  const auto metrics = std::make_shared<Metrics>();
  metrics->begin(api_params.providers);
  const auto queue = std::make_shared<QueueGate>(queue_policy(settings), [] {
    return std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()};
  });
  metrics->on_intent([queue](Duration queued) { queue->durable(queued); });
  auto params = runtime_params(settings);
  params.store = store;
  params.providers = std::move(*providers);
  params.http = outbound::make_client(client_limits(settings.outbound));
  params.merchant_http = outbound::make_client(merchant_limits(settings));
  params.telemetry = metrics;
  params.now = wall_clock;
  params.random = random_bits;
  params.on_escalation = [process = getpid()](const std::string& reason) {
    log_event(LogLevel::err, "the runtime cannot go on", {{"reason", std::string_view{reason}}});
    escalated = true;
    kill(process, SIGTERM);
  };
  actors::Runtime runtime{system, std::move(params)};

  api_params.bridge = make_bridge(system, runtime);
  api_params.metrics = metrics;
  api_params.timers = make_timers();
  api_params.keys = std::move(*keys);
  api_params.request_deadline = request_deadline(settings);
  api_params.endpoint_deadline = endpoint_deadline(settings);
  api_params.rates = rates(settings.limits);
  api_params.queue = queue;
  api_params.allow_loopback = settings.webhooks.allow_loopback;
  api_params.in_flight_max = settings.server.in_flight_max;
  api_params.now = wall_clock;
  api_params.random = random_bits;
  Api api{std::move(api_params)};

  auto server =
      inbound::Server::start(settings.server.listen, server_limits(settings, api.large_bodies()),
                             api.handler(), api.refusal(), settings.server.threads);
  if (!server) {
    runtime.stop();
    return fail(status_settings, "listen: " + server.error().detail);
  }
  const auto url = local_url(settings.server.listen, (*server)->port());
  std::string webhooks_url;
  if (emulators) {
    webhooks_url = url + "/api/v1/webhooks";
    const auto secrets = webhook_secrets(settings, sandbox_url);
    if (auto sends = emulators->webhooks_to(webhooks_url, secrets); !sends)
      log_event(LogLevel::warn, "the sandbox sends no webhooks",
                {{"reason", std::string_view{sends.error().detail}}});
  }
  print_banner(version, settings, sandbox_url, webhooks_url, *key, url);
  log_event(LogLevel::info, "serving", {{"url", std::string_view{url}}});

  wait_for_stop(signals);
  api.drain();
  (*server)->drain(settings.server.drain_deadline);
  runtime.stop();
  if (emulators) emulators->drain(std::chrono::seconds{1});
  log_event(LogLevel::info, "stopped");
  stop_log();
  return escalated ? status_failed : 0;
}

}  // namespace cambist::gateway::cli
