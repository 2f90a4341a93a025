// Every fault on every kind of call: what the client sees, and whether the effect happened.
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using inbound::Delivery;

std::string rule(const std::string& operation, const std::string& fault,
                 const std::string& more = R"("count":1)") {
  return R"({"provider":"stripe","operation":")" + operation + R"(","fault":")" + fault + "\"" +
         (more.empty() ? "" : "," + more) + "}";
}

struct Shape {
  std::string fault;
  Delivery delivery;
  int status;        // of the answer that the client gets, if it gets one
  bool effect;       // has the first call an effect
  int status_again;  // of the same call with the same key afterwards
  bool replayed;
};

void PrintTo(const Shape& given, std::ostream* out) {
  *out << given.fault;
}

const std::vector<Shape> shapes{
    {"timeout_before", Delivery::never, 0, false, 200, false},
    {"timeout_after", Delivery::never, 0, true, 200, true},
    {"reset_before", Delivery::reset, 0, false, 200, false},
    {"reset_mid_body", Delivery::reset_mid_body, 0, true, 200, true},
    {"http_500", Delivery::normal, 500, false, 500, true},
    {"http_500_after", Delivery::normal, 500, true, 500, true},
    {"http_502_html", Delivery::normal, 502, false, 200, false},
    {"http_503", Delivery::normal, 503, false, 200, false},
    {"http_429", Delivery::normal, 429, false, 200, false},
    {"slow", Delivery::normal, 200, true, 409, false},
    {"truncated_json", Delivery::normal, 200, true, 200, true},
    {"wrong_type", Delivery::normal, 200, true, 200, true},
};

class EveryFault : public testing::TestWithParam<std::tuple<Shape, std::string>> {
 protected:
  // One call of the operation, ready to be made; everything before it has been done.
  std::function<Answer()> prepare(const std::string& operation) {
    if (operation == "authorize" || operation == "charge") {
      const auto* how = operation == "charge" ? "automatic" : "manual";
      const auto id =
          desk_.create({{"payment_method", "pm_card_visa"}, {"capture_method", how}}).text("id");
      return [this, id] { return desk_.act(id, "confirm", {}, "k-1"); };
    }
    if (operation == "refund") {
      const auto id = desk_.confirmed("pm_card_visa").text("id");
      return [this, id] { return desk_.refund(id, {}, "k-1"); };
    }
    const auto id = desk_.authorized();
    const std::string verb = operation == "void" ? "cancel" : "capture";
    return [this, id, verb] { return desk_.act(id, verb, {}, "k-1"); };
  }
  Desk desk_;
};

TEST_P(EveryFault, ShowsItselfAndHasTheEffectItSays) {
  const auto& [shape, operation] = GetParam();
  const auto call = prepare(operation);
  const auto before = desk_.effects().size();
  ASSERT_EQ(desk_.faults(rule(operation, shape.fault)).status(), 200);
  const auto first = call();
  EXPECT_EQ(first.outgoing.delivery, shape.delivery);
  if (shape.delivery == Delivery::normal) {
    EXPECT_EQ(first.status(), shape.status);
  }
  EXPECT_EQ(desk_.effects().size() - before, shape.effect ? 1U : 0U);

  const auto again = call();  // the rule is used up
  EXPECT_EQ(again.outgoing.delivery, Delivery::normal);
  EXPECT_EQ(again.status(), shape.status_again);
  EXPECT_EQ(again.header("idempotent-replayed"), shape.replayed ? "true" : "");
  const bool happened = shape.effect || shape.status_again == 200;
  EXPECT_EQ(desk_.effects().size() - before, happened ? 1U : 0U) << "never two effects for one key";
}

INSTANTIATE_TEST_SUITE_P(OnEveryOperation, EveryFault,
                         testing::Combine(testing::ValuesIn(shapes),
                                          testing::Values("authorize", "charge", "capture", "void",
                                                          "refund")),
                         [](const auto& given) {
                           return std::get<0>(given.param).fault + "_" + std::get<1>(given.param);
                         });

TEST(Faults, AnswersLookAsAtStripe) {
  Desk desk;
  const auto faulty = [&](const std::string& fault) {
    EXPECT_EQ(desk.faults(rule("charge", fault)).status(), 200);
    return desk.confirmed("pm_card_visa");
  };
  EXPECT_EQ(faulty("http_500").error("type"), "api_error");
  const auto limited = faulty("http_429");
  EXPECT_EQ(limited.error("code"), "rate_limit");
  EXPECT_EQ(limited.header("stripe-rate-limited-reason"), "global-rate");
  EXPECT_EQ(faulty("http_503").header("retry-after"), "1");
  EXPECT_EQ(faulty("http_502_html").header("content-type"), "text/html");
  const auto truncated = faulty("truncated_json");
  EXPECT_TRUE(truncated.body.is_null()) << "half a document is no JSON";
  EXPECT_FALSE(truncated.outgoing.response.body.empty());
  const auto wrong = faulty("wrong_type");
  EXPECT_EQ(wrong.text("amount"), "1000");
  EXPECT_TRUE(wrong["status"].is_array());
}

