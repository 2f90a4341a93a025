// Reading single fields of a provider's JSON. Total: what is missing or of another type is absent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace cambist::provider {

/// nullopt for what is no JSON object.
[[nodiscard]] std::optional<boost::json::object> read_json_object(std::string_view body);

[[nodiscard]] const boost::json::object* json_child(const boost::json::object& object,
                                                    std::string_view key) noexcept;
[[nodiscard]] std::string json_text(const boost::json::object& object, std::string_view key);
/// An id or a code of the provider: 1 to 64 of [A-Za-z0-9._-], else empty. Anything else could
/// carry what must not reach a log or a path.
[[nodiscard]] std::string json_word(const boost::json::object& object, std::string_view key);
/// true, false, "true" or "false".
[[nodiscard]] std::optional<bool> json_flag(const boost::json::object& object,
                                            std::string_view key) noexcept;
/// A whole number from 0 on, written as a number or as a text of at most 15 digits.
[[nodiscard]] std::optional<std::int64_t> json_whole(const boost::json::object& object,
                                                     std::string_view key) noexcept;
/// The same, also of an amount that is written with decimals although it has none: "1500.00",
/// 1500.0.
[[nodiscard]] std::optional<std::int64_t> json_whole_amount(const boost::json::object& object,
                                                            std::string_view key) noexcept;
/// The same, of a text.
[[nodiscard]] std::optional<std::int64_t> whole_of(std::string_view text) noexcept;
[[nodiscard]] bool is_json_word(std::string_view text) noexcept;

/// Where a member of the outermost object stands in the text itself: what was signed are bytes, and
/// no reading and writing again gives them back.
struct JsonSpan {
  std::string key;  // as it is written, escapes and all
  std::size_t begin = 0;
  std::size_t value_begin = 0;
  std::size_t end = 0;  // behind the value
};
/// Shape: `body` is a JSON object that was parsed before; of anything else the answer is any.
[[nodiscard]] std::vector<JsonSpan> json_spans(std::string_view body);

}  // namespace cambist::provider
