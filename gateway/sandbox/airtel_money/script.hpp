// What the payer with a phone does, told by the phone's last two digits.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace cambist::gateway::sandbox::airtel_money {

/// How long the prompt stays on the phone.
constexpr std::chrono::seconds prompt_lifetime{60};

enum class Will : std::uint8_t { waits, approves, fails, dithers };

/// Shape: `after` is when the payer acts, `code` why it fails. `dithers`: ambiguous at first, then
///        paid. `hidden` is how long an enquiry does not find the push.
struct Script {
  Will will = Will::waits;
  std::chrono::seconds after{2};
  std::string_view code{};
  int callbacks = 1;
  bool right_hash = true;
  std::chrono::seconds hidden{0};
};

/// The last digit: 0 waits for the desk, 1 pays, 2 refuses, 3 has no money, 4 types a wrong PIN,
/// 5 pays after Airtel was unsure, 6 pays without a callback, 7 with two, 8 pays half a minute
/// after the prompt should have ended, 9 never answers. The one before: 8 hides the push from
/// enquiries for ten seconds, 9 spoils the callback's hash.
[[nodiscard]] Script script_of(std::string_view msisdn) noexcept;

}  // namespace cambist::gateway::sandbox::airtel_money
