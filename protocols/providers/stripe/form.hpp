// A request body as Stripe reads it: application/x-www-form-urlencoded with bracketed keys.
#pragma once

#include <string>
#include <string_view>

namespace cambist::stripe {

/// Everything but unreserved characters (RFC 3986) becomes %XX; a space is %20.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// Fields in the order they were added, so that the same call gives the same bytes.
/// Source: facts/stripe.md, "Form encoding": brackets in keys stay raw, values are escaped.
class Form {
 public:
  Form& add(std::string_view key, std::string_view value);
  /// Left out when `value` is empty: Stripe reads an empty value as "clear this field".
  Form& add_if(std::string_view key, std::string_view value);
  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace cambist::stripe
