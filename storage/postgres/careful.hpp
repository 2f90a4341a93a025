// The slow way: looks before it writes, entry by entry, and so knows what is wrong with which.
// Taken when a batch was refused as a whole, and for the rare entries that cannot be judged by
// failing.
#pragma once

#include <optional>

#include "storage/postgres/wave.hpp"

namespace cambist::storage::postgres {

/// Inside of an open transaction.
class CarefulWriter {
 public:
  /// `wave` is empty, and lives as long as the connection.
  CarefulWriter(Connection& connection, Wave& wave) : connection_(connection), wave_(wave) {}

  /// nullopt: a statement failed, `failure()` says how, and the transaction must be rolled back.
  [[nodiscard]] std::optional<AppendResult> write(const Entry& entry);
  [[nodiscard]] const Failure& failure() const noexcept { return *failure_; }

 private:
  [[nodiscard]] std::optional<AppendResult> write_step(const Append& append);
  [[nodiscard]] std::optional<AppendResult> write_records(const Records& records);
  [[nodiscard]] std::optional<AppendResult> refusal(const Append& append);
  /// Whether all that was sent went well.
  [[nodiscard]] bool done();

  Connection& connection_;
  Wave& wave_;
  std::optional<Failure> failure_;
};

}  // namespace cambist::storage::postgres
