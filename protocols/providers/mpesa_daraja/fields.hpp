// Reading single fields of Daraja's JSON. Total: what is missing or of another type is absent.
// Numbers come as numbers or as strings, lists of one as the one: every reader takes both.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::mpesa_daraja {

/// The body as a JSON object; nullopt when it is none or nested too deeply.
[[nodiscard]] std::optional<boost::json::object> read_object(std::string_view body);

[[nodiscard]] const boost::json::object* child(const boost::json::object& object,
                                               std::string_view key) noexcept;
/// A string, or a whole number as its digits; at most 256 bytes, and empty otherwise.
[[nodiscard]] std::string text(const boost::json::object& object, std::string_view key);
/// The same for something that will stand in a path, an id or a log: 1 to 64 of [A-Za-z0-9_.-].
[[nodiscard]] std::string word(const boost::json::object& object, std::string_view key);

/// What `name` says in a list of {"Name": …, "Value": …} or {"Key": …, "Value": …}, which may be
/// one such object; nullptr without a value.
[[nodiscard]] const boost::json::value* item(const boost::json::value* list, std::string_view label,
                                             std::string_view name) noexcept;
/// 1500, 1500.00 or "1500.00" shillings; nullopt when not above zero or with a third decimal.
[[nodiscard]] std::optional<Money> shillings(const boost::json::value* value);
/// A receipt or another word; empty when it is none.
[[nodiscard]] std::string word(const boost::json::value* value);
/// 20260115103042 in East Africa Time.
[[nodiscard]] std::optional<TimePoint> local_time(const boost::json::value* value);

}  // namespace cambist::mpesa_daraja
