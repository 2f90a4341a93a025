// Where the endpoint stands, and what comes behind its cursor.
#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/outbox/delivery_impl.hpp"
#include "actors/reader/read.hpp"

namespace cambist::actors::outbound {
namespace {

// After a read that failed. The store is shared with all others: no hurry.
constexpr auto read_pause = std::chrono::seconds{1};

Result<Standing> standing_of(storage::Reader& reader, const TenantId& tenant,
                             const EndpointId& id) {
  const auto rows = reader.endpoints(tenant);
  if (!rows) return rows.error();
  const auto row = std::find_if(rows->begin(), rows->end(),
                                [&](const storage::EndpointRow& one) { return one.id == id; });
  if (row == rows->end()) return Error{ErrorCode::not_found, "the endpoint is not there"};
  auto behind = reader.deliveries_after(id, row->cursor);
  if (!behind) return behind.error();
  return Standing{row->cursor, std::move(*behind)};
}

}  // namespace

/// `then` gets what `query` read, unless the window has been dropped meanwhile.
template <class Value, class Query, class Then>
void DeliveryActor::read(Query query, Then then) {
  const std::uint64_t serial = ++serial_;
  reading_ = Reading{serial, mono() + limits().store_timeout};
  const auto failed = [this, serial] {
    if (!reading_ || reading_->serial != serial) return;
    reading_.reset();
    read_again_at_ = mono() + read_pause;
    settle_up();
  };
  request(params_.shared->reader, caf::infinite, make_read(std::move(query)))
      .then(
          [this, serial, then, failed](const ReadDone& read_done) {
            if (!reading_ || reading_->serial != serial) return;
            auto& value = value_of<Result<Value>>(read_done);
            if (!value) return failed();
            reading_.reset();
            then(*value);
            settle_up();
          },
          [failed](const caf::error&) { failed(); });
}

void DeliveryActor::load() {
  if (loaded_ || held_ || draining_ || reading_ || mono() < read_again_at_) return;
  read<Standing>([tenant = row_.tenant, id = row_.id](
                     storage::Reader& reader) { return standing_of(reader, tenant, id); },
                 [this](Standing& standing) { loaded(std::move(standing)); });
}

void DeliveryActor::loaded(Standing standing) {
  loaded_ = true;
  read_to_ = stored_cursor_ = standing.cursor;
  for (storage::DeliveryRow& row : standing.behind) {
    // Whoever was given up, or was changed since, starts its schedule anew.
    if (row.status != "delivered" && (row.status == "failed" || row.updated_at < row_.updated_at)) {
      row.attempts = 0;
      row.next_attempt_at.reset();
    }
    known_.emplace(row.position, std::move(row));
  }
}

void DeliveryActor::read_more() {
  if (!loaded_ || !active() || at_end_ || reading_ || mono() < read_again_at_) return;
  const std::size_t room = window_.room();
  if (room == 0 || (room * 4 < window_.max() && !window_.empty())) return;  // not in small bites
  read<std::vector<storage::StoredOutbox>>(
      [tenant = row_.tenant, after = read_to_, room](storage::Reader& reader) {
        return reader.outbox(tenant, after, room);
      },
      [this, room](std::vector<storage::StoredOutbox>& page) { take_page(page, room); });
}

void DeliveryActor::take_page(std::vector<storage::StoredOutbox>& page, std::size_t limit) {
  for (storage::StoredOutbox& stored : page) {
    read_to_ = std::max(read_to_, stored.position);
    if (auto item = item_of(stored)) {
      window_.add(std::move(*item));
    } else {
      ++skipped_;
    }
    known_.erase(stored.position);
  }
  at_end_ = page.size() < limit && !std::exchange(grew_, false);
}

std::optional<Item> DeliveryActor::item_of(storage::StoredOutbox& stored) {
  Item item{.position = stored.position,
            .event = stored.row.id,
            .type = std::move(stored.row.type),
            .payment = stored.row.payment,
            .body = std::move(stored.row.json)};
  const auto known = known_.find(stored.position);
  if (known != known_.end() && known->second.status == "delivered") {
    item.stage = Stage::done;
    item.body.clear();
    return item;
  }
  if (!wants(row_.types, item.type)) return std::nullopt;
  if (known != known_.end()) {
    item.attempts = known->second.attempts;
    item.due = known->second.next_attempt_at.value_or(TimePoint{});
  }
  return item;
}

/// The body of an event whose earlier attempt failed: it was not kept in memory all that time.
void DeliveryActor::fetch_body(Item& item) {
  item.stage = Stage::busy;
  const std::uint64_t position = item.position;
  const std::uint64_t generation = generation_;
  fetching_[position] = mono() + limits().store_timeout;
  const auto waiting = [this, position, generation]() -> Item* {
    if (generation != generation_ || fetching_.erase(position) == 0) return nullptr;
    Item* found = window_.find(position);
    if (found != nullptr) found->stage = Stage::waiting;
    return found;
  };
  request(params_.shared->reader, caf::infinite,
          make_read([tenant = row_.tenant, event = item.event](storage::Reader& reader) {
            return reader.outbox_event(tenant, event);
          }))
      .then(
          [this, waiting, position](const ReadDone& read_done) {
            Item* found = waiting();
            if (found == nullptr) return;
            auto& stored = value_of<Result<std::optional<storage::StoredOutbox>>>(read_done);
            if (!stored) {
              found->due = now() + read_pause;
            } else if (!*stored) {  // nothing can be sent any more
              spdlog::error("outbox_event_gone endpoint={} position={}", row_.id.to_string(),
                            position);
              window_.finish(position);
            } else {
              found->body = std::move((*stored)->row.json);
            }
            settle_up();
          },
          [this, waiting](const caf::error&) {
            if (Item* found = waiting()) found->due = now() + read_pause;
            settle_up();
          });
}

}  // namespace cambist::actors::outbound
