// From a decision to what is written: one append, built purely, so that a test can read it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/payment/machine.hpp"
#include "storage/store.hpp"

namespace cambist::actors::live {

[[nodiscard]] payment::Payment evolve_all(payment::Payment payment,
                                          std::span<const payment::Event> events);

/// All that `events`, which lead from `before` to `after`, write in one transaction: also our own
/// events for the merchants, the operators' tasks, and what an operator did.
/// Shape: the timer is named only when it changes. `shown` is `after` as the API renders it;
///        `request_id` is the operator's request.
[[nodiscard]] storage::Append make_append(const payment::Payment& before,
                                          const payment::Payment& after,
                                          std::span<const payment::Event> events,
                                          const payment::Policy& policy, const Random& random,
                                          storage::KeyChange key, std::string shown,
                                          std::string_view request_id = {});

/// An operation that was unknown and is not any more.
struct NowKnown {
  OperationId operation;
  provider::OperationKind kind = provider::OperationKind::charge;
  Duration unknown_for{};
  bool by_operator = false;
};
/// At most one: the operation that was running.
[[nodiscard]] std::optional<NowKnown> now_known(const payment::Payment& before,
                                                const payment::Payment& after,
                                                std::span<const payment::Event> events);
/// Tasks opened less tasks closed.
[[nodiscard]] std::ptrdiff_t tasks_change(std::span<const storage::TaskRow> tasks);

}  // namespace cambist::actors::live
