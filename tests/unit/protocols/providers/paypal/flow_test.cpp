// The machine and the adapter together: which requests a payment becomes, one after the other.
#include <gtest/gtest.h>

#include "tests/unit/protocols/payment/story.hpp"
#include "tests/unit/protocols/providers/paypal/signed_webhook.hpp"

namespace cambist::paypal {
namespace {

using payment::CaptureMethod;
using payment::Status;
using payment::Story;

const std::string order_id = "5O190127TN364715T";

std::string amount(const std::string& value) {
  return R"("amount":{"currency_code":"USD","value":")" + value + "\"}";
}

class PayPalFlow : public testing::Test {
 protected:
  void begin(CaptureMethod method) {
    story.details.capture = method;
    story.details.provider = "paypal";
    story.details.method = {"paypal", "", {}};
    ASSERT_TRUE(story.create());
    expect("POST /v2/checkout/orders");
    reply(201, order("PAYER_ACTION_REQUIRED"));
    ASSERT_EQ(story.status(), Status::requires_action);
  }

  /// The payment approved, and authorized or captured.
  void complete(CaptureMethod method) {
    begin(method);
    ASSERT_TRUE(story.confirm());
    reply(200, order("APPROVED"));
    reply(201, order("COMPLETED", method == CaptureMethod::manual
                                      ? "\"authorizations\":[" + hold("CREATED") + "]"
                                      : "\"captures\":[" + taken("CAP1", "100.00") + "]"));
  }

  std::string order(const std::string& status, const std::string& payments = {}) const {
    return R"({"id":")" + order_id + R"(","status":")" + status +
           R"(","purchase_units":[{"custom_id":")" + story.payment.id.to_string() +
           R"(","payments":{)" + payments +
           R"(}}],"links":[{"rel":"payer-action","href":"https://www.sandbox.paypal.com/checkoutnow?token=)" +
           order_id + "\"}]}";
  }
  static std::string hold(const std::string& status) {
    return R"({"id":"AUTH1","status":")" + status + "\"," + amount("100.00") + "}";
  }
  /// One of the operation that runs.
  std::string taken(const std::string& id, const std::string& value,
                    const std::string& status = "COMPLETED") const {
    return R"({"id":")" + id + R"(","status":")" + status + R"(","invoice_id":")" +
           story.payment.id.to_string() + ":" + story.operation().id.to_string() + "\"," +
           amount(value) + "}";
  }
  static std::string issue(const std::string& word) {
    return R"({"name":"UNPROCESSABLE_ENTITY","details":[{"issue":")" + word + "\"}]}";
  }

  void expect(const std::string& line) const {
    const auto request = adapter->build(story.call()).value();
    EXPECT_EQ(request.method + " " + request.target, line);
  }
  [[nodiscard]] std::string request_id() const {
    const auto request = adapter->build(story.call()).value();
    const auto* id = http::find(request.headers, "PayPal-Request-Id");
    return id == nullptr ? "" : id->substr(id->rfind(':') + 1);
  }
  void reply(int status, const std::string& body) {
    ASSERT_TRUE(story.answer(adapter->interpret(story.call(), {status, {}, body})));
  }
  /// Nobody knows whether the call arrived.
  void silence() { ASSERT_TRUE(story.answer(payment::unknown())); }
  /// A webhook that only says that something happened.
  void hear() {
    provider::Notice notice;
    notice.id = "WH-1";
    notice.provider_payment_id = order_id;
    notice.news = provider::Happened{};
    const auto decision = story.tell(payment::Notified{notice});
    ASSERT_TRUE(decision);
    ASSERT_FALSE(decision->effects.empty());
    story.effects = decision->effects;
  }

  Story story;
  std::shared_ptr<const provider::Adapter> adapter =
      provider::find_entry("paypal")->make(test::paypal_settings()).value();
};

const std::string orders = "/v2/checkout/orders/" + order_id;