TEST(Faults, InquiriesFailToo) {
  Desk desk;
  const auto id = desk.confirmed("pm_card_visa").text("id");
  ASSERT_EQ(desk.faults(rule("inquire", "timeout_after", R"("count":4)")).status(), 200);
  for (const auto* path : {"payment_intents/", "charges/", "refunds/"}) {
    EXPECT_EQ(desk.get(path + id).outgoing.delivery, Delivery::never) << path;
  }
  EXPECT_EQ(desk.get("payment_intents").outgoing.delivery, Delivery::never);
  EXPECT_EQ(desk.get("payment_intents/" + id).status(), 200);
}

TEST(Faults, TheCreateCallIsHitOnlyWhenAsked) {
  Desk desk;
  ASSERT_EQ(desk.faults(rule("charge", "http_503", "")).status(), 200);
  const auto id = desk.create({{"payment_method", "pm_card_visa"}}).text("id");
  EXPECT_EQ(desk.act(id, "confirm").status(), 503);
  EXPECT_EQ(desk.confirmed("pm_card_visa").status(), 503)
      << "creating and confirming at once has the effect";
  ASSERT_EQ(desk.faults(rule("charge", "http_503", R"("step":"create")")).status(), 200);
  EXPECT_EQ(desk.create().status(), 503);
  EXPECT_EQ(desk.act(id, "confirm").status(), 200);
}

TEST(Faults, AuthorizeAndChargeAreToldApart) {
  Desk desk;
  ASSERT_EQ(desk.faults(rule("authorize", "http_503", "")).status(), 200);
  EXPECT_EQ(desk.confirmed("pm_card_visa").status(), 200);
  EXPECT_EQ(desk.confirmed("pm_card_visa", {{"capture_method", "manual"}}).status(), 503);
  const auto id = desk.create({{"payment_method", "pm_card_visa"}}).text("id");
  EXPECT_EQ(desk.act(id, "confirm", {{"capture_method", "manual"}}).status(), 503)
      << "the confirm call decides";
}

TEST(Faults, RulesAreUsedUpInOrder) {
  Desk desk;
  ASSERT_EQ(desk.faults(rule("charge", "http_503", R"("count":2)") + "," + rule("*", "http_429"))
                .status(),
            200);
  EXPECT_EQ(desk.confirmed("pm_card_visa").status(), 503);
  EXPECT_EQ(desk.confirmed("pm_card_visa").status(), 503);
  EXPECT_EQ(desk.confirmed("pm_card_visa").status(), 429);
  EXPECT_EQ(desk.confirmed("pm_card_visa").status(), 200);
  const auto shown = desk.call("GET", "/sandbox/faults");
  EXPECT_EQ(shown["rules"].at(0).at("count").as_int64(), 0);
  EXPECT_EQ(shown["rules"].at(0).at("fired").as_int64(), 2);
  EXPECT_EQ(shown["rules"].at(1).at("operation").as_string(), "*");
}

