// What became of the attempts, on its way to the journal. Upserts: written twice they are the same.
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/outbox/delivery_impl.hpp"
#include "protocols/core/failpoint.hpp"

namespace cambist::actors::outbound {
namespace {

constexpr auto write_pause = std::chrono::seconds{1};
// An endpoint that wants little moves its cursor this rarely.
constexpr auto cursor_pause = std::chrono::seconds{10};

}  // namespace

void DeliveryActor::save(storage::DeliveryPut put, std::optional<ChangedPromise> promise) {
  const std::uint64_t position = put.row.position;
  if (loaded_ && !held_) {
    if (const auto low = window_.done_up_to(read_to_, position); low > stored_cursor_) {
      put.cursor = stored_cursor_ = low;
      skipped_ = 0;
      cursor_due_.reset();
    }
  }
  unsaved_[position] = Unsaved{std::move(put), 0, {}, std::move(promise)};
  write(position);
}

void DeliveryActor::write(std::uint64_t position) {
  const auto found = unsaved_.find(position);
  if (found == unsaved_.end()) return;
  Unsaved& unsaved = found->second;
  Ticket ticket = params_.shared->journal_gate->try_enter();
  if (!ticket) {
    unsaved.due = mono() + write_pause;
    return;
  }
  const std::uint64_t serial = ++serial_;
  unsaved.serial = serial;
  unsaved.due = mono() + limits().store_timeout;
  request(params_.shared->journal, caf::infinite,
          Write{storage::Records{{unsaved.put}}, std::move(ticket)})
      .then(
          [this, position, serial](const Written& outcome) { written(position, serial, &outcome); },
          [this, position, serial](const caf::error&) { written(position, serial, nullptr); });
}

void DeliveryActor::written(std::uint64_t position, std::uint64_t serial, const Written* outcome) {
  const auto found = unsaved_.find(position);
  if (found == unsaved_.end() || found->second.serial != serial) return;  // let go, or overdue
  if (outcome != nullptr && std::holds_alternative<storage::Appended>(outcome->result)) {
    failpoint("outbox.marked");
    saved(position);
  } else {
    const auto* error = outcome ? std::get_if<Error>(&outcome->result) : nullptr;
    if (error != nullptr && error->code == ErrorCode::not_found) held_ = true;  // it is deleted
    found->second.serial = 0;
    found->second.due = mono() + write_pause;
  }
  settle_up();
}

void DeliveryActor::saved(std::uint64_t position) {
  auto node = unsaved_.extract(position);
  Unsaved& unsaved = node.mapped();
  if (unsaved.promise) {
    --once_;
    unsaved.promise->deliver(changed(std::move(unsaved.put.row)));
  }
  Item* item = window_.find(position);
  if (item == nullptr) return;
  if (item->stage == Stage::marking) {
    window_.finish(position);
  } else if (item->stage == Stage::saving) {
    item->stage = Stage::waiting;
  }
}

/// Stores the cursor by itself, when no delivery will: only then is there nothing behind it that
/// this would forget. Events that are not wanted are counted, not written.
void DeliveryActor::save_cursor() {
  if (!loaded_ || held_ || cursor_write_ || !window_.empty() || !unsaved_.empty()) return;
  const std::uint64_t low = window_.done_up_to(read_to_);
  if (low <= stored_cursor_) return cursor_due_.reset();
  if (!cursor_due_) cursor_due_ = mono() + cursor_pause;
  if (skipped_ < limits().window && mono() < *cursor_due_ && !draining_) return;
  Ticket ticket = params_.shared->journal_gate->try_enter();
  cursor_due_ = mono() + cursor_pause;
  if (!ticket) return;
  skipped_ = 0;
  const std::uint64_t serial = ++serial_;
  cursor_write_ = Reading{serial, mono() + limits().store_timeout};
  const auto over = [this, serial, low](bool ok) {
    if (!cursor_write_ || cursor_write_->serial != serial) return;
    cursor_write_.reset();
    if (ok) stored_cursor_ = std::max(stored_cursor_, low);
    settle_up();
  };
  request(params_.shared->journal, caf::infinite,
          Write{storage::Records{{storage::CursorMoved{row_.id, low}}}, std::move(ticket)})
      .then(
          [over](const Written& outcome) {
            over(std::holds_alternative<storage::Appended>(outcome.result));
          },
          [over](const caf::error&) { over(false); });
}

}  // namespace cambist::actors::outbound
