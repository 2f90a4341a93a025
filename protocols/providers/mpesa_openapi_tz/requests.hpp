// A call as bytes. What a refund needs of the payment decides which of two requests it is.
#pragma once

#include <string_view>

#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/providers/mpesa_openapi_tz/settings.hpp"

namespace cambist::mpesa_openapi_tz {

enum class Request { push, reverse, pay_out, ask };

/// What the call means: a look-up for an inquiry, and once the payer has come back.
[[nodiscard]] Request request_of(const AccountSettings& account, const provider::Call& call);

/// Without a session. Errors: as `check_amount`, and internal for a kind that there is none for.
[[nodiscard]] Result<http::Request> build_request(const AccountSettings& account,
                                                  const provider::Call& call);

/// A request to `{environment}/ipg/v2/{market}/{path}` with the headers that all have.
[[nodiscard]] http::Request blank_request(const AccountSettings& account, std::string_view method,
                                          std::string_view path);

/// Whole shillings as text.
/// Errors: unsupported_by_provider for another currency ("amount.currency") or a fraction;
/// invalid_request when not positive ("amount.value").
[[nodiscard]] Result<std::int64_t> shillings(const Money& money);

}  // namespace cambist::mpesa_openapi_tz
