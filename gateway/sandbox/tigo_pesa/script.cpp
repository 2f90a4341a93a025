#include "gateway/sandbox/tigo_pesa/script.hpp"

namespace cambist::gateway::sandbox::tigo_pesa {
namespace {

std::string_view refusal_of(char last) noexcept {
  switch (last) {
    case '1':
      return "BILLER-18-3019-E";
    case '2':
      return "DebitMandate-10-2005-E";
    case '3':
      return "BILLER-18-3022-E";
    case '4':
      return "DebitMandate-10-1000-E";
    case '5':
      return "DebitMandate-10-5000-E";
    case '6':
      return "Message";
    default:
      return "BILLER-30-3030-E";
  }
}

std::string_view description_of(char last) noexcept {
  switch (last) {
    case '2':
      return "Transaction cancelled by the customer";
    case '3':
      return "Insufficient funds";
    case '4':
      return "Wrong PIN entered";
    case '5':
      return "Transaction limit exceeded";
    default:
      return {};
  }
}

}  // namespace

Script script_of(std::string_view msisdn) noexcept {
  Script script;
  const char last = msisdn.empty() ? '0' : msisdn.back();
  const char before = msisdn.size() < 2 ? '0' : msisdn[msisdn.size() - 2];
  script.description = description_of(last);
  if (last == '0') script.will = Will::waits;
  if (last != '0') script.will = script.description.empty() ? Will::pays : Will::fails;
  if (last == '6') script.right_amount = false;
  if (last == '7') script.callbacks = 2;
  if (last == '8') script.after = std::chrono::seconds{0};
  if (last == '9') script.will = Will::silent;
  if (before == '7') script.after = prompt_lifetime + std::chrono::seconds{30};
  if (before == '8') script.refusal = refusal_of(last);
  if (before == '9') script.callbacks = 0;
  return script;
}

}  // namespace cambist::gateway::sandbox::tigo_pesa
