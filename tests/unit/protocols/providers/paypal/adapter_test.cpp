#include "protocols/providers/paypal/adapter.hpp"

#include <gtest/gtest.h>

#include "tests/unit/protocols/providers/paypal/signed_webhook.hpp"

namespace cambist::paypal {
namespace {

using provider::Call;
using provider::OperationKind;

std::shared_ptr<const provider::Adapter> adapter(std::map<std::string, std::string> values = {}) {
  return make_adapter(test::paypal_settings(std::move(values))).value();
}

Call call(OperationKind kind) {
  Call made;
  made.kind = kind;
  made.operation = OperationId::parse("op_01jd2v9h3ke1r8m7q0c5xw4tbz").value();
  made.payment = PaymentId::parse("pay_01jd2v9h3ke1r8m7q0c5xw4tby").value();
  made.idempotency_key = "k";
  made.amount = made.remaining = Money{10'000, Currency::parse("USD").value()};
  made.method = {"paypal", ""};
  if (kind == OperationKind::authorize || kind == OperationKind::charge) return made;
  made.provider_payment_id = "5O190127TN364715T";
  made.authorization_object = "0AW2184448108334S";
  if (kind == OperationKind::refund) made.capture_object = "2GG279541U471931P";
  return made;
}

TEST(PayPalAdapter, MakesRequestsWithoutTheToken) {
  for (const auto kind : {OperationKind::authorize, OperationKind::charge, OperationKind::capture,
                          OperationKind::void_authorization, OperationKind::refund}) {
    for (const bool inquiry : {false, true}) {
      auto asked = call(kind);
      asked.inquiry = inquiry;
      const auto request = adapter()->build(asked).value();
      EXPECT_EQ(http::find(request.headers, "Authorization"), nullptr);
      EXPECT_EQ(request.origin, "https://api-m.sandbox.paypal.com");
    }
  }
}

TEST(PayPalAdapter, RefusesACallThatNamesNoObject) {
  for (const char* id : {"", "5O19/capture", "5O 19", "5O19?x=1", "../refunds", "5O19\r\n"}) {
    auto capture = call(OperationKind::capture);
    capture.authorization_object = id;
    EXPECT_FALSE(adapter()->build(capture)) << id;
    auto refund = call(OperationKind::refund);
    refund.capture_object = id;
    EXPECT_FALSE(adapter()->build(refund)) << id;
    auto question = call(OperationKind::capture);
    question.inquiry = true;
    question.provider_payment_id = id;
    EXPECT_FALSE(adapter()->build(question)) << id;
  }
}

TEST(PayPalAdapter, RefusesAKeyThatPayPalWouldCutOrMiss) {
  auto broken = call(OperationKind::charge);
  broken.idempotency_key.assign(102, 'k');  // ":create" makes it 109
  EXPECT_FALSE(adapter()->build(broken));
  broken.idempotency_key.clear();
  EXPECT_FALSE(adapter()->build(broken));
  broken.idempotency_key.assign(101, 'k');
  EXPECT_TRUE(adapter()->build(broken));
}

TEST(PayPalAdapter, CutsALongDescriptionBetweenCharacters) {
  auto create = call(OperationKind::charge);
  create.description = std::string(126, 'x') + "äöü";
  const auto body = adapter()->build(create).value().body;
  EXPECT_NE(body.find("\"description\":\"" + std::string(126, 'x') + "\","), std::string::npos)
      << body;
}

TEST(PayPalAdapter, ShowsPayPalsOwnRequestId) {
  EXPECT_EQ(adapter()->request_id({200, {{"Paypal-Debug-Id", "b1d1f06c7246c"}}, ""}),
            "b1d1f06c7246c");
  EXPECT_EQ(adapter()->request_id({200, {{"PayPal-Debug-Id", "b1 d1\n"}}, ""}), "");
  EXPECT_EQ(adapter()->request_id({200, {}, ""}), "");
}

// --- tokens
// ---------------------------------------------------------------------------------------------------

TEST(PayPalToken, IsAskedForWithTheClientsCredentials) {
  const auto request = adapter()->build_token_request({}).value();
  EXPECT_EQ(request.method + " " + request.origin + request.target,
            "POST https://api-m.sandbox.paypal.com/v1/oauth2/token");
  EXPECT_EQ(*http::find(request.headers, "Authorization"), "Basic Y2xpZW50OmhpZGRlbi1zZWNyZXQ=");
  EXPECT_EQ(*http::find(request.headers, "Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(request.body, "grant_type=client_credentials");
}

TEST(PayPalToken, IsReadWithItsLifetime) {
  const auto token = adapter()->read_token(
      {200, {}, R"({"access_token":"A21AA-x","token_type":"Bearer","expires_in":32400})"});
  ASSERT_TRUE(token);
  EXPECT_EQ(token->value.reveal(), "A21AA-x");
  EXPECT_EQ(token->lifetime, std::chrono::hours{9});
  http::Request request;
  adapter()->attach_token(request, token->value);
  EXPECT_EQ(*http::find(request.headers, "Authorization"), "Bearer A21AA-x");
}

TEST(PayPalToken, OurOwnFaultIsToldFromPayPals) {
  const auto code = [](int status, const char* body) {
    const auto token = adapter()->read_token({status, {}, body});
    return token ? ErrorCode::internal : token.error().code;
  };
  EXPECT_EQ(code(401, R"({"error":"invalid_client"})"), ErrorCode::unauthenticated);
  EXPECT_EQ(code(401, ""), ErrorCode::unauthenticated);
  for (const int status : {201, 302, 400, 403, 429, 500, 503})
    EXPECT_EQ(code(status, "{}"), ErrorCode::unavailable) << status;
}

TEST(PayPalToken, OneThatCannotBeUsedIsNone) {
  for (const char* body :
       {"", "{}", "[]", R"({"access_token":"","token_type":"Bearer","expires_in":9})",
        R"({"access_token":"a b","token_type":"Bearer","expires_in":9})",
        R"({"access_token":"a\r\nX: y","token_type":"Bearer","expires_in":9})",
        R"({"access_token":"a","token_type":"mac","expires_in":9})",
        R"({"access_token":"a","token_type":"Bearer"})",
        R"({"access_token":"a","token_type":"Bearer","expires_in":0})",
        R"({"access_token":"a","token_type":"Bearer","expires_in":-5})",
        R"({"access_token":"a","token_type":"Bearer","expires_in":"9"})",
        R"({"access_token":"a","token_type":"Bearer","expires_in":9e18})",
        R"({"access_token":"a","token_type":"Bearer","expires_in":9223372036854775807})"}) {
    const auto token = adapter()->read_token({200, {}, body});
    ASSERT_FALSE(token) << body;
    EXPECT_EQ(token.error().code, ErrorCode::unavailable) << body;
  }
}

TEST(PayPalToken, IsRefusedWith401Alone) {
  EXPECT_TRUE(adapter()->needs_token());
  EXPECT_TRUE(adapter()->token_refused({401, {}, R"({"error":"invalid_token"})"}));
  for (const int status : {200, 400, 403, 404, 409, 422, 429, 500})
    EXPECT_FALSE(adapter()->token_refused({status, {}, ""})) << status;
}

// --- what PayPal cannot do
// ------------------------------------------------------------------------------------

struct Unsupported {
  const char* name;
  OperationKind kind;
  void (*spoil)(Call&);
  const char* field;
};

class PayPalCannot : public testing::TestWithParam<Unsupported> {};

TEST_P(PayPalCannot, IsSaidBeforeAnyCall) {
  auto asked = call(GetParam().kind);
  EXPECT_TRUE(adapter()->check(asked));
  GetParam().spoil(asked);
  const auto checked = adapter()->check(asked);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::unsupported_by_provider);
  EXPECT_EQ(checked.error().field, GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    All, PayPalCannot,
    testing::Values(Unsupported{"OtherMethod", OperationKind::charge,
                                [](Call& c) { c.method.type = "mobile_money"; },
                                "payment_method.type"},
                    Unsupported{"CardsUnlessTheyAreSwitchedOn", OperationKind::authorize,
                                [](Call& c) { c.method.type = "card"; }, "payment_method.type"},
                    Unsupported{"LongReference", OperationKind::charge,
                                [](Call& c) { c.reference.assign(257, 'r'); }, "reference"},
                    Unsupported{"ShillingsOfTanzania", OperationKind::charge,
                                [](Call& c) {
                                  c.amount = {2'500'000, Currency::parse("TZS").value()};
                                },
                                "amount.currency"},
                    Unsupported{"HalfAForint", OperationKind::charge,
                                [](Call& c) {
                                  c.amount = {1'050, Currency::parse("HUF").value()};
                                },
                                "amount.value"},
                    Unsupported{"CaptureOfAnAuthorizationThatIsNotKnown", OperationKind::capture,
                                [](Call& c) { c.authorization_object.clear(); }, "amount"},
                    Unsupported{"RefundThatNoCaptureHolds", OperationKind::refund,
                                [](Call& c) { c.capture_object.clear(); }, "amount.value"}),
    [](const auto& info) { return info.param.name; });

TEST(PayPalAdapter, TakesCardsWhereTheyAreSwitchedOn) {
  auto by_card = call(OperationKind::charge);
  by_card.method = {"card", "pm_card_visa"};
  const auto cards = adapter({{"takes_cards", "true"}});
  EXPECT_TRUE(cards->check(by_card));
  EXPECT_EQ(cards->capabilities().method_types, (std::vector<std::string>{"paypal", "card"}));
  EXPECT_EQ(adapter()->capabilities().method_types, std::vector<std::string>{"paypal"});
  // Another provider's token means nothing to PayPal and is not told to it.
  EXPECT_EQ(cards->build(by_card).value().body.find("pm_card_visa"), std::string::npos);
}

// --- settings
// -------------------------------------------------------------------------------------------------

struct Wrong {
  const char* setting;
  std::string value;
};

void PrintTo(const Wrong& given, std::ostream* out) {
  *out << given.setting << " " << given.value.substr(0, 30);
}

class PayPalSetting : public testing::TestWithParam<Wrong> {};

TEST_P(PayPalSetting, ThatIsWrongIsNamed) {
  auto settings = test::paypal_settings({{GetParam().setting, GetParam().value}});
  const auto made = make_adapter(settings);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::invalid_request);
  EXPECT_EQ(made.error().field, GetParam().setting);
}

INSTANTIATE_TEST_SUITE_P(
    All, PayPalSetting,
    testing::Values(Wrong{"base_url", "ftp://api-m.paypal.com"},
                    Wrong{"base_url", "http://api-m.paypal.com"}, Wrong{"environment", "test"},
                    Wrong{"environment", "Live"}, Wrong{"client_id", ""}, Wrong{"client_id", "a:b"},
                    Wrong{"client_id", "a b"}, Wrong{"client_id", std::string(256, 'c')},
                    Wrong{"webhook_id", "WH|1"}, Wrong{"webhook_id", "WH 1"},
                    Wrong{"webhook_verification", "never"},
                    Wrong{"webhook_root", "-----BEGIN CERTIFICATE-----"},
                    Wrong{"webhook_root", "/etc/ssl/root.pem"}, Wrong{"takes_cards", "yes"},
                    Wrong{"reauthorize_after_days", "3"}, Wrong{"reauthorize_after_days", "29"},
                    Wrong{"reauthorize_after_days", "4.5"}, Wrong{"reauthorize_after_days", "-4"},
                    Wrong{"reauthorize_after_days", ""}));

TEST(PayPalSettings, TheEnvironmentMustBeThatOfTheAddress) {
  EXPECT_FALSE(make_adapter(test::paypal_settings(
      {{"environment", "sandbox"}, {"base_url", "https://api-m.paypal.com"}})));
  EXPECT_FALSE(make_adapter(test::paypal_settings(
      {{"environment", "live"}, {"base_url", "https://api-m.sandbox.paypal.com"}})));
  EXPECT_FALSE(make_adapter(test::paypal_settings(
      {{"environment", "live"}, {"base_url", "http://127.0.0.1:8081/paypal"}})));
  // A proxy of one's own can be either.
  EXPECT_TRUE(make_adapter(
      test::paypal_settings({{"environment", "live"}, {"base_url", "https://pay.example"}})));
}

TEST(PayPalSettings, ASecretIsNeededAndNeverRepeated) {
  auto settings = test::paypal_settings();
  settings.secrets.clear();
  EXPECT_EQ(make_adapter(settings).error().field, "secret_key");
  settings.secrets.emplace("secret_key", Secret{"not a secret"});
  const auto made = make_adapter(settings);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().field, "secret_key");
  EXPECT_EQ(made.error().detail.find("not a secret"), std::string::npos);
}

TEST(PayPalSettings, ThoseOfTheSandboxMakeAnAdapter) {
  provider::Settings settings;
  for (const auto& [name, value] : sandbox_settings())
    settings.values.emplace(std::string{name}, std::string{value});
  settings.values.emplace("base_url", "http://127.0.0.1:8081/paypal");
  settings.secrets.emplace("secret_key", Secret{"sk_test_sandbox"});
  const auto made = make_adapter(settings);
  ASSERT_TRUE(made) << made.error().field << made.error().detail;
  EXPECT_EQ((*made)->build(call(OperationKind::charge)).value().target,
            "/paypal/v2/checkout/orders");
}

}  // namespace
}  // namespace cambist::paypal
