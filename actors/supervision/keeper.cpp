#include "actors/supervision/keeper.hpp"

#include <utility>

#include <spdlog/spdlog.h>
#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>

#include "actors/roll.hpp"

namespace cambist::actors::supervision {

Keeper::Keeper(caf::scheduled_actor& supervisor, KeeperParams params)
    : supervisor_(supervisor), params_(std::move(params)) {
  if (!params_.restart_later) {
    params_.restart_later = [this](Duration wait, std::size_t child) {
      // The handle is made when it is needed: one that is kept would keep the supervisor alive.
      caf::delayed_anon_send(caf::actor_cast<caf::actor>(supervisor_.ctrl()), wait,
                             RestartDue{child});
    };
  }
  if (!params_.escalate) {
    params_.escalate = [this](const std::string& why) {
      supervisor_.quit(caf::make_error(caf::sec::runtime_error, why));
    };
  }
}

std::size_t Keeper::start(Child child) {
  const TimePoint now = params_.now();
  if (!child.post) child.post = params_.post->add(child.name, child.kind, now);
  child.post->watch(child.mailbox_depth, child.live_children);
  std::size_t at = places_.size();
  if (free_.empty()) {
    places_.emplace_back();
  } else {
    at = free_.back();
    free_.pop_back();
  }
  places_[at] = Place{std::move(child)};
  spawn(places_[at]);
  return at;
}

void Keeper::spawn(Place& place) {
  place.handle = place.child.spawn();
  supervisor_.monitor(place.handle);
}

bool Keeper::down(const caf::down_msg& message) {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    Place& place = places_[i];
    if (!place.handle || place.handle.address() != message.source) continue;
    const TimePoint now = params_.now();
    place.handle = nullptr;
    if (params_.ended) params_.ended(i);
    if (place.stopping) {
      place.child.post->state("stopped", now);
      if (place.forgotten) clear(i);
      return true;
    }
    const std::string why = supervisor_.system().render(message.reason);
    place.child.post->failed(why, now);
    if (const auto wait = place.child.restart
                              ? restart_after(place.book, params_.policy, now, roll(params_.random))
                              : std::nullopt) {
      spdlog::warn("child_restarts name={} kind={} wait_us={} error=\"{}\"", place.child.name,
                   place.child.kind, wait->count(), why);
      params_.restart_later(*wait, i);
    } else {
      place.child.post->state("stopped", now);
      spdlog::error("child_given_up name={} kind={} error=\"{}\"", place.child.name,
                    place.child.kind, why);
      params_.escalate(place.child.name + ": " + why);
    }
    return true;
  }
  return false;
}

void Keeper::restart(std::size_t child) {
  Place& place = places_.at(child);
  if (place.handle || place.stopping) return;
  params_.telemetry->restarted(place.child.kind);
  place.child.post->restarted(params_.now());
  spawn(place);
}

void Keeper::stop(std::size_t child) {
  Place& place = places_.at(child);
  place.stopping = true;
  if (place.handle) exit_now(place.handle);
}

void Keeper::expect_end(std::size_t child) {
  places_.at(child).stopping = true;
}

void Keeper::forget(std::size_t child) {
  stop(child);
  places_[child].forgotten = true;
  if (!places_[child].handle) clear(child);
}

void Keeper::clear(std::size_t child) {
  params_.post->drop(places_[child].child.post);
  places_[child].child = {};
  free_.push_back(child);
}

void Keeper::stop_all() {
  for (std::size_t i = 0; i < places_.size(); ++i) stop(i);
}

const caf::actor& Keeper::handle(std::size_t child) const {
  return places_.at(child).handle;
}

void exit_now(const caf::actor& actor) {
  caf::anon_send<caf::message_priority::high>(
      actor, caf::exit_msg{caf::actor_addr{}, caf::make_error(caf::exit_reason::user_shutdown)});
}

}  // namespace cambist::actors::supervision
