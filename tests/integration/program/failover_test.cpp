// Another provider takes over only after one that surely did not process the payment; why which one
// was chosen can be read afterwards, and asked before.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/integration/program/shop.hpp"
#include "tests/support/witness.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

using Story = std::vector<std::string>;

/// Nobody names a provider here; the emulated account of PayPal takes cards, on its own page.
std::string card(const std::string& capture) {
  return R"({"amount":{"value":"25.00","currency":"USD"},"capture":")" + capture +
         R"(","return_url":"https://shop.example/done",)"
         R"("payment_method":{"type":"card","token":"pm_card_visa"}})";
}

std::string fault(const std::string& operation, const std::string& kind,
                  const std::string& more = "") {
  return R"({"rules":[{"provider":"stripe","operation":")" + operation + R"(","fault":")" + kind +
         '"' + more + "}]}";
}

/// The event of this type in the payment's timeline; null when there is none.
json::value event(const Shop& shop, const std::string& id, std::string_view type) {
  const auto events = json::parse(shop.events(id));
  for (const auto& event : events.at("data").as_array()) {
    if (text(event, "type") == type) return event.at("data");
  }
  return nullptr;
}

/// Shape: `step` is where in Stripe's two calls it refuses.
struct Refusal {
  const char* operation;
  const char* capture;
  const char* step;
};
// Names the case in the output of the tests.
void PrintTo(const Refusal& shown, std::ostream* out) {
  *out << shown.operation << " at " << shown.step;
}
class Failover : public testing::TestWithParam<Refusal> {};

TEST_P(Failover, GoesToTheNextProviderWhenTheFirstSurelyDidNotProcessIt) {
  Shop shop;
  shop.faults(
      fault(GetParam().operation, "http_429", std::string{R"(,"step":")"} + GetParam().step + '"'));
  const auto answer = shop.pay(card(GetParam().capture));
  ASSERT_TRUE(answer.status == 201 || answer.status == 202) << answer.body;
  const auto id = text(answer.json(), "id");
  ASSERT_TRUE(shop.becomes(id, "requires_action")) << shop.events(id);
  const auto payment = shop.payment(id);
  EXPECT_EQ(text(payment, "provider"), "paypal");
  EXPECT_EQ(text(payment.at("next_action"), "type"), "redirect");

  const auto routed = event(shop, id, "routed");
  ASSERT_TRUE(routed.is_object()) << shop.events(id);
  EXPECT_EQ(text(routed, "provider"), "stripe");
  EXPECT_GE(routed.at("considered").as_array().size(), 2U) << routed;
  const auto moved = event(shop, id, "failed_over");
  ASSERT_TRUE(moved.is_object()) << shop.events(id);
  EXPECT_EQ(text(moved, "from"), "stripe") << moved;
  EXPECT_EQ(text(moved, "to"), "paypal") << moved;
  EXPECT_NE(text(moved, "reason").find("surely did not process"), std::string::npos) << moved;

  const bool holds = std::string_view{GetParam().capture} == "manual";
  ASSERT_EQ(shop.payer(payment, "approve").status, 200);
  ASSERT_TRUE(shop.becomes(id, holds ? "authorized" : "captured")) << shop.events(id);
  EXPECT_EQ(shop.story(payment), Story{holds ? "paypal authorize" : "paypal charge"});
}

INSTANTIATE_TEST_SUITE_P(Each, Failover,
                         testing::Values(Refusal{"charge", "automatic", "create"},
                                         Refusal{"charge", "automatic", "confirm"},
                                         Refusal{"authorize", "manual", "create"},
                                         Refusal{"authorize", "manual", "confirm"}));

/// A wallet that two providers take; the payer approves by itself at Tigo's.
std::string wallet() {
  return R"({"amount":{"value":"1500.00","currency":"TZS"},"payment_method":)"
         R"({"type":"mobile_money","phone":")" +
         new_phone("+25571", "01") + R"("}})";
}

std::string fault_at(const std::string& provider, const std::string& kind,
                     const std::string& more = "") {
  return R"({"provider":")" + provider + R"(","operation":"charge","fault":")" + kind + '"' + more +
         '}';
}

