#include "actors/outbox/delivery_actor.hpp"

#include <algorithm>
#include <utility>

#include "actors/outbox/delivery_impl.hpp"

namespace cambist::actors::outbound {
namespace {

// A timer in the clock keeps its receiver's memory: none waits longer than this, however far away
// the next attempt is.
constexpr auto nap_max = std::chrono::seconds{60};

}  // namespace

DeliveryActor::DeliveryActor(caf::actor_config& config, DeliveryParams params)
    : Guarded(config, "delivery", params.shared->telemetry),
      params_(std::move(params)),
      row_(params_.row),
      window_(params_.shared->limits.window),
      held_(params_.held) {}

DeliveryActor::behavior_type DeliveryActor::make_behavior() {
  params_.progress->idle = false;
  settle_up();
  return {
      [this](Nudge) {
        if (reading_) grew_ = true;
        at_end_ = false;
        settle_up();
      },
      [this](Renewed& renewed) {
        renew(renewed);
        settle_up();
      },
      [this](LetGo) -> caf::result<LetGone> {
        held_ = true;
        drop_everything();
        settle_up();
        return LetGone{};
      },
      [this](Load) {
        held_ = false;
        drop_everything();
        settle_up();
      },
      [this](const SendOne& request) -> caf::result<EndpointChanged> { return send_one(request); },
      [this](const Answered& message) {
        answered(message.serial, message.outcome);
        settle_up();
      },
      [this](const Due& due) {
        if (due.serial != armed_serial_) return;
        armed_for_.reset();
        look_after_deadlines();
        settle_up();
      },
      [this](Drain) {
        draining_ = true;
        settle_up();
      },
  };
}

void DeliveryActor::stopped() {
  const auto answer = [this](std::optional<ChangedPromise>& promise) {
    if (!promise || !promise->pending()) return;
    auto late = changed();
    late.error = Error{ErrorCode::unavailable, "the endpoint's delivery is restarted"};
    promise->deliver(std::move(late));
  };
  for (auto& [serial, flight] : flights_) answer(flight.promise);
  for (auto& [position, unsaved] : unsaved_) answer(unsaved.promise);
  flights_.clear();
  unsaved_.clear();
  window_.clear();
  known_.clear();
}

void DeliveryActor::renew(Renewed& renewed) {
  row_ = std::move(renewed.row);
  given_up_ = false;
  at_end_ = false;
  for (auto& [position, known] : known_) {
    known.attempts = 0;
    known.next_attempt_at.reset();
  }
  window_.start_anew();
}

/// Attempts that are under way end unheard; tests and redeliveries are not of the window and stay.
void DeliveryActor::drop_everything() {
  ++generation_;
  window_.clear();
  known_.clear();
  std::erase_if(flights_, [](const auto& entry) { return !entry.second.promise; });
  std::erase_if(unsaved_, [](const auto& entry) { return !entry.second.promise; });
  fetching_.clear();
  reading_.reset();
  cursor_write_.reset();
  cursor_due_.reset();
  skipped_ = 0;
  loaded_ = at_end_ = grew_ = given_up_ = false;
}

/// Reads and sends what may be, tells how far it is, and sees to the next deadline.
void DeliveryActor::settle_up() {
  load();
  read_more();
  pump();
  read_more();  // a page may have had nothing in it that is wanted
  save_cursor();
  Progress& progress = *params_.progress;
  progress.read_to = read_to_;
  if (loaded_) progress.cursor = stored_cursor_;
  progress.depth = window_.size();
  progress.idle = loaded_ && active() && at_end_ && !reading_;
  if (draining_ && flights_.empty() && unsaved_.empty()) return quit();
  arm();
}

/// Whoever was asked answers, or dies and says so; should it do neither, it is asked again.
void DeliveryActor::look_after_deadlines() {
  const Mono time = mono();
  while (!flights_.empty() && flights_.begin()->second.until <= time) {
    answered(flights_.begin()->first,
             http::TransportFailure{http::FailurePhase::maybe_sent, "response_timeout"});
  }
  if (reading_ && reading_->until <= time) reading_.reset();
  if (cursor_write_ && cursor_write_->until <= time) cursor_write_.reset();
  std::erase_if(fetching_, [&](const auto& entry) {
    if (entry.second > time) return false;
    if (Item* item = window_.find(entry.first)) item->stage = Stage::waiting;
    return true;
  });
  std::vector<std::uint64_t> due;
  for (const auto& [position, unsaved] : unsaved_) {
    if (unsaved.due <= time) due.push_back(position);
  }
  for (const std::uint64_t position : due) write(position);
}

/// One timer at a time: what is done leaves none behind.
void DeliveryActor::arm() {
  const Mono time = mono();
  std::optional<Mono> due;
  const auto consider = [&due](Mono at) { due = due ? std::min(*due, at) : at; };
  if (!flights_.empty()) consider(flights_.begin()->second.until);
  for (const auto& [position, unsaved] : unsaved_) consider(unsaved.due);
  for (const auto& [position, until] : fetching_) consider(until);
  if (reading_) consider(reading_->until);
  if (cursor_write_) consider(cursor_write_->until);
  if (cursor_due_ && !cursor_write_ && window_.empty() && unsaved_.empty()) consider(*cursor_due_);
  if (read_again_at_ > time) consider(read_again_at_);
  if (active() && window_.count(Stage::busy) < limits().concurrency) {
    if (const auto next = window_.due()) consider(time + std::max(Duration{0}, *next - now()));
  }
  if (!due) return;
  due = std::clamp(*due, time + Mono{1}, time + Mono{nap_max});
  if (armed_for_ && *armed_for_ <= *due) return;
  armed_for_ = due;
  delayed_send(self(), *due - time, Due{++armed_serial_});
}

delivery_actor spawn_delivery(caf::actor_system& system, DeliveryParams params) {
  return system.spawn<DeliveryActor>(std::move(params));
}

}  // namespace cambist::actors::outbound
