// The attempts: which go out, and what became of them.
#include <utility>

#include <spdlog/spdlog.h>
#include <caf/send.hpp>

#include "actors/outbox/delivery_impl.hpp"
#include "actors/roll.hpp"
#include "protocols/core/failpoint.hpp"

namespace cambist::actors::outbound {
namespace {

// How much longer than its own timeout the HTTP client may take before its attempt counts as
// forgotten.
constexpr auto client_slack = std::chrono::seconds{2};
// After an attempt that could not be made for want of room in our own client.
constexpr auto room_pause = std::chrono::seconds{1};

}  // namespace

void DeliveryActor::pump() {
  while (loaded_ && active() && window_.count(Stage::busy) < limits().concurrency) {
    Item* item = window_.next(now());
    if (item == nullptr) return;
    if (!wants(row_.types, item->type)) {  // since it was read
      ++skipped_;
      window_.finish(item->position);
    } else if (item->body.empty()) {
      fetch_body(*item);
    } else {
      attempt(*item);
    }
  }
}

void DeliveryActor::attempt(Item& item) {
  item.stage = Stage::busy;
  send(Flight{.position = item.position}, item.event, item.body);
}

void DeliveryActor::send(Flight flight, const EventId& event, const std::string& body) {
  const std::uint64_t serial = ++serial_;
  flight.at = now();
  flight.until = mono() + limits().timeout + client_slack;
  auto request = post(row_, event.to_string(), body, flight.at);
  flights_.emplace(serial, std::move(flight));
  if (!request || !params_.shared->http) {
    caf::anon_send(self(), Answered{serial, http::TransportFailure{http::FailurePhase::not_sent,
                                                                   "malformed_request"}});
    return;
  }
  failpoint("outbox.before_send");
  params_.shared->http->send(std::move(*request), limits().timeout,
                             [hdl = self(), serial](HttpOutcome outcome) {
                               caf::anon_send(hdl, Answered{serial, std::move(outcome)});
                             });
}

void DeliveryActor::answered(std::uint64_t serial, const HttpOutcome& outcome) {
  const auto found = flights_.find(serial);
  if (found == flights_.end()) return;  // let go
  failpoint("outbox.answered");
  Flight flight = std::move(found->second);
  flights_.erase(found);
  const Met met = read_answer(outcome, now());
  if (met.kind != Met::Kind::not_tried) {
    telemetry().delivery_attempted(met.kind == Met::Kind::delivered ? "delivered" : "failed",
                                   now() - flight.at);
  }
  if (flight.promise) return once_met(flight, met);
  attempt_met(flight, met);
}

void DeliveryActor::attempt_met(const Flight& flight, const Met& met) {
  Item* item = window_.find(flight.position);
  if (item == nullptr || item->stage != Stage::busy) return;
  if (met.kind == Met::Kind::not_tried) {
    item->stage = Stage::waiting;
    item->due = now() + room_pause;
    return;
  }
  ++item->attempts;
  item->body.clear();
  storage::DeliveryRow row = row_of(*item);
  row.response_status = met.status;
  row.error = met.error;
  row.duration = now() - flight.at;
  if (met.kind == Met::Kind::delivered) {
    item->stage = Stage::marking;
    row.status = "delivered";
    return save({std::move(row)});
  }
  item->stage = Stage::saving;
  const auto wait = wait_after(item->attempts, met, roll(params_.shared->random));
  if (met.kind == Met::Kind::gone) {
    return give_up(*item, std::move(row), "The endpoint answered 410 Gone.");
  }
  if (!wait) {
    return give_up(
        *item, std::move(row),
        "An event could not be delivered for three days; last error: " + met.error + ".");
  }
  item->due = now() + *wait;
  row.next_attempt_at = item->due;
  save({std::move(row)});
}

/// The supervisor writes this attempt and the endpoint's end in one commit. Until it is enabled
/// again nothing more is begun.
void DeliveryActor::give_up(Item& item, storage::DeliveryRow row, std::string reason) {
  if (given_up_) return save({std::move(row)});  // another event was the reason
  given_up_ = true;
  item.stage = Stage::waiting;
  row.status = "failed";
  spdlog::warn("endpoint_given_up endpoint={} event={} attempts={}", row_.id.to_string(),
               item.event.to_string(), item.attempts);
  params_.gave_up(GaveUp{row_.id, std::move(reason), std::move(row), row_.updated_at});
}

storage::DeliveryRow DeliveryActor::row_of(const Item& item) const {
  storage::DeliveryRow row;
  row.endpoint = row_.id;
  row.position = item.position;
  row.event = item.event;
  row.type = item.type;
  row.payment = item.payment;
  row.attempts = item.attempts;
  row.updated_at = now();
  return row;
}

}  // namespace cambist::actors::outbound
