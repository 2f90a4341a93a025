// The events themselves are in fixtures/webhooks.json, read by the conformance test; here is what
// must hold for all of them, and what is no event.
#include "protocols/providers/paypal/webhooks.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "tests/unit/protocols/providers/fixture.hpp"

namespace cambist::paypal {
namespace {

namespace json = boost::json;

const std::string capture =
    R"({"id":"2GG2","status":"COMPLETED","amount":{"currency_code":"USD","value":"12.00"},)"
    R"("custom_id":"pay_01jd2v9h3ke1r8m7q0c5xw4tby"})";

std::string event(const std::string& resource = capture,
                  const std::string& type = "PAYMENT.CAPTURE.COMPLETED") {
  return R"({"id":"WH-1","create_time":"2026-11-21T08:38:18Z","event_type":")" + type +
         R"(","resource":)" + resource + "}";
}

TEST(PayPalWebhook, TheFixturesCoverEveryTypeThatIsRead) {
  std::set<std::string> seen;
  for (const auto& webhook : test::read_webhooks("paypal"))
    seen.insert(json::value_to<std::string>(webhook.notice.at("type")));
  for (const char* type :
       {"CHECKOUT.ORDER.APPROVED", "CHECKOUT.PAYMENT-APPROVAL.REVERSED",
        "PAYMENT.AUTHORIZATION.CREATED", "PAYMENT.AUTHORIZATION.VOIDED",
        "PAYMENT.CAPTURE.COMPLETED", "PAYMENT.CAPTURE.PENDING", "PAYMENT.CAPTURE.DENIED",
        "PAYMENT.CAPTURE.DECLINED", "PAYMENT.CAPTURE.REFUNDED", "PAYMENT.CAPTURE.REVERSED",
        "PAYMENT.REFUND.PENDING", "PAYMENT.REFUND.FAILED", "CUSTOMER.DISPUTE.CREATED",
        "CUSTOMER.DISPUTE.UPDATED", "CUSTOMER.DISPUTE.RESOLVED"}) {
    EXPECT_TRUE(seen.contains(type)) << type;
  }
}

struct NoEvent {
  const char* name;
  std::string body;
  const char* field;
};

void PrintTo(const NoEvent& given, std::ostream* out) {
  *out << given.name;
}

class PayPalWebhookIsNoEvent : public testing::TestWithParam<NoEvent> {};

TEST_P(PayPalWebhookIsNoEvent, SaysWhichFieldIsWrong) {
  const auto notice = read_event(GetParam().body, true);
  ASSERT_FALSE(notice);
  EXPECT_EQ(notice.error().code, ErrorCode::invalid_request);
  EXPECT_EQ(notice.error().field, GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    All, PayPalWebhookIsNoEvent,
    testing::Values(
        NoEvent{"Empty", "", "body"}, NoEvent{"Text", "hello", "body"},
        NoEvent{"Array", "[]", "body"}, NoEvent{"CutShort", event().substr(0, 60), "body"},
        NoEvent{"TooDeep", std::string(200, '[') + std::string(200, ']'), "body"},
        NoEvent{"NoId", R"({"event_type":"X"})", "id"},
        NoEvent{"IdIsANumber", R"({"id":1,"event_type":"X"})", "id"},
        NoEvent{"IdIsLong", R"({"id":")" + std::string(65, 'W') + R"(","event_type":"X"})", "id"},
        NoEvent{"IdHasANewline", R"({"id":"WH\n1","event_type":"X"})", "id"},
        NoEvent{"IdHasANul", R"({"id":"WH\u00001","event_type":"X"})", "id"},
        NoEvent{"NoType", R"({"id":"WH-1"})", "event_type"},
        NoEvent{"TypeIsEmpty", R"({"id":"WH-1","event_type":""})", "event_type"},
        NoEvent{"TypeHasASlash", R"({"id":"WH-1","event_type":"A/B"})", "event_type"},
        NoEvent{"NoResource", R"({"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED"})",
                "resource"},
        NoEvent{"ResourceIsText", event("\"2GG2\""), "resource"},
        NoEvent{"ResourceIsEmpty", event("{}"), "resource"},
        NoEvent{"NobodysCapture", event(R"({"id":"2GG2","status":"COMPLETED"})"), "resource"},
        NoEvent{"NobodysDispute",
                event(R"({"dispute_id":"PP-D-1","disputed_transactions":[]})",
                      "CUSTOMER.DISPUTE.CREATED"),
                "resource"},
        NoEvent{"NobodysOrder", event("{}", "CHECKOUT.ORDER.APPROVED"), "resource"}),
    [](const auto& info) { return info.param.name; });

TEST(PayPalWebhook, TheAccountTellsTheMode) {
  EXPECT_TRUE(read_event(event(), true)->livemode);
  EXPECT_FALSE(read_event(event(), false)->livemode);
}

TEST(PayPalWebhook, MoneyIsToldOnlyWhereItCanBeRead) {
  const std::string refund =
      R"({"id":"1JU0","status":"COMPLETED","custom_id":"op_01jd2v9h3ke1r8m7q0c5xw4tbz",)"
      R"("invoice_id":"pay_01jd2v9h3ke1r8m7q0c5xw4tby:op_01jd2v9h3ke1r8m7q0c5xw4tbz","amount":)";
  for (const char* amount :
       {"null", "12", "\"12.00\"", R"({"value":"12.00"})", R"({"value":12,"currency_code":"USD"})",
        R"({"value":"-12.00","currency_code":"USD"})", R"({"value":"0.00","currency_code":"USD"})",
        R"({"value":"12.00","currency_code":"usd"})", R"({"value":"1e3","currency_code":"USD"})"}) {
    const auto notice = read_event(event(refund + amount + "}", "PAYMENT.CAPTURE.REFUNDED"), true);
    ASSERT_TRUE(notice) << amount;
    EXPECT_TRUE(std::holds_alternative<provider::Happened>(notice->news)) << amount;
  }
}

TEST(PayPalWebhook, AWrongTypeAnywhereNeverThrowsAndNeverMovesAnotherAmount) {
  const json::value others[] = {nullptr, true, -1, 1e300, "x", json::array{1}, json::object{}};
  for (const auto& webhook : test::read_webhooks("paypal")) {
    const auto body = json::parse(webhook.body);
    for (const auto& other : others) {
      for (std::size_t at = 0; at < 50; ++at) {
        auto changed = body;
        std::size_t countdown = at;
        const std::function<void(json::value&)> swap_one = [&](json::value& value) {
          if (countdown-- == 0) {
            value = other;
          } else if (auto* object = value.if_object()) {
            for (auto& entry : *object) swap_one(entry.value());
          } else if (auto* array = value.if_array()) {
            for (auto& entry : *array) swap_one(entry);
          }
        };
        swap_one(changed);
        const auto notice = read_event(json::serialize(changed), true);
        if (!notice) continue;
        if (const auto* seen = std::get_if<provider::RefundSeen>(&notice->news)) {
          EXPECT_TRUE(to_decimal(seen->amount) == "12.00" || to_decimal(seen->amount) == "3.00");
        }
      }
    }
  }
}

}  // namespace
}  // namespace cambist::paypal
