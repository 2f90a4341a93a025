// Authorizations, captures and refunds: the guards of each, and what it leaves in the ledger.
#include "tests/unit/gateway/sandbox/paypal_bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using namespace std::chrono_literals;

json::object part(const std::string& value, bool last = false) {
  return {{"amount", PaypalDesk::amount(value)}, {"final_capture", last}};
}

TEST(PaypalPayments, AHoldIsCapturedInParts) {
  PaypalDesk desk;
  const auto id = desk.authorization();
  EXPECT_EQ(desk.act_on("authorizations", id, "capture", part("4.00")).status(), 201);
  EXPECT_EQ(desk.show("payments/authorizations", id).text("status"), "PARTIALLY_CAPTURED");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", id, "capture", part("6.01"))),
            "MAX_CAPTURE_AMOUNT_EXCEEDED");
  const auto rest = desk.act_on("authorizations", id, "capture");
  EXPECT_EQ(rest["amount"].at("value").as_string(), "6.00") << "all that is left";
  EXPECT_EQ(desk.show("payments/authorizations", id).text("status"), "CAPTURED");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", id, "capture", part("0.01"))),
            "AUTHORIZATION_ALREADY_CAPTURED");
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00", "capture 4.00", "capture 6.00"}));
}

TEST(PaypalPayments, AFinalCaptureLetsTheRestGo) {
  PaypalDesk desk;
  const auto id = desk.authorization();
  EXPECT_EQ(desk.act_on("authorizations", id, "capture", part("4.00", true)).status(), 201);
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", id, "capture", part("1.00"))),
            "AUTHORIZATION_ALREADY_CAPTURED");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", id, "void")), "PREVIOUSLY_CAPTURED");
}

TEST(PaypalPayments, ACaptureOfAnotherCurrencyIsRefused) {
  PaypalDesk desk;
  const auto id = desk.authorization();
  const json::object body{{"amount", PaypalDesk::amount("1.00", "EUR")}};
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", id, "capture", body)),
            "AUTH_CAPTURE_CURRENCY_MISMATCH");
  EXPECT_EQ(desk.effects(), Effects{"authorize 10.00"});
}

TEST(PaypalPayments, TenCapturesAreAllThatAHoldGives) {
  PaypalDesk desk;
  const auto id = desk.authorization();
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(desk.act_on("authorizations", id, "capture", part("0.10")).status(), 201);
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", id, "capture", part("0.10"))),
            "MAX_CAPTURE_COUNT_EXCEEDED");
}

TEST(PaypalPayments, AVoidGivesBackWhatIsNotCaptured) {
  PaypalDesk desk;
  const auto id = desk.authorization();
  (void)desk.act_on("authorizations", id, "capture", part("4.00"));
  const auto voided = desk.paypal("POST", "/v2/payments/authorizations/" + id + "/void", {}, {},
                                  {{"Prefer", "return=minimal"}});
  EXPECT_EQ(voided.status(), 204);
  EXPECT_TRUE(voided.outgoing.response.body.empty());
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", id, "void")), "PREVIOUSLY_VOIDED");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", id, "capture", part("1.00"))),
            "AUTHORIZATION_VOIDED");
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00", "capture 4.00", "void 6.00"}));
}

TEST(PaypalPayments, AVoidCanShowWhatItVoided) {
  PaypalDesk desk;
  const auto voided = desk.act_on("authorizations", desk.authorization(), "void");
  EXPECT_EQ(voided.status(), 200);
  EXPECT_EQ(voided.text("status"), "VOIDED");
}

TEST(PaypalPayments, AVoidHasNoBodyAndNeedsNoType) {
  PaypalDesk desk;
  const auto path = "/v2/payments/authorizations/" + desk.authorization() + "/void";
  EXPECT_EQ(desk.paypal("POST", path, {}, {}, {{"Content-Type", "text/plain"}}).status(), 200);
}

