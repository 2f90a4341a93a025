// The bytes of a response's head. Nothing a handler puts into a header can end the header.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "protocols/http/message.hpp"

namespace cambist::gateway::inbound {

struct ResponseForm {
  std::string_view date;  // of http_date
  bool keep_alive = true;
  int minor_version = 1;  // of the request: HTTP/1.0 has to be told that the connection stays
};

/// Whether a response with this status may carry a body at all.
[[nodiscard]] bool allows_body(int status) noexcept;

/// Status line, headers and the empty line. Framing, `Connection` and `Date` are the server's own,
/// whatever the handler set; `Cache-Control: no-store` and `X-Content-Type-Options: nosniff` stand
/// unless it set others. Shape: `Content-Length` tells the size of `response.body`, also when that
/// is not sent (HEAD).
[[nodiscard]] std::string response_head(const http::Response& response, const ResponseForm& form);

/// "Sat, 21 Nov 2026 10:00:00 GMT".
[[nodiscard]] std::string http_date(std::time_t now);

}  // namespace cambist::gateway::inbound
