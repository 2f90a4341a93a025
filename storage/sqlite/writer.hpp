// Writes one append inside an open transaction. Everything is checked before anything is written,
// so an append that is refused leaves nothing behind and the batch needs no savepoints.
#pragma once

#include <optional>

#include "storage/journal.hpp"
#include "storage/sqlite/database.hpp"

namespace cambist::storage::sqlite {

class Writer {
 public:
  explicit Writer(Database& database);

  /// nullopt: a statement failed, `code()` says how, and the transaction must be rolled back.
  [[nodiscard]] std::optional<AppendResult> write(const Append& append);
  [[nodiscard]] int code() const noexcept { return code_; }
  /// Whether the events of `append` are there, after a commit whose outcome is unknown.
  [[nodiscard]] bool holds(const Append& append);

 private:
  struct Found {
    std::int64_t position = 0;
    std::uint64_t version = 0;
  };
  enum class EventsWritten : std::uint8_t { yes, payment_is_anothers, failed };

  [[nodiscard]] std::optional<PaymentId> claimed_by(const Append& append);
  [[nodiscard]] Found find(const Append& append);
  [[nodiscard]] EventsWritten write_events(const Append& append);
  void write_row(const Append& append, const Found& found);
  void write_details(const Append& append);
  void write_key(const Append& append);
  template <class... Arguments>
  void run(Statement& statement, const Arguments&... arguments);

  int code_ = 0;
  Statement find_payment_, find_key_, find_event_;
  Statement insert_event_, insert_payment_, update_payment_, put_operation_, insert_ledger_;
  Statement put_timer_, delete_timer_, claim_key_, answer_key_, release_key_;
};

}  // namespace cambist::storage::sqlite
