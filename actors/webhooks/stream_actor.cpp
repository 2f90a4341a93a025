#include "actors/webhooks/stream_actor.hpp"

#include <utility>

#include <spdlog/spdlog.h>

#include "actors/reader/read.hpp"
#include "actors/webhooks/stream_impl.hpp"

namespace cambist::actors::webhooks {
namespace {

using Rows = Result<std::vector<storage::WebhookRow>>;

}  // namespace

Stream::Stream(caf::actor_config& config, StreamParams params)
    : Guarded(config, "webhook_stream", params.telemetry), params_(std::move(params)) {}

Stream::behavior_type Stream::make_behavior() {
  send(self(), Look{});  // what an earlier life has left
  return {
      [this](Intake& intake) -> caf::result<WebhookTaken> { return take(intake); },
      [this](Look) { look(); },
      [this](Sweep) {
        armed_ = false;
        sweep();
        arm();
      },
  };
}

void Stream::stopped() {
  while (auto waiting = proving_.take_any()) not_stored(waiting->promise, ErrorCode::unavailable);
  while (auto waiting = storing_.take_any()) {
    if (!waiting->promise.pending()) continue;
    waiting->promise.deliver(
        WebhookTaken{false, Error{ErrorCode::unavailable, "The webhook cannot be stored now."}});
  }
  params_.held->store(0, std::memory_order_relaxed);
}

bool Stream::held(const WebhookId& id) const {
  return lines_.holds(id) || being_marked_.contains(id);
}

/// While memory holds more than a page, what is due in the store would only wait here instead.
void Stream::look() {
  resting_ = false;
  if (load() < params_.limits.page) fetch();
  pump();
}

void Stream::fetch() {
  if (reading_) return;
  reading_ = true;
  missed_ = false;
  left_meanwhile_.clear();
  // Those in memory are due in the store until they are settled: they come with the page.
  const std::size_t limit = params_.limits.page + load();
  request(
      params_.reader, params_.limits.store_max,
      make_read([provider = params_.provider, now = params_.now(), limit](storage::Reader& reader) {
        return reader.due_webhooks(provider, now, limit);
      }))
      .then(
          [this, limit](const ReadDone& read) {
            reading_ = false;
            fetched(read, limit);
            pump();
          },
          [this](const caf::error& why) {
            reading_ = false;
            resting_ = true;
            spdlog::warn("webhooks_not_read provider={} error=\"{}\"", params_.provider,
                         system().render(why));
          });
}

void Stream::fetched(const ReadDone& read, std::size_t limit) {
  auto& rows = value_of<Rows>(read);
  if (!rows) {
    resting_ = true;
    return;
  }
  bool all = rows->size() < limit;
  for (storage::WebhookRow& row : *rows) {
    if (held(row.id) || left_meanwhile_.contains(row.id)) continue;
    if (load() >= params_.limits.queue_max) {
      all = false;
      break;
    }
    admit(std::move(row));
  }
  caught_up_ = all && !missed_;
}

void Stream::pump() {
  while (looking_up_.size() < params_.limits.in_flight_max) {
    const Item* item = lines_.next_to_look_up();
    if (item == nullptr) break;
    look_up(*item);
  }
  while (delivering_.size() < params_.limits.in_flight_max) {
    const auto ready = lines_.next();
    if (!ready) break;
    deliver(*ready);
  }
  if (!caught_up_ && !resting_ && load() * 2 <= params_.limits.queue_max) fetch();
  params_.held->store(load(), std::memory_order_relaxed);
  telemetry().queue_depth("webhooks", load());
  arm();
}

void Stream::sweep() {
  const Mono now = mono();
  while (auto waiting = proving_.take_overdue(now)) {
    not_stored(waiting->promise, ErrorCode::unavailable);
  }
  while (auto waiting = storing_.take_overdue(now)) {
    not_stored(waiting->promise, ErrorCode::unavailable);
  }
  while (const auto id = looking_up_.take_overdue(now)) forget(*id);
  while (const auto id = delivering_.take_overdue(now)) {
    settle(*id, {Delivered::Outcome::failed, "The payment did not answer in time."});
  }
  while (const auto waiting = marking_.take_overdue(now)) being_marked_.erase(waiting->row.id);
  pump();
}

/// Deadlines are coarse: nobody minds a second, and one timer at a time serves them all.
void Stream::arm() {
  if (armed_) return;
  if (proving_.empty() && storing_.empty() && looking_up_.empty() && delivering_.empty() &&
      marking_.empty())
    return;
  armed_ = true;
  delayed_send(self(), std::chrono::seconds{1}, Sweep{});
}

stream_actor spawn_stream(caf::actor_system& system, StreamParams params) {
  return system.spawn<Stream>(std::move(params));
}

}  // namespace cambist::actors::webhooks
