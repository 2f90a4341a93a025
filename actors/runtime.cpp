#include "actors/runtime.hpp"

#include <utility>

#include <spdlog/spdlog.h>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "actors/journal/journal_actor.hpp"
#include "actors/outbox/outbox_actor.hpp"
#include "actors/payment/directory.hpp"
#include "actors/provider/providers_actor.hpp"
#include "actors/reader/reader_pool.hpp"
#include "actors/scheduler/scheduler.hpp"
#include "actors/supervision/root.hpp"
#include "actors/webhooks/webhooks_actor.hpp"

namespace cambist::actors {

using supervision::Part;
using supervision::Post;

/// Everything but the scheduler is started here and handed to the root, which watches it from then
/// on: their handles are what everybody keeps, so they are never replaced. What restarts does so
/// behind them.
struct Runtime::Impl {
  Impl(caf::actor_system& actor_system, RuntimeParams runtime_params)
      : system(actor_system), params(std::move(runtime_params)) {
    const TimePoint now = params.now();
    post = std::make_shared<Post>("cambist", "root", now);
    spawn_journal();
    spawn_readers(now);
    spawn_providers(now);
    spawn_payments(now);
    spawn_webhooks(now);
    spawn_outbox(now);
    spawn_scheduler();
    root = supervision::spawn_root(system, {.parts = std::move(parts),
                                            .restart = params.restart,
                                            .telemetry = params.telemetry,
                                            .now = params.now,
                                            .random = params.random,
                                            .post = post,
                                            .stopped = stopped,
                                            .on_escalation = params.on_escalation});
  }

  /// A part whose failure is the whole tree's, and which is already running.
  supervision::Child fixed(const std::string& name, const std::string& kind, caf::actor handle,
                           std::shared_ptr<Post> own_post) {
    return {.name = name,
            .kind = kind,
            .spawn = [handle = std::move(handle)] { return handle; },
            .restart = false,
            .post = std::move(own_post)};
  }

  void spawn_journal() {
    writer = journal::spawn(system,
                            {.store = params.store,
                             .telemetry = params.telemetry,
                             .now = params.now,
                             .batch_max = params.journal_batch_max,
                             .queue_max = params.journal_queue_max,
                             .examine_every = params.store_examine_every,
                             .wait_max = params.journal_timeout,
                             .health = health,
                             .queue_us = params.journal_queue_us},
                            params.detached);
    auto child = fixed("journal", "journal", caf::actor_cast<caf::actor>(writer),
                       post->add("journal", "journal", params.now()));
    child.mailbox_depth = [gate = journal_gate] { return gate->depth(); };
    // Behind everything that waits for it: what it was given becomes durable.
    parts.push_back({std::move(child),
                     [hdl = writer](const caf::actor&) { caf::anon_send(hdl, journal::Finish{}); },
                     params.stop_deadline});
  }

  void spawn_readers(TimePoint now) {
    auto own = post->add("readers", "readers", now);
    readers = reader::spawn(system, {.store = params.store,
                                     .telemetry = params.telemetry,
                                     .now = params.now,
                                     .random = params.random,
                                     .restart = params.restart,
                                     .post = own,
                                     .readers = params.readers,
                                     .detached = params.detached});
    parts.push_back({fixed("readers", "readers", caf::actor_cast<caf::actor>(readers), own), {}});
  }

  void spawn_providers(TimePoint now) {
    auto own = post->add("providers", "providers", now);
    for (const auto& [name, limits] : params.providers) {
      vitals.emplace(name, std::make_shared<account::Vitals>());
    }
    live::Routes::Adapters adapters;
    for (const auto& [name, limits] : params.providers) adapters.emplace(name, limits.adapter);
    routes = std::make_shared<const live::Routes>(params.accounts, std::move(adapters), vitals);
    router = account::spawn_router(system, {.providers = params.providers,
                                            .vitals = vitals,
                                            .journal = writer,
                                            .journal_gate = journal_gate,
                                            .journal_timeout = params.journal_timeout,
                                            .http = params.http,
                                            .telemetry = params.telemetry,
                                            .now = params.now,
                                            .random = params.random,
                                            .restart = params.restart,
                                            .post = own});
    parts.push_back(
        {fixed("providers", "providers", caf::actor_cast<caf::actor>(router), own), {}});
  }