TEST_F(PayPalFlow, AnApprovalThatIsConfirmedIsAuthorized) {
  begin(CaptureMethod::manual);
  EXPECT_TRUE(story.effects.empty());
  ASSERT_TRUE(story.confirm());
  expect("GET " + orders);
  reply(200, order("APPROVED"));
  expect("POST " + orders + "/authorize");
  reply(201, order("COMPLETED", "\"authorizations\":[" + hold("CREATED") + "]"));
  EXPECT_EQ(story.status(), Status::authorized);
  EXPECT_EQ(story.payment.provider_payment_id, order_id);
}

TEST_F(PayPalFlow, AnApprovalThatAWebhookTellsIsCaptured) {
  begin(CaptureMethod::automatic);
  hear();
  expect("GET " + orders);
  reply(200, order("APPROVED"));
  expect("POST " + orders + "/capture");
  reply(201, order("COMPLETED", "\"captures\":[" + taken("CAP1", "100.00") + "]"));
  EXPECT_EQ(story.status(), Status::captured);
}

TEST_F(PayPalFlow, ConfirmedTooEarlyItIsStillThePayersTurn) {
  begin(CaptureMethod::automatic);
  ASSERT_TRUE(story.confirm());
  reply(200, order("PAYER_ACTION_REQUIRED"));
  EXPECT_EQ(story.status(), Status::requires_action);
  ASSERT_TRUE(story.confirm());
  reply(200, order("APPROVED"));
  expect("POST " + orders + "/capture");
}

TEST_F(PayPalFlow, ACreateWithoutAnAnswerIsMadeAgainUnderItsId) {
  story.details.method = {"paypal", "", {}};
  ASSERT_TRUE(story.create());
  const auto first = adapter->build(story.call()).value();
  silence();
  const auto second = adapter->build(story.call()).value();
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(*http::find(first.headers, "PayPal-Request-Id"),
            *http::find(second.headers, "PayPal-Request-Id"));
  reply(200, order("PAYER_ACTION_REQUIRED"));
  EXPECT_EQ(story.status(), Status::requires_action);
}

TEST_F(PayPalFlow, AnAuthorizeWithoutAnAnswerIsAskedAboutAndThenRepeatedUnderItsId) {
  begin(CaptureMethod::manual);
  ASSERT_TRUE(story.confirm());
  reply(200, order("APPROVED"));
  EXPECT_EQ(request_id(), "authorize");
  silence();
  expect("GET " + orders);
  reply(200, order("APPROVED"));
  expect("POST " + orders + "/authorize");
  EXPECT_EQ(request_id(), "authorize");
  reply(422, issue("ORDER_ALREADY_AUTHORIZED"));  // the first one, late
  expect("GET " + orders);
  reply(200, order("COMPLETED", "\"authorizations\":[" + hold("CREATED") + "]"));
  EXPECT_EQ(story.status(), Status::authorized);
}

TEST_F(PayPalFlow, ADeclinedFundingSourceSendsThePayerBackToTheSameOrder) {
  begin(CaptureMethod::automatic);
  ASSERT_TRUE(story.confirm());
  reply(200, order("APPROVED"));
  EXPECT_EQ(request_id(), "charge");
  reply(422, issue("INSTRUMENT_DECLINED"));
  expect("GET " + orders);
  reply(200, order("APPROVED"));  // PayPal leaves it approved
  EXPECT_EQ(story.status(), Status::requires_action);
  ASSERT_TRUE(story.confirm());
  reply(200, order("APPROVED"));
  EXPECT_EQ(request_id(), "charge-2");
  reply(201, order("COMPLETED", "\"captures\":[" + taken("CAP1", "100.00") + "]"));
  EXPECT_EQ(story.status(), Status::captured);
}

TEST_F(PayPalFlow, FourDeclinedFundingSourcesEndThePayment) {
  begin(CaptureMethod::automatic);
  for (int round = 1; round <= 4; ++round) {
    ASSERT_EQ(story.status(), Status::requires_action) << round;
    ASSERT_TRUE(story.confirm());
    reply(200, order("APPROVED"));
    reply(422, issue("INSTRUMENT_DECLINED"));
    if (round < 4) reply(200, order("APPROVED"));
  }
  EXPECT_EQ(story.status(), Status::failed);
}

