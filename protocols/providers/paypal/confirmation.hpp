// Whether what a webhook claims is so at PayPal: what it signs is a checksum that anybody can make
// another body for, so that news which takes effect by itself is asked about first.
#pragma once

#include <optional>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/providers/paypal/settings.hpp"

namespace cambist::paypal {

/// The question about the object that the event is of; nothing for an event that is only a hint, or
/// that cannot be read at all.
/// Errors: unauthenticated when it names nothing that could be asked about.
/// Source: facts/paypal.md section 9; README.md, decision 13.
[[nodiscard]] Result<std::optional<provider::Evidence>> confirmation_of(
    const AccountSettings& account, std::string_view event);

/// Whether the event, with PayPal's `answer` in the place of what it says of the object, tells the
/// same. An object may have moved on since; never back.
/// Errors: unauthenticated when it does not, or there is no such object; unavailable for any answer
/// that tells nothing.
[[nodiscard]] Result<void> confirm_event(const AccountSettings& account, std::string_view event,
                                         const http::Response& answer);

}  // namespace cambist::paypal
