// An account as the sandbox has it, and a payment of 1,500 shillings.
#pragma once

#include <memory>
#include <string>

#include "protocols/providers/mpesa_openapi_tz/adapter.hpp"

namespace cambist::mpesa_openapi_tz::test {

inline provider::Settings settings() {
  provider::Settings made;
  for (const auto& [key, value] : sandbox_settings())
    made.values.emplace(std::string{key}, std::string{value});
  made.secrets.emplace("secret_key", Secret{"sk_test_sandbox"});
  made.secrets.emplace("webhook_secret", Secret{"whsec_new,whsec_old"});
  return made;
}

inline provider::Settings settings_with(const std::string& name, const std::string& value) {
  auto made = settings();
  made.values[name] = value;
  return made;
}

inline std::shared_ptr<const provider::Adapter> adapter(
    const provider::Settings& from = settings()) {
  return make_adapter(from).value();
}

inline Money tzs(std::int64_t minor) {
  return {minor, Currency::parse("TZS").value()};
}

inline provider::Call call(provider::OperationKind kind = provider::OperationKind::charge) {
  provider::Call made;
  made.kind = kind;
  made.operation = OperationId::parse("op_01jd2v9h3ke1r8m7q0c5xw4tbz").value();
  made.payment = PaymentId::parse("pay_01jd2v9h3ke1r8m7q0c5xw4tby").value();
  made.idempotency_key = "k-7";
  made.amount = tzs(150'000);
  made.method = {"mobile_money", "", {{"phone", "0754000001"}}};
  made.started_at = TimePoint{std::chrono::seconds{1'795'250'298}};
  return made;
}

}  // namespace cambist::mpesa_openapi_tz::test
