// The events themselves are in fixtures/webhooks.json, read by the conformance test; here is what
// must hold for all of them, and what is no event.
#include "protocols/providers/stripe/webhooks.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/protocols/providers/fixture.hpp"

namespace cambist::stripe {
namespace {

namespace json = boost::json;

const std::string intent =
    R"({"id":"pi_9","object":"payment_intent","amount":10000,"amount_received":10000,)"
    R"("currency":"usd","status":"succeeded","metadata":{"payment_id":"pay_01jd2v9h3ke1r8m7q0c5xw4tby"}})";

std::string event(const std::string& object = intent,
                  const std::string& type = "payment_intent.succeeded",
                  const std::string& livemode = "false") {
  return R"({"id":"evt_1","object":"event","created":1795250298,"livemode":)" + livemode +
         R"(,"type":")" + type + R"(","data":{"object":)" + object + "}}";
}

TEST(StripeWebhook, TheFixturesCoverEveryTypeThatIsRead) {
  std::set<std::string> seen;
  for (const auto& webhook : test::read_webhooks("stripe")) {
    seen.insert(json::value_to<std::string>(webhook.notice.at("type")));
  }
  for (const char* type : {"payment_intent.created",
                           "payment_intent.succeeded",
                           "payment_intent.payment_failed",
                           "payment_intent.canceled",
                           "payment_intent.amount_capturable_updated",
                           "payment_intent.requires_action",
                           "payment_intent.processing",
                           "charge.succeeded",
                           "charge.failed",
                           "charge.captured",
                           "charge.expired",
                           "charge.refunded",
                           "charge.dispute.created",
                           "charge.dispute.updated",
                           "charge.dispute.funds_withdrawn",
                           "charge.dispute.funds_reinstated",
                           "charge.dispute.closed",
                           "refund.created",
                           "refund.updated",
                           "refund.failed"}) {
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

class StripeWebhookIsNoEvent : public testing::TestWithParam<NoEvent> {};

TEST_P(StripeWebhookIsNoEvent, SaysWhichFieldIsWrong) {
  const auto notice = read_event(GetParam().body, false);
  ASSERT_FALSE(notice);
  EXPECT_EQ(notice.error().code, ErrorCode::invalid_request);
  EXPECT_EQ(notice.error().field, GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    All, StripeWebhookIsNoEvent,
    testing::Values(
        NoEvent{"Empty", "", "body"}, NoEvent{"Text", "hello", "body"},
        NoEvent{"Array", "[]", "body"}, NoEvent{"Null", "null", "body"},
        NoEvent{"CutShort", event().substr(0, 80), "body"},
        NoEvent{"TooDeep", std::string(200, '[') + std::string(200, ']'), "body"},
        NoEvent{"NoId", R"({"type":"payment_intent.succeeded"})", "id"},
        NoEvent{"IdIsANumber", R"({"id":1,"type":"payment_intent.succeeded"})", "id"},
        NoEvent{"IdIsEmpty", R"({"id":"","type":"payment_intent.succeeded"})", "id"},
        NoEvent{"IdIsLong", R"({"id":")" + std::string(256, 'e') + R"(","type":"x"})", "id"},
        NoEvent{"IdHasASpace", R"({"id":"evt 1","type":"x"})", "id"},
        NoEvent{"IdHasANewline", R"({"id":"evt\n1","type":"x"})", "id"},
        NoEvent{"IdHasAQuote", R"({"id":"evt'1","type":"x"})", "id"},
        NoEvent{"IdHasANul", R"({"id":"evt\u00001","type":"x"})", "id"},
        NoEvent{"NoType", R"({"id":"evt_1"})", "type"},
        NoEvent{"TypeIsEmpty", R"({"id":"evt_1","type":""})", "type"},
        NoEvent{"TypeHasASlash", R"({"id":"evt_1","type":"a/b"})", "type"},
        NoEvent{"TypeIsLong", R"({"id":"evt_1","type":")" + std::string(256, 't') + R"("})",
                "type"},
        NoEvent{"OtherKind", R"({"id":"evt_1","type":"x","object":"v2.core.event"})", "object"},
        NoEvent{"ModeIsText", event(intent, "payment_intent.succeeded", "\"false\""), "livemode"},
        NoEvent{"NoData", R"({"id":"evt_1","type":"payment_intent.succeeded"})", "data.object"},
        NoEvent{"DataIsText", R"({"id":"evt_1","type":"refund.created","data":"x"})",
                "data.object"},
        NoEvent{"ObjectIsNull", event("null"), "data.object"},
        NoEvent{"ObjectIsAnId", event("\"pi_9\""), "data.object"},
        NoEvent{"ObjectIsEmpty", event("{}"), "data.object"},
        NoEvent{"IntentWithoutId", event(R"({"object":"payment_intent","status":"succeeded"})"),
                "data.object"},
        NoEvent{"IntentIdIsAPath", event(R"({"id":"pi_9/capture","status":"succeeded"})"),
                "data.object"},
        NoEvent{"OtherObject", event(R"({"id":"cus_1","object":"customer"})"), "data.object"},
        NoEvent{"RefundOfANumber",
                event(R"({"id":"re_9","object":"refund","payment_intent":9})", "refund.created"),
                "data.object"}),
    [](const auto& info) { return info.param.name; });

TEST(StripeWebhook, AnIdOf255CharactersIsStillOne) {
  const std::string id(255, 'e');
  const auto notice = read_event(R"({"id":")" + id + R"(","type":"x"})", false);
  ASSERT_TRUE(notice);
  EXPECT_EQ(notice->id, id);
}

TEST(StripeWebhook, AnEventOfTheOtherModeTouchesNothing) {
  for (const bool live : {true, false}) {
    const auto same =
        read_event(event(intent, "payment_intent.succeeded", live ? "true" : "false"), live);
    ASSERT_TRUE(same);
    EXPECT_TRUE(std::holds_alternative<provider::CaptureSeen>(same->news));
    const auto other =
        read_event(event(intent, "payment_intent.succeeded", live ? "false" : "true"), live);
    ASSERT_TRUE(other);
    EXPECT_TRUE(std::holds_alternative<provider::Irrelevant>(other->news));
    EXPECT_EQ(other->payment + other->provider_payment_id, "");
    EXPECT_EQ(other->livemode, !live);
  }
}

TEST(StripeWebhook, TheKeyTellsTheModeOfTheAccount) {
  const std::pair<const char*, bool> keys[] = {
      {"sk_test_1", false}, {"rk_test_1", false}, {"sk_live_1", true}, {"rk_live_1", true}};
  for (const auto& [key, live] : keys) {
    provider::Settings settings;
    settings.secrets.emplace("secret_key", Secret{key});
    const auto adapter = provider::find_entry("stripe")->make(settings).value();
    for (const bool sent : {true, false}) {
      const auto notice =
          adapter->read_webhook(event(intent, "payment_intent.succeeded", sent ? "true" : "false"));
      ASSERT_TRUE(notice);
      EXPECT_EQ(std::holds_alternative<provider::CaptureSeen>(notice->news), sent == live) << key;
    }
  }
}

TEST(StripeWebhook, AKeyThatTellsNoModeTakesBoth) {
  for (const char* sent : {"true", "false"}) {
    const auto notice = read_event(event(intent, "payment_intent.succeeded", sent), std::nullopt);
    ASSERT_TRUE(notice);
    EXPECT_TRUE(std::holds_alternative<provider::CaptureSeen>(notice->news));
  }
}

// Whatever is done to an event, reading it ends in a notice or a refusal: nothing is thrown.
TEST(StripeWebhook, ReadingIsTotal) {
  for (const auto& webhook : test::read_webhooks("stripe")) {
    for (std::size_t at = 0; at < webhook.body.size(); ++at) {
      (void)read_event(webhook.body.substr(0, at), false);
      std::string changed = webhook.body;
      changed[at] = static_cast<char>(changed[at] ^ 0x15);
      const auto notice = read_event(changed, false);
      if (!notice) EXPECT_FALSE(notice.error().field.empty());
    }
  }
}

}  // namespace
}  // namespace cambist::stripe
