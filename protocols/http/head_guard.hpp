// Reads the head of a request from its raw bytes and refuses everything that two readers could
// understand differently. There is no second parser behind it: what stands in `Head` is what the
// server acts on. Source: facts/security.md section 5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "protocols/core/error.hpp"
#include "protocols/http/message.hpp"

namespace cambist::http {

struct HeadLimits {
  std::size_t head_bytes = 16 * 1024;  // request line, fields and the empty line
  std::size_t head_fields = 64;
  std::size_t target_bytes = 4 * 1024;
};

enum class Framing : std::uint8_t { none, length, chunked };

/// A head that has one meaning only.
/// Shape: `framing` is `length` only with `content_length` > 0; header values are trimmed.
struct Head {
  std::string method;
  std::string target;
  Headers headers;
  Framing framing = Framing::none;
  std::uint64_t content_length = 0;
  int minor_version = 1;  // of HTTP/1.x
  bool keep_alive = true;
  bool expects_continue = false;
};

/// Why a request is not served. The connection is closed after it: its framing cannot be trusted.
/// Shape: `error.detail` never repeats what was sent.
struct HeadRefusal {
  int status = 400;
  Error error;
};

/// Looks for the end of a head while it still arrives; call again with more bytes and the last
/// `scanned`. Shape: `end` is the size of the head with its empty line, or 0 while that is missing.
struct HeadScan {
  std::size_t scanned = 0;
  std::size_t end = 0;
  bool bad = false;  // a bare CR, a bare LF or NUL: no need to wait for more
};
[[nodiscard]] HeadScan scan_head(std::string_view bytes, std::size_t scanned) noexcept;

/// What to say about a head that is longer than allowed and has not ended: 414 when even the first
/// line has not.
[[nodiscard]] HeadRefusal head_too_long(std::string_view bytes);

/// `head` is everything up to and with CRLFCRLF.
[[nodiscard]] std::variant<Head, HeadRefusal> guard_head(std::string_view head,
                                                         const HeadLimits& limits);

}  // namespace cambist::http
