// What the owner of a phone does, read from the last three digits of its number.
#pragma once

#include <cstdint>
#include <string_view>

namespace cambist::gateway::sandbox::mpesa_openapi_tz {

enum class Behaviour : std::uint8_t {
  waits,            // for `/sandbox/payer/…`; where the call stays open: pays at once
  pays,             // 901: at once
  refuses,          // 902: at once
  has_no_money,     // 903: types the PIN, and the balance is too low
  never_answers,    // 904
  is_over_limit,    // 905: refused at the call
  has_no_wallet,    // 906: refused at the call
  pays_unheard,     // 907: the call ends in INS-9, and the payer pays all the same
  meets_an_error,   // 908: the call ends in INS-1, and nothing is kept of it
  keeps_prompt,     // 909: the prompt stays open for ten minutes
  reversed_slowly,  // 910: waits; a reversal is only accepted, and done after five seconds
};

[[nodiscard]] Behaviour behaviour_of(std::string_view msisdn) noexcept;

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz
