// What merchants are told of a fact: our own events, in one vocabulary whatever the provider.
#pragma once

#include <string>
#include <vector>

#include "protocols/payment/machine.hpp"

namespace cambist::payment {

/// Shape: `type` is dot-separated, for example "payment.captured"; `json` is the whole body,
///        {"type", "timestamp", "data"}. It holds no secret and no token, and fraud looks like any
///        other decline. `data.sequence` is the payment's version after the fact, `data.status` its
///        status then.
/// Source: facts/webhooks.md sections 2 and 3.
struct Announcement {
  std::string type;
  std::string json;
  friend bool operator==(const Announcement&, const Announcement&) = default;
};

/// Most facts are told in one event or none; what also ends an operators' task is told in two.
[[nodiscard]] std::vector<Announcement> announcements(const Payment& before, const Event& event,
                                                      const Payment& after);

/// The operators' task of an operation has the operation's own bytes.
[[nodiscard]] TaskId task_of(const OperationId& operation);
/// What an operator decided, as JSON for the audit log.
[[nodiscard]] std::string decision_detail(const OperatorDecided& fact);
[[nodiscard]] std::string decision_detail(const AttentionResolved& fact);
/// The operations whose task is over with this step although no operator decided anything: settled
/// by the provider after all.
[[nodiscard]] std::vector<Operation> settled_tasks(const Payment& before, const Payment& after);

}  // namespace cambist::payment
