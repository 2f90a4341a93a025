// Reading single fields of Stripe's JSON. Total: what is missing or of another type is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::stripe {

[[nodiscard]] const boost::json::object* child(const boost::json::object& object,
                                               std::string_view key) noexcept;
[[nodiscard]] std::string text(const boost::json::object& object, std::string_view key);
/// One of Stripe's own words, short and plain; anything else could carry what must not reach a log.
[[nodiscard]] std::string word(const boost::json::object& object, std::string_view key);
[[nodiscard]] std::optional<std::int64_t> integer(const boost::json::object& object,
                                                  std::string_view key) noexcept;
/// Unix seconds, up to the year 9999.
[[nodiscard]] std::optional<TimePoint> unix_time(const boost::json::object& object,
                                                 std::string_view key);
/// The id of an object that is given by its id or, expanded, as a whole; empty when it is neither.
[[nodiscard]] std::string reference(const boost::json::object& object, std::string_view key);
/// `key` says that the object is of this kind, or does not say.
[[nodiscard]] bool is_kind(const boost::json::object& object, std::string_view kind);

/// Stripe's integer and its currency ("usd") as money.
/// Shape: nullopt when not above zero, and when there is no such currency or amount.
[[nodiscard]] std::optional<Money> amount_of(std::optional<std::int64_t> wire,
                                             std::string_view currency);

/// Fit for a path and a log: 1 to 255 characters of [A-Za-z0-9_-].
[[nodiscard]] bool is_object_id(std::string_view text) noexcept;

}  // namespace cambist::stripe
