// PayPal's errors: a name, a message and details, each with an issue that clients decide on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/json.hpp>

namespace cambist::gateway::sandbox::paypal {

/// Shape: views live as long as the program; `field` is a JSON pointer, or empty.
struct Detail {
  std::string_view issue;
  std::string field{};
  std::string value{};
  std::string description{};  // empty: the issue's own
};

/// A refusal. `stored`: PayPal has processed the call, so a repeat under the same request id is
/// refused again. `order`: the payer can mend it, at the page of that order.
struct Failure {
  int status = 422;
  std::vector<Detail> details;
  bool stored = false;
  std::string order{};
};

enum class What : std::uint8_t { order, authorization, capture, refund };

/// What a call made or changed. Kept under the request id: a repeat shows the object as it is then.
struct Made {
  What what = What::order;
  std::string id;
  int status = 201;
};

/// An answer in full, or a refusal. A null value is an answer without a body.
using Outcome = std::variant<Made, boost::json::value, Failure>;

/// The refusal that goes with an issue, by its status.
/// Shape: `issue` is a literal of PayPal's.
[[nodiscard]] Failure refuse(std::string_view issue, std::string field = {},
                             std::string value = {});
/// The issue of that name, as it lives in the table of those that PayPal documents; else empty.
[[nodiscard]] std::string_view known_issue(std::string_view issue) noexcept;
/// 404: the object in the path is not there.
[[nodiscard]] Failure missing(std::string_view id);

/// The body of an error answer. `payer_page` is where the payer can mend it, or empty.
[[nodiscard]] boost::json::object error_body(const Failure& failure, std::string_view debug_id,
                                             std::string_view payer_page);

}  // namespace cambist::gateway::sandbox::paypal
