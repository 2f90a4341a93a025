#include "gateway/sandbox/airtel_money/script.hpp"

namespace cambist::gateway::sandbox::airtel_money {

Script script_of(std::string_view msisdn) noexcept {
  Script script;
  const char last = msisdn.empty() ? '0' : msisdn.back();
  const char before = msisdn.size() < 2 ? '0' : msisdn[msisdn.size() - 2];
  switch (last) {
    case '1':
      script.will = Will::approves;
      break;
    case '2':
      script.will = Will::fails;
      script.code = "DP00800001008";
      break;
    case '3':
      script.will = Will::fails;
      script.code = "DP00800001007";
      break;
    case '4':
      script.will = Will::fails;
      script.code = "DP00800001002";
      break;
    case '5':
      script.will = Will::dithers;
      break;
    case '6':
      script.will = Will::approves;
      script.callbacks = 0;
      break;
    case '7':
      script.will = Will::approves;
      script.callbacks = 2;
      break;
    case '8':
      script.will = Will::approves;
      script.after = prompt_lifetime + std::chrono::seconds{30};
      break;
    default:
      break;  // 0, and 9, to whom nobody at the desk comes either
  }
  if (before == '8') script.hidden = std::chrono::seconds{10};
  if (before == '9') script.right_hash = false;
  return script;
}

}  // namespace cambist::gateway::sandbox::airtel_money
