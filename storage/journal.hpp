// The writing port of storage: one append is one transaction, and whoever appends says which
// version it saw.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "protocols/core/error.hpp"
#include "storage/operator_rows.hpp"
#include "storage/outgoing_rows.hpp"
#include "storage/payment_rows.hpp"
#include "storage/webhook_rows.hpp"

namespace cambist::storage {

/// Writes outside of the payments' streams.
using Record = std::variant<WebhookReceived, WebhookUpdate, WebhookReplayed, EndpointPut,
                            EndpointGone, CursorMoved, DeliveryPut, AuditRow, Announced>;
/// All or nothing.
struct Records {
  std::vector<Record> rows;
};

/// All that one step of one payment writes, in one transaction.
/// Shape: `expected_version` is the number of events the writer has seen; the new events follow it.
/// `tenant`,
///        `payment` and the new version are taken from here and not from `row`. Without events
///        `row` is not looked at (a projection moves only with facts), and before a payment's first
///        event only a key can be written.
struct Append {
  TenantId tenant;
  PaymentId payment;
  std::uint64_t expected_version = 0;
  std::vector<EventRow> events;
  PaymentRow row;
  std::vector<OperationRow> operations;
  KeyChange key;
  std::vector<LedgerRow> ledger;
  std::optional<TimerChange> timer;
  std::vector<OutboxRow> outbox{};
  std::vector<TaskRow> tasks{};
  std::vector<AuditRow> audit{};
  /// The webhook that this step is the effect of: marked in the same commit, and if it is settled
  /// already the whole append is not written (AlreadyThere), so that no webhook takes effect twice.
  std::optional<WebhookUpdate> webhook{};
};

struct Appended {
  std::uint64_t version = 0;
};
struct Conflict {};
/// Stands before Conflict: a taken key is answered even to a stale writer. `payment` may be the
/// writer's own.
struct DuplicateKey {
  PaymentId payment;
};
/// Error: internal is a mistake in the append itself; unavailable says that the store could not
/// write. The step is then almost surely not there, but only reading it again tells.
/// AlreadyThere: the webhook was stored, or settled, before.
struct AlreadyThere {};
using AppendResult = std::variant<Appended, Conflict, DuplicateKey, Error, AlreadyThere>;
/// Records that were written answer Appended{0}; what they name and is not there (an endpoint, a
/// webhook) is an Error{not_found}.
using Entry = std::variant<Append, Records>;

/// How a store is asked whether it can be written.
enum class Probe : std::uint8_t {
  reach,  // does it answer, and does it take writes: without one
  write,  // by a durable write that means nothing, through all that an append needs
};

/// The writing port. Not thread safe: one owner.
class Journal {
 public:
  Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  virtual ~Journal() = default;
  /// Commits the batch. One failing entry costs only itself; results come in the order of `batch`.
  /// Durable when it returns.
  [[nodiscard]] virtual std::vector<AppendResult> write(std::span<const Entry> batch) = 0;
  /// The same for appends alone.
  [[nodiscard]] std::vector<AppendResult> append(std::span<const Append> batch) {
    const std::vector<Entry> entries(batch.begin(), batch.end());
    return write(entries);
  }
  /// Drops answered keys that have expired, at most `limit`, in the order of their expiry, tenant
  /// and name; a key whose payment is not settled is kept.
  [[nodiscard]] virtual Result<std::size_t> expire_keys(TimePoint now, std::size_t limit) = 0;
  /// Drops settled webhooks, outbox rows that every endpoint of the tenant has behind it, and
  /// settled deliveries, all older than `before`, at most `limit` of each. Dead letters stay.
  [[nodiscard]] virtual Result<std::size_t> forget(TimePoint before, std::size_t limit) = 0;
  /// Whether an append would be written now. A store that nothing can come between says yes.
  [[nodiscard]] virtual Result<void> probe(Probe /*how*/) { return {}; }
};

}  // namespace cambist::storage