  void spawn_payments(TimePoint now) {
    auto own = post->add("payments", "payments", now);
    live::DirectoryParams directory_params{.payment = {.journal = writer,
                                                       .journal_gate = journal_gate,
                                                       .reader = readers,
                                                       .providers = router,
                                                       .adapters = {},
                                                       .vitals = vitals,
                                                       .routes = routes,
                                                       .telemetry = params.telemetry,
                                                       .now = params.now,
                                                       .random = params.random,
                                                       .policy = params.policy,
                                                       .key_lifetime = params.key_lifetime,
                                                       .idle_max = params.idle_max,
                                                       .settled_idle_max = params.settled_idle_max,
                                                       .journal_timeout = params.journal_timeout,
                                                       .reply_max = params.reply_max},
                                           .live_max = params.live_payments_max,
                                           .post = own};
    for (const auto& [name, limits] : params.providers) {
      directory_params.payment.adapters.emplace(name, limits.adapter);
    }
    auto live_count = directory_params.live;
    directory = live::spawn_directory(system, std::move(directory_params));
    auto child = fixed("payments", "payments", caf::actor_cast<caf::actor>(directory), own);
    child.live_children = [live_count] { return live_count->load(std::memory_order_relaxed); };
    parts.push_back({std::move(child),
                     [hdl = directory](const caf::actor&) { caf::anon_send(hdl, live::Drain{}); },
                     params.stop_deadline});
  }

  void spawn_webhooks(TimePoint now) {
    auto own = post->add("webhooks", "webhooks", now);
    const WebhookParams& given = params.webhooks;
    webhooks::Params webhook_params{
        .adapters = {},
        .journal = writer,
        .journal_gate = journal_gate,
        .reader = readers,
        .payments = directory,
        .providers = router,
        .telemetry = params.telemetry,
        .now = params.now,
        .random = params.random,
        .restart = params.restart,
        .post = own,
        .limits = {.intake_max = given.intake_max,
                   .queue_max = given.queue_max,
                   .in_flight_max = given.in_flight_max,
                   .deliver_max = given.deliver_max,
                   .store_max = params.journal_timeout,
                   .retry = {.delays = given.retry_delays,
                             .jitter_percent = given.retry_jitter_percent,
                             .attempts_max = given.attempts_max}}};
    for (const auto& [name, limits] : params.providers) {
      webhook_params.adapters.emplace(name, limits.adapter);
    }
    streams = webhooks::spawn(system, std::move(webhook_params));
    parts.push_back({fixed("webhooks", "webhooks", caf::actor_cast<caf::actor>(streams), own), {}});
  }

  void spawn_outbox(TimePoint now) {
    auto own = post->add("outbox", "outbox", now);
    outbox = outbound::spawn(system, {.shared = {.journal = writer,
                                                 .journal_gate = journal_gate,
                                                 .reader = readers,
                                                 .http = params.merchant_http,
                                                 .telemetry = params.telemetry,
                                                 .now = params.now,
                                                 .random = params.random,
                                                 .limits = params.outbox},
                                      .restart = params.restart,
                                      .post = own});
    parts.push_back({fixed("outbox", "outbox", caf::actor_cast<caf::actor>(outbox), own),
                     [hdl = outbox](const caf::actor&) { caf::anon_send(hdl, outbound::Drain{}); },
                     std::chrono::seconds{3}});
  }

