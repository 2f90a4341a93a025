// Tests and redeliveries: one attempt each, at once, past the order and the schedule.
#include <utility>

#include "actors/outbox/delivery_impl.hpp"
#include "actors/reader/read.hpp"

namespace cambist::actors::outbound {
namespace {

constexpr std::size_t once_max = 4;  // at a time, per endpoint

Result<Found> find_event(storage::Reader& reader, const storage::EndpointRow& endpoint,
                         const EventId& id) {
  auto event = reader.outbox_event(endpoint.tenant, id);
  if (!event) return event.error();
  Found found{std::move(*event), {}};
  if (!found.event) return found;
  auto rows =
      reader.deliveries({.endpoint = endpoint.id, .before = found.event->position + 1, .limit = 1});
  if (!rows) return rows.error();
  if (!rows->empty() && rows->front().position == found.event->position) {
    found.delivery = std::move(rows->front());
  }
  return found;
}

}  // namespace

caf::result<EndpointChanged> DeliveryActor::send_one(const SendOne& request) {
  if (once_ >= once_max || draining_) {
    auto answer = changed();
    answer.error = Error{ErrorCode::overloaded, "too many tests and redeliveries are under way"};
    return answer;
  }
  ++once_;
  auto promise = make_response_promise<EndpointChanged>();
  if (request.event) {
    redeliver(*request.event, promise);
    return promise;
  }
  Flight flight{.promise = promise};
  flight.delivery.endpoint = row_.id;
  flight.delivery.event = EventId::make(now(), params_.shared->random);
  flight.delivery.type = "webhook_endpoint.test";
  const std::string body = R"({"type":"webhook_endpoint.test","timestamp":")" + to_rfc3339(now()) +
                           R"(","data":{"endpoint_id":")" + row_.id.to_string() + "\"}}";
  const EventId event = flight.delivery.event;
  send(std::move(flight), event, body);
  arm();
  return promise;
}

void DeliveryActor::redeliver(const EventId& event, ChangedPromise promise) {
  auto failed = [this, promise]() mutable {
    --once_;
    auto answer = changed();
    answer.error = Error{ErrorCode::unavailable, "the event cannot be read now"};
    promise.deliver(std::move(answer));
  };
  request(params_.shared->reader, limits().store_timeout,
          make_read([row = row_, event](storage::Reader& reader) {
            return find_event(reader, row, event);
          }))
      .then(
          [this, promise, failed](const ReadDone& read) mutable {
            auto& found = value_of<Result<Found>>(read);
            if (!found) return failed();
            found_event(*found, promise);
          },
          [failed](const caf::error&) mutable { failed(); });
}

void DeliveryActor::found_event(Found& found, ChangedPromise promise) {
  if (!found.event) {
    --once_;
    auto answer = changed();
    answer.error = Error{ErrorCode::not_found, "There is no such event."};
    promise.deliver(std::move(answer));
    return;
  }
  storage::OutboxRow& event = found.event->row;
  Flight flight{.position = found.event->position, .promise = promise};
  if (found.delivery) {
    flight.delivery = std::move(*found.delivery);
  } else {
    flight.delivery = row_of(Item{.position = found.event->position,
                                  .event = event.id,
                                  .type = event.type,
                                  .payment = event.payment});
  }
  send(std::move(flight), event.id, event.json);
  arm();
}

/// Only a success is stored: a failure tells nothing new of an event that was delivered before or
/// still has its own schedule.
void DeliveryActor::once_met(Flight& flight, const Met& met) {
  storage::DeliveryRow& row = flight.delivery;
  const bool delivered = met.kind == Met::Kind::delivered;
  ++row.attempts;
  row.status = delivered ? "delivered" : "failed";
  row.response_status = met.status;
  row.error = met.error;
  row.duration = now() - flight.at;
  row.updated_at = now();
  row.next_attempt_at.reset();
  Item* item = window_.find(row.position);
  const bool elsewhere =
      unsaved_.contains(row.position) || (item != nullptr && item->stage != Stage::waiting);
  if (!delivered || row.position == 0 || held_ || !loaded_ || elsewhere) {
    --once_;
    flight.promise->deliver(changed(std::move(row)));
    return;
  }
  if (item != nullptr) {
    item->stage = Stage::marking;
  } else if (row.position > read_to_) {
    known_[row.position] = row;
  }
  save({row}, std::move(flight.promise));
}

EndpointChanged DeliveryActor::changed(std::optional<storage::DeliveryRow> delivery) const {
  EndpointChanged answer;
  answer.row = row_;
  answer.row.cursor = stored_cursor_;
  answer.delivery = std::move(delivery);
  return answer;
}

}  // namespace cambist::actors::outbound
