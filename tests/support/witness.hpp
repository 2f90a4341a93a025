// What the provider's own ledger says of each payment: the independent witness of every effect.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <boost/json.hpp>

namespace cambist::test {

/// Effects of one payment as the provider booked them, in minor units of its currency.
struct Effects {
  std::vector<std::string> kinds;  // in order: "authorize", "charge", "capture", "void", "refund"
  std::int64_t authorized = 0;
  std::int64_t captured = 0;  // charges included
  std::int64_t refunded = 0;
  std::int64_t voids = 0;
  std::vector<std::string> doubled;  // idempotency keys that stand at two effects
};

/// By payment id. The amounts of `ledger` must have two decimals.
[[nodiscard]] std::map<std::string, Effects> effects_by_payment(const boost::json::array& ledger);

/// Minor units of {"value": "12.34", "currency": …}.
[[nodiscard]] std::int64_t minor_of(const boost::json::value& money);

/// Every way in which the payment as the server shows it disagrees with the provider's ledger;
/// empty when it does not.
[[nodiscard]] std::vector<std::string> disagreements(const boost::json::value& payment,
                                                     const Effects& effects);

}  // namespace cambist::test
