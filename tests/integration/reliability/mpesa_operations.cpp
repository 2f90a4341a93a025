#include <algorithm>

#include "tests/integration/reliability/payer.hpp"
#include "tests/integration/reliability/payer_operations.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

/// A payer of his own for each. `ending` empty: he pays by himself, in Kenya after two seconds.
Request prompt(Scene& scene, const std::string& provider, std::string ending = {}) {
  const bool kenya = provider == "mpesa_daraja";
  if (ending.empty()) ending = kenya ? "05" : "901";
  std::string phone = std::to_string(scene.fresh_number()) + ending;
  constexpr std::size_t digits = 8;
  phone.insert(0, digits - std::min(digits, phone.size()), '0');
  phone.insert(0, kenya ? "+2547" : "+2557");
  return create(scene, R"({"amount":{"value":"2000.00","currency":")" +
                           std::string{kenya ? "KES" : "TZS"} + R"("},"provider":")" + provider +
                           R"(","payment_method":{"type":"mobile_money","phone":")" + phone +
                           "\"}}");
}

std::string paid_prompt(Scene& scene, const std::string& provider) {
  return made_payment(scene, prompt(scene, provider), "captured");
}

/// The faults are used up.
void wait_for_faults(Scene& scene) {
  (void)eventually(10s, [&] {
    const auto answer = scene.sandbox().client().get("/sandbox/faults").json();
    const auto& rules = answer.at("rules").as_array();
    for (const auto& rule : rules) {
      const auto* left = rule.as_object().if_contains("count");
      if (left != nullptr && !left->is_null() && left->to_number<int>() > 0) return false;
    }
    return true;
  });
}

std::string mpesa_call(const std::string& provider, const std::string& operation) {
  return R"("provider":")" + provider + R"(","operation":")" + operation + "\"";
}

Operation paying(const std::string& provider) {
  auto operation = charge();
  operation.provider = provider;
  operation.fault_at = mpesa_call(provider, "charge");
  operation.request = [provider](Scene& scene, const std::string&) {
    return prompt(scene, provider);
  };
  operation.carry_on = [](Scene& scene, const std::string& payment) {
    wait_for(scene, payment, "captured");
  };
  operation.blind = provider == "mpesa_daraja";
  return operation;
}

Operation paying_back(const std::string& provider) {
  auto operation = refund();
  operation.ends_as = "refunded";
  operation.provider = provider;
  operation.fault_at = mpesa_call(provider, "refund");
  operation.prepare = [provider](Scene& scene) { return paid_prompt(scene, provider); };
  operation.request = [](Scene& scene, const std::string& payment) {
    return on_payment(scene, payment, "/refund", "{}");
  };
  operation.blind = provider == "mpesa_daraja";
  return operation;
}

/// The payer types the PIN when he is asked to, and not by himself.
Operation pin_typed(const std::string& provider) {
  auto operation = webhook_in();
  operation.provider = provider;
  operation.prepare = [provider](Scene& scene) {
    return made_payment(scene, prompt(scene, provider, "50"), "requires_action");
  };
  operation.provoke = [provider](Scene& scene, const std::string& object) {
    approve(scene, provider, object);
  };
  operation.arrived = {};
  return operation;
}

}  // namespace

std::vector<Operation> mpesa_operations(const std::string& provider) {
  auto asked = paying(provider);
  asked.name = "inquire";
  asked.fault_at = mpesa_call(provider, "inquire") + R"(,"count":2)";
  asked.blind = false;  // the prompt itself arrives
  asked.meanwhile = wait_for_faults;
  auto cold = paying(provider);
  cold.name = "token";
  cold.fault_at = mpesa_call(provider, "token");
  cold.cold = true;
  cold.blind = false;  // without a token nothing was sent
  return {paying(provider), paying_back(provider), asked, cold};
}

std::vector<Operation> mpesa_deaths(const std::string& provider) {
  auto paid = paying(provider);
  paid.carry_on = {};  // the payer's turn is a part of it
  return {paid, paying_back(provider), pin_typed(provider)};
}

}  // namespace cambist::test
