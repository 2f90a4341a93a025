// Strict reading of a JSON body: what is ambiguous, too large or secret is refused here, with the
// path named, so that everything behind it may trust the object it gets.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "protocols/core/error.hpp"

namespace cambist::api {

/// Source: facts/security.md section 5.
struct JsonLimits {
  std::size_t depth = 16;
  std::size_t keys = 1'000;
  std::size_t string_bytes = 16 * 1024;
  std::size_t elements = 10'000;  // all values together
};

/// Reads exactly one JSON object in valid UTF-8, without duplicate keys and without NUL in strings.
/// Errors: malformed_json; invalid_request for what passes a limit; card_data_refused. `field` is
/// the path, and
///         no error repeats a value.
[[nodiscard]] Result<boost::json::object> read_object(std::string_view text,
                                                      const JsonLimits& limits = {});

/// The same value always gives the same text: keys sorted, no white space, whole numbers without a
/// point.
[[nodiscard]] std::string canonical(const boost::json::value& value);

/// A name as it may stand in an error: at most 64 printable ASCII characters.
[[nodiscard]] std::string shown_name(std::string_view name);

}  // namespace cambist::api
