#include "gateway/sandbox/paypal/reader.hpp"

#include "gateway/sandbox/paypal/amounts.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

// More would only make answers longer.
constexpr std::size_t details_max = 20;

const json::value* member(const Reader::Place& place, std::string_view name) {
  const auto* found = place.object == nullptr ? nullptr : place.object->if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::string pointer(const Reader::Place& place, std::string_view name) {
  return place.path + "/" + std::string{name};
}

}  // namespace

Reader::Reader(const json::value& body) : root_{body.if_object(), {}} {
  malformed_.status = 400;
  if (root_.object == nullptr) refuse("MALFORMED_REQUEST_JSON", "/");
}

void Reader::refuse(std::string_view issue, std::string field, std::string value) {
  auto failure = paypal::refuse(issue, std::move(field), std::move(value));
  auto& kept = failure.status == 400 ? malformed_ : unprocessable_;
  if (kept.details.size() < details_max) kept.details.push_back(std::move(failure.details.front()));
}

Reader::Place Reader::below(const Place& place, std::string_view name) {
  const auto* found = member(place, name);
  if (found == nullptr) return {};
  if (!found->is_object()) refuse("INVALID_PARAMETER_SYNTAX", pointer(place, name));
  return Place{found->if_object(), pointer(place, name)};
}

std::vector<Reader::Place> Reader::list(const Place& place, std::string_view name,
                                        std::size_t items_max) {
  std::vector<Place> places;
  const auto* found = member(place, name);
  if (found == nullptr) return places;
  const auto* array = found->if_array();
  if (array == nullptr) {
    refuse("INVALID_PARAMETER_SYNTAX", pointer(place, name));
    return places;
  }
  if (array->size() > items_max) refuse("INVALID_ARRAY_MAX_ITEMS", pointer(place, name));
  for (std::size_t i = 0; i < array->size() && i < items_max; ++i) {
    auto path = pointer(place, name) + "/" + std::to_string(i);
    if (!(*array)[i].is_object()) refuse("INVALID_PARAMETER_SYNTAX", path);
    places.push_back(Place{(*array)[i].if_object(), std::move(path)});
  }
  return places;
}

std::string Reader::text(const Place& place, std::string_view name, std::size_t size_max) {
  const auto* found = member(place, name);
  if (found == nullptr) return {};
  if (!found->is_string()) {
    refuse("INVALID_PARAMETER_SYNTAX", pointer(place, name));
    return {};
  }
  std::string value{found->get_string()};
  if (value.empty() || value.size() > size_max) {
    refuse("INVALID_STRING_LENGTH", pointer(place, name), value.substr(0, 256));
    return {};
  }
  return value;
}

bool Reader::flag(const Place& place, std::string_view name, bool otherwise) {
  const auto* found = member(place, name);
  if (found == nullptr) return otherwise;
  if (!found->is_bool()) refuse("INVALID_PARAMETER_SYNTAX", pointer(place, name));
  return found->is_bool() ? found->get_bool() : otherwise;
}

std::optional<Money> Reader::money(const Place& place, std::string_view name, bool may_be_zero) {
  const auto at = below(place, name);
  if (!at) return std::nullopt;
  require(at, "currency_code");
  require(at, "value");
  const auto code = text(at, "currency_code", 64);
  const auto value = text(at, "value", 64);
  if (code.empty() || value.empty()) return std::nullopt;
  if (code.size() != 3) {
    refuse("INVALID_STRING_LENGTH", pointer(at, "currency_code"), code);
    return std::nullopt;
  }
  auto read = read_money(code, value);
  if (auto* money = std::get_if<Money>(&read)) return *money;
  const auto issue = std::get<std::string_view>(read);
  const bool zero = value.find_first_not_of("0.") == std::string::npos;
  if (may_be_zero && zero && issue == "CANNOT_BE_ZERO_OR_NEGATIVE") {
    const auto currency = Currency::parse(code);
    return Money{0, currency ? *currency : Currency{}};
  }
  const bool about_currency = issue.find("CURRENCY") != std::string_view::npos;
  refuse(issue, pointer(at, about_currency ? "currency_code" : "value"),
         about_currency ? code : value);
  return std::nullopt;
}

void Reader::require(const Place& place, std::string_view name) {
  if (place && member(place, name) == nullptr)
    refuse("MISSING_REQUIRED_PARAMETER", pointer(place, name));
}

std::optional<Failure> Reader::failure() const {
  if (!malformed_.details.empty()) return malformed_;
  if (!unprocessable_.details.empty()) return unprocessable_;
  return std::nullopt;
}

}  // namespace cambist::gateway::sandbox::paypal
