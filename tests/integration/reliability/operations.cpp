#include "tests/integration/reliability/operations.hpp"

#include <algorithm>
#include <stdexcept>

#include "protocols/core/time.hpp"

namespace cambist::test {

Request on_payment(Scene& scene, const std::string& payment, const char* what, const char* body) {
  return {"/api/v1/payments/" + payment + what, body, scene.fresh_key()};
}

Request create(Scene& scene, const std::string& body) {
  return {"/api/v1/payments", body, scene.fresh_key()};
}

static std::string authorized_payment(Scene& scene) {
  return make_payment(scene, "manual");
}

std::string payment_body(const std::string& capture, const std::string& more,
                         const std::string& token) {
  return R"({"amount":{"value":"20.00","currency":"USD"},"capture":")" + capture +
         R"(","payment_method":{"type":"card","token":")" + token + "\"}" + more + "}";
}

std::string make_payment(Scene& scene, const std::string& capture) {
  const auto made = scene.insist(create(scene, payment_body(capture)), [](const auto&) {});
  if (made.status != 201)
    throw std::runtime_error("no payment: " + std::to_string(made.status) + " " + made.body);
  return std::string{made.json().at("id").as_string()};
}

Operation authorize() {
  return {.name = "authorize",
          .ends_as = "authorized",
          .told = "payment.authorized",
          .effects = {"authorize"},
          .request = [](Scene& scene, const std::string&) {
            return create(scene, payment_body("manual"));
          }};
}

Operation charge() {
  return {.name = "charge",
          .ends_as = "captured",
          .told = "payment.captured",
          .effects = {"charge"},
          .request = [](Scene& scene, const std::string&) {
            return create(scene, payment_body("automatic"));
          }};
}

Operation capture() {
  return {.name = "capture",
          .ends_as = "captured",
          .told = "payment.captured",
          .effects = {"authorize", "capture"},
          .prepare = authorized_payment,
          .request = [](Scene& scene, const std::string& payment) {
            return on_payment(scene, payment, "/capture", "{}");
          }};
}

Operation cancel() {
  return {.name = "void",
          .ends_as = "voided",
          .told = "payment.canceled",
          .effects = {"authorize", "void"},
          .prepare = authorized_payment,
          .request = [](Scene& scene, const std::string& payment) {
            return on_payment(scene, payment, "/cancel", "{}");
          }};
}

Operation refund() {
  return {.name = "refund",
          .ends_as = "partially_refunded",
          .told = "refund.succeeded",
          .effects = {"charge", "refund"},
          .prepare = [](Scene& scene) { return make_payment(scene, "automatic"); },
          .request =
              [](Scene& scene, const std::string& payment) {
                return on_payment(scene, payment, "/refund",
                                  R"({"amount":{"value":"5.00","currency":"USD"}})");
              }};
}

Operation inquiry() {
  auto lost = capture();
  lost.name = "inquiry";
  lost.prepare = [](Scene& scene) {
    auto payment = authorized_payment(scene);
    scene.sandbox().faults(
        R"({"rules":[{"provider":"stripe","operation":"capture","fault":"reset_mid_body","count":1},)"
        R"({"provider":"stripe","operation":"inquire","fault":"http_500","count":2},)"
        R"({"provider":"stripe","operation":"webhook","fault":"drop"}]})");
    return payment;
  };
  lost.undo = [](Scene& scene) { scene.sandbox().faults(R"({"rules":[]})"); };
  return lost;
}

Operation webhook_in() {
  return {.name = "webhook in",
          .ends_as = "captured",
          .told = "payment.captured",
          .effects = {"charge"},
          .prepare =
              [](Scene& scene) {
                const auto made = scene.send(create(
                    scene, payment_body("automatic", R"(,"return_url":"https://shop.example/back")",
                                        "pm_card_threeDSecureRequired")));
                if (!made.json().is_object() ||
                    made.json().at("status").as_string() != "requires_action")
                  throw std::runtime_error("nothing for the payer to do: " + made.body);
                return std::string{made.json().at("id").as_string()};
              },
          .provoke =
              [](Scene& scene, const std::string& object) {
                const auto approved = scene.sandbox().client().post(
                    "/sandbox/payer/stripe/" + object + "/approve", "{}");
                if (approved.status >= 300)
                  throw std::runtime_error("the payer cannot approve: " + approved.body);
              },
          .arrived =
              [](Scene& scene, const std::string& payment) {
                const auto list =
                    scene.client().get("/api/v1/webhooks/events?payment_id=" + payment).json();
                if (!list.is_object()) return false;
                const auto& rows = list.at("data").as_array();
                return std::any_of(rows.begin(), rows.end(), [](const auto& row) {
                  return row.at("type").as_string() == "payment_intent.succeeded" &&
                         (row.at("status").as_string() == "applied" ||
                          row.at("status").as_string() == "ignored");
                });
              }};
}

Operation event_out() {
  auto told = charge();
  told.name = "event out";
  told.provoke = [](Scene& scene, const std::string&) {
    (void)scene.client().post("/api/v1/webhook-endpoints",
                              R"({"url":")" + scene.merchant().url("beside") + "\"}",
                              scene.fresh_key());
  };
  told.arrived = [](Scene& scene, const std::string& payment) {
    return merchant_knows(scene, payment, "payment.captured");
  };
  // Made or not: whatever is there is whole, and can be deleted.
  told.undo = [](Scene& scene) {
    const auto list = scene.client().get("/api/v1/webhook-endpoints").json();
    for (const auto& endpoint : list.at("data").as_array()) {
      if (endpoint.at("url").as_string() != scene.merchant().url("beside")) continue;
      const auto gone = scene.client().send(
          "DELETE", "/api/v1/webhook-endpoints/" + std::string{endpoint.at("id").as_string()}, {},
          {});
      if (gone.status != 200) throw std::runtime_error("an endpoint stays: " + gone.body);
    }
  };
  return told;
}

Operation scheduled_capture() {
  return {
      .name = "timer",
      .ends_as = "captured",
      .told = "payment.captured",
      .effects = {"authorize", "capture"},
      .request = [](Scene& scene, const std::string&) {
        const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
        return create(scene,
                      payment_body("manual", R"(,"capture_at":")" +
                                                 to_rfc3339(now + std::chrono::seconds{1}) + "\""));
      }};
}

bool merchant_knows(Scene& scene, const std::string& payment, const std::string& type) {
  const auto all = scene.merchant().received();
  return std::any_of(all.begin(), all.end(), [&](const Received& event) {
    return event.taken && event.payment == payment && event.type == type;
  });
}

}  // namespace cambist::test
