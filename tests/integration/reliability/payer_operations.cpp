#include "tests/integration/reliability/payer_operations.hpp"

#include <algorithm>
#include <stdexcept>

#include "protocols/core/time.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

// The emulated payers of Kenya take two seconds, and a busy machine takes more.
constexpr auto payer_deadline = 30s;

std::string member(const json::value& payment, const char* name) {
  const auto* found = payment.is_object() ? payment.as_object().if_contains(name) : nullptr;
  return found != nullptr && found->is_string() ? std::string{found->as_string()} : std::string{};
}

json::value shown(Scene& scene, const std::string& payment) {
  return scene.client().get("/api/v1/payments/" + payment).json();
}

/// Throws when the payment does not come to `status`.
void wait_for(Scene& scene, const std::string& payment, const std::string& status) {
  if (eventually(payer_deadline, [&] { return scene.status_of(payment) == status; })) return;
  throw std::runtime_error("it does not become " + status + ", it is " + scene.status_of(payment));
}

std::string made_by(Scene& scene, const Request& request, const std::string& status) {
  const auto answer = scene.insist(request, [](const ApiResponse&) {});
  if (answer.status != 201)
    throw std::runtime_error("no payment: " + std::to_string(answer.status) + " " + answer.body);
  auto id = member(answer.json(), "id");
  wait_for(scene, id, status);
  return id;
}

void approve(Scene& scene, const std::string& provider, const std::string& object) {
  const auto approved =
      scene.sandbox().client().post("/sandbox/payer/" + provider + "/" + object + "/approve", "{}");
  if (approved.status >= 300)
    throw std::runtime_error("the payer cannot approve: " + approved.body);
}

/// Whether a webhook of that type has been worked on.
bool was_told(Scene& scene, const std::string& payment, std::string_view type) {
  const auto list = scene.client().get("/api/v1/webhooks/events?payment_id=" + payment).json();
  if (!list.is_object()) return false;
  const auto& rows = list.at("data").as_array();
  return std::any_of(rows.begin(), rows.end(), [type](const json::value& row) {
    return row.at("type").as_string() == type &&
           (row.at("status").as_string() == "applied" || row.at("status").as_string() == "ignored");
  });
}

// --- PayPal --------------------------------------------------------------------------------------

Request paypal_order(Scene& scene, const std::string& capture) {
  return create(scene, R"({"amount":{"value":"20.00","currency":"USD"},"capture":")" + capture +
                           R"(","provider":"paypal","payment_method":{"type":"paypal"},)" +
                           R"("return_url":"https://shop.example/back"})");
}

void approve_at_paypal(Scene& scene, const std::string& payment) {
  approve(scene, "paypal", member(shown(scene, payment), "provider_payment_id"));
}

std::string approved_order(Scene& scene, const std::string& capture) {
  auto payment = made_by(scene, paypal_order(scene, capture), "requires_action");
  approve_at_paypal(scene, payment);
  return payment;
}

/// The shop confirms until it is taken, unless PayPal's own word is faster.
void take(Scene& scene, const std::string& payment, const std::string& status) {
  const auto confirmation = on_payment(scene, payment, "/confirm", "{}");
  (void)eventually(payer_deadline, [&] {
    const auto now = scene.status_of(payment);
    if (now == "requires_action") (void)scene.send(confirmation);
    return now == status;
  });
  wait_for(scene, payment, status);
}

std::string taken_order(Scene& scene, const std::string& capture) {
  auto payment = approved_order(scene, capture);
  take(scene, payment, capture == "manual" ? "authorized" : "captured");
  return payment;
}

std::string paypal_call(const std::string& operation, const std::string& step = {}) {
  return R"("provider":"paypal","operation":")" + operation + "\"" +
         (step.empty() ? "" : R"(,"step":")" + step + "\"");
}

Operation at_paypal(Operation operation, const std::string& call, const std::string& prepared) {
  operation.provider = "paypal";
  operation.fault_at = paypal_call(call);
  operation.prepare = [prepared](Scene& scene) { return taken_order(scene, prepared); };
  return operation;
}

/// What takes an approved order.
Operation taking(Operation operation, const std::string& capture) {
  operation.provider = "paypal";
  operation.fault_at = paypal_call(operation.name);
  operation.prepare = [capture](Scene& scene) { return approved_order(scene, capture); };
  operation.request = [](Scene& scene, const std::string& payment) {
    return on_payment(scene, payment, "/confirm", "{}");
  };
  return operation;
}