// What Tigo calls the payment is ours to choose, and stands in its callback alone.
TEST(FailoverToOurOwnId, IsFoundByItsCallbackAlthoughTheAnswerWasLost) {
  Shop shop{{{"CAMBIST_AIRTEL_MONEY_PRIORITY", "1"}, {"CAMBIST_TIGO_PESA_PRIORITY", "2"}}};
  shop.faults(R"({"rules":[)" + fault_at("airtel_money", "http_429") + ',' +
              fault_at("tigo_pesa", "reset_mid_body", R"(,"count":1)") + "]}");
  const auto answer = shop.pay(wallet());
  ASSERT_TRUE(answer.status == 201 || answer.status == 202) << answer.body;
  const auto id = text(answer.json(), "id");
  ASSERT_TRUE(shop.becomes(id, "captured")) << shop.events(id);
  const auto payment = shop.payment(id);
  EXPECT_EQ(text(payment, "provider"), "tigo_pesa");
  EXPECT_EQ(shop.story(payment), Story{"tigo_pesa charge"});
}

TEST(FailoverFromOurOwnId, NeedsNoFenceWhereNothingWasMade) {
  Shop shop{{{"CAMBIST_TIGO_PESA_PRIORITY", "1"}, {"CAMBIST_AIRTEL_MONEY_PRIORITY", "2"}}};
  shop.faults(R"({"rules":[)" + fault_at("tigo_pesa", "http_429") + "]}");
  const auto answer = shop.pay(wallet());
  ASSERT_TRUE(answer.status == 201 || answer.status == 202) << answer.body;
  const auto id = text(answer.json(), "id");
  ASSERT_TRUE(event(shop, id, "failed_over").is_object()) << shop.events(id);
  EXPECT_TRUE(event(shop, id, "attempt_fenced").is_null()) << shop.events(id);
  ASSERT_TRUE(eventually(20s, [&] {
    const auto status = shop.status(id);
    if (status == "requires_action") (void)shop.payer(shop.payment(id), "approve");
    return status == "captured";
  })) << shop.events(id);
  EXPECT_EQ(shop.story(shop.payment(id)), Story{"airtel_money charge"});
}

/// Answers that do not come, and questions that follow soon.
Environment impatient() {
  return {{"CAMBIST_STRIPE_CALL_TIMEOUT_MS", "1000"},
          {"CAMBIST_PAYMENTS_INQUIRY_DELAYS_MS", "500,500,1000"}};
}

class Silence : public testing::TestWithParam<const char*> {};

TEST_P(Silence, IsNoReasonToTryElsewhereAndTheProviderIsAskedWhatHappened) {
  Shop shop{impatient()};
  shop.faults(fault("charge", GetParam(), R"(,"count":1)"));
  const auto answer = shop.pay(card("automatic"));
  ASSERT_TRUE(answer.status == 201 || answer.status == 202) << answer.body;
  const auto id = text(answer.json(), "id");
  ASSERT_TRUE(shop.becomes(id, "captured")) << shop.events(id);
  const auto payment = shop.payment(id);
  EXPECT_EQ(text(payment, "provider"), "stripe");
  EXPECT_EQ(shop.story(payment), Story{"stripe charge"});
  EXPECT_TRUE(event(shop, id, "failed_over").is_null()) << shop.events(id);
  EXPECT_EQ(shop.paypal_tokens(), 0);  // not even asked for one
}

// With and without the effect: who waits cannot know which it was.
INSTANTIATE_TEST_SUITE_P(Each, Silence,
                         testing::Values("timeout_after", "reset_mid_body", "truncated_json",
                                         "timeout_before", "http_502_html"),
                         [](const auto& info) { return std::string{info.param}; });

