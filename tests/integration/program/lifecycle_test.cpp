// What a payment can go through, over HTTP, against the real program with the sandbox inside.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/service.hpp"
#include "tests/support/witness.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

/// One server for all tests of this file: they use payments of their own.
class Lifecycle : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryFolder;
    server_ = new ServerProcess{{folder_->path()}};
    client_ = new Client{server_->client()};
    sandbox_ = new Client{server_->sandbox_origin(), "sk_test_sandbox"};
  }
  static void TearDownTestSuite() {
    server_->process().signal(SIGTERM);
    EXPECT_EQ(server_->process().wait(40s), 0);
    delete sandbox_;
    delete client_;
    delete server_;
    delete folder_;
  }

  /// The sandbox sends no webhooks from now on: one that tells of the payer's deed first would take
  /// the confirm's answer away.
  static void tell_nothing() {
    const auto set =
        sandbox_->send("PUT", "/sandbox/faults",
                       R"({"rules":[{"provider":"stripe","operation":"webhook","fault":"drop"}]})",
                       {{"Content-Type", "application/json"}});
    ASSERT_EQ(set.status, 200) << set.body;
  }

  static std::string create_body(const std::string& capture,
                                 const std::string& token = "pm_card_visa") {
    return R"({"amount":{"value":"100.00","currency":"USD"},"capture":")" + capture +
           R"(","payment_method":{"type":"card","token":")" + token + R"("}})";
  }
  static json::value create(const std::string& capture, const std::string& token = "pm_card_visa") {
    const auto answer = client_->post("/api/v1/payments", create_body(capture, token));
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json();
  }
  static ApiResponse act(const json::value& payment, const std::string& what,
                         const std::string& body = "{}") {
    return client_->post("/api/v1/payments/" + std::string{payment.at("id").as_string()} + what,
                         body);
  }
  static json::value get(const json::value& payment) {
    return client_->get("/api/v1/payments/" + std::string{payment.at("id").as_string()}).json();
  }
  static std::string status(const json::value& payment) {
    return std::string{payment.at("status").as_string()};
  }
  static Effects effects(const json::value& payment) {
    const auto all =
        effects_by_payment(sandbox_->get("/sandbox/ledger").json().at("effects").as_array());
    const auto found = all.find(std::string{payment.at("id").as_string()});
    return found == all.end() ? Effects{} : found->second;
  }
  /// The request was refused with `status` and `code`, names `field`, and changed nothing.
  static void expect_refused(const json::value& payment, const ApiResponse& answer, int status,
                             std::string_view code, std::string_view field = {}) {
    EXPECT_EQ(answer.status, status) << answer.body;
    const auto problem = answer.json();
    EXPECT_EQ(problem.at("code").as_string(), code);
    if (!field.empty()) EXPECT_EQ(problem.at("field").as_string(), field) << answer.body;
    EXPECT_EQ(get(payment), payment);
  }

  static TemporaryFolder* folder_;
  static ServerProcess* server_;
  static Client* client_;
  static Client* sandbox_;
};
TemporaryFolder* Lifecycle::folder_ = nullptr;
ServerProcess* Lifecycle::server_ = nullptr;
Client* Lifecycle::client_ = nullptr;
Client* Lifecycle::sandbox_ = nullptr;

