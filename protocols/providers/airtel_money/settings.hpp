// What an account at Airtel Money is configured with, checked once.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/secret.hpp"
#include "protocols/provider/base_url.hpp"
#include "protocols/provider/callback_door.hpp"
#include "protocols/provider/mobile_money.hpp"

namespace cambist::airtel_money {

// Tanzania is the one country whose numbers and amounts are known here (README, decision 1).
constexpr std::string_view country = "TZ";
constexpr auto market = provider::Market::tanzania;

/// What a callback's `hash` is made of. Source: facts/airtel-money.md section 5, where the vendor
/// does not say which.
enum class CallbackForm : std::uint8_t { raw_without_hash, transaction_object_compact, raw };

/// How callbacks that Airtel signs are checked.
/// Shape: `key` empty: they are not signed. `header`: where the hash stands if it is not in the
///        body. `believe_unsigned`: one whose hash is wrong is still a reason to ask.
struct CallbackHash {
  Secret key;
  std::vector<CallbackForm> forms{};  // tried in this order
  std::string header{};
  bool believe_unsigned = false;
};

struct Account {
  provider::BaseUrl base;
  std::string client_id;
  Secret client_secret;
  provider::CallbackDoor door;
  CallbackHash hash;
  provider::WholeAmounts amounts;
  std::chrono::seconds prompt_lifetime{60};
  std::chrono::seconds ask_after{180};
  int not_found_asks = 7;
};

/// Errors: invalid_request with `field` the setting; no value of a secret is repeated.
[[nodiscard]] Result<Account> read_settings(const provider::Settings& settings);

}  // namespace cambist::airtel_money