TEST(PaypalPayments, AHoldEndsAfterTwentyNineDays) {
  PaypalDesk desk;
  const auto id = desk.authorization();
  const auto box = desk.mailbox();
  desk.now += std::chrono::hours{29 * 24} - 1s;
  EXPECT_EQ(desk.sandbox()->pass_time(), desk.now + 1s);
  desk.now += 1s;
  (void)desk.sandbox()->pass_time();
  EXPECT_EQ(box->types(), Types{"PAYMENT.AUTHORIZATION.VOIDED"});
  desk.renew_token();
  EXPECT_EQ(desk.show("payments/authorizations", id).text("status"), "VOIDED");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", id, "capture")),
            "AUTHORIZATION_EXPIRED");
  EXPECT_EQ(desk.effects(), Effects{"authorize 10.00"}) << "nobody's operation";
}

TEST(PaypalPayments, AReauthorizationTakesFromTheFourthDayAndKeepsTheEnd) {
  PaypalDesk desk;
  const auto id = desk.authorization();
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", id, "reauthorize")),
            "REAUTHORIZATION_TOO_SOON");
  const auto end = desk.show("payments/authorizations", id).text("expiration_time");
  desk.now += std::chrono::hours{4 * 24};
  desk.renew_token();
  const auto renewed = desk.act_on("authorizations", id, "reauthorize");
  EXPECT_EQ(renewed.status(), 201);
  EXPECT_NE(renewed.text("id"), id);
  EXPECT_EQ(renewed.text("expiration_time"), end);
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", id, "capture")),
            "AUTHORIZATION_VOIDED");
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00", "void 10.00", "authorize 10.00"}));
  const auto box = desk.mailbox();
  desk.now += std::chrono::hours{25 * 24};
  (void)desk.sandbox()->pass_time();
  EXPECT_EQ(box->types(), Types{"PAYMENT.AUTHORIZATION.VOIDED"});
  EXPECT_EQ(box->last().at("resource").at("id").as_string(), renewed.text("id"));
}

TEST(PaypalPayments, ARefundGoesBackInPartsUntilNothingIsLeft) {
  PaypalDesk desk;
  const auto id = desk.captured();
  const auto first = desk.act_on("captures", id, "refund", part("2.50"));
  EXPECT_EQ(first.status(), 201);
  EXPECT_EQ(first.text("status"), "COMPLETED");
  EXPECT_EQ(desk.show("payments/captures", id).text("status"), "PARTIALLY_REFUNDED");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("captures", id, "refund", part("7.51"))),
            "REFUND_AMOUNT_EXCEEDED");
  const auto rest = desk.act_on("captures", id, "refund");
  EXPECT_EQ(rest["amount"].at("value").as_string(), "7.50");
  EXPECT_EQ(desk.show("payments/captures", id).text("status"), "REFUNDED");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("captures", id, "refund")), "CAPTURE_FULLY_REFUNDED");
  EXPECT_EQ(desk.show("payments/refunds", rest.text("id")).text("custom_id"), "pay_1");
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00", "refund 2.50", "refund 7.50"}));
}

TEST(PaypalPayments, ARefundComesTooLateAfterHalfAYear) {
  PaypalDesk desk;
  const auto id = desk.captured();
  desk.now += std::chrono::hours{180 * 24};
  desk.renew_token();
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("captures", id, "refund")), "REFUND_TIME_LIMIT_EXCEEDED");
}

TEST(PaypalPayments, APendingCaptureMovesNoMoneyUntilItCompletes) {
  PaypalDesk desk;
  const auto box = desk.mailbox();
  const auto id = desk.captured("10.00", "echeck [PENDING]");
  EXPECT_EQ(box->types(), (Types{"CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.PENDING"}));
  EXPECT_TRUE(desk.effects().empty());
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("captures", id, "refund")), "PENDING_CAPTURE");
  desk.now += 10s;
  (void)desk.sandbox()->pass_time();
  EXPECT_EQ(box->types(), Types{"PAYMENT.CAPTURE.COMPLETED"});
  EXPECT_EQ(desk.show("payments/captures", id).text("status"), "COMPLETED");
  EXPECT_EQ(desk.effects(), Effects{"charge 10.00"});
}

