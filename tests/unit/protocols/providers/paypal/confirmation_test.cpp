// News that takes effect by itself: believed as far as PayPal says the same of the object itself.
#include "protocols/providers/paypal/confirmation.hpp"

#include <gtest/gtest.h>

#include "protocols/providers/paypal/certificate.hpp"
#include "tests/unit/protocols/providers/paypal/colliding_body.hpp"
#include "tests/unit/protocols/providers/paypal/signed_webhook.hpp"

namespace cambist::paypal {
namespace {

using test::SignedWebhook;

constexpr const char* payment = "pay_01jd2v9h3ke1r8m7q0c5xw4tby";
constexpr const char* other_payment = "pay_01jd2v9h3ke1r8m7q0c5xw4tbx";
constexpr const char* operation = "op_01jd2v9h3ke1r8m7q0c5xw4tbz";

std::shared_ptr<const provider::Adapter> adapter(std::map<std::string, std::string> values = {}) {
  return provider::find_entry("paypal")->make(test::paypal_settings(std::move(values))).value();
}

/// One of PayPal's objects, as it stands in an event and in the answer to a GET.
struct Thing {
  std::string id = "0AW2184448108334S";
  std::string status = "COMPLETED";
  std::string value = "12.00";
  std::string custom = payment;
  std::string order = "5O190127TN364715T";
  std::string more{};

  [[nodiscard]] std::string json() const {
    std::string text = R"({"id":")" + id + R"(","status":")" + status +
                       R"(","amount":{"currency_code":"USD","value":")" + value +
                       R"("},"custom_id":")" + custom + R"(")";
    if (!order.empty())
      text += R"(,"supplementary_data":{"related_ids":{"order_id":")" + order + R"("}})";
    return text + more + "}";
  }
};

struct Dispute {
  std::string id = "PP-D-27803";
  std::string status = "WAITING_FOR_SELLER_RESPONSE";
  std::string value = "12.00";
  std::string custom = payment;
  std::string stage = "CHARGEBACK";
  std::string outcome{};
  std::string due = "2026-12-05T08:00:00Z";

  [[nodiscard]] std::string json() const {
    std::string text = R"({"dispute_id":")" + id + R"(","disputed_transactions":[{"custom":")" +
                       custom + R"("}],"reason":"UNAUTHORISED","status":")" + status +
                       R"(","dispute_amount":{"currency_code":"USD","value":")" + value +
                       R"("},"dispute_life_cycle_stage":")" + stage + R"(")";
    if (!due.empty()) text += R"(,"seller_response_due_date":")" + due + R"(")";
    if (!outcome.empty()) text += R"(,"dispute_outcome":{"outcome_code":")" + outcome + R"("})";
    return text + "}";
  }
};

http::Request event(const std::string& type, const std::string& resource,
                    const std::string& kind = "refund") {
  SignedWebhook webhook;
  webhook.body = R"({"id":"WH-9","create_time":"2026-12-01T08:00:00Z","resource_type":")" + kind +
                 R"(","event_type":")" + type + R"(","resource":)" + resource + "}";
  return webhook.request();
}

/// nullopt: confirmed.
std::optional<ErrorCode> refusal(const http::Request& webhook, const http::Response& answer) {
  const auto confirmed = adapter()->confirm_with(webhook, answer);
  return confirmed ? std::nullopt : std::optional{confirmed.error().code};
}
bool agrees(const http::Request& webhook, const std::string& shown) {
  const auto refused = refusal(webhook, {200, {}, shown});
  EXPECT_TRUE(!refused || refused == ErrorCode::unauthenticated);
  return !refused;
}

Thing with(std::string Thing::*field, std::string value) {
  Thing thing;
  thing.*field = std::move(value);
  return thing;
}
Dispute with(std::string Dispute::*field, std::string value) {
  Dispute dispute;
  dispute.*field = std::move(value);
  return dispute;
}

// --- what is asked
// -------------------------------------------------------------------------------------------

