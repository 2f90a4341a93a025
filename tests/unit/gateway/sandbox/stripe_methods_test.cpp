// Each test payment method does what Stripe documents for it.
#include "tests/unit/gateway/sandbox/bench.hpp"

#include "gateway/sandbox/stripe/test_methods.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

struct DeclineCase {
  std::string method;
  std::string code;
  std::string decline_code;
  std::string advice;
};

void PrintTo(const DeclineCase& given, std::ostream* out) {
  *out << given.method;
}

class StripeDeclines : public testing::TestWithParam<DeclineCase> {};

TEST_P(StripeDeclines, AnswerIs402WithTheIntentThatCanBeConfirmedAgain) {
  const auto& given = GetParam();
  Desk desk;
  const auto id = desk.create({{"payment_method", given.method}}).text("id");
  const auto answer = desk.act(id, "confirm", {}, "k-1");
  EXPECT_EQ(answer.status(), 402);
  EXPECT_EQ(answer.error("type"), "card_error");
  EXPECT_EQ(answer.error("code"), given.code);
  EXPECT_EQ(answer.error("decline_code"), given.decline_code);
  EXPECT_EQ(answer.error("advice_code"), given.advice);
  EXPECT_FALSE(answer.error("message").empty());
  const auto& intent = answer["error"].at("payment_intent");
  EXPECT_EQ(intent.at("id").as_string(), id);
  EXPECT_EQ(intent.at("status").as_string(), "requires_payment_method");
  EXPECT_TRUE(intent.at("payment_method").is_null());
  EXPECT_EQ(intent.at("last_payment_error").at("code").as_string(), given.code);
  EXPECT_EQ(intent.at("last_payment_error").at("payment_method").at("id").as_string(),
            given.method);
  const auto charge = desk.get("charges/" + answer.error("charge"));
  EXPECT_EQ(charge.text("status"), "failed");
  EXPECT_EQ(charge.text("failure_code"), given.code);
  EXPECT_FALSE(charge["paid"].as_bool());
  EXPECT_TRUE(desk.effects().empty());
  // The same intent takes another method.
  EXPECT_EQ(desk.act(id, "confirm", {{"payment_method", "pm_card_visa"}}).text("status"),
            "succeeded");
  EXPECT_TRUE(desk.get("payment_intents/" + id)["last_payment_error"].is_null());
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00"}));
}

INSTANTIATE_TEST_SUITE_P(
    Section9, StripeDeclines,
    testing::Values(
        DeclineCase{"pm_card_visa_chargeDeclined", "card_declined", "generic_decline",
                    "try_again_later"},
        DeclineCase{"pm_card_chargeDeclined", "card_declined", "generic_decline",
                    "try_again_later"},
        DeclineCase{"pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined",
                    "insufficient_funds", "try_again_later"},
        DeclineCase{"pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card",
                    "do_not_try_again"},
        DeclineCase{"pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card",
                    "do_not_try_again"},
        DeclineCase{"pm_card_chargeDeclinedExpiredCard", "expired_card", "", "confirm_card_data"},
        DeclineCase{"pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "", "confirm_card_data"},
        DeclineCase{"pm_card_chargeDeclinedProcessingError", "processing_error", "",
                    "try_again_later"},
        DeclineCase{"pm_card_visa_chargeDeclinedVelocityLimitExceeded", "card_declined",
                    "card_velocity_exceeded", "try_again_later"},
        DeclineCase{"pm_card_chargeDeclinedFraudulent", "card_declined", "fraudulent",
                    "do_not_try_again"},
        DeclineCase{"pm_card_radarBlock", "card_declined", "fraudulent", ""},
        DeclineCase{"pm_card_riskLevelHighest", "card_declined", "highest_risk_level", ""},
        DeclineCase{"pm_card_chargeCustomerFail", "card_declined", "generic_decline",
                    "try_again_later"},
        DeclineCase{"pm_card_threeDSecureRequiredProcessingError", "card_declined",
                    "processing_error", "try_again_later"}),
    [](const auto& given) { return given.param.method; });

TEST(StripeMethods, SuccessesShowTheirBrand) {
  Desk desk;
  const Fields brands{
      {"pm_card_visa", "visa"}, {"pm_card_mastercard", "mastercard"}, {"pm_card_amex", "amex"}};
  for (const auto& [method, brand] : brands) {
    const auto answer = desk.confirmed(method, {{"expand[]", "latest_charge"}});
    EXPECT_EQ(answer.text("status"), "succeeded") << method;
    EXPECT_EQ(
        answer["latest_charge"].at("payment_method_details").at("card").at("brand").as_string(),
        brand);
  }
}

TEST(StripeMethods, ARadarBlockNeverReachesTheNetwork) {
  Desk desk;
  const auto answer = desk.confirmed("pm_card_radarBlock");
  const auto charge = desk.get("charges/" + answer.error("charge"));
  EXPECT_EQ(charge["outcome"].at("type").as_string(), "blocked");
  EXPECT_EQ(charge["outcome"].at("network_status").as_string(), "not_sent_to_network");
  EXPECT_EQ(charge["outcome"].at("risk_level").as_string(), "highest");
}

TEST(StripeMethods, AnElevatedRiskIsForReview) {
  Desk desk;
  const auto answer = desk.confirmed("pm_card_riskLevelElevated", {{"expand[]", "latest_charge"}});
  EXPECT_EQ(answer.text("status"), "succeeded");
  EXPECT_EQ(answer["latest_charge"].at("outcome").at("type").as_string(), "manual_review");
}

TEST(StripeMethods, DisputesAreFlagsOnTheCharge) {
  Desk desk;
  for (const auto* method : {"pm_card_createDispute", "pm_card_createDisputeProductNotReceived",
                             "pm_card_createDisputeInquiry", "pm_card_createMultipleDisputes"}) {
    const auto answer = desk.confirmed(method, {{"expand[]", "latest_charge"}});
    EXPECT_EQ(answer.text("status"), "succeeded") << method;
    EXPECT_TRUE(answer["latest_charge"].at("disputed").as_bool()) << method;
  }
}

// Whatever row is added to the table must be payable or say why not: no row may leave the intent
// half way.
TEST(StripeMethods, EveryRowEndsInADocumentedState) {
  for (const auto& method : stripe::test_methods()) {
    Desk desk;
    const auto answer = desk.confirmed(std::string{method.id});
    if (answer.status() == 402) {
      EXPECT_EQ(answer["error"].at("payment_intent").at("status").as_string(),
                "requires_payment_method")
          << method.id;
    } else {
      ASSERT_EQ(answer.status(), 200) << method.id;
      const auto status = answer.text("status");
      EXPECT_TRUE(status == "succeeded" || status == "requires_action")
          << method.id << " " << status;
    }
    EXPECT_EQ(desk.get("payment_methods/" + std::string{method.id}).status(), 200);
  }
}

TEST(StripeMethods, AnUnknownMethodIsRefusedByName) {
  Desk desk;
  const auto answer = desk.confirmed("pm_card_nobody");
  EXPECT_EQ(answer.status(), 400);
  EXPECT_EQ(answer.error("code"), "resource_missing");
  EXPECT_EQ(answer.error("param"), "payment_method");
  EXPECT_EQ(answer.error("message"), "No such PaymentMethod: 'pm_card_nobody'");
  EXPECT_EQ(desk.get("payment_methods/pm_card_nobody").status(), 404);
  EXPECT_TRUE(desk.get("payment_intents")["data"].as_array().empty());
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
