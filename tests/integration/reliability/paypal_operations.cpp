#include "protocols/core/time.hpp"
#include "tests/integration/reliability/payer.hpp"
#include "tests/integration/reliability/payer_operations.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

Request paypal_order(Scene& scene, const std::string& capture) {
  return create(scene, R"({"amount":{"value":"20.00","currency":"USD"},"capture":")" + capture +
                           R"(","provider":"paypal","payment_method":{"type":"paypal"},)" +
                           R"("return_url":"https://shop.example/back"})");
}

void approve_at_paypal(Scene& scene, const std::string& payment) {
  approve(scene, "paypal", member(shown(scene, payment), "provider_payment_id"));
}

std::string approved_order(Scene& scene, const std::string& capture) {
  auto payment = made_payment(scene, paypal_order(scene, capture), "requires_action");
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

/// PayPal tells of the approval, and nobody else does.
Operation approval_heard_of() {
  auto operation = webhook_in();
  operation.provider = "paypal";
  operation.prepare = [](Scene& scene) {
    return made_payment(scene, paypal_order(scene, "automatic"), "requires_action");
  };
  operation.provoke = [](Scene& scene, const std::string& order) {
    approve(scene, "paypal", order);
  };
  operation.arrived = [](Scene& scene, const std::string& payment) {
    return was_told(scene, payment, "CHECKOUT.ORDER.APPROVED");
  };
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

}  // namespace cambist::test