/// The making of the order itself; then everything that follows without a fault.
Operation ordering() {
  auto operation = authorize();
  operation.name = "order";
  operation.provider = "paypal";
  operation.fault_at = paypal_call("authorize", "create");
  operation.request = [](Scene& scene, const std::string&) {
    return paypal_order(scene, "manual");
  };
  operation.carry_on = [](Scene& scene, const std::string& payment) {
    approve_at_paypal(scene, payment);
    take(scene, payment, "authorized");
  };
  return operation;
}

// --- M-Pesa --------------------------------------------------------------------------------------

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
  return made_by(scene, prompt(scene, provider), "captured");
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

/// PayPal tells of the approval, and nobody else does.
Operation approval_heard_of() {
  auto operation = webhook_in();
  operation.provider = "paypal";
  operation.prepare = [](Scene& scene) {
    return made_by(scene, paypal_order(scene, "automatic"), "requires_action");
  };
  operation.provoke = [](Scene& scene, const std::string& order) {
    approve(scene, "paypal", order);
  };
  operation.arrived = [](Scene& scene, const std::string& payment) {
    return was_told(scene, payment, "CHECKOUT.ORDER.APPROVED");
  };
  return operation;
}

/// The payer types the PIN when he is asked to, and not by himself.
Operation pin_typed(const std::string& provider) {
  auto operation = webhook_in();
  operation.provider = provider;
  operation.prepare = [provider](Scene& scene) {
    return made_by(scene, prompt(scene, provider, "50"), "requires_action");
  };
  operation.provoke = [provider](Scene& scene, const std::string& object) {
    approve(scene, provider, object);
  };
  operation.arrived = {};
  return operation;
}

/// So that the request, and not PayPal's webhook, is what takes the order.
Operation unheard(Operation operation) {
  operation.prepare = [prepare = operation.prepare](Scene& scene) {
    scene.sandbox().faults(
        R"({"rules":[{"provider":"paypal","operation":"webhook","fault":"drop"}]})");
    auto payment = prepare(scene);
    scene.sandbox().faults(R"({"rules":[]})");
    return payment;
  };
  return operation;
}

Operation asked_about_capture() {
  auto operation = at_paypal(capture(), "capture", "manual");
  operation.name = "inquiry";
  operation.prepare = [](Scene& scene) {
    auto payment = taken_order(scene, "manual");
    scene.sandbox().faults(
        R"({"rules":[{"provider":"paypal","operation":"capture","fault":"reset_mid_body","count":1},)"
        R"({"provider":"paypal","operation":"inquire","fault":"http_500","count":2},)"
        R"({"provider":"paypal","operation":"webhook","fault":"drop"}]})");
    return payment;
  };
  operation.undo = [](Scene& scene) { scene.sandbox().faults(R"({"rules":[]})"); };
  return operation;
}

/// An authorization that is captured by itself.
Operation captured_on_time() {
  auto operation = at_paypal(capture(), "capture", "manual");
  operation.name = "timer";
  operation.request = [](Scene& scene, const std::string& payment) {
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const auto body = R"({"capture_at":")" + to_rfc3339(now + 1s) + "\"}";
    return on_payment(scene, payment, "/capture-schedule", body.c_str());
  };
  return operation;
}

}  // namespace

std::vector<Operation> paypal_deaths() {
  return {ordering(),
          unheard(taking(authorize(), "manual")),
          unheard(taking(charge(), "automatic")),
          at_paypal(capture(), "capture", "manual"),
          at_paypal(cancel(), "void", "manual"),
          at_paypal(refund(), "refund", "automatic"),
          asked_about_capture(),
          approval_heard_of(),
          captured_on_time()};
}

std::vector<Operation> mpesa_deaths(const std::string& provider) {
  auto paid = paying(provider);
  paid.carry_on = {};  // the payer's turn is a part of it
  return {paid, paying_back(provider), pin_typed(provider)};
}

std::vector<Operation> paypal_operations() {
  auto asked = at_paypal(capture(), "inquire", "manual");
  asked.name = "inquire";
  asked.loses = paypal_call("capture");
  auto cold = at_paypal(capture(), "token", "manual");
  cold.name = "token";
  cold.cold = true;
  return {ordering(),
          taking(authorize(), "manual"),
          taking(charge(), "automatic"),
          at_paypal(capture(), "capture", "manual"),
          at_paypal(cancel(), "void", "manual"),
          at_paypal(refund(), "refund", "automatic"),
          asked,
          cold};
}

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

}  // namespace cambist::test
