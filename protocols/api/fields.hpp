// Reads one field of a JSON object after the other, and names the one that is wrong.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "protocols/core/error.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::api {

/// What a text field may hold.
enum class Text {
  line,       // no control characters
  paragraph,  // line breaks and tabs too
  token,      // visible ASCII without spaces
};

/// One object and the path that leads to it.
/// Errors of every reader: invalid_request with `field` the full path.
class Fields {
 public:
  explicit Fields(const boost::json::object& object, std::string prefix = {})
      : object_(object), prefix_(std::move(prefix)) {}

  /// Refuses every field that is not in `known`.
  [[nodiscard]] Result<void> only(std::initializer_list<std::string_view> known) const;
  /// nullptr when the field is not there or null.
  [[nodiscard]] const boost::json::value* find(std::string_view name) const;

  /// Empty when the field is not there.
  [[nodiscard]] Result<std::string> text(std::string_view name, std::size_t bytes_max,
                                         Text kind) const;
  [[nodiscard]] Result<std::string> needed_text(std::string_view name, std::size_t bytes_max,
                                                Text kind) const;
  [[nodiscard]] Result<bool> flag(std::string_view name, bool otherwise) const;
  /// nullopt when the field is not there; else an amount above zero.
  [[nodiscard]] Result<std::optional<Money>> amount(std::string_view name) const;
  /// nullopt when the field is not there; else an RFC 3339 time.
  [[nodiscard]] Result<std::optional<TimePoint>> time(std::string_view name) const;
  /// Empty when the field is not there; else texts of an array, each once and not empty.
  [[nodiscard]] Result<std::vector<std::string>> words(std::string_view name, std::size_t words_max,
                                                       std::size_t bytes_max) const;
  /// nullptr when the field is not there.
  [[nodiscard]] Result<const boost::json::object*> object(std::string_view name) const;

  [[nodiscard]] Error wrong(std::string_view name, std::string detail) const;
  [[nodiscard]] std::string path(std::string_view name) const;

 private:
  const boost::json::object& object_;
  std::string prefix_;
};

/// Whether every byte of `text` may stand in a text of that kind.
[[nodiscard]] bool fits(std::string_view text, Text kind) noexcept;

}  // namespace cambist::api
