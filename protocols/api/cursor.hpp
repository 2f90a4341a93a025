// Where a list goes on, as an opaque text that fits only the list it came from.
#pragma once

#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/core/ids.hpp"

namespace cambist::api {

/// Shape: `list` says which list it is: the tenant and every filter.
[[nodiscard]] std::string encode_cursor(PaymentId last, std::string_view list);
/// Errors: invalid_request with `field` "cursor" when it was changed or belongs to another list.
[[nodiscard]] Result<PaymentId> decode_cursor(std::string_view cursor, std::string_view list);

}  // namespace cambist::api
