// Payments as the runtime would have written them, made by the real machine but put down in one
// append each, so that a store can be filled with millions of them in minutes.
#pragma once

#include <cstdint>
#include <string>

#include "protocols/core/ids.hpp"
#include "protocols/payment/machine.hpp"
#include "storage/journal.hpp"

namespace cambist::fill {

/// Where a payment stands: its whole life lived, waiting for its capture, or its first call sent
/// and never answered (open: it is woken at start).
enum class Kind : std::uint8_t { captured, authorized, open };

struct Life {
  Kind kind = Kind::captured;
  std::string provider = "bench";
  Money amount;
};

/// Numbers that differ from payment to payment without being random.
class Source {
 public:
  explicit Source(std::uint64_t seed) : state_(seed) {}
  [[nodiscard]] Random random();

 private:
  std::uint64_t state_;
};

/// One payment that was created at `at`, with its idempotency key "fill-N".
[[nodiscard]] storage::Append live(const Life& life, std::uint64_t number, TimePoint at,
                                   const Random& random);

}  // namespace cambist::fill
