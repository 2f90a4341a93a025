#include "tests/simulation/server.hpp"

#include <stdexcept>
#include <utility>

#include "actors/supervision/keeper.hpp"
#include "protocols/provider/adapter.hpp"
#include "tests/simulation/provider_side.hpp"
#include "tests/simulation/providers.hpp"
#include "tests/simulation/shops.hpp"
#include "tests/simulation/world.hpp"

namespace cambist::sim {
namespace {

/// Deadlines of the API, on the agenda; those of a process that has ended never come.
class AgendaTimers final : public gateway::Timers {
 public:
  AgendaTimers(Stage& stage, std::shared_ptr<const Life> life)
      : stage_(stage), life_(std::move(life)) {}
  Token after(std::chrono::milliseconds delay, std::function<void()> action) override {
    const Token token = ++last_;
    places_[token] = stage_.after(delay, [this, token, life = life_, action = std::move(action)] {
      if (life->over) return;
      places_.erase(token);
      action();
    });
    return token;
  }
  void cancel(Token token) override {
    const auto found = places_.find(token);
    if (found == places_.end()) return;
    stage_.strike(found->second);
    places_.erase(found);
  }

 private:
  Stage& stage_;
  std::shared_ptr<const Life> life_;
  std::map<Token, Agenda::Token> places_;
  Token last_ = 0;
};

}  // namespace

// --- Teller
// ------------------------------------------------------------------------------------

void Teller::operation_settled(std::string_view, std::string_view, std::string_view, Duration) {
  perhaps_throw();
}
void Teller::payment_moved(std::string_view, std::string_view) {
  perhaps_throw();
}
void Teller::provider_called(std::string_view, std::string_view, std::string_view, Duration) {
  perhaps_throw();
}
void Teller::webhook_received(std::string_view, std::string_view) {
  perhaps_throw();
}
void Teller::queue_depth(std::string_view queue, std::size_t) {
  if (queue == "timers_due") perhaps_throw();
}

void Teller::perhaps_throw() {
  if (throw_after_ == 0 || --throw_after_ > 0) return;
  world_.fault(Fault::actor_threw);
  throw std::runtime_error("told to fail");
}

void Teller::breaker_changed(std::string_view provider, int state) {
  constexpr std::array<std::string_view, 3> names{"closed", "half_open", "open"};
  auto found = breakers_.find(provider);
  if (found == breakers_.end()) found = breakers_.emplace(std::string{provider}, 0).first;
  world_.reach.breaker(names[static_cast<std::size_t>(found->second)],
                       names[static_cast<std::size_t>(state)]);
  found->second = state;
}

// --- Server
// ------------------------------------------------------------------------------------

Server::Server(World& world)
    : world_(world), dice_(world.dice("process")), adapters_(make_adapters()) {}

Server::~Server() {
  if (up()) crash();
}

actors::RuntimeParams Server::runtime_params() {
  actors::RuntimeParams params;
  params.store = make_troubled_store(world_.store, world_.store_troubles, life_);
  for (const auto& [name, adapter] : adapters_) params.providers[name].adapter = adapter;
  params.accounts = accounts();
  params.http = world_.provider->client(life_);
  params.merchant_http = world_.shops->client(life_);
  params.telemetry = teller_;
  params.now = [this] { return world_.stage.now(); };
  params.random = [this] { return dice_.next(); };
  params.detached = false;
  const Profile& profile = world_.profile;
  params.idle_max = profile.idle_max;
  params.timer_poll = profile.timer_poll;
  params.outbox.poll = profile.outbox_poll;
  params.store_examine_every = profile.examine_every;
  params.store_stuck_after = profile.examine_every + std::chrono::milliseconds{500};
  params.policy = policy();
  params.reply_max = std::chrono::seconds{10};
  if (profile.narrow) narrow(params);
  params.on_escalation = [this, life = life_](const std::string&) {
    if (!life->over) doom();  // main ends the process with an error
  };
  params.while_stopping = [this] {
    if (!world_.stage.advance()) throw std::logic_error("stop() hangs");
  };
  return params;
}

/// Every queue, pool and window so small that runs come by its end.
void Server::narrow(actors::RuntimeParams& params) {
  const auto few = [this](std::int64_t low, std::int64_t high) {
    return static_cast<std::uint32_t>(dice_.between(low, high));
  };
  for (auto& [name, provider] : params.providers) {
    provider.in_flight_max = few(1, 4);
    provider.queued_max = few(1, 8);
    provider.queue_time_max = std::chrono::milliseconds{few(50, 1'000)};
  }
  params.journal_batch_max = few(1, 4);
  params.journal_queue_max = few(4, 40);
  params.live_payments_max = few(5, 60);
  params.webhooks.intake_max = few(1, 8);
  params.webhooks.queue_max = few(1, 8);
  params.webhooks.in_flight_max = few(1, 3);
  params.outbox.window = few(2, 8);
  params.outbox.concurrency = few(1, 3);
  params.readers = static_cast<int>(few(1, 2));
}

payment::Policy Server::policy() const {
  const Profile& profile = world_.profile;
  const auto micros = [](Tick tick) { return std::chrono::duration_cast<Duration>(tick); };
  payment::Policy policy;
  policy.action_wait = micros(profile.action_wait);
  policy.inquiry_delay_max = micros(profile.inquiry_max);
  policy.unknown_max = micros(profile.unknown_max);
  return policy;
}

void Server::start() {
  doomed_ = false;
  life_ = std::make_shared<Life>();
  teller_ = std::make_shared<Teller>(world_);
  runtime_ = std::make_unique<actors::Runtime>(world_.stage.system(), runtime_params());
  bridge_ = gateway::make_bridge(world_.stage.system(), *runtime_);
  open_api();
  world_.stage.trace.note(world_.stage.tick(), "the server starts");
}

void Server::open_api() {
  gateway::ApiParams params;
  params.bridge = bridge_;
  params.metrics = std::make_shared<gateway::Metrics>();
  params.timers = std::make_shared<AgendaTimers>(world_.stage, life_);
  params.keys = *world_.reader().api_keys();
  params.providers = provider_names();
  params.rates = {{1e6, 1e6}, {1e6, 1e6}, {1e6, 1e6}, {1e6, 1e6}};
  params.now = [this] { return world_.stage.now(); };
  params.random = [this] { return dice_.next(); };
  params.ticks = [this] { return world_.stage.tick(); };
  api_ = std::make_unique<gateway::Api>(std::move(params));
  handler_ = api_->handler();
}

void Server::doom() noexcept {
  life_->over = true;
  doomed_ = true;
}

void Server::let_go_of_clients() {
  handler_ = nullptr;
  api_.reset();
  bridge_.reset();
  auto waiting = std::move(waiting_);
  waiting_.clear();
  for (auto& [number, answered] : waiting) answered(std::nullopt);
}

void Server::crash() {
  life_->over = true;
  world_.stage.trace.note(world_.stage.tick(), "the server dies");
  let_go_of_clients();
  if (stopping_) return;  // what it still does reaches nothing, and it comes to its end
  // What is left of it can reach nothing any more: how its actors end makes no difference.
  actors::supervision::exit_now(caf::actor_cast<caf::actor>(runtime_->supervision()));
  world_.stage.let_end();
  runtime_.reset();
  world_.stage.let_end();
  doomed_ = false;
}

void Server::stop() {
  world_.stage.trace.note(world_.stage.tick(), "the server is told to stop");
  api_->drain();
  stopping_ = true;
  runtime_->stop();
  stopping_ = false;
  doomed_ = false;
  life_->over = true;
  let_go_of_clients();
  runtime_.reset();
  world_.stage.let_end();
  world_.stage.trace.note(world_.stage.tick(), "the server has stopped");
}

void Server::take(http::Request request, Answered answered) {
  if (!up() || life_->over) return answered(std::nullopt);
  const auto number = ++last_request_;
  waiting_[number] = std::move(answered);
  handler_(std::move(request),
           [this, number, life = life_](const gateway::inbound::Outgoing& outgoing) {
             if (life->over) return;
             const auto found = waiting_.find(number);
             if (found == waiting_.end()) return;
             auto tell = std::move(found->second);
             waiting_.erase(found);
             tell(outgoing.response);
           });
}

}  // namespace cambist::sim
