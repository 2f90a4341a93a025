// Every provider from the first request to the last refund, against its emulator: what the payer is
// told, what becomes of it, and that the provider's own ledger says the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "tests/integration/program/shop.hpp"
#include "tests/support/witness.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

/// One provider, and what it can do.
/// Shape: `phone` is how numbers of its market begin, `waits` how one ends that waits for the desk;
///        `declines` ends one that declines by itself, where the desk cannot.
struct Life {
  const char* provider;
  const char* currency;
  const char* method;
  const char* action;
  const char* phone = "";
  const char* waits = "";
  bool holds = false;            // authorizes, and captures later
  bool refunds_parts = true;     // or all of it only
  bool withdraws = false;        // gives up what the payer has not done yet
  bool refunds_by_hand = false;  // people send the money back
};
// Names the case in the output of the tests.
void PrintTo(const Life& shown, std::ostream* out) {
  *out << shown.provider;
}

class ProviderLife : public testing::TestWithParam<Life> {
 protected:
  static void SetUpTestSuite() { shop_ = new Shop; }
  static void TearDownTestSuite() { delete shop_; }

  static std::string body(const Life& life, const std::string& value,
                          const std::string& capture = "automatic", const std::string& end = "") {
    std::string method = std::string{R"({"type":")"} + life.method + '"';
    if (*life.phone != '\0')
      method += R"(,"phone":")" + new_phone(life.phone, end.empty() ? life.waits : end) + '"';
    return R"({"provider":")" + std::string{life.provider} + R"(","amount":{"value":")" + value +
           R"(","currency":")" + life.currency + R"("},"capture":")" + capture +
           R"(","return_url":"https://shop.example/done","payment_method":)" + method + "}}";
  }
  /// A payment that waits for its payer.
  static json::value begin(const std::string& capture = "automatic") {
    const auto answer = shop_->pay(body(GetParam(), "1000.00", capture));
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json();
  }
  static json::value paid() {
    const auto payment = begin();
    EXPECT_EQ(shop_->payer(payment, "approve").status, 200);
    EXPECT_TRUE(shop_->becomes(text(payment, "id"), "captured"))
        << shop_->events(text(payment, "id"));
    return shop_->payment(text(payment, "id"));
  }
  /// What the ledger has of it: "charge", ….
  static std::vector<std::string> kinds(const json::value& payment) {
    std::vector<std::string> found;
    for (const auto& effect : shop_->effects(payment)) {
      EXPECT_EQ(text(effect, "provider"), GetParam().provider);
      found.push_back(text(effect, "kind"));
    }
    return found;
  }
  static std::int64_t sum(const json::value& payment, std::string_view kind) {
    std::int64_t minor = 0;
    for (const auto& effect : shop_->effects(payment)) {
      if (text(effect, "kind") == kind) minor += minor_of(effect.at("amount"));
    }
    return minor;
  }
  /// Where people send the money back, they do so and say it.
  static void refund(const std::string& id, const std::string& body) {
    const auto answer = shop_->act(id, "refund", body);
    ASSERT_TRUE(answer.status == 200 || answer.status == 202) << answer.body;
    if (!GetParam().refunds_by_hand) return;
    std::string task;
    ASSERT_TRUE(eventually(20s, [&] {
      const auto tasks = shop_->client().get("/api/v1/tasks?status=open&payment_id=" + id).json();
      if (tasks.at("data").as_array().empty()) return false;
      task = text(tasks.at("data").as_array().front(), "id");
      return true;
    })) << shop_->events(id);
    const auto resolved = shop_->client().post(
        "/api/v1/tasks/" + task + "/resolve",
        R"({"outcome":"succeeded","reason":"sent back by transfer","provider_object":"FT-BACK"})");
    EXPECT_EQ(resolved.status, 200) << resolved.body;
  }

  static Shop* shop_;
};
Shop* ProviderLife::shop_ = nullptr;

using Kinds = std::vector<std::string>;

