// The small pieces that everything shown is made of.
#pragma once

#include <optional>
#include <string>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "protocols/core/ids.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway {

[[nodiscard]] inline boost::json::value text_or_null(const std::string& text) {
  return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

[[nodiscard]] inline boost::json::value time_or_null(const std::optional<TimePoint>& time) {
  return time ? boost::json::value(to_rfc3339(*time)) : boost::json::value(nullptr);
}

template <class Tag>
[[nodiscard]] boost::json::value id_or_null(const Id<Tag>& id) {
  return id.empty() ? boost::json::value(nullptr) : boost::json::value(id.to_string());
}

[[nodiscard]] inline boost::json::object money_object(const Money& money) {
  return {{"value", to_decimal(money)}, {"currency", money.currency.code()}};
}

}  // namespace cambist::gateway
