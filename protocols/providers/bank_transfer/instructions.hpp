// What the payer is told to do, in the payer's language.
#pragma once

#include <string>

#include "protocols/providers/bank_transfer/settings.hpp"

namespace cambist::bank_transfer {

/// Shape: plain text; `reference` is shown in groups of four, and `until` in the account's time.
/// Source: facts/bank-transfer.md section 3.
[[nodiscard]] std::string instructions(const AccountSettings& account, const Money& amount,
                                       std::string_view reference, TimePoint until);

}  // namespace cambist::bank_transfer
