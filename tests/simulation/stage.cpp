#include "tests/simulation/stage.hpp"

#include <vector>

#include <caf/local_actor.hpp>
#include <caf/send.hpp>

namespace cambist::sim {
namespace {

constexpr auto start_of_time = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21};
// So often time passes although somebody could run, and so far at most.
constexpr std::uint32_t hurry = 20'000;
constexpr Tick hurry_max = std::chrono::milliseconds{30};
constexpr Tick for_ever = Tick::max();

}  // namespace

Stage::Stage(std::uint64_t seed, std::FILE* trace_to) : trace(trace_to), dice_(seed, "stage") {
  config_.set("scheduler.policy", caf::atom("testing"));
  system_ = std::make_unique<caf::actor_system>(config_);
  system_->await_actors_before_shutdown(false);
  tick_ = scheduler().clock().now().time_since_epoch();
}

Stage::~Stage() {
  let_end();
  scheduler().clock().cancel_all();
  system_.reset();
}

caf::scheduler::test_coordinator& Stage::scheduler() const noexcept {
  return static_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
}

TimePoint Stage::now() const noexcept {
  return TimePoint{start_of_time} + offset_ + std::chrono::floor<Duration>(tick_);
}

void Stage::jump(Duration by) noexcept {
  offset_ += by;
  jumped_ += std::chrono::abs(by);
}

bool Stage::is_frozen(const caf::resumable* job) const {
  const auto* actor = dynamic_cast<const caf::local_actor*>(job);
  return actor != nullptr && frozen_.contains(std::string_view{actor->name()});
}

bool Stage::step() {
  auto& jobs = scheduler().jobs;
  if (jobs.empty()) return false;
  std::size_t chosen = dice_.below(jobs.size());
  if (!frozen_.empty()) {
    // From the drawn one on, the first that may run.
    std::size_t tried = 0;
    while (tried < jobs.size() && is_frozen(jobs[chosen])) {
      chosen = (chosen + 1) % jobs.size();
      ++tried;
    }
    if (tried == jobs.size()) return false;
  }
  std::swap(jobs[0], jobs[chosen]);
  caf::strong_actor_ptr victim;
  if (auto* actor = dynamic_cast<caf::local_actor*>(jobs[0])) {
    const auto* element = actor->peek_at_next_mailbox_element();
    const std::type_info* type = nullptr;
    if (element != nullptr && !element->content().empty()) {
      const auto rtti = element->content().type(0);
      if (rtti.second != nullptr) type = rtti.second;
    }
    trace.step(tick_, actor->name(), actor->id(), type);
    if (!doomed_.empty() && actor->name() == doomed_) victim = actor->ctrl();
  }
  scheduler().run_once();
  if (victim) {
    doomed_.clear();
    end(victim);
  }
  return true;
}

bool Stage::move_time(Tick at_most) {
  auto& clock = scheduler().clock();
  const auto world = agenda_.next();
  const auto& timers = clock.schedule();
  const Tick timer = timers.empty() ? for_ever : timers.begin()->first.time_since_epoch();
  const Tick next = std::min(world.value_or(for_ever), timer);
  if (next == for_ever || next > at_most) return false;
  if (next > tick_) {
    tick_ = next;
    clock.current_time = caf::actor_clock::time_point{tick_};
  }
  if (world && *world <= timer) {
    agenda_.run_next();
  } else {
    clock.trigger_timeout();
  }
  return true;
}

bool Stage::advance() {
  if (!scheduler().jobs.empty()) {
    if (dice_.chance(hurry) && move_time(tick_ + hurry_max)) return true;
    if (step()) return true;
  }
  return move_time(for_ever - Tick{1});
}

void Stage::let_end() {
  while (scheduler().has_job()) scheduler().run_once();
}

void Stage::freeze(const std::string& kind, Tick how_long) {
  ++frozen_[kind];
  after(how_long, [this, kind] {
    if (--frozen_[kind] == 0) frozen_.erase(kind);
  });
}

bool Stage::kill(std::string_view kind) {
  std::vector<caf::local_actor*> found;
  for (auto* job : scheduler().jobs) {
    auto* actor = dynamic_cast<caf::local_actor*>(job);
    if (actor != nullptr && actor->name() == kind) found.push_back(actor);
  }
  if (found.empty()) return false;
  auto* victim = found[dice_.below(found.size())];
  end(caf::strong_actor_ptr{victim->ctrl()});
  return true;
}

void Stage::end(const caf::strong_actor_ptr& victim) {
  caf::anon_send<caf::message_priority::high>(
      caf::actor_cast<caf::actor>(victim),
      caf::exit_msg{caf::actor_addr{}, caf::make_error(caf::exit_reason::kill)});
}

}  // namespace cambist::sim
