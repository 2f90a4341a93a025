// Writes one entry inside an open transaction. Everything is checked before anything is written,
// so an entry that is refused leaves nothing behind and the batch needs no savepoints.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "storage/sqlite/known_payments.hpp"
#include "storage/sqlite/operator_tables.hpp"
#include "storage/sqlite/outgoing_tables.hpp"
#include "storage/sqlite/webhook_table.hpp"
#include "storage/store.hpp"

namespace cambist::storage::sqlite {

class Writer {
 public:
  explicit Writer(Database& database);

  /// nullopt: a statement failed, `code()` says how, and the transaction must be rolled back.
  [[nodiscard]] std::optional<AppendResult> write(const Entry& entry);
  [[nodiscard]] int code() const noexcept { return chain_.code(); }
  /// To be said whenever a transaction was rolled back: what was remembered of it is not true.
  void rolled_back() noexcept { known_.clear(); }
  /// Whether something is there that only `entry` can have written, after a commit whose outcome is
  /// unknown. What only changes rows leaves no such trace.
  [[nodiscard]] bool holds(const Entry& entry);

 private:
  /// How much of a row that an index holds is another now; each depth includes those before it.
  enum class Depth : std::uint8_t { nothing, open_or_due, status, provider, all };
  enum class EventsWritten : std::uint8_t { yes, payment_is_there, failed };

  [[nodiscard]] std::optional<AppendResult> write_step(const Append& append);
  [[nodiscard]] std::optional<AppendResult> refusal(const Append& append, KnownPayment*& known);
  [[nodiscard]] std::optional<PaymentId> claimed_by(const Append& append);
  [[nodiscard]] KnownPayment& find(const Append& append);
  [[nodiscard]] EventsWritten write_events(const Append& append);
  [[nodiscard]] KnownPayment& insert_row(const Append& append);
  [[nodiscard]] static Depth change(const Append& append, const KnownPayment& known);
  void update_row(const Append& append, KnownPayment& known);
  void write_details(const Append& append, KnownPayment& known);
  void write_ledger(const Append& append, std::uint64_t entry);
  void write_timer(const Append& append, const std::optional<TimePoint>& before);
  void write_beside(const Append& append);
  void write_key(const Append& append);
  [[nodiscard]] std::optional<AppendResult> write_records(const Records& records);
  void write_record(const Record& record);
  [[nodiscard]] bool holds_step(const Append& append);
  [[nodiscard]] bool holds_record(const Record& record);

  Database& database_;
  Chain chain_;
  KnownPayments known_;
  Statement find_payment_, find_key_, find_event_;
  Statement insert_event_, insert_two_events_, insert_payment_, mark_payment_, put_operation_;
  Statement insert_posting_, insert_two_postings_;
  std::array<Statement, 5> update_payment_;  // by Depth
  Statement put_timer_, delete_timer_, claim_key_, answer_key_, release_key_;
  WebhookTable webhooks_;
  OutgoingTables outgoing_;
  OperatorTables operators_;
};

}  // namespace cambist::storage::sqlite
