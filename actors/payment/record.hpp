// From a decision to what is written: one append, built purely, so that a test can read it.
#pragma once

#include <span>

#include "protocols/payment/machine.hpp"
#include "storage/journal.hpp"

namespace cambist::actors::live {

[[nodiscard]] payment::Payment evolve_all(payment::Payment payment,
                                          std::span<const payment::Event> events);

/// The payment as reads see it.
[[nodiscard]] storage::PaymentRow row_of(const payment::Payment& payment);

/// All that `events`, which lead from `before` to `after`, write in one transaction.
/// Shape: the timer is named only when it changes.
[[nodiscard]] storage::Append make_append(const payment::Payment& before,
                                          const payment::Payment& after,
                                          std::span<const payment::Event> events,
                                          const payment::Policy& policy, const Random& random,
                                          storage::KeyChange key);

}  // namespace cambist::actors::live
