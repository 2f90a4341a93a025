// What the body of a verified webhook says, in our words.
#pragma once

#include <optional>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/provider/notice.hpp"

namespace cambist::stripe {

/// Reads Stripe's event envelope and the object in it.
/// Shape:  `livemode` is the mode of the account's key where the key tells it; an event of the
///         other mode is Irrelevant, and names no payment.
/// Errors: invalid_request with the field, for what is no event, and for an event of a known type
///         that does not tell its payment.
/// Source: facts/stripe.md section 10; README.md, "Webhooks".
[[nodiscard]] Result<provider::Notice> read_event(std::string_view body,
                                                  std::optional<bool> livemode);

}  // namespace cambist::stripe
