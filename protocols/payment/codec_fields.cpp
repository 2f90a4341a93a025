#include "protocols/payment/codec_fields.hpp"

namespace cambist::payment {

const json::value* Fields::take(std::string_view name) {
  const json::value* value = object_->if_contains(name);
  if (value != nullptr) ++taken_;
  return value;
}

std::string Fields::text(std::string_view name) {
  const json::value* value = take(name);
  if (value == nullptr) return {};
  if (const auto* text = value->if_string()) return {text->data(), text->size()};
  wrong(name);
  return {};
}

std::int64_t Fields::number(std::string_view name, std::int64_t left_out) {
  const json::value* value = take(name);
  if (value == nullptr) return left_out;
  if (const auto* number = value->if_int64()) return *number;
  wrong(name);
  return left_out;
}

int Fields::small(std::string_view name, int left_out) {
  const std::int64_t wide = number(name, left_out);
  if (wide < 0 || wide > std::numeric_limits<int>::max()) {
    wrong(name);
    return left_out;
  }
  return static_cast<int>(wide);
}

bool Fields::flag(std::string_view name) {
  const json::value* value = take(name);
  if (value == nullptr) return false;
  if (const auto* flag = value->if_bool()) return *flag;
  wrong(name);
  return false;
}

std::optional<TimePoint> Fields::time_if(std::string_view name) {
  if (!has(name)) return std::nullopt;
  return time(name);
}

Money Fields::money(std::string_view name) {
  if (!has(name)) {
    wrong(name);
    return {};
  }
  return nested(name, [](Fields& f) {
    Money money;
    if (!f.has("minor")) f.wrong("minor");
    money.minor = f.number("minor");
    const std::string code = f.text("currency");
    if (code == Currency{}.code()) return money;
    if (const auto currency = Currency::parse(code)) {
      money.currency = *currency;
    } else {
      f.wrong("currency");
    }
    return money;
  });
}

const json::object& Fields::object(std::string_view name) {
  static const json::object none;
  const json::value* value = take(name);
  if (value == nullptr) return none;
  if (const auto* object = value->if_object()) return *object;
  wrong(name);
  return none;
}

const json::array& Fields::array(std::string_view name) {
  static const json::array none;
  const json::value* value = take(name);
  if (value == nullptr) return none;
  if (const auto* array = value->if_array()) return *array;
  wrong(name);
  return none;
}

std::string Fields::finish() {
  if (wrong_.empty() && taken_ != object_->size()) wrong_ = "a field that is not known";
  return wrong_;
}

}  // namespace cambist::payment
