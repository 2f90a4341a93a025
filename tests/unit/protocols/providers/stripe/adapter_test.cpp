#include "protocols/providers/stripe/adapter.hpp"

#include <gtest/gtest.h>

#include "protocols/providers/stripe/declines.hpp"
#include "protocols/providers/stripe/form.hpp"

namespace cambist::stripe {
namespace {

using provider::Call;
using provider::OperationKind;

provider::Settings settings(std::map<std::string, std::string> values = {}) {
  provider::Settings made{std::move(values), {}};
  made.secrets.emplace("secret_key", Secret{"sk_test_hidden"});
  return made;
}

std::shared_ptr<const provider::Adapter> adapter(std::map<std::string, std::string> values = {}) {
  return make_adapter(settings(std::move(values))).value();
}

Call call(OperationKind kind) {
  Call made;
  made.kind = kind;
  made.operation = OperationId::parse("op_01jd2v9h3ke1r8m7q0c5xw4tbz").value();
  made.payment = PaymentId::parse("pay_01jd2v9h3ke1r8m7q0c5xw4tby").value();
  made.idempotency_key = "k";
  made.amount = made.remaining = Money{10'000, Currency::parse("USD").value()};
  made.method = {"card", "pm_card_visa"};
  if (kind != OperationKind::authorize && kind != OperationKind::charge)
    made.provider_payment_id = "pi_9";
  return made;
}

std::string header(const http::Request& request, std::string_view name) {
  const auto* value = http::find(request.headers, name);
  return value == nullptr ? "(none)" : *value;
}

TEST(StripeAdapter, SendsWhatStripeAsksOfEveryRequest) {
  const auto post = adapter()->build(call(OperationKind::charge)).value();
  EXPECT_EQ(post.origin, "https://api.stripe.com");
  EXPECT_EQ(header(post, "Authorization"), "Bearer sk_test_hidden");
  EXPECT_EQ(header(post, "Stripe-Version"), "2026-10-28.endive");
  EXPECT_EQ(header(post, "Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(header(post, "Idempotency-Key"), "k:create");

  auto question = call(OperationKind::capture);
  question.inquiry = true;
  const auto get = adapter({{"api_version", "2025-01-01.acacia"}})->build(question).value();
  EXPECT_EQ(header(get, "Stripe-Version"), "2025-01-01.acacia");
  EXPECT_EQ(header(get, "Idempotency-Key"), "(none)");
  EXPECT_TRUE(get.body.empty());
}

TEST(StripeAdapter, RefusesACallThatNamesNoIntent) {
  for (const char* id : {"", "pi_9/capture", "pi 9", "pi_9?x=1", "../refunds"}) {
    auto broken = call(OperationKind::capture);
    broken.provider_payment_id = id;
    const auto request = adapter()->build(broken);
    ASSERT_FALSE(request) << id;
    EXPECT_EQ(request.error().code, ErrorCode::internal);
  }
}

TEST(StripeAdapter, RefusesAKeyThatStripeWouldCutOrMiss) {
  auto broken = call(OperationKind::charge);
  broken.idempotency_key.assign(250, 'k');
  EXPECT_FALSE(adapter()->build(broken));
  broken.idempotency_key.clear();
  EXPECT_FALSE(adapter()->build(broken));
  broken.idempotency_key.assign(255 - 7, 'k');  // ":create"
  EXPECT_TRUE(adapter()->build(broken));
}

TEST(StripeAdapter, CutsALongReasonBetweenCharacters) {
  auto refund = call(OperationKind::refund);
  refund.reason = std::string(499, 'x') + "äöü";
  const auto body = adapter()->build(refund).value().body;
  EXPECT_NE(body.find("metadata[reason]=" + std::string(499, 'x') + "&"), std::string::npos)
      << body;
}

struct Unsupported {
  const char* name;
  void (*spoil)(Call&);
  ErrorCode code;
  const char* field;
};

class StripeCannot : public testing::TestWithParam<Unsupported> {};

TEST_P(StripeCannot, IsSaidBeforeAnyCall) {
  auto asked = call(OperationKind::authorize);
  GetParam().spoil(asked);
  const auto checked = adapter({{"multicapture", "false"}})->check(asked);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, GetParam().code);
  EXPECT_EQ(checked.error().field, GetParam().field);
}

constexpr auto unsupported = ErrorCode::unsupported_by_provider;
constexpr auto invalid = ErrorCode::invalid_request;

INSTANTIATE_TEST_SUITE_P(
    All, StripeCannot,
    testing::Values(Unsupported{"OtherMethod", [](Call& c) { c.method.type = "mobile_money"; },
                                unsupported, "payment_method.type"},
                    Unsupported{"NoMethod", [](Call& c) { c.method.type.clear(); }, unsupported,
                                "payment_method.type"},
                    Unsupported{"NoToken", [](Call& c) { c.method.token.clear(); }, invalid,
                                "payment_method.token"},
                    Unsupported{"TokenWithSpace", [](Call& c) { c.method.token = "pm_ 1"; },
                                invalid, "payment_method.token"},
                    Unsupported{"TokenWithNewline", [](Call& c) { c.method.token = "pm_\n1"; },
                                invalid, "payment_method.token"},
                    Unsupported{"TokenTooLong", [](Call& c) { c.method.token.assign(256, 'p'); },
                                invalid, "payment_method.token"},
                    Unsupported{"LongReference", [](Call& c) { c.reference.assign(501, 'r'); },
                                unsupported, "reference"},
                    Unsupported{"NoMoney", [](Call& c) { c.amount.minor = 0; }, invalid,
                                "amount.value"},
                    Unsupported{"TooMuch", [](Call& c) { c.amount.minor = 100'000'000; },
                                unsupported, "amount.value"},
                    Unsupported{"PartOfAUnit",
                                [](Call& c) {
                                  c.amount = Money{1'234, Currency::parse("MGA").value()};
                                },
                                unsupported, "amount.value"},
                    Unsupported{"SeveralCaptures",
                                [](Call& c) {
                                  c.kind = OperationKind::capture;
                                  c.final_capture = false;
                                },
                                unsupported, "final"},
                    Unsupported{"RefundOfNothing",
                                [](Call& c) {
                                  c.kind = OperationKind::refund;
                                  c.amount.minor = 0;
                                },
                                invalid, "amount.value"}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST(StripeAdapter, TakesWhatItCan) {
  for (const auto kind : {OperationKind::authorize, OperationKind::charge, OperationKind::capture,
                          OperationKind::void_authorization, OperationKind::refund}) {
    EXPECT_TRUE(adapter()->check(call(kind)));
  }
  auto part = call(OperationKind::capture);
  part.final_capture = false;
  EXPECT_TRUE(adapter()->check(part));
  EXPECT_TRUE(adapter()->capabilities().multiple_captures);
  EXPECT_FALSE(adapter({{"multicapture", "false"}})->capabilities().multiple_captures);
}

TEST(StripeAdapter, HandsOnARequestIdThatIsOne) {
  EXPECT_EQ(adapter()->request_id({200, {{"request-id", "req_1"}}, ""}), "req_1");
  EXPECT_EQ(adapter()->request_id({200, {}, ""}), "");
  EXPECT_EQ(adapter()->request_id({200, {{"Request-Id", "req 1\n"}}, ""}), "");
}

TEST(StripeSettings, EachWrongOneIsNamedAndNoSecretIsRepeated) {
  const auto field_of = [](const provider::Settings& given) {
    const auto made = make_adapter(given);
    EXPECT_FALSE(made);
    EXPECT_EQ(made.error().detail.find("hidden"), std::string::npos) << made.error().detail;
    return made.error().field;
  };
  EXPECT_EQ(field_of(provider::Settings{}), "secret_key");
  for (const char* key : {"", "pk_live_hidden", "sk_ hidden", "sk_hidden\r\nX: 1"}) {
    provider::Settings given;
    given.secrets.emplace("secret_key", Secret{key});
    EXPECT_EQ(field_of(given), "secret_key") << key;
  }
  EXPECT_EQ(field_of(settings({{"base_url", "http://api.stripe.com"}})), "base_url");
  EXPECT_EQ(field_of(settings({{"base_url", "https://u:hidden@x.example"}})), "base_url");
  EXPECT_EQ(field_of(settings({{"api_version", ""}})), "api_version");
  EXPECT_EQ(field_of(settings({{"api_version", "a b"}})), "api_version");
  EXPECT_EQ(field_of(settings({{"multicapture", "yes"}})), "multicapture");
}

TEST(StripeSettings, StripeItselfIsAskedOnlyWithAKeyOfStripe) {
  const auto made = [](const char* url, const char* key) {
    provider::Settings settings;
    if (url != nullptr) settings.values["base_url"] = url;
    settings.secrets.emplace("secret_key", Secret{key});
    return make_adapter(settings);
  };
  for (const char* url : {static_cast<const char*>(nullptr), "https://api.stripe.com",
                          "https://API.stripe.com:443/v"}) {
    const auto refused = made(url, "nonsense");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().field, "secret_key");
    EXPECT_EQ(refused.error().detail, "is no key of Stripe; use sk_… or rk_…");
    EXPECT_TRUE(made(url, "sk_live_1") && made(url, "rk_test_1"));
  }
  EXPECT_TRUE(made("http://127.0.0.1:1", "nonsense") && made("https://proxy.test", "nonsense"));
}

TEST(StripeForm, EscapesAsStripesOwnLibraryDoes) {
  Form form;
  form.add("metadata[a]", "b c").add_if("left_out", "").add("all", "!*'()&=+%[]~-._ä\n");
  EXPECT_EQ(std::move(form).take(),
            "metadata[a]=b%20c&all=%21%2A%27%28%29%26%3D%2B%25%5B%5D~-._%C3%A4%0A");
}

TEST(StripeDeclines, FraudReadsAsAnyDecline) {
  EXPECT_EQ(payer_message(provider::FailureCode::fraud_detected),
            payer_message(provider::FailureCode::card_declined));
}

}  // namespace
}  // namespace cambist::stripe