TEST_P(ProviderLife, ThePayerIsToldWhatToDoAndThenTheMoneyIsThere) {
  const auto payment = begin();
  EXPECT_EQ(text(payment, "status"), "requires_action");
  const auto& action = payment.at("next_action");
  ASSERT_TRUE(action.is_object()) << payment;
  EXPECT_EQ(text(action, "type"), GetParam().action);
  const bool redirects = std::string_view{GetParam().action} == "redirect";
  EXPECT_EQ(text(action, "url").empty(), !redirects) << action;
  EXPECT_EQ(text(action, "instructions").empty(), redirects) << action;
  if (!redirects) EXPECT_GT(text(action, "expires_at"), text(payment, "created_at"));
  EXPECT_EQ(kinds(payment), Kinds{});

  EXPECT_EQ(shop_->payer(payment, "approve").status, 200);
  const auto id = text(payment, "id");
  ASSERT_TRUE(shop_->becomes(id, "captured")) << shop_->events(id);
  const auto captured = shop_->payment(id);
  EXPECT_EQ(minor_of(captured.at("captured")), 1000'00);
  EXPECT_TRUE(captured.at("next_action").is_null());
  EXPECT_EQ(kinds(captured), Kinds{"charge"});
  EXPECT_EQ(sum(captured, "charge"), 1000'00);
}

TEST_P(ProviderLife, APartIsGivenBackWhereTheProviderCanAndThenTheRest) {
  const auto payment = paid();
  const auto id = text(payment, "id");
  const auto part = money("400.00", GetParam().currency);
  if (GetParam().refunds_parts) {
    refund(id, part);
    ASSERT_TRUE(shop_->becomes(id, "partially_refunded")) << shop_->events(id);
    EXPECT_EQ(minor_of(shop_->payment(id).at("refunded")), 400'00);
  } else {
    const auto answer = shop_->act(id, "refund", part);
    EXPECT_EQ(answer.status, 422) << answer.body;
    EXPECT_EQ(text(answer.json(), "code"), "unsupported_by_provider");
    EXPECT_EQ(text(answer.json(), "field"), "amount");
    EXPECT_EQ(shop_->payment(id), payment);
  }
  refund(id, "{}");
  ASSERT_TRUE(shop_->becomes(id, "refunded")) << shop_->events(id);
  const auto refunded = shop_->payment(id);
  EXPECT_EQ(minor_of(refunded.at("refunded")), 1000'00);
  if (GetParam().refunds_by_hand) return;  // what people send by another way, no emulator sees
  EXPECT_EQ(kinds(refunded), GetParam().refunds_parts ? (Kinds{"charge", "refund", "refund"})
                                                      : (Kinds{"charge", "refund"}));
  EXPECT_EQ(sum(refunded, "refund"), 1000'00);
}

TEST_P(ProviderLife, WhatIsHeldIsCapturedLaterWhereTheProviderHoldsAnything) {
  if (!GetParam().holds) {
    const auto answer = shop_->pay(body(GetParam(), "1000.00", "manual"));
    EXPECT_EQ(answer.status, 422) << answer.body;
    EXPECT_EQ(text(answer.json(), "code"), "unsupported_by_provider");
    return;
  }
  const auto payment = begin("manual");
  EXPECT_EQ(text(payment, "status"), "requires_action");
  const auto id = text(payment, "id");
  EXPECT_EQ(shop_->payer(payment, "approve").status, 200);
  ASSERT_TRUE(shop_->becomes(id, "authorized")) << shop_->events(id);
  const auto part = shop_->act(id, "capture",
                               std::string{R"({"amount":{"value":"300.00","currency":")"} +
                                   GetParam().currency + R"("},"final":false})");
  EXPECT_EQ(part.status, 200) << part.body;
  EXPECT_EQ(shop_->act(id, "capture").status, 200);
  ASSERT_TRUE(shop_->becomes(id, "captured")) << shop_->events(id);
  EXPECT_EQ(kinds(payment), (Kinds{"authorize", "capture", "capture"}));
  EXPECT_EQ(sum(payment, "capture"), 1000'00);
}

/// Those that hold money before they take it.
class ProviderThatHolds : public ProviderLife {};

TEST_P(ProviderThatHolds, LetsGoOfWhatItHolds) {
  const auto payment = begin("manual");
  const auto id = text(payment, "id");
  EXPECT_EQ(shop_->payer(payment, "approve").status, 200);
  ASSERT_TRUE(shop_->becomes(id, "authorized")) << shop_->events(id);
  const auto voided = shop_->act(id, "cancel");
  EXPECT_EQ(voided.status, 200) << voided.body;
  ASSERT_TRUE(shop_->becomes(id, "voided")) << shop_->events(id);
  EXPECT_EQ(kinds(payment), (Kinds{"authorize", "void"}));
}

TEST_P(ProviderLife, APaymentThatWaitsIsGivenUpOnlyWhereItCanBeTakenBack) {
  const auto payment = begin();
  const auto id = text(payment, "id");
  const auto answer = shop_->act(id, "cancel");
  if (GetParam().withdraws) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(shop_->status(id), "voided");
    EXPECT_EQ(kinds(payment), Kinds{});
    return;
  }
  // The prompt is on the phone: it would be a lie that nothing can come of it.
  EXPECT_EQ(answer.status, 422) << answer.body;
  EXPECT_EQ(text(answer.json(), "code"), "unsupported_by_provider");
  EXPECT_EQ(shop_->payer(payment, "approve").status, 200);
  EXPECT_TRUE(shop_->becomes(id, "captured")) << shop_->events(id);
}

/// Those whose payers can say no: who does not pay a transfer says nothing.
class ProviderThatIsTold : public ProviderLife {};

TEST_P(ProviderThatIsTold, APayerWhoDeclinesIsTheEndOfIt) {
  const auto payment = begin();
  const auto id = text(payment, "id");
  // At PayPal a means of payment that was declined may be replaced by another, some times.
  constexpr int tries_max = 4;
  for (int tries = 0; tries < tries_max && shop_->status(id) != "failed"; ++tries) {
    ASSERT_TRUE(eventually(20s, [&] {
      const auto now = shop_->status(id);
      return now == "failed" ||
             (now == "requires_action" && shop_->payer(payment, "decline").status == 200);
    })) << shop_->events(id);
  }
  ASSERT_TRUE(shop_->becomes(id, "failed")) << shop_->events(id);
  EXPECT_EQ(text(shop_->payment(id).at("failure"), "code"), "card_declined");
  EXPECT_EQ(kinds(payment), Kinds{});
  EXPECT_EQ(shop_->act(id, "refund").status, 409);
}

constexpr Life lives[] = {
    {.provider = "paypal",
     .currency = "USD",
     .method = "paypal",
     .action = "redirect",
     .holds = true,
     .withdraws = true},
    {.provider = "mpesa_daraja",
     .currency = "KES",
     .method = "mobile_money",
     .action = "phone_prompt",
     .phone = "+25471",
     .waits = "20"},
    {.provider = "mpesa_openapi_tz",
     .currency = "TZS",
     .method = "mobile_money",
     .action = "phone_prompt",
     .phone = "+25575",
     .waits = "100"},
    {.provider = "airtel_money",
     .currency = "TZS",
     .method = "mobile_money",
     .action = "phone_prompt",
     .phone = "+25568",
     .waits = "00",
     .refunds_parts = false},
    {.provider = "tigo_pesa",
     .currency = "TZS",
     .method = "mobile_money",
     .action = "phone_prompt",
     .phone = "+25571",
     .waits = "00",
     .refunds_parts = false},
    {.provider = "bank_transfer",
     .currency = "TZS",
     .method = "bank_transfer",
     .action = "bank_transfer",
     .withdraws = true,
     .refunds_by_hand = true},
};
std::vector<Life> those(bool (*fit)(const Life&)) {
  std::vector<Life> some;
  std::copy_if(std::begin(lives), std::end(lives), std::back_inserter(some), fit);
  return some;
}
std::string name_of(const testing::TestParamInfo<Life>& info) {
  return info.param.provider;
}
INSTANTIATE_TEST_SUITE_P(Each, ProviderLife, testing::ValuesIn(lives), name_of);
INSTANTIATE_TEST_SUITE_P(Each, ProviderThatHolds,
                         testing::ValuesIn(those([](const Life& one) { return one.holds; })),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Each, ProviderThatIsTold, testing::ValuesIn(those([](const Life& one) {
                           return !one.refunds_by_hand;
                         })),
                         name_of);

// A prompt that nobody answers ends by what the provider says of it, or is no longer the payer's
// turn. Each provider's own time is shortened as far as its settings and its emulator allow.
TEST(Prompts, ThatNobodyAnswersEnd) {
  Shop shop{{{"CAMBIST_MPESA_OPENAPI_TZ_MODE", "synchronous"},
             {"CAMBIST_MPESA_OPENAPI_TZ_SERVICE_PROVIDER_CODE", "000001"},
             {"CAMBIST_AIRTEL_MONEY_PROMPT_S", "10"},
             {"CAMBIST_AIRTEL_MONEY_ASK_AFTER_S", "11"},
             {"CAMBIST_TIGO_PESA_PROMPT_S", "10"}}};
  const auto begin = [&](const std::string& provider, const std::string& currency,
                         const std::string& phone) {
    const auto shown =
        shop.pay(R"({"provider":")" + provider + R"(","amount":{"value":"2000.00","currency":")" +
                 currency + R"("},"payment_method":{"type":"mobile_money","phone":")" + phone +
                 R"("}})")
            .json();
    const auto* failed = shown.as_object().if_contains("payment");
    return failed == nullptr ? shown : *failed;
  };
  const auto silent = begin("airtel_money", "TZS", new_phone("+25568", "09"));
  const auto unheard = begin("tigo_pesa", "TZS", new_phone("+25571", "09"));
  const auto unreachable = begin("mpesa_daraja", "KES", new_phone("+25471", "06"));
  const auto expired = begin("mpesa_openapi_tz", "TZS", new_phone("+25575", "904"));
  for (const auto& payment : {silent, unheard, unreachable})
    EXPECT_EQ(text(payment, "status"), "requires_action") << payment;
  for (const auto& payment : {unreachable, expired}) {
    const auto id = text(payment, "id");
    EXPECT_TRUE(shop.becomes(id, "failed")) << shop.events(id);
  }
  for (const auto& payment : {silent, unheard}) {
    const auto id = text(payment, "id");
    EXPECT_TRUE(shop.becomes(id, "processing")) << shop.events(id);
  }
  EXPECT_TRUE(shop.ledger().empty());
}

}  // namespace
}  // namespace cambist::test
