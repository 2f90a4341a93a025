// Base64 of RFC 4648 section 4, in the one spelling that each bytes have: standard alphabet,
// padding, no white space, no spare bits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cambist {

[[nodiscard]] std::string to_base64(std::string_view bytes);
/// nullopt for everything that `to_base64` would not have written.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace cambist