TEST(PaypalPayments, APendingCaptureThatIsDeniedLeavesTheHoldAsItWas) {
  PaypalDesk desk;
  const auto hold = desk.authorization("4004");
  const auto box = desk.mailbox();
  const auto id = desk.act_on("authorizations", hold, "capture").text("id");
  desk.now += 10s;
  (void)desk.sandbox()->pass_time();
  EXPECT_EQ(box->types(), (Types{"PAYMENT.CAPTURE.PENDING", "PAYMENT.CAPTURE.DENIED"}));
  EXPECT_EQ(desk.show("payments/captures", id).text("status"), "DECLINED");
  EXPECT_EQ(desk.show("payments/authorizations", hold).text("status"), "CREATED");
  EXPECT_EQ(desk.effects(), Effects{"authorize 4004.00"});
}

TEST(PaypalPayments, ACaptureCanBeDeclinedWithACreatedStatus) {
  PaypalDesk desk;
  const auto box = desk.mailbox();
  const auto id = desk.captured("10.00", "[CAPTURE_DECLINED]");
  EXPECT_EQ(desk.show("payments/captures", id).text("status"), "DECLINED");
  EXPECT_EQ(box->types().back(), "PAYMENT.CAPTURE.DECLINED");
  EXPECT_TRUE(desk.effects().empty());
}

TEST(PaypalPayments, AnAuthorizationCanBeReviewedOrDenied) {
  PaypalDesk desk;
  const auto denied = desk.authorization("10.00", "[AUTHORIZATION_DENIED]");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", denied, "capture")),
            "AUTHORIZATION_DENIED");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", denied, "void")), "CANNOT_BE_VOIDED");
  const auto id = desk.authorization("10.00", "[AUTHORIZATION_PENDING]");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on("authorizations", id, "capture")),
            "PENDING_AUTHORIZATION");
  EXPECT_TRUE(desk.effects().empty());
  desk.now += 10s;
  EXPECT_EQ(desk.show("payments/authorizations", id).text("status"), "CREATED");
  EXPECT_EQ(desk.effects(), Effects{"authorize 10.00"});
}

TEST(PaypalPayments, ARefundCanTakeItsTimeAndFail) {
  for (const bool fails : {false, true}) {
    PaypalDesk desk;
    const auto id = desk.captured("10.00", fails ? "[REFUND_FAILED]" : "[REFUND_PENDING]");
    const auto box = desk.mailbox();
    const auto refund = desk.act_on("captures", id, "refund", part("3.00"));
    EXPECT_EQ(refund.text("status"), "PENDING");
    EXPECT_EQ(desk.effects(), Effects{"charge 10.00"});
    desk.now += 10s;
    EXPECT_EQ(desk.show("payments/refunds", refund.text("id")).text("status"),
              fails ? "FAILED" : "COMPLETED");
    EXPECT_EQ(box->types(), (Types{"PAYMENT.REFUND.PENDING",
                                   fails ? "PAYMENT.REFUND.FAILED" : "PAYMENT.CAPTURE.REFUNDED"}));
    EXPECT_EQ(desk.show("payments/captures", id).text("status"),
              fails ? "COMPLETED" : "PARTIALLY_REFUNDED");
    EXPECT_EQ(desk.effects().size(), fails ? 1U : 2U);
  }
}

TEST(PaypalPayments, APersonAtTheDashboardNeedsNoKey) {
  PaypalDesk desk;
  const auto order = desk.approved("AUTHORIZE");
  (void)desk.held(order);
  const auto at = [&](const std::string& act, const std::string& body = {}) {
    return desk.call("POST", "/sandbox/dashboard/paypal/" + order + "/" + act, body).status();
  };
  EXPECT_EQ(at("refund"), 409) << "nothing is captured yet";
  EXPECT_EQ(at("capture", R"({"amount":{"value":"11.00","currency":"USD"}})"), 400);
  EXPECT_EQ(at("capture", R"({"amount":{"value":"6.00","currency":"USD"}})"), 200);
  EXPECT_EQ(at("cancel"), 409) << "a capture by a person is the last";
  EXPECT_EQ(at("refund", R"({"amount":{"value":"1.00","currency":"USD"}})"), 200);
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00", "capture 6.00", "refund 1.00"}));
  const auto ledger = desk.call("GET", "/sandbox/ledger");
  EXPECT_EQ(ledger["effects"].at(2).at("by").as_string(), "dashboard");
  EXPECT_FALSE(ledger["effects"].at(0).as_object().contains("by"));
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
