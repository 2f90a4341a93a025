// The kinds of settings: numbers with a range, durations, text with a check, lists, secrets. Each
// makes the two functions of a Setting from the field that it fills.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "config/checks.hpp"
#include "config/schema.hpp"

namespace cambist::config {

/// The field of the settings that a setting fills.
template <class T>
using Field = std::function<T&(Settings&)>;

struct Range {
  std::int64_t min = 0;
  std::int64_t max = 0;
};

[[nodiscard]] Setting text(std::string name, Field<std::string> field, Check check);
[[nodiscard]] Setting boolean(std::string name, Field<bool> field);
[[nodiscard]] Setting real(std::string name, Field<double> field, double min, double max);
/// A list of 1 to 20 durations in milliseconds, none shorter than the one before it.
[[nodiscard]] Setting delays(std::string name, Field<std::vector<Duration>> field, Range range);
/// A list of words with commas between them, or an array of them; "" is an empty list.
/// Shape: `check` looks at one word.
[[nodiscard]] Setting words(std::string name, Field<std::vector<std::string>> field, Check check);
/// Amounts that a provider takes: "USD:1.00-5000.00, EUR:-200.00", one entry for a currency.
[[nodiscard]] Setting amount_limits(std::string name, Field<std::vector<routing::Limit>> field);
/// A URL that may hold a password: never repeated, and shown as "(set)".
[[nodiscard]] Setting private_url(std::string name, Field<std::string> field, Check check);
[[nodiscard]] Setting secret(std::string name, Field<Secret> field, Check check);
/// Text that only an adapter understands: kept as it is, absent unless somebody set it.
[[nodiscard]] Setting adapter_text(std::string name, std::string provider, std::string key);
[[nodiscard]] Setting adapter_secret(std::string name, std::string provider, std::string key);

[[nodiscard]] std::optional<Complaint> read_whole(const Given& given, Range range,
                                                  std::string_view unit, std::int64_t& into);

template <class T>
[[nodiscard]] Setting whole(std::string name, Field<T> field, Range range) {
  Setting setting;
  setting.name = std::move(name);
  setting.set = [field, range](Settings& settings, const Given& given) {
    std::int64_t value = 0;
    auto complaint = read_whole(given, range, "", value);
    if (!complaint) field(settings) = static_cast<T>(value);
    return complaint;
  };
  // The field is only read: a const overload of every accessor would say nothing more.
  setting.shown = [field](const Settings& settings) {
    return std::to_string(field(const_cast<Settings&>(settings)));
  };
  return setting;
}

/// A duration counted in `Unit`; the name ends in _ms or _h.
template <class Unit, class T>
[[nodiscard]] Setting duration(std::string name, Field<T> field, Range range) {
  Setting setting;
  setting.name = std::move(name);
  setting.set = [field, range](Settings& settings, const Given& given) {
    std::int64_t value = 0;
    const bool hours = std::is_same_v<Unit, std::chrono::hours>;
    auto complaint = read_whole(given, range, hours ? "hours" : "milliseconds", value);
    if (!complaint) field(settings) = std::chrono::duration_cast<T>(Unit{value});
    return complaint;
  };
  setting.shown = [field](const Settings& settings) {
    return std::to_string(
        std::chrono::duration_cast<Unit>(field(const_cast<Settings&>(settings))).count());
  };
  return setting;
}

}  // namespace cambist::config