TEST(PayPalConfirmation, AsksForTheVeryObjectWithTheAccountsToken) {
  const std::string id = "0AW2184448108334S";
  const struct {
    const char* type;
    std::string resource;
    std::string kind;
    std::string target;
  } cases[] = {
      {"PAYMENT.AUTHORIZATION.VOIDED", with(&Thing::status, "VOIDED").json(), "authorization",
       "/v2/payments/authorizations/" + id},
      {"PAYMENT.CAPTURE.COMPLETED", Thing{}.json(), "capture", "/v2/payments/captures/" + id},
      {"PAYMENT.CAPTURE.REFUNDED", Thing{}.json(), "refund", "/v2/payments/refunds/" + id},
      {"PAYMENT.REFUND.PENDING", with(&Thing::status, "PENDING").json(), "refund",
       "/v2/payments/refunds/" + id},
      {"PAYMENT.REFUND.FAILED", with(&Thing::status, "FAILED").json(), "refund",
       "/v2/payments/refunds/" + id},
      {"PAYMENT.CAPTURE.REVERSED", Thing{}.json(), "refund", "/v2/payments/refunds/" + id},
      {"PAYMENT.CAPTURE.REVERSED", Thing{}.json(), "capture", "/v2/payments/captures/" + id},
      {"CUSTOMER.DISPUTE.CREATED", Dispute{}.json(), "dispute", "/v1/customer/disputes/PP-D-27803"},
  };
  for (const auto& given : cases) {
    SCOPED_TRACE(given.target + " " + given.type);
    const auto asked =
        adapter()->confirmation_for(event(given.type, given.resource, given.kind)).value();
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->request.method, "GET");
    EXPECT_EQ(asked->request.origin, "https://api-m.sandbox.paypal.com");
    EXPECT_EQ(asked->request.target, given.target);
    EXPECT_TRUE(asked->with_token);
    EXPECT_FALSE(asked->keep) << "an object changes";
  }
}

TEST(PayPalConfirmation, OfWhatIsOnlyAHintIsNotAskedFor) {
  for (const auto& webhook :
       {event("PAYMENT.AUTHORIZATION.CREATED", Thing{}.json()),
        event("PAYMENT.CAPTURE.DENIED", Thing{}.json()),
        event("PAYMENT.SALE.COMPLETED", Thing{}.json()),
        event("PAYMENT.CAPTURE.REFUNDED", with(&Thing::custom, "somebody's").json()),
        event("PAYMENT.CAPTURE.REFUNDED", with(&Thing::value, "12,00").json())}) {
    const auto asked = adapter()->confirmation_for(webhook);
    ASSERT_TRUE(asked) << webhook.body;
    EXPECT_FALSE(*asked) << webhook.body;
  }
}

TEST(PayPalConfirmation, OfAnObjectWithoutAnIdThatFitsAPathIsRefused) {
  for (const char* id : {"", "../../v1/oauth2", "A B", "A?x=1"}) {
    const auto webhook = event("PAYMENT.AUTHORIZATION.VOIDED", with(&Thing::id, id).json());
    const auto asked = adapter()->confirmation_for(webhook);
    ASSERT_FALSE(asked) << id;
    EXPECT_EQ(asked.error().code, ErrorCode::unauthenticated) << id;
  }
}

TEST(PayPalConfirmation, IsAskedForAfterAPostbackToo) {
  const auto asked = adapter({{"webhook_verification", "postback"}})
                         ->confirmation_for(event("PAYMENT.CAPTURE.REFUNDED", Thing{}.json()));
  ASSERT_TRUE(asked);
  EXPECT_TRUE(*asked) << "PayPal's own word may be about the checksum alone";
}

// --- what is believed
// ----------------------------------------------------------------------------------------

TEST(PayPalConfirmation, ARefundIsBelievedOnlyAsPayPalShowsIt) {
  const auto refunded = event("PAYMENT.CAPTURE.REFUNDED", Thing{}.json());
  EXPECT_TRUE(agrees(refunded, Thing{}.json()));
  for (const auto& other : {with(&Thing::id, "1JU08902781691411"), with(&Thing::status, "PENDING"),
                            with(&Thing::status, "FAILED"), with(&Thing::status, "CANCELLED"),
                            with(&Thing::status, "NEWS"), with(&Thing::status, ""),
                            with(&Thing::value, "11.99"), with(&Thing::custom, other_payment),
                            with(&Thing::custom, "somebody's"), with(&Thing::custom, operation),
                            with(&Thing::custom, ""), with(&Thing::order, "8SJ49203NB1023841")}) {
    EXPECT_FALSE(agrees(refunded, other.json())) << other.json();
  }
  EXPECT_TRUE(agrees(refunded, with(&Thing::order, "").json())) << "the payment is told";
}

TEST(PayPalConfirmation, WithoutAPaymentTheOrderMustBeShown) {
  auto claimed = with(&Thing::custom, "");
  const auto refunded = event("PAYMENT.CAPTURE.REFUNDED", claimed.json());
  EXPECT_TRUE(agrees(refunded, claimed.json()));
  claimed.order = "8SJ49203NB1023841";
  EXPECT_FALSE(agrees(refunded, claimed.json()));
  claimed.order = "";
  EXPECT_FALSE(agrees(refunded, claimed.json()));
}

