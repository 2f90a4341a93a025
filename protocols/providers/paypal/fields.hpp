// Reading single fields of PayPal's JSON. Total: what is missing or of another type is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::paypal {

/// The body as JSON; nullopt when it is none or nested too deeply.
[[nodiscard]] std::optional<boost::json::value> read_json(std::string_view body);

[[nodiscard]] const boost::json::object* child(const boost::json::object& object,
                                               std::string_view key) noexcept;
[[nodiscard]] const boost::json::array* list(const boost::json::object& object,
                                             std::string_view key) noexcept;
[[nodiscard]] std::string text(const boost::json::object& object, std::string_view key);
/// One of PayPal's own words, short and in capitals; anything else could carry what must not reach
/// a log.
[[nodiscard]] std::string word(const boost::json::object& object, std::string_view key);
/// An id that is fit for a path; empty when there is none.
[[nodiscard]] std::string object_id(const boost::json::object& object, std::string_view key);
[[nodiscard]] std::optional<TimePoint> time(const boost::json::object& object,
                                            std::string_view key);

/// An amount as far as an object has one.
/// Shape: `readable` is false for one that is there and no amount above zero of a currency we know.
struct Amount {
  std::optional<Money> money{};
  bool readable = true;
};
[[nodiscard]] Amount amount(const boost::json::object& object, std::string_view key);

/// Fit for a path and a log: 1 to 64 characters of [A-Za-z0-9_-].
[[nodiscard]] bool is_object_id(std::string_view text) noexcept;

}  // namespace cambist::paypal
