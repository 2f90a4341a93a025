// The bank's account as it writes it down: entries, and statements of them in camt.053 and CSV.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox::bank_transfer {

/// Shape: `id` is the bank's own id of the transaction; `reversal` takes an earlier one back.
struct Entry {
  std::string id;
  Money amount;
  TimePoint booked_at;
  std::string reference{};  // as the payer typed it
  std::string narrative{};
  std::string payer{};
  bool reversal = false;
};

/// The bank's day (UTC+3) of a moment: "2026-01-15".
[[nodiscard]] std::string day_of(TimePoint time);
[[nodiscard]] std::string to_camt053(const std::vector<const Entry*>& entries, TimePoint now);
[[nodiscard]] std::string to_csv(const std::vector<const Entry*>& entries);
/// The body of the callback that tells of an entry.
[[nodiscard]] std::string to_callback(const Entry& entry);

}  // namespace cambist::gateway::sandbox::bank_transfer
