// application/x-www-form-urlencoded as providers use it: percent escapes, '+' for a space, brackets
// for nesting.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/core/digest.hpp"
#include "protocols/core/error.hpp"

namespace cambist::gateway::sandbox {

/// Undoes percent escapes, and '+' when `plus_is_space`.
/// Errors: invalid_request on an escape that is not two hexadecimal digits.
[[nodiscard]] Result<std::string> unescape(std::string_view text, bool plus_is_space);
/// Percent-encodes everything but letters, digits and "-._~".
[[nodiscard]] std::string escape(std::string_view text);

/// Fields in the order they came; nesting stays in the name: "metadata[order]", "expand[0]",
/// "expand[]".
class Form {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  /// Errors: invalid_request on a bad escape, broken UTF-8 or more than 1,000 fields.
  [[nodiscard]] static Result<Form> decode(std::string_view text);
  void append(Form other);

  [[nodiscard]] const Fields& fields() const noexcept { return fields_; }
  /// The last field of that name, or nullptr.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
  /// "metadata" gives {"order", "42"} for metadata[order]=42; the bracketed part can be empty or an
  /// index.
  [[nodiscard]] Fields below(std::string_view name) const;
  /// The same for the same fields in any order.
  [[nodiscard]] Sha256 fingerprint(std::string_view salt) const;

 private:
  Fields fields_;
};

/// Whether a field name fits a pattern: "metadata[*]" takes one bracket, "shipping[**]" any number
/// of them.
[[nodiscard]] bool fits(std::string_view name, std::string_view pattern) noexcept;

}  // namespace cambist::gateway::sandbox