TEST_F(PayPalFlow, ACanceledOrderIsNeverCapturedThoughThePayerApprovesIt) {
  begin(CaptureMethod::automatic);
  ASSERT_TRUE(story.cancel());
  expect("GET " + orders);
  reply(200, order("APPROVED"));
  EXPECT_EQ(story.status(), Status::voided);
  EXPECT_TRUE(story.effects.empty());
  // The webhook of the approval comes late and changes nothing.
  provider::Notice late;
  late.provider_payment_id = order_id;
  late.news = provider::Happened{};
  const auto decision = story.tell(payment::Notified{late});
  ASSERT_TRUE(decision);
  EXPECT_TRUE(decision->effects.empty());
}

TEST_F(PayPalFlow, APayerWhoNeverApprovesLetsThePaymentExpire) {
  begin(CaptureMethod::automatic);
  story.now += story.policy.action_wait;
  const auto asked = story.fire();
  ASSERT_TRUE(asked);
  story.effects = asked->effects;
  expect("GET " + orders);
  reply(200, order("PAYER_ACTION_REQUIRED"));
  expect("GET " + orders);  // given up: nothing to void, only to look at
  reply(200, order("PAYER_ACTION_REQUIRED"));
  EXPECT_EQ(story.status(), Status::expired);
}

TEST_F(PayPalFlow, AnOrderThatPayPalHasForgottenFails) {
  begin(CaptureMethod::automatic);
  ASSERT_TRUE(story.confirm());
  reply(404, R"({"name":"RESOURCE_NOT_FOUND","details":[{"issue":"INVALID_RESOURCE_ID"}]})");
  EXPECT_EQ(story.status(), Status::failed);
}

TEST_F(PayPalFlow, CapturesAndVoidsBelongToTheAuthorization) {
  complete(CaptureMethod::manual);
  ASSERT_EQ(story.status(), Status::authorized);
  Story other = story;
  ASSERT_TRUE(story.capture());
  expect("POST /v2/payments/authorizations/AUTH1/capture");
  reply(201, taken("CAP1", "100.00"));
  EXPECT_EQ(story.status(), Status::captured);
  story = other;
  ASSERT_TRUE(story.cancel());
  expect("POST /v2/payments/authorizations/AUTH1/void");
  reply(204, "");
  EXPECT_EQ(story.status(), Status::voided);
}

TEST_F(PayPalFlow, ACaptureWithoutAnAnswerIsFoundInTheOrder) {
  complete(CaptureMethod::manual);
  ASSERT_TRUE(story.capture());
  silence();
  expect("GET " + orders);
  reply(200, order("COMPLETED", "\"authorizations\":[" + hold("CAPTURED") + "],\"captures\":[" +
                                    taken("CAP1", "100.00") + "]"));
  EXPECT_EQ(story.status(), Status::captured);
}

TEST_F(PayPalFlow, AVoidThatLostTheRaceLeavesTheAuthorization) {
  complete(CaptureMethod::manual);
  ASSERT_TRUE(story.cancel());
  reply(422, issue("PREVIOUSLY_CAPTURED"));
  expect("GET /v2/payments/authorizations/AUTH1");
  reply(200, hold("CAPTURED"));
  EXPECT_EQ(story.status(), Status::authorized);
}

