// The reference that a payer types into a bank transfer: the merchant's prefix, a number, and two
// check digits, so that a mistyped one is no other payment's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/core/ids.hpp"

namespace cambist::bank {

/// How references of one account look: two digits of the merchant, `digits` digits of the payment.
struct ReferenceShape {
  std::string prefix{"88"};
  std::size_t digits = 8;
  friend bool operator==(const ReferenceShape&, const ReferenceShape&) = default;
};
constexpr std::size_t reference_digits_min = 8;
constexpr std::size_t reference_digits_max = 14;

/// Two digits, but not 99: that is the government's.
[[nodiscard]] bool is_prefix(std::string_view text) noexcept;

/// The check digits of ISO 7064 MOD 97-10, "03" to "98"; `digits` holds digits only.
[[nodiscard]] std::string check_digits(std::string_view digits);
/// Whether `text` is digits whose value modulo 97 is one.
[[nodiscard]] bool has_check_digits(std::string_view text) noexcept;

/// The reference of a payment. It is made of the payment's id alone, so that it is the same
/// whenever it is made; two payments have the same one by chance (README.md, decision 2).
[[nodiscard]] std::string make_reference(const PaymentId& payment, const ReferenceShape& shape);
/// Prefix, number and check digits, and nothing else.
[[nodiscard]] bool is_reference(std::string_view text, const ReferenceShape& shape) noexcept;
/// The one reference in what a payer or a bank wrote around it: spaces, dashes and slashes do not
/// count. Nothing when there is none, or more than one: a guess would be somebody else's money.
[[nodiscard]] std::optional<std::string> find_reference(std::string_view narrative,
                                                        const ReferenceShape& shape);
/// In groups of four, as people read and type it: "8800 0000 4225".
[[nodiscard]] std::string in_groups(std::string_view reference);

}  // namespace cambist::bank
