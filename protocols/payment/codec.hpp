// Events as versioned JSON: the form in which they are kept for ever.
#pragma once

#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/payment/machine.hpp"

namespace cambist::payment {

/// Shape: `type` is the fact's name in snake_case ("payment_created"); `version` counts changes of
/// its shape.
struct EncodedEvent {
  std::string type;
  int version = 1;
  std::string json;
};
[[nodiscard]] EncodedEvent encode(const Fact& fact);
/// Errors: internal, when the type or version is not known or the JSON does not have its shape.
[[nodiscard]] Result<Fact> decode(std::string_view type, int version, std::string_view json);

}  // namespace cambist::payment
