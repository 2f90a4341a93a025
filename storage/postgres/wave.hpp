// Entries of a batch that have nothing to do with each other: they are written together, one
// statement per table. What comes later in the batch and touches the same things is a wave of its
// own behind it.
#pragma once

#include <optional>
#include <unordered_set>

#include "storage/postgres/operator_tables.hpp"
#include "storage/postgres/outgoing_tables.hpp"
#include "storage/postgres/step_tables.hpp"
#include "storage/postgres/webhook_table.hpp"

namespace cambist::storage::postgres {

/// Whether `entry` can be written without a look first: what it expects is then either true or
/// breaks the transaction.
[[nodiscard]] bool is_plain(const Entry& entry);

class Wave {
 public:
  /// Whether `entry` touches nothing that the wave has touched.
  [[nodiscard]] bool fits(const Entry& entry) const;
  void add(const Entry& entry);
  void add(const Record& record);
  /// Sends what was added and begins anew.
  /// Answers: which of the connection's answers lists the webhooks that were not there before.
  std::optional<std::size_t> send(Connection& connection);

 private:
  void add_step(const Append& append);

  StepTables steps_;
  WebhookTable webhooks_;
  OutgoingTables outgoing_;
  OperatorTables operators_;
  std::unordered_set<std::size_t> touched_;
};

}  // namespace cambist::storage::postgres
