// The small readers that all others stand on: money, time, ids, base64. What is read is written
// again as it was.
#include <string>

#include "protocols/core/base64.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"
#include "tests/fuzz/support/target.hpp"

namespace cambist {
namespace {

using fuzz::must;

void check_money(std::string_view code, std::string_view text, std::string_view other) {
  const auto currency = Currency::parse(code);
  if (!currency) return;
  must(currency->code() == code, "a currency keeps its code");
  const auto money = parse_money(text, *currency);
  if (!money) return;
  const auto again = parse_money(to_decimal(*money), *currency);
  must(again && *again == *money, "an amount is read again from what it writes");
  const auto more = parse_money(other, *currency);
  if (!more) return;
  const auto sum = add(*money, *more);
  must(sum == add(*more, *money), "adding has no order");
  if (!sum) return;
  const auto back = subtract(*sum, *more);
  must(back && *back == *money, "what is added can be taken away");
}

void check_time(std::string_view text) {
  const auto time = parse_rfc3339(text);
  if (!time) return;
  const auto shown = to_rfc3339(*time);
  const auto again = parse_rfc3339(shown);
  must(again && *again == std::chrono::floor<std::chrono::milliseconds>(*time),
       "a time is read again to the millisecond");
  must(to_rfc3339(*again) == shown && shown.size() == 24, "and has one spelling");
}

void check_id(std::string_view text) {
  if (const auto id = PaymentId::parse(text))
    must(id->to_string() == text, "an id has one spelling");
}

void check_base64(std::string_view text) {
  if (const auto decoded = from_base64(text))
    must(to_base64(*decoded) == text, "base64 has one spelling");
  must(from_base64(to_base64(text)) == std::string{text}, "and loses nothing");
}

}  // namespace
}  // namespace cambist

CAMBIST_FUZZ_TARGET(core_texts) {
  using namespace cambist;
  check_time(bytes);
  check_id(bytes);
  check_base64(bytes);
  fuzz::Parts parts{bytes};
  const auto code = parts.line();
  const auto amount = parts.line();
  check_money(code, amount, parts.rest());
}