std::string usd(const char* value) {
  return std::string{R"({"amount":{"value":")"} + value + R"(","currency":"USD"}})";
}

TEST_F(Lifecycle, AManualPaymentIsAuthorizedThenCapturedInFull) {
  const auto payment = create("manual");
  EXPECT_EQ(status(payment), "authorized");
  EXPECT_EQ(payment.at("payment_method").at("brand").as_string(), "visa");
  EXPECT_EQ(payment.at("payment_method").at("last4").as_string(), "4242");
  const auto captured = act(payment, "/capture");
  ASSERT_EQ(captured.status, 200) << captured.body;
  EXPECT_EQ(status(captured.json()), "captured");
  EXPECT_EQ(minor_of(captured.json().at("captured")), 10000);
  EXPECT_EQ(effects(payment).kinds, (std::vector<std::string>{"authorize", "capture"}));
}

TEST_F(Lifecycle, CapturingAPartReleasesTheRest) {
  const auto payment = create("manual");
  const auto captured = act(payment, "/capture", usd("40.00"));
  ASSERT_EQ(captured.status, 200) << captured.body;
  EXPECT_EQ(status(captured.json()), "partially_captured");
  EXPECT_EQ(minor_of(captured.json().at("captured")), 4000);
  expect_refused(get(payment), act(payment, "/capture", usd("1.00")), 409, "illegal_transition");
  EXPECT_EQ(effects(payment).captured, 4000);
}

TEST_F(Lifecycle, SeveralCapturesWhereEachButTheLastIsNotFinal) {
  const auto payment = create("manual");
  for (int i = 0; i < 2; ++i) {
    const auto part =
        act(payment, "/capture", R"({"amount":{"value":"30.00","currency":"USD"},"final":false})");
    ASSERT_EQ(part.status, 200) << part.body;
    EXPECT_EQ(status(part.json()), "partially_captured");
  }
  const auto last = act(payment, "/capture");
  ASSERT_EQ(last.status, 200) << last.body;
  EXPECT_EQ(status(last.json()), "captured");
  EXPECT_EQ(effects(payment).kinds,
            (std::vector<std::string>{"authorize", "capture", "capture", "capture"}));
  EXPECT_EQ(effects(payment).captured, 10000);
}

TEST_F(Lifecycle, APartIsRefundedThenTheRest) {
  const auto payment = create("automatic");
  EXPECT_EQ(status(payment), "captured");
  const auto part = act(payment, "/refund", usd("25.00"));
  ASSERT_EQ(part.status, 200) << part.body;
  EXPECT_EQ(status(part.json()), "partially_refunded");
  const auto rest = act(payment, "/refund");
  ASSERT_EQ(rest.status, 200) << rest.body;
  EXPECT_EQ(status(rest.json()), "refunded");
  EXPECT_EQ(effects(payment).refunded, 10000);
  expect_refused(rest.json(), act(payment, "/refund", usd("0.01")), 409, "illegal_transition");
}

TEST_F(Lifecycle, AnAuthorizationIsVoided) {
  const auto payment = create("manual");
  const auto voided = act(payment, "/cancel");
  ASSERT_EQ(voided.status, 200) << voided.body;
  EXPECT_EQ(status(voided.json()), "voided");
  EXPECT_EQ(effects(payment).kinds, (std::vector<std::string>{"authorize", "void"}));
  expect_refused(voided.json(), act(payment, "/capture"), 409, "illegal_transition");
  expect_refused(voided.json(), act(payment, "/cancel"), 409, "illegal_transition");
}

TEST_F(Lifecycle, WhatIsAboveOrOutOfOrderIsRefusedAndChangesNothing) {
  const auto authorized = create("manual");
  expect_refused(authorized, act(authorized, "/capture", usd("100.01")), 422, "amount_too_large",
                 "amount.value");
  expect_refused(authorized, act(authorized, "/refund"), 409, "illegal_transition");
  expect_refused(authorized, act(authorized, "/confirm"), 409, "illegal_transition");
  expect_refused(authorized,
                 act(authorized, "/capture", R"({"amount":{"value":"1.00","currency":"EUR"}})"),
                 400, "invalid_request", "amount.currency");
  expect_refused(authorized,
                 act(authorized, "/capture", R"({"amount":{"value":"1.001","currency":"USD"}})"),
                 400, "invalid_request", "amount.value");
  const auto captured = create("automatic");
  expect_refused(captured, act(captured, "/cancel"), 409, "illegal_transition");
  expect_refused(captured, act(captured, "/capture"), 409, "illegal_transition");
  expect_refused(captured, act(captured, "/refund", usd("100.01")), 422, "amount_too_large",
                 "amount.value");
  EXPECT_EQ(effects(captured).kinds, (std::vector<std::string>{"charge"}));
  EXPECT_EQ(effects(authorized).kinds, (std::vector<std::string>{"authorize"}));
}

struct Decline {
  const char* token;
  const char* code;
};
// Names the case in the output of the tests.
void PrintTo(const Decline& shown, std::ostream* out) {
  *out << shown.token;
}
class Declines : public Lifecycle, public testing::WithParamInterface<Decline> {};

TEST_P(Declines, IsA402WithTheUnifiedCodeAndThePaymentIsStoredAsFailed) {
  const auto answer = client_->post("/api/v1/payments", create_body("automatic", GetParam().token));
  ASSERT_EQ(answer.status, 402) << answer.body;
  const auto problem = answer.json();
  EXPECT_EQ(problem.at("code").as_string(), GetParam().code);
  const auto& payment = problem.at("payment");
  EXPECT_EQ(status(payment), "failed");
  EXPECT_EQ(payment.at("failure").at("code").as_string(), GetParam().code);
  EXPECT_EQ(get(payment), payment);
  EXPECT_TRUE(effects(payment).kinds.empty());
}

// Source: facts/stripe.md section 9 and facts/error-taxonomy.md section 2; fraud is shown as a
// plain decline.
INSTANTIATE_TEST_SUITE_P(
    Documented, Declines,
    testing::Values(Decline{"pm_card_visa_chargeDeclined", "card_declined"},
                    Decline{"pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds"},
                    Decline{"pm_card_visa_chargeDeclinedLostCard", "card_declined"},
                    Decline{"pm_card_visa_chargeDeclinedStolenCard", "card_declined"},
                    Decline{"pm_card_chargeDeclinedExpiredCard", "payment_method_invalid"},
                    Decline{"pm_card_chargeDeclinedIncorrectCvc", "payment_method_invalid"},
                    Decline{"pm_card_chargeDeclinedProcessingError", "card_declined"},
                    Decline{"pm_card_visa_chargeDeclinedVelocityLimitExceeded",
                            "insufficient_funds"},
                    Decline{"pm_card_chargeDeclinedFraudulent", "card_declined"},
                    Decline{"pm_card_radarBlock", "card_declined"}),
    [](const auto& info) { return std::string{info.param.token}; });

TEST_F(Lifecycle, ThreeDSecureAsksForThePayerAndConfirmCompletesIt) {
  tell_nothing();
  const auto answer = client_->post(
      "/api/v1/payments",
      R"({"amount":{"value":"100.00","currency":"USD"},"return_url":"https://shop.example/back",)"
      R"("payment_method":{"type":"card","token":"pm_card_threeDSecureRequired"}})");
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto payment = answer.json();
  EXPECT_EQ(status(payment), "requires_action");
  EXPECT_EQ(payment.at("next_action").at("type").as_string(), "redirect");
  const std::string url{payment.at("next_action").at("url").as_string()};
  ASSERT_TRUE(url.starts_with(server_->sandbox_origin())) << url;
  // The payer has not acted: asking changes nothing.
  EXPECT_EQ(status(act(payment, "/confirm").json()), "requires_action");
  const auto done =
      sandbox_->send("POST", url.substr(server_->sandbox_origin().size()) + "/complete", {}, {});
  EXPECT_LT(done.status, 400) << done.body;
  const auto confirmed = act(payment, "/confirm");
  ASSERT_EQ(confirmed.status, 200) << confirmed.body;
  EXPECT_EQ(status(confirmed.json()), "captured");
  EXPECT_EQ(effects(payment).kinds, (std::vector<std::string>{"charge"}));
}

TEST_F(Lifecycle, ThreeDSecureThatThePayerFailsIsADecline) {
  tell_nothing();
  const auto payment = create("automatic", "pm_card_threeDSecureRequired");
  ASSERT_EQ(status(payment), "requires_action");
  const std::string url{payment.at("next_action").at("url").as_string()};
  const auto failed =
      sandbox_->send("POST", url.substr(server_->sandbox_origin().size()) + "/fail", {}, {});
  EXPECT_LT(failed.status, 400) << failed.body;
  const auto confirmed = act(payment, "/confirm");
  EXPECT_EQ(confirmed.status, 402) << confirmed.body;
  EXPECT_EQ(status(get(payment)), "failed");
}

TEST_F(Lifecycle, APaymentThatWaitsForThePayerCanBeCancelled) {
  const auto payment = create("automatic", "pm_card_threeDSecureRequired");
  const auto cancelled = act(payment, "/cancel");
  ASSERT_EQ(cancelled.status, 200) << cancelled.body;
  EXPECT_EQ(status(cancelled.json()), "voided");
}

TEST_F(Lifecycle, TheTimelineTellsTheWholeStoryWithoutSecrets) {
  const auto payment = create("manual");
  ASSERT_EQ(act(payment, "/capture").status, 200);
  const auto answer =
      client_->get("/api/v1/payments/" + std::string{payment.at("id").as_string()} + "/events");
  ASSERT_EQ(answer.status, 200);
  const auto events = answer.json().at("data").as_array();
  ASSERT_EQ(events.size(), 7U) << answer.body;
  EXPECT_EQ(events.front().at("type").as_string(), "payment_created");
  EXPECT_EQ(events.at(1).at("type").as_string(), "routed");
  EXPECT_EQ(events.back().at("type").as_string(), "operation_approved");
  EXPECT_EQ(events.back().at("data").at("exchange").at("status").as_int64(), 200);
  for (const char* secret : {"sk_test", "Bearer", "whsec_", "client_secret"}) {
    EXPECT_EQ(answer.body.find(secret), std::string::npos) << secret;
  }
}

struct Refusal {
  const char* name;
  std::string body;
  int status;
  const char* field;
};
// Names the case in the output of the tests.
void PrintTo(const Refusal& shown, std::ostream* out) {
  *out << shown.name;
}
class Refusals : public Lifecycle, public testing::WithParamInterface<Refusal> {};

TEST_P(Refusals, NamesTheFieldAndMakesNoPayment) {
  const auto before = client_->get("/api/v1/payments?limit=1").body;
  const auto answer =
      client_->post("/api/v1/payments", GetParam().body, std::string{"refusal-"} + GetParam().name);
  EXPECT_EQ(answer.status, GetParam().status) << answer.body;
  const auto problem = answer.json();
  ASSERT_TRUE(problem.is_object()) << answer.body;
  if (*GetParam().field != '\0')
    EXPECT_EQ(problem.at("field").as_string(), GetParam().field) << answer.body;
  EXPECT_EQ(client_->get("/api/v1/payments?limit=1").body, before);
}

std::string with_amount(const std::string& amount) {
  return R"({"amount":)" + amount + R"(,"payment_method":{"type":"card","token":"pm_card_visa"}})";
}

INSTANTIATE_TEST_SUITE_P(
    Create, Refusals,
    testing::Values(
        Refusal{"WrongDecimals", with_amount(R"({"value":"1.234","currency":"USD"})"), 400,
                "amount.value"},
        Refusal{"DecimalsOfYen", with_amount(R"({"value":"100.50","currency":"JPY"})"), 400,
                "amount.value"},
        Refusal{"UnknownCurrency", with_amount(R"({"value":"1.00","currency":"ABC"})"), 400,
                "amount.currency"},
        Refusal{"LowerCaseCurrency", with_amount(R"({"value":"1.00","currency":"usd"})"), 400,
                "amount.currency"},
        Refusal{"NumberInsteadOfString", with_amount(R"({"value":1.0,"currency":"USD"})"), 400,
                "amount.value"},
        Refusal{"Negative", with_amount(R"({"value":"-1.00","currency":"USD"})"), 400,
                "amount.value"},
        Refusal{"Zero", with_amount(R"({"value":"0.00","currency":"USD"})"), 400, "amount.value"},
        Refusal{"TooLargeForInt64",
                with_amount(R"({"value":"99999999999999999999.00","currency":"USD"})"), 400,
                "amount.value"},
        Refusal{
            "TooLargeForTheProvider",
            R"({"amount":{"value":"1000000.00","currency":"USD"},"provider":"stripe","payment_method":{"type":"card","token":"pm_card_visa"}})",
            422, "amount.value"},
        Refusal{"NoAmount", R"({"payment_method":{"type":"card","token":"pm_card_visa"}})", 400,
                "amount"},
        Refusal{
            "DuplicateKeys",
            R"({"amount":{"value":"1.00","value":"2.00","currency":"USD"},"payment_method":{"type":"card","token":"pm_card_visa"}})",
            400, "amount.value"},
        Refusal{
            "UnknownField",
            R"({"amount":{"value":"1.00","currency":"USD"},"colour":"red","payment_method":{"type":"card","token":"pm_card_visa"}})",
            400, "colour"},
        Refusal{
            "UnknownProvider",
            R"({"amount":{"value":"1.00","currency":"USD"},"provider":"nobody","payment_method":{"type":"card","token":"pm_card_visa"}})",
            400, "provider"},
        Refusal{
            "WrongCapture",
            R"({"amount":{"value":"1.00","currency":"USD"},"capture":"later","payment_method":{"type":"card","token":"pm_card_visa"}})",
            400, "capture"},
        Refusal{
            "CardNumber",
            R"({"amount":{"value":"1.00","currency":"USD"},"payment_method":{"type":"card","token":"4242424242424242"}})",
            422, "payment_method.token"},
        Refusal{"BrokenUtf8",
                "{\"amount\":{\"value\":\"1.00\",\"currency\":\"USD\"},\"reference\":\"\xC3\x28\","
                "\"payment_method\":{\"type\":\"card\",\"token\":\"pm_card_visa\"}}",
                400, ""},
        Refusal{"NotJson", "amount=1", 400, ""}, Refusal{"Array", "[]", 400, ""},
        Refusal{"Empty", "", 400, ""}, Refusal{"TooDeep", std::string(40, '['), 400, ""},
        Refusal{"Oversized", R"({"description":")" + std::string(300 * 1024, 'x') + "\"}", 413,
                ""}),
    [](const auto& info) { return std::string{info.param.name}; });

}  // namespace
}  // namespace cambist::test
