// The phone number that a mobile money wallet is known by, in the one spelling that goes to a
// provider. A number is personal: no error repeats it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"

namespace cambist::provider {

/// Where the wallets of a provider are.
enum class Market : std::uint8_t { kenya, tanzania };

/// Country code and national number, digits only: "254712345678".
/// Shape: taken are the national number with or without its leading 0 ("0712345678", "712345678")
///        and the international one with or without a plus ("+254712345678"); single spaces and
///        hyphens between digits are dropped. Kenyan numbers begin with 7 or 1 after the code; in
///        Tanzania numbers move between networks, so no prefix is refused.
/// Errors: invalid_request, field "payment_method.phone"; the text itself is never repeated.
/// Source: facts/mpesa.md A2 and B4.
[[nodiscard]] Result<std::string> normalise_phone(std::string_view text, Market market);

}  // namespace cambist::provider
