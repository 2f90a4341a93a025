// The bytes of a request that goes out, and what is refused before any of them is sent.
#pragma once

#include <string>

#include "protocols/core/error.hpp"
#include "protocols/http/message.hpp"
#include "protocols/http/url.hpp"

namespace cambist::gateway::outbound {

/// Framing, `Host` and `Connection` are the client's own, whatever the request says.
/// Errors: invalid_request when method, target or a header holds what would end it early.
[[nodiscard]] Result<std::string> request_bytes(const http::Request& request,
                                                const http::Origin& origin);

}  // namespace cambist::gateway::outbound