  void spawn_scheduler() {
    supervision::Child child;
    child.name = child.kind = "scheduler";
    child.spawn = [this_system = &system, wakes = wakes,
                   scheduler_params = scheduler::Params{.reader = readers,
                                                        .payments = directory,
                                                        .webhooks = streams,
                                                        .streams = provider_names(),
                                                        .telemetry = params.telemetry,
                                                        .now = params.now,
                                                        .poll = params.timer_poll,
                                                        .wakes = wakes}] {
      return caf::actor_cast<caf::actor>(scheduler::spawn(*this_system, scheduler_params));
    };
    child.mailbox_depth = [gate = wakes] { return gate->depth(); };
    parts.push_back({std::move(child), {}});
  }

  [[nodiscard]] std::vector<std::string> provider_names() const {
    std::vector<std::string> names;
    for (const auto& [name, limits] : params.providers) names.push_back(name);
    return names;
  }

  void stop() {
    if (std::exchange(stop_asked, true)) return;
    caf::anon_send<caf::message_priority::high>(root, supervision::Shutdown{});
    if (params.while_stopping) {
      while (!stopped->is_set()) params.while_stopping();
    } else if (!stopped->wait(2 * params.stop_deadline + std::chrono::seconds{10})) {
      spdlog::error("runtime_stop_overdue");
    }
  }

  caf::actor_system& system;
  RuntimeParams params;
  std::shared_ptr<journal::StoreHealth> health =
      std::make_shared<journal::StoreHealth>(params.store_stuck_after);
  std::shared_ptr<Gate> journal_gate = std::make_shared<Gate>(params.journal_queue_max);
  std::shared_ptr<Gate> wakes = std::make_shared<Gate>(1'024);
  std::shared_ptr<supervision::Stopped> stopped = std::make_shared<supervision::Stopped>();
  std::shared_ptr<Post> post;
  std::vector<Part> parts;
  std::map<std::string, std::shared_ptr<account::Vitals>> vitals;  // filled before any actor runs
  std::shared_ptr<const live::Routes> routes;
  journal::writer_actor writer;
  reader_actor readers;
  providers_actor providers_face;
  account::router_actor router;
  live::directory_actor directory;
  webhooks::supervisor_actor streams;
  payments_actor payments_face;
  outbound::supervisor_actor outbox;
  supervision::root_actor root;
  supervision_actor supervision_face;
  webhooks_actor webhooks_face;
  outbox_actor outbox_face;
  bool stop_asked = false;
};

Runtime::Runtime(caf::actor_system& system, RuntimeParams params)
    : impl_(std::make_unique<Impl>(system, std::move(params))) {
  impl_->providers_face = impl_->router;
  impl_->payments_face = impl_->directory;
  impl_->outbox_face = impl_->outbox;
  impl_->supervision_face = impl_->root;
  impl_->webhooks_face = impl_->streams;
}
Runtime::~Runtime() {
  stop();
}

const payments_actor& Runtime::payments() const noexcept {
  return impl_->payments_face;
}
const reader_actor& Runtime::reader() const noexcept {
  return impl_->readers;
}
const providers_actor& Runtime::providers() const noexcept {
  return impl_->providers_face;
}
const supervision_actor& Runtime::supervision() const noexcept {
  return impl_->supervision_face;
}
const webhooks_actor& Runtime::webhooks() const noexcept {
  return impl_->webhooks_face;
}
const outbox_actor& Runtime::outbox() const noexcept {
  return impl_->outbox_face;
}
std::optional<std::chrono::seconds> Runtime::provider_busy(const std::string& name) const {
  const auto found = impl_->vitals.find(name);
  return found == impl_->vitals.end() ? std::nullopt : found->second->busy();
}
routing::Plan Runtime::route(const payment::Create& wish) const {
  return impl_->routes->plan(wish, impl_->params.now());
}
bool Runtime::journal_healthy() const {
  return impl_->health->good(impl_->params.now());
}
void Runtime::stop() {
  impl_->stop();
}

}  // namespace cambist::actors