TEST(PayPalConfirmation, ARefundThatFailedMustHaveFailed) {
  auto failed = with(&Thing::status, "FAILED");
  const auto webhook = event("PAYMENT.REFUND.FAILED", failed.json());
  EXPECT_TRUE(agrees(webhook, failed.json()));
  EXPECT_FALSE(agrees(webhook, Thing{}.json()));
}

TEST(PayPalConfirmation, APendingRefundMayHaveEndedSince) {
  const auto webhook = event("PAYMENT.REFUND.PENDING", with(&Thing::status, "PENDING").json());
  for (const char* status : {"PENDING", "COMPLETED", "FAILED", "CANCELLED"})
    EXPECT_TRUE(agrees(webhook, with(&Thing::status, status).json())) << status;
}

TEST(PayPalConfirmation, AnAuthorizationEndedOnlyWhereItIsVoided) {
  const auto voided = with(&Thing::status, "VOIDED");
  const auto webhook = event("PAYMENT.AUTHORIZATION.VOIDED", voided.json(), "authorization");
  EXPECT_TRUE(agrees(webhook, voided.json()));
  for (const char* status : {"CREATED", "CAPTURED", "PARTIALLY_CAPTURED", "PENDING", "DENIED", ""})
    EXPECT_FALSE(agrees(webhook, with(&Thing::status, status).json())) << status;
  auto lasting = voided;
  lasting.more = R"(,"expiration_time":"2026-12-24T08:00:00Z")";
  auto ended = voided;
  ended.more = R"(,"expiration_time":"2026-11-24T08:00:00Z")";
  EXPECT_FALSE(agrees(event("PAYMENT.AUTHORIZATION.VOIDED", ended.json()), lasting.json()))
      << "it was voided, and did not expire";
}

TEST(PayPalConfirmation, ACaptureStaysOneWhenItIsGivenBack) {
  const auto webhook = event("PAYMENT.CAPTURE.COMPLETED", Thing{}.json(), "capture");
  for (const char* status : {"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"})
    EXPECT_TRUE(agrees(webhook, with(&Thing::status, status).json())) << status;
  for (const char* status : {"PENDING", "DECLINED", "FAILED"})
    EXPECT_FALSE(agrees(webhook, with(&Thing::status, status).json())) << status;
  EXPECT_FALSE(agrees(webhook, with(&Thing::value, "1200.00").json()));
}

TEST(PayPalConfirmation, AReversalIsARefundThatNobodyHereAskedFor) {
  const auto webhook = event("PAYMENT.CAPTURE.REVERSED", Thing{}.json());
  EXPECT_TRUE(agrees(webhook, Thing{}.json()));
  EXPECT_FALSE(agrees(webhook, with(&Thing::status, "PENDING").json()));
  // One of ours with another name on it.
  auto ours = with(&Thing::custom, operation);
  ours.more = R"(,"invoice_id":")" + std::string{payment} + R"(")";
  EXPECT_FALSE(agrees(event("PAYMENT.CAPTURE.REVERSED", ours.json()), ours.json()));
  // Told by the capture: all of it must be gone.
  const auto by_capture = event("PAYMENT.CAPTURE.REVERSED", Thing{}.json(), "capture");
  EXPECT_TRUE(agrees(by_capture, with(&Thing::status, "REFUNDED").json()));
  EXPECT_FALSE(agrees(by_capture, Thing{}.json()));
  EXPECT_FALSE(agrees(by_capture, with(&Thing::status, "PARTIALLY_REFUNDED").json()));
  // One of perhaps several, which we may have given back ourselves.
  auto of_hold = with(&Thing::status, "REFUNDED");
  of_hold.order = R"(5O190127TN364715T","authorization_id":"0AW2184448108334S)";
  EXPECT_FALSE(agrees(by_capture, of_hold.json()));
  of_hold.more = R"(,"status_details":{"reason":"REFUNDED"})";
  EXPECT_FALSE(agrees(by_capture, of_hold.json()));
  of_hold.more = R"(,"status_details":{"reason":"CHARGEBACK"})";
  EXPECT_TRUE(agrees(by_capture, of_hold.json()));
}

