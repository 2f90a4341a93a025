#include "protocols/provider/phone.hpp"

#include <array>
#include <optional>

#include "protocols/http/syntax.hpp"

namespace cambist::provider {
namespace {

struct Plan {
  Market market;
  std::string_view code;          // of the country, without the plus
  std::size_t national_digits;    // behind the code
  std::string_view first_digits;  // of the national number; empty: any
  std::string_view wanted;
};

constexpr std::array plans{
    Plan{Market::kenya, "254", 9, "71",
         "is no Kenyan mobile number (07, 01 or +254 in front, nine digits)"},
    Plan{Market::tanzania, "255", 9, "",
         "is no Tanzanian mobile number (0 or +255, and nine digits)"},
};

const Plan& plan_of(Market market) noexcept {
  return market == Market::kenya ? plans[0] : plans[1];
}

// Digits alone; a separator stands only between two of them.
std::optional<std::string> digits_of(std::string_view text) {
  constexpr std::size_t longest = 32;
  if (text.empty() || text.size() > longest) return std::nullopt;
  std::string digits;
  bool after_digit = false;
  for (const char c : text) {
    const bool digit = http::is_digit(c);
    if (!digit && !((c == ' ' || c == '-') && after_digit)) return std::nullopt;
    if (digit) digits += c;
    after_digit = digit;
  }
  if (!after_digit) return std::nullopt;
  return digits;
}

bool may_begin_with(const Plan& plan, char first) noexcept {
  return plan.first_digits.empty() || plan.first_digits.find(first) != std::string_view::npos;
}

std::optional<std::string> normalised(std::string_view text, const Plan& plan) {
  const bool international = text.starts_with('+');
  if (international) text.remove_prefix(1);
  const auto digits = digits_of(text);
  if (!digits) return std::nullopt;

  // The length tells the spellings apart: nine digits that happen to begin with the country's code
  // are still a national number.
  std::string_view national = *digits;
  if (national.size() == plan.code.size() + plan.national_digits &&
      national.starts_with(plan.code)) {
    national.remove_prefix(plan.code.size());
  } else if (international) {
    return std::nullopt;
  } else if (national.size() == plan.national_digits + 1 && national.front() == '0') {
    national.remove_prefix(1);
  }
  // A second 0 is no number of anybody: "00712345678" and "2540712345678" are typing errors.
  if (national.size() != plan.national_digits || national.front() == '0') return std::nullopt;
  if (!may_begin_with(plan, national.front())) return std::nullopt;
  return std::string{plan.code} + std::string{national};
}

}  // namespace

Result<std::string> normalise_phone(std::string_view text, Market market) {
  const Plan& plan = plan_of(market);
  if (auto number = normalised(text, plan)) return *std::move(number);
  return Error{ErrorCode::invalid_request, std::string{plan.wanted}, "payment_method.phone"};
}

}  // namespace cambist::provider