TEST(RoutingExplain, TellsWhatThePaymentWillDoAndDoesNothing) {
  Shop shop;
  const auto answer = shop.client().post("/api/v1/routing/explain", card("automatic"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto plan = answer.json();
  EXPECT_EQ(text(plan, "provider"), "stripe");
  EXPECT_EQ(plan.at("alternatives"), (json::array{"paypal"}));
  const auto considered = plan.at("considered").as_array();
  EXPECT_EQ(considered.size(), 7U) << plan;
  for (const auto& entry : considered) EXPECT_FALSE(text(entry, "reason").empty()) << entry;

  EXPECT_TRUE(shop.client().get("/api/v1/payments").json().at("data").as_array().empty());
  EXPECT_TRUE(shop.ledger().empty());
  EXPECT_EQ(shop.paypal_tokens(), 0);

  const auto paid = shop.pay(card("automatic"));
  ASSERT_EQ(paid.status, 201) << paid.body;
  EXPECT_EQ(text(paid.json(), "provider"), "stripe");
  const auto routed = event(shop, text(paid.json(), "id"), "routed");
  ASSERT_TRUE(routed.is_object());
  const auto& reasons = routed.at("considered").as_array();
  ASSERT_EQ(reasons.size(), considered.size());
  for (std::size_t i = 0; i < considered.size(); ++i) {
    EXPECT_EQ(text(reasons[i], "provider"), text(considered[i], "provider"));
    EXPECT_EQ(text(reasons[i], "reason"), text(considered[i], "reason"));
  }
}

TEST(RoutingExplain, APaymentIsBegunOnlyWhereItsFeaturesCanBeHad) {
  Shop shop{{{"CAMBIST_AIRTEL_MONEY_PRIORITY", "5"},
             {"CAMBIST_TIGO_PESA_PRIORITY", "6"},
             {"CAMBIST_AIRTEL_MONEY_FEATURES", "webhooks"},
             {"CAMBIST_MPESA_OPENAPI_TZ_PRIORITY", "7"}}};
  const auto asked = [&](const std::string& features) {
    return R"({"amount":{"value":"5000.00","currency":"TZS"},"payment_method":)"
           R"({"type":"mobile_money","phone":"+255681234500"},"required_features":)" +
           features + "}";
  };
  const auto chosen = [&](const std::string& features) {
    const auto answer = shop.client().post("/api/v1/routing/explain", asked(features));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return text(answer.json(), "provider");
  };
  EXPECT_EQ(chosen("[]"), "airtel_money");
  // The settings use Airtel for what needs no refunds; Tigo gives back all or nothing.
  EXPECT_EQ(chosen(R"(["refunds"])"), "tigo_pesa");
  EXPECT_EQ(chosen(R"(["partial_refunds"])"), "mpesa_openapi_tz");

  const auto paid = shop.pay(asked(R"(["partial_refunds"])"));
  ASSERT_EQ(paid.status, 201) << paid.body;
  EXPECT_EQ(text(paid.json(), "provider"), "mpesa_openapi_tz");
  const auto routed = event(shop, text(paid.json(), "id"), "routed");
  ASSERT_TRUE(routed.is_object());
  EXPECT_EQ(text(routed.at("considered").at(1), "reason"), "cannot do this: partial_refunds");

  const auto nobody = shop.pay(asked(R"(["authorization"])"));
  EXPECT_EQ(nobody.status, 422) << nobody.body;
  EXPECT_EQ(shop.client().get("/api/v1/payments").json().at("data").as_array().size(), 1U);
}

TEST(RoutingExplain, FollowsTheSettingsOfEachProvider) {
  Shop shop{{{"CAMBIST_PAYPAL_PRIORITY", "10"},
             {"CAMBIST_STRIPE_PRIORITY", "20"},
             {"CAMBIST_PAYPAL_LIMITS", "USD:-20.00"},
             {"CAMBIST_AIRTEL_MONEY_PRIORITY", "5"},
             {"CAMBIST_MPESA_OPENAPI_TZ_LIMITS", "TZS:5000.00-"}}};
  const auto chosen = [&](const std::string& amount, const std::string& method) {
    const auto answer =
        shop.client().post("/api/v1/routing/explain",
                           R"({"amount":)" + amount + R"(,"payment_method":)" + method + "}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json();
  };
  const std::string visa = R"({"type":"card","token":"pm_card_visa"})";
  const std::string phone = R"({"type":"mobile_money","phone":"+255681234500"})";
  EXPECT_EQ(text(chosen(R"({"value":"20.00","currency":"USD"})", visa), "provider"), "paypal");
  const auto above = chosen(R"({"value":"20.01","currency":"USD"})", visa);
  EXPECT_EQ(text(above, "provider"), "stripe");
  EXPECT_TRUE(above.at("alternatives").as_array().empty()) << above;
  const auto wallet = chosen(R"({"value":"4999.00","currency":"TZS"})", phone);
  EXPECT_EQ(text(wallet, "provider"), "airtel_money");
  EXPECT_EQ(wallet.at("alternatives"), (json::array{"tigo_pesa"})) << wallet;
  // Nobody takes it: that is an answer too.
  const auto nobody = chosen(R"({"value":"5.00","currency":"EUR"})", phone);
  EXPECT_TRUE(nobody.at("provider").is_null()) << nobody;
}

}  // namespace
}  // namespace cambist::test