TEST_F(PayPalFlow, ARefundIsTakenFromTheLastCaptureThatHasEnoughLeft) {
  complete(CaptureMethod::manual);
  ASSERT_TRUE(story.capture(payment::usd(7'000), false));
  reply(201, taken("CAP1", "70.00"));
  ASSERT_TRUE(story.capture());
  reply(201, taken("CAP2", "30.00"));
  ASSERT_EQ(story.status(), Status::captured);

  const auto refund = [&](std::int64_t minor, const std::string& value, const std::string& from) {
    ASSERT_TRUE(story.refund(payment::usd(minor)));
    ASSERT_TRUE(adapter->check(story.call()));
    expect("POST /v2/payments/captures/" + from + "/refund");
    reply(201, R"({"id":"REF","status":"COMPLETED",)" + amount(value) + "}");
  };
  refund(2'000, "20.00", "CAP2");
  refund(2'000, "20.00", "CAP1");  // ten are left of the second
  refund(1'000, "10.00", "CAP2");
  ASSERT_TRUE(story.refund(payment::usd(5'000)));
  expect("POST /v2/payments/captures/CAP1/refund");
}

TEST_F(PayPalFlow, ARefundThatNoSingleCaptureHoldsIsRefusedBeforeAnyCall) {
  complete(CaptureMethod::manual);
  ASSERT_TRUE(story.capture(payment::usd(5'000), false));
  reply(201, taken("CAP1", "50.00"));
  ASSERT_TRUE(story.capture());
  reply(201, taken("CAP2", "50.00"));
  ASSERT_TRUE(story.refund());
  const auto checked = adapter->check(story.call());
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::unsupported_by_provider);
  EXPECT_EQ(checked.error().field, "amount.value");
}

TEST_F(PayPalFlow, ARefundWithoutAnAnswerIsLookedForByOurOperation) {
  complete(CaptureMethod::automatic);
  ASSERT_TRUE(story.refund(payment::usd(1'000)));
  const std::string ours = R"({"id":"REF","status":"COMPLETED","custom_id":")" +
                           story.operation().id.to_string() + "\"," + amount("10.00") + "}";
  silence();
  expect("GET " + orders);
  reply(200, order("COMPLETED", "\"refunds\":[]"));
  expect("POST /v2/payments/captures/CAP1/refund");
  silence();
  expect("GET " + orders);
  reply(200, order("COMPLETED", "\"refunds\":[" + ours + "]"));
  EXPECT_EQ(story.status(), Status::partially_refunded);
}

TEST_F(PayPalFlow, APendingRefundIsAskedAboutByItsOwnId) {
  complete(CaptureMethod::automatic);
  ASSERT_TRUE(story.refund());
  reply(201, R"({"id":"REF","status":"PENDING",)" + amount("100.00") + "}");
  expect("GET /v2/payments/refunds/REF");
  reply(200, R"({"id":"REF","status":"COMPLETED",)" + amount("100.00") + "}");
  EXPECT_EQ(story.status(), Status::refunded);
}

TEST_F(PayPalFlow, APendingCaptureIsAskedAboutUntilItIsDecided) {
  begin(CaptureMethod::automatic);
  ASSERT_TRUE(story.confirm());
  reply(200, order("APPROVED"));
  reply(201, order("COMPLETED", "\"captures\":[" + taken("CAP1", "100.00", "PENDING") + "]"));
  EXPECT_EQ(story.status(), Status::processing);
  reply(200, order("COMPLETED", "\"captures\":[" + taken("CAP1", "100.00", "PENDING") + "]"));
  EXPECT_EQ(story.status(), Status::processing);
  reply(200, order("COMPLETED", "\"captures\":[" + taken("CAP1", "100.00", "DECLINED") + "]"));
  EXPECT_EQ(story.status(), Status::failed);
}

TEST_F(PayPalFlow, AnOldAuthorizationIsRenewedAndTheNewOneCaptured) {
  adapter = provider::find_entry("paypal")
                ->make(test::paypal_settings({{"reauthorize_after_days", "4"}}))
                .value();
  complete(CaptureMethod::manual);
  story.now += std::chrono::hours{24 * 5};
  ASSERT_TRUE(story.capture());
  expect("POST /v2/payments/authorizations/AUTH1/reauthorize");
  silence();
  expect("GET " + orders);
  reply(200,
        order("COMPLETED", "\"authorizations\":[" + hold("CREATED") + "," +
                               R"({"id":"AUTH2","status":"CREATED",)" + amount("100.00") + "}]"));
  expect("POST /v2/payments/authorizations/AUTH2/capture");
  reply(201, taken("CAP1", "100.00"));
  EXPECT_EQ(story.status(), Status::captured);
}

}  // namespace
}  // namespace cambist::paypal
