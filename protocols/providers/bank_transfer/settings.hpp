// What must be known of the account that payers transfer to.
#pragma once

#include <chrono>
#include <string>

#include "protocols/bank/csv.hpp"
#include "protocols/bank/matcher.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::bank_transfer {

struct AccountSettings {
  bank::Collecting collecting;  // the shape of references, and the account's number
  std::string bank_name;
  std::string account_name;
  std::string bic{};
  Currency currency{};
  std::string language{"en"};
  std::chrono::hours expires_after{72};
  std::chrono::minutes utc_offset{180};
  bank::CsvMap csv{};
  Secret webhook_secret{};
};

/// Errors: invalid_request with `field` the setting.
[[nodiscard]] Result<AccountSettings> read_settings(const provider::Settings& settings);

}  // namespace cambist::bank_transfer