TEST(Faults, ProbabilityHitsAboutAsOftenAsItSays) {
  Desk desk;
  ASSERT_EQ(desk.faults(R"({"provider":"*","operation":"*","fault":"http_503","probability":0.25})")
                .status(),
            200);
  int hits = 0;
  for (int i = 0; i < 4'000; ++i) hits += desk.get("payment_intents").status() == 503 ? 1 : 0;
  EXPECT_GT(hits, 850);  // 1000 expected, standard deviation 27
  EXPECT_LT(hits, 1'150);
}

TEST(Faults, CallsThatAreNoOperationAreSpared) {
  Desk desk;
  ASSERT_EQ(desk.faults(R"({"provider":"*","operation":"*","fault":"http_503"})").status(), 200);
  EXPECT_EQ(desk.post("customers", {}).status(), 200);
  EXPECT_EQ(desk.get("balance").status(), 200);
  EXPECT_EQ(desk.act("pi_x", "confirm").status(), 404) << "not a payment, hence no operation";
}

TEST(Faults, A500HitsOnlyWhatIsExecuted) {
  Desk desk;
  const auto first = desk.confirmed("pm_card_visa", {}, "k-1");
  ASSERT_EQ(desk.faults(rule("charge", "http_500")).status(), 200);
  EXPECT_EQ(desk.confirmed("pm_card_visa", {}, "k-1").text("id"), first.text("id"));
  EXPECT_EQ(desk.confirmed("pm_card_visa", {}, "k-2").status(), 500);
}

TEST(Faults, AReplayCanBeLostOnTheWayToo) {
  Desk desk;
  ASSERT_EQ(desk.faults(rule("charge", "timeout_after", R"("count":2)")).status(), 200);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(desk.confirmed("pm_card_visa", {}, "k-1").outgoing.delivery, Delivery::never);
  }
  EXPECT_EQ(desk.confirmed("pm_card_visa", {}, "k-1").header("idempotent-replayed"), "true");
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00"}));
}

TEST(Faults, WebhookFaultsAreTakenForLater) {
  Desk desk;
  for (const auto* fault : {"duplicate", "reorder", "delay", "drop", "forge"}) {
    EXPECT_EQ(desk.faults(rule("webhook", fault)).status(), 200) << fault;
  }
  EXPECT_EQ(desk.confirmed("pm_card_visa").status(), 200);
}

struct BadRules {
  std::string name;
  std::string body;
  std::string field;
};
void PrintTo(const BadRules& given, std::ostream* out) {
  *out << given.name;
}

class FaultRules : public testing::TestWithParam<BadRules> {};

TEST_P(FaultRules, AreRefusedByFieldAndChangeNothing) {
  const auto& given = GetParam();
  Desk desk;
  ASSERT_EQ(desk.faults(rule("charge", "http_503", "")).status(), 200);
  const auto answer = desk.call("PUT", "/sandbox/faults", given.body);
  EXPECT_EQ(answer.status(), 400);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  if (!given.field.empty()) {
    EXPECT_EQ(answer.text("field"), given.field);
  }
  EXPECT_EQ(desk.confirmed("pm_card_visa").status(), 503) << "the old rules still stand";
}

std::string rules(const std::string& text) {
  return R"({"rules":[)" + text + "]}";
}

INSTANTIATE_TEST_SUITE_P(
    All, FaultRules,
    testing::Values(
        BadRules{"NotJson", "{", ""}, BadRules{"NotAnObject", "[]", "body"},
        BadRules{"NoRules", "{}", "rules"}, BadRules{"RulesNoArray", R"({"rules":{}})", "rules"},
        BadRules{"ExtraMember", R"({"rules":[],"rule":1})", "rule"},
        BadRules{"RuleNoObject", rules("7"), "rules[0]"},
        BadRules{"UnknownFault", rules(rule("charge", "explode")), "rules[0].fault"},
        BadRules{"UnknownOperation", rules(rule("steal", "slow")), "rules[0].operation"},
        BadRules{"UnknownProvider", rules(R"({"provider":"acme","operation":"*","fault":"slow"})"),
                 "rules[0].provider"},
        BadRules{"SecondRule", rules(rule("charge", "slow") + "," + rule("charge", "")),
                 "rules[1].fault"},
        BadRules{"NoProvider", rules(R"({"operation":"*","fault":"slow"})"), "rules[0].provider"},
        BadRules{"NoOperation", rules(R"({"provider":"*","fault":"slow"})"), "rules[0].operation"},
        BadRules{"NoFault", rules(R"({"provider":"*","operation":"*"})"), "rules[0].fault"},
        BadRules{"UnknownField", rules(rule("charge", "slow", R"("colour":1)")), "rules[0].colour"},
        BadRules{"CountZero", rules(rule("charge", "slow", R"("count":0)")), "rules[0].count"},
        BadRules{"CountText", rules(rule("charge", "slow", R"("count":"1")")), "rules[0].count"},
        BadRules{"ProbabilityZero", rules(rule("charge", "slow", R"("probability":0)")),
                 "rules[0].probability"},
        BadRules{"ProbabilityOver", rules(rule("charge", "slow", R"("probability":1.01)")),
                 "rules[0].probability"},
        BadRules{"DelayNegative", rules(rule("charge", "slow", R"("delay_ms":-1)")),
                 "rules[0].delay_ms"},
        BadRules{"DelayTooLong", rules(rule("charge", "slow", R"("delay_ms":600001)")),
                 "rules[0].delay_ms"},
        BadRules{"StepUnknown", rules(rule("charge", "slow", R"("step":"late")")), "rules[0].step"},
        BadRules{"WebhookFaultOnCall", rules(rule("charge", "forge")), "rules[0].fault"},
        BadRules{"CallFaultOnWebhook", rules(rule("webhook", "slow")), "rules[0].fault"}),
    [](const auto& given) { return given.param.name; });

}  // namespace
}  // namespace cambist::gateway::sandbox::test