TEST(PayPalConfirmation, ADisputeIsNeverFurtherThanPayPalShowsIt) {
  const auto created = event("CUSTOMER.DISPUTE.CREATED", Dispute{}.json());
  EXPECT_TRUE(agrees(created, Dispute{}.json()));
  auto lost = with(&Dispute::status, "RESOLVED");
  lost.outcome = "RESOLVED_BUYER_FAVOUR";
  lost.due = "";
  EXPECT_TRUE(agrees(created, lost.json())) << "it went on since";
  const auto resolved = event("CUSTOMER.DISPUTE.RESOLVED", lost.json());
  EXPECT_TRUE(agrees(resolved, lost.json()));
  EXPECT_FALSE(agrees(resolved, Dispute{}.json()));
  EXPECT_FALSE(agrees(resolved, with(&Dispute::status, "UNDER_REVIEW").json()));
  auto won = lost;
  won.outcome = "RESOLVED_SELLER_FAVOUR";
  EXPECT_FALSE(agrees(resolved, won.json()));
  const auto asked = event("CUSTOMER.DISPUTE.CREATED", with(&Dispute::stage, "INQUIRY").json());
  EXPECT_TRUE(agrees(asked, Dispute{}.json()));
  EXPECT_FALSE(agrees(created, with(&Dispute::stage, "INQUIRY").json())) << "no money has moved";
  for (const auto& other : {with(&Dispute::id, "PP-D-1"), with(&Dispute::value, "11.00"),
                            with(&Dispute::custom, other_payment), with(&Dispute::custom, ""),
                            with(&Dispute::due, "2027-12-05T08:00:00Z")}) {
    EXPECT_FALSE(agrees(created, other.json())) << other.json();
  }
}

TEST(PayPalConfirmation, OfWhatPayPalDoesNotKnowIsAForgery) {
  EXPECT_EQ(refusal(event("PAYMENT.CAPTURE.REFUNDED", Thing{}.json()),
                    {404, {}, R"({"name":"RESOURCE_NOT_FOUND"})"}),
            ErrorCode::unauthenticated);
}

TEST(PayPalConfirmation, AnAnswerThatTellsNothingMakesPayPalSendItAgain) {
  const auto webhook = event("PAYMENT.CAPTURE.REFUNDED", Thing{}.json());
  for (const http::Response& answer :
       {http::Response{401, {}, R"({"error":"invalid_token"})"}, http::Response{403, {}, "{}"},
        http::Response{429, {}, "{}"}, http::Response{500, {}, Thing{}.json()},
        http::Response{503, {}, ""}, http::Response{200, {}, "<html>"},
        http::Response{200, {}, "[]"}, http::Response{204, {}, ""}}) {
    EXPECT_EQ(refusal(webhook, answer), ErrorCode::unavailable) << answer.status;
  }
}

// --- the forgery that the checksum lets through
// --------------------------------------------------------------------------

class PayPalCollision : public testing::TestWithParam<http::Request> {};

TEST_P(PayPalCollision, FitsAGenuineSignatureAndHasNoEffect) {
  const auto now = parse_rfc3339("2026-12-01T08:00:05Z").value();
  const http::Response certificate{200, {}, std::string{test::pem::leaf}};
  const auto account = adapter();
  // One genuine transmission, of a payment that is held.
  auto genuine = event("PAYMENT.AUTHORIZATION.CREATED", with(&Thing::status, "CREATED").json());
  ASSERT_TRUE(account->verify_with(genuine, certificate, now));

  http::Request forged = genuine;
  forged.body = test::with_checksum(GetParam().body, crc32(genuine.body));
  ASSERT_NE(forged.body, genuine.body);
  ASSERT_EQ(crc32(forged.body), crc32(genuine.body));
  EXPECT_TRUE(account->verify_with(forged, certificate, now)) << "the certificate sees nothing";
  EXPECT_TRUE(account->read_webhook(forged.body));

  // What is at PayPal: the authorization, and nothing else.
  const auto asked = account->confirmation_for(forged).value();
  ASSERT_TRUE(asked);
  const bool is_there = asked->request.target == "/v2/payments/authorizations/0AW2184448108334S";
  const http::Response answer =
      is_there ? http::Response{200, {}, with(&Thing::status, "CREATED").json()}
               : http::Response{404, {}, R"({"name":"RESOURCE_NOT_FOUND"})"};
  const auto confirmed = account->confirm_with(forged, answer);
  ASSERT_FALSE(confirmed);
  EXPECT_EQ(confirmed.error().code, ErrorCode::unauthenticated);
}

INSTANTIATE_TEST_SUITE_P(
    Events, PayPalCollision,
    testing::Values(event("PAYMENT.AUTHORIZATION.VOIDED", with(&Thing::status, "VOIDED").json()),
                    event("PAYMENT.CAPTURE.COMPLETED", Thing{}.json()),
                    event("PAYMENT.CAPTURE.REFUNDED", Thing{}.json()),
                    event("PAYMENT.CAPTURE.REVERSED", Thing{}.json()),
                    event("PAYMENT.REFUND.FAILED", with(&Thing::status, "FAILED").json()),
                    event("CUSTOMER.DISPUTE.CREATED", Dispute{}.json())));

}  // namespace
}  // namespace cambist::paypal
