// News of PayPal whose signature is right and whose claim is not: what PayPal signs is a checksum
// that anybody can make another body for. The running program asks PayPal, and nothing comes of it.
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "gateway/sandbox/paypal/signature.hpp"
#include "tests/integration/program/shop.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr const char* refund_id = "1JU08902781691411";

/// An account at PayPal whose payers have approved.
class ForgedNews : public testing::Test {
 protected:
  json::value paid(const std::string& capture, const std::string& status) {
    const auto answer = shop.pay(
        R"({"provider":"paypal","amount":{"value":"10.00","currency":"USD"},"capture":")" +
        capture +
        R"(","return_url":"https://shop.example/done","payment_method":{"type":"paypal"}})");
    EXPECT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(shop.payer(answer.json(), "approve").status, 200);
    EXPECT_TRUE(shop.becomes(text(answer.json(), "id"), status));
    return answer.json();
  }
  /// The id of what the first operation made.
  std::string made(const json::value& payment) {
    const auto effects = shop.effects(payment);
    return effects.empty() ? std::string{} : text(effects.front(), "detail");
  }
  static json::object resource(const json::value& payment, const std::string& id,
                               const std::string& status) {
    return {{"id", id},
            {"status", status},
            {"amount", json::object{{"currency_code", "USD"}, {"value", "10.00"}}},
            {"custom_id", text(payment, "id")},
            {"supplementary_data",
             json::object{{"related_ids",
                           json::object{{"order_id", text(payment, "provider_payment_id")}}}}}};
  }
  /// The answer to an event that is signed as PayPal signs.
  ApiResponse tell(const std::string& type, json::object resource) {
    const std::string body =
        json::serialize(json::object{{"id", "WH-FORGED-" + std::to_string(++told_)},
                                     {"create_time", "2026-11-26T08:00:00Z"},
                                     {"event_type", type},
                                     {"resource", std::move(resource)}});
    namespace paypal = gateway::sandbox::paypal;
    auto headers = paypal::sign(
        body, shop.sandbox().origin() + "/paypal" + std::string{paypal::certificate_path},
        std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()), false);
    headers.push_back({"Content-Type", "application/json"});
    return shop.client().send("POST", "/api/v1/webhooks/paypal", body, headers);
  }

  Shop shop;

 private:
  int told_ = 0;
};

TEST_F(ForgedNews, OfAVoidHasNoEffectUntilItIsSo) {
  const auto payment = paid("manual", "authorized");
  const auto id = text(payment, "id");
  const auto authorization = made(payment);
  ASSERT_FALSE(authorization.empty());
  for (const std::string& named : {authorization, std::string{"0AW2184448108334S"}}) {
    const auto answer = tell("PAYMENT.AUTHORIZATION.VOIDED", resource(payment, named, "VOIDED"));
    EXPECT_EQ(answer.status, 401) << answer.body;
  }
  EXPECT_EQ(shop.status(id), "authorized") << shop.events(id);
  const auto order = text(payment, "provider_payment_id");
  EXPECT_EQ(shop.sandbox().post("/sandbox/dashboard/paypal/" + order + "/cancel", "{}").status,
            200);
  EXPECT_TRUE(shop.becomes(id, "voided")) << shop.events(id);
  const auto so = tell("PAYMENT.AUTHORIZATION.VOIDED", resource(payment, authorization, "VOIDED"));
  EXPECT_EQ(so.status, 200) << so.body;
}

TEST_F(ForgedNews, OfARefundHasNoEffectUntilItIsSo) {
  const auto payment = paid("automatic", "captured");
  const auto id = text(payment, "id");
  const auto capture = made(payment);
  for (const auto& answer :
       {tell("PAYMENT.CAPTURE.REFUNDED", resource(payment, refund_id, "COMPLETED")),
        tell("PAYMENT.CAPTURE.REFUNDED", resource(payment, capture, "COMPLETED")),
        tell("PAYMENT.CAPTURE.REVERSED", resource(payment, refund_id, "COMPLETED")),
        tell("CUSTOMER.DISPUTE.CREATED",
             {{"dispute_id", "PP-D-27803"},
              {"status", "OPEN"},
              {"dispute_amount", json::object{{"currency_code", "USD"}, {"value", "10.00"}}},
              {"disputed_transactions", json::array{json::object{{"custom", id}}}}})}) {
    EXPECT_EQ(answer.status, 401) << answer.body;
  }
  EXPECT_EQ(shop.status(id), "captured") << shop.events(id);
  const auto stored = shop.client().get("/api/v1/webhooks?provider=paypal").body;
  EXPECT_EQ(stored.find("WH-FORGED"), std::string::npos) << stored;
  const auto order = text(payment, "provider_payment_id");
  EXPECT_EQ(shop.sandbox().post("/sandbox/dashboard/paypal/" + order + "/refund", "{}").status,
            200);
  EXPECT_TRUE(shop.becomes(id, "refunded")) << shop.events(id);
}

TEST_F(ForgedNews, IsNotWhatGenuineNewsIsTakenForWhilePayPalIsAway) {
  const auto payment = paid("automatic", "captured");
  const auto id = text(payment, "id");
  shop.faults(
      R"({"rules":[{"provider":"paypal","operation":"inquire","fault":"http_503","count":1}]})");
  const auto order = text(payment, "provider_payment_id");
  EXPECT_EQ(shop.sandbox().post("/sandbox/dashboard/paypal/" + order + "/refund", "{}").status,
            200);
  EXPECT_TRUE(shop.becomes(id, "refunded", 60s)) << "it is sent again: " << shop.events(id);
}

}  // namespace
}  // namespace cambist::test
