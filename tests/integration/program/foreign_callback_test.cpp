// Who knows the secret of the callback URLs can put any prompt's id behind any payment of ours: a
// payment must not be paid by another one's money all the same.
#include <gtest/gtest.h>

#include "tests/integration/program/shop.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr const char* faults = R"({"rules":[
  {"provider":"mpesa_daraja","operation":"webhook","fault":"drop"},
  {"provider":"mpesa_daraja","operation":"charge","fault":"timeout_before","count":1}]})";
constexpr const char* no_callbacks =
    R"({"rules":[{"provider":"mpesa_daraja","operation":"webhook","fault":"drop"}]})";

class ForeignCallback : public testing::Test {
 protected:
  json::value pay(const std::string& value = "100.00") {
    const auto shown =
        shop_
            .pay(R"({"provider":"mpesa_daraja","amount":{"value":")" + value +
                 R"(","currency":"KES"},"payment_method":{"type":"mobile_money","phone":")" +
                 new_phone("+25471", "05") + R"("}})")
            .json();
    const auto* inside = shown.as_object().if_contains("payment");
    return inside == nullptr ? shown : *inside;
  }
  /// As Daraja says it of a prompt that was paid; `metadata` is what it says besides.
  ApiResponse call_back(const json::value& named, const std::string& prompt,
                        const std::string& metadata) {
    const auto id = text(named, "id");
    const auto story = shop_.events(id);
    const auto operation = story.substr(story.find("op_"), 29);
    return shop_.client().send(
        "POST", "/api/v1/webhooks/mpesa_daraja/whsec_sandbox/" + id + "/" + operation,
        R"({"Body":{"stkCallback":{"MerchantRequestID":"m-1","CheckoutRequestID":")" + prompt +
            R"(","ResultCode":0,"ResultDesc":"done")" + metadata + "}}}",
        {{"Content-Type", "application/json"}});
  }
  std::string dead() { return shop_.client().get("/api/v1/webhooks/events?status=dead").body; }

  Shop shop_{{{"CAMBIST_MPESA_DARAJA_CALL_TIMEOUT_MS", "1000"},
              {"CAMBIST_PAYMENTS_INQUIRY_DELAYS_MS", "1000"},
              {"CAMBIST_PAYMENTS_INQUIRY_DELAY_MAX_MS", "2000"}}};
};

constexpr const char* paid_100 = R"(,"CallbackMetadata":{"Item":[{"Name":"Amount","Value":100.0},)"
                                 R"({"Name":"MpesaReceiptNumber","Value":"UAF1FOREIGN"}]})";

TEST_F(ForeignCallback, OneChargeIsNeverCreditedToTwoPayments) {
  shop_.faults(no_callbacks);
  const auto paid = pay();
  const auto prompt = text(paid, "provider_payment_id");
  ASSERT_FALSE(prompt.empty()) << paid;
  shop_.faults(faults);
  const auto lost = pay();  // its prompt was never made, and nobody knows that
  ASSERT_EQ(text(lost, "status"), "processing") << lost;
  ASSERT_EQ(text(lost, "provider_payment_id"), "");

  EXPECT_EQ(call_back(lost, prompt, paid_100).status, 200);
  ASSERT_TRUE(eventually(10s, [&] { return dead().find(text(lost, "id")) != std::string::npos; }))
      << dead();
  EXPECT_NE(dead().find("The provider's id belongs to another payment."), std::string::npos);

  // What comes to the payment that was paid is another event, and takes effect.
  EXPECT_EQ(call_back(paid, prompt, paid_100).status, 200);
  EXPECT_TRUE(shop_.becomes(text(paid, "id"), "captured")) << shop_.events(text(paid, "id"));
  const auto after = shop_.payment(text(lost, "id"));
  EXPECT_EQ(text(after, "status"), "processing") << after;
  EXPECT_EQ(text(after, "provider_payment_id"), "");
  EXPECT_EQ(shop_.ledger().size(), 1U);
}

TEST_F(ForeignCallback, WithoutAnAmountItTeachesNoPaymentAnId) {
  shop_.faults(faults);
  const auto lost = pay();
  ASSERT_EQ(text(lost, "status"), "processing") << lost;
  EXPECT_EQ(call_back(lost, "ws_CO_FOREIGN_1", "").status, 200);
  ASSERT_TRUE(eventually(10s, [&] {
    return shop_.client()
               .get("/api/v1/webhooks/events?status=applied")
               .body.find(text(lost, "id")) != std::string::npos;
  }));
  const auto after = shop_.payment(text(lost, "id"));
  EXPECT_EQ(text(after, "status"), "processing") << after;
  EXPECT_EQ(text(after, "provider_payment_id"), "");
}

}  // namespace
}  // namespace cambist::test
