// Reading single fields of M-Pesa's JSON. Total: what is missing or of another type is absent.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "protocols/http/message.hpp"

namespace cambist::mpesa_openapi_tz {

/// The body, when it is a JSON object.
[[nodiscard]] std::optional<boost::json::object> read_object(std::string_view body);
/// Strings as they are; whole numbers as text.
[[nodiscard]] std::string text(const boost::json::object& object, std::string_view key);
/// A word of letters, digits, '-' and '_', at most 40 of them; anything else could carry what must
/// not reach a log or a path.
[[nodiscard]] std::string word(const boost::json::object& object, std::string_view key);
[[nodiscard]] bool is_word(std::string_view text) noexcept;
/// A TransactionID: 1 to 20 letters and digits.
[[nodiscard]] bool is_receipt(std::string_view text) noexcept;
[[nodiscard]] std::string receipt(const boost::json::object& object, std::string_view key);
/// Retry-After in whole seconds, up to an hour.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(const http::Response& response);

}  // namespace cambist::mpesa_openapi_tz
