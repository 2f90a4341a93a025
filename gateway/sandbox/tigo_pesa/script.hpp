// What the payer with a phone does, and Tigo with the push, told by the phone's last two digits.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace cambist::gateway::sandbox::tigo_pesa {

/// How long the prompt stays on the phone.
constexpr std::chrono::seconds prompt_lifetime{120};

enum class Will : std::uint8_t { waits, pays, fails, silent };

/// Shape: `after` is when the payer acts; `description` why it fails. `refusal` not empty: the push
/// is not accepted, with that code; "Message": with the gateway's own text alone.
struct Script {
  Will will = Will::waits;
  std::chrono::seconds after{2};
  std::string_view description{};
  std::string_view refusal{};
  int callbacks = 1;
  bool right_amount = true;
};

/// The last digit: 0 waits for the desk, 1 pays, 2 cancels, 3 has no money, 4 types a wrong PIN, 5
/// is beyond the limit, 6 pays and the callback names another amount, 7 pays with two callbacks,
/// 8 pays before the push is answered, 9 never answers and nobody is told. The one before: 7 acts
/// half a minute after the prompt should have ended, 8 has the push refused, 9 sends no callback.
[[nodiscard]] Script script_of(std::string_view msisdn) noexcept;

}  // namespace cambist::gateway::sandbox::tigo_pesa
