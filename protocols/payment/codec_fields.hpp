// Reading and writing the fields of one JSON object: what encode and decode have in common. Only
// the codec's own files include this.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "protocols/core/ids.hpp"
#include "protocols/core/json_text.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::payment {

namespace json = boost::json;

/// Writes fields in the order of the calls. What has its default (an empty text, false, zero) is
/// left out.
class Writer {
 public:
  Writer() { text_.reserve(512); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Writer& text(std::string_view name, std::string_view value) {
    if (!value.empty()) object_.string(name, value);
    return *this;
  }
  Writer& number(std::string_view name, std::int64_t value, std::int64_t left_out = 0) {
    if (value != left_out) object_.integer(name, value);
    return *this;
  }
  Writer& flag(std::string_view name, bool value) {
    if (value) object_.boolean(name, true);
    return *this;
  }
  Writer& time(std::string_view name, TimePoint value) { return number(name, to_micros(value)); }
  Writer& time(std::string_view name, const std::optional<TimePoint>& value) {
    if (value) object_.integer(name, to_micros(*value));
    return *this;
  }
  Writer& money(std::string_view name, const Money& value) {
    JsonObject both{object_.key(name)};
    both.integer("minor", value.minor).string("currency", value.currency.code()).close();
    return *this;
  }
  template <class T>
  Writer& id(std::string_view name, const Id<T>& value) {
    auto& out = object_.key(name);
    out += '"';
    value.append_to(out);
    out += '"';
    return *this;
  }
  /// `value` is the text of an object.
  Writer& nested(std::string_view name, std::string_view value) {
    if (value != "{}") object_.raw(name, value);
    return *this;
  }
  /// `value` is the text of an array.
  Writer& list(std::string_view name, std::string_view value) {
    if (value != "[]") object_.raw(name, value);
    return *this;
  }
  [[nodiscard]] std::string take() {
    object_.close();
    return std::move(text_);
  }

 private:
  std::string text_;
  JsonObject object_{text_};
};

/// Reads fields by name and remembers whether everything had its shape. A field that is not there
/// reads as its default; one that nobody asked for, or of another type, makes the whole object
/// wrong.
class Fields {
 public:
  explicit Fields(const json::object& object) : object_(&object) {}

  [[nodiscard]] std::string text(std::string_view name);
  [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t left_out = 0);
  [[nodiscard]] int small(std::string_view name, int left_out = 0);
  [[nodiscard]] bool flag(std::string_view name);
  [[nodiscard]] TimePoint time(std::string_view name) { return from_micros(number(name)); }
  [[nodiscard]] std::optional<TimePoint> time_if(std::string_view name);
  [[nodiscard]] Money money(std::string_view name);
  template <class IdType>
  [[nodiscard]] IdType id(std::string_view name) {
    const auto parsed = IdType::parse(text(name));
    if (!parsed) wrong(name);
    return parsed ? *parsed : IdType{};
  }
  /// `parse(text)` gives an optional; a text it does not know is wrong.
  template <class Parse>
  [[nodiscard]] auto named(std::string_view name, Parse parse) {
    const auto value = parse(text(name));
    if (!value) wrong(name);
    return value.value_or(typename decltype(parse(std::string_view{}))::value_type{});
  }
  [[nodiscard]] bool has(std::string_view name) const { return object_->contains(name); }
  /// The object in `name`, empty when it is left out.
  [[nodiscard]] const json::object& object(std::string_view name);
  [[nodiscard]] const json::array& array(std::string_view name);
  /// Reads the object in `name` with `read(Fields&)`.
  template <class Read>
  [[nodiscard]] auto nested(std::string_view name, Read read) {
    Fields inner{object(name)};
    auto value = read(inner);
    if (const auto at = inner.finish(); !at.empty()) wrong(std::string{name} + "." + at);
    return value;
  }

  void wrong(std::string_view name) {
    if (wrong_.empty()) wrong_ = name;
  }
  /// The first field that is wrong, or empty.
  [[nodiscard]] std::string finish();

 private:
  const json::value* take(std::string_view name);

  const json::object* object_;
  std::size_t taken_ = 0;
  std::string wrong_;
};

}  // namespace cambist::payment
