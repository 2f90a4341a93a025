#include "protocols/providers/bank_transfer/instructions.hpp"

#include <array>
#include <cstdlib>

#include "protocols/bank/reference.hpp"

namespace cambist::bank_transfer {
namespace {

/// "TZS 450,000"; the decimals only where they are not zero.
std::string shown_amount(const Money& amount) {
  std::string text = to_decimal(amount);
  std::string decimals;
  if (const auto point = text.find('.'); point != std::string::npos) {
    decimals = text.substr(point);
    text.resize(point);
    if (decimals.find_first_not_of(".0") == std::string::npos) decimals.clear();
  }
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return std::string{amount.currency.code()} + " " + text + decimals;
}

struct Shown {
  std::string day;  // "18 Jan 2026"
  int hour = 0;
  std::string minute;  // "05"
};

std::string two(int value) {
  return std::string{static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

Shown local_time(TimePoint until, std::chrono::minutes offset) {
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto minutes = std::chrono::floor<std::chrono::minutes>(until + offset);
  const auto day = std::chrono::floor<std::chrono::days>(minutes);
  const std::chrono::year_month_day date{day};
  const auto of_day = static_cast<int>((minutes - day).count());
  const unsigned month = static_cast<unsigned>(date.month());
  return {std::to_string(static_cast<unsigned>(date.day())) + " " + months[month - 1] + " " +
              std::to_string(static_cast<int>(date.year())),
          of_day / 60, two(of_day % 60)};
}

std::string zone_name(std::chrono::minutes offset) {
  if (offset == std::chrono::minutes{180}) return "EAT";
  const auto all = static_cast<int>(offset.count());
  const int size = std::abs(all);
  return std::string{"UTC"} + (all < 0 ? "-" : "+") + two(size / 60) + ":" + two(size % 60);
}

/// Swahili counts the hours from sunrise and sunset: 17:00 is the eleventh hour of the evening.
std::string swahili_time(const Shown& time) {
  const int hour = (time.hour + 5) % 12 + 1 == 12 ? 12 : (time.hour + 6) % 12;
  const char* part = time.hour < 4    ? "usiku"
                     : time.hour < 6  ? "alfajiri"
                     : time.hour < 12 ? "asubuhi"
                     : time.hour < 16 ? "mchana"
                     : time.hour < 19 ? "jioni"
                                      : "usiku";
  const std::string minutes = time.minute == "00" ? "" : ":" + time.minute;
  return "saa " + std::to_string(hour == 0 ? 12 : hour) + minutes + " " + part;
}

}  // namespace

std::string instructions(const AccountSettings& account, const Money& amount,
                         std::string_view reference, TimePoint until) {
  const Shown time = local_time(until, account.utc_offset);
  const std::string money = shown_amount(amount);
  const std::string groups = bank::in_groups(reference);
  if (account.language == "sw") {
    return "Lipa " + money + " kwa " + account.account_name + ", akaunti " + account.bank_name +
           " " + account.collecting.account + ", namba ya kumbukumbu " + groups + " kabla ya " +
           time.day + " " + swahili_time(time) +
           ". Andika namba ya kumbukumbu kama ilivyo; lipa kiasi chote kwa mara moja.";
  }
  return "Pay " + money + " to " + account.account_name + ", " + account.bank_name + " account " +
         account.collecting.account + ", reference " + groups + ", before " + time.day + " " +
         two(time.hour) + ":" + time.minute + " " + zone_name(account.utc_offset) +
         ". Write the reference exactly; pay the full amount in one transfer.";
}

}  // namespace cambist::bank_transfer
