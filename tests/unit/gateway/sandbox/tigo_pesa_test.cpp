// Tigo Pesa's emulator and its adapter, face to face.
#include <gtest/gtest.h>

#include "tests/unit/gateway/sandbox/adapter_bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using namespace std::chrono_literals;
using provider::ActionRequired;
using provider::ChargeSeen;

class TigoPesa : public testing::Test {
 protected:
  /// The push of a charge that is accepted; the answer is its reference.
  std::string push(const provider::Call& call) {
    const auto verdict = account.verdict(call);
    const auto* prompt = std::get_if<ActionRequired>(&verdict);
    EXPECT_NE(prompt, nullptr) << provider::name_of(verdict);
    return prompt == nullptr ? std::string{} : prompt->provider_payment_id;
  }
  ChargeSeen told() const {
    const auto notice = account.read(box->letters.back());
    EXPECT_TRUE(notice) << notice.error().field;
    return notice ? std::get<ChargeSeen>(notice->news) : ChargeSeen{};
  }

  Account account{"tigo_pesa"};
  std::shared_ptr<Mailbox> box = account.desk().mailbox();
};

TEST_F(TigoPesa, ACallbackNamesTheReferenceThatTheAdapterChose) {
  const auto call = account.charge("0710000001");
  EXPECT_EQ(push(call), account.adapter().provider_payment_id_for(call));
  EXPECT_TRUE(account.desk().effects().empty());
  account.wait(2s);
  EXPECT_EQ(account.desk().effects("?payment=" + call.payment.to_string()),
            Effects{"charge 15000.00"});
  ASSERT_EQ(box->letters.size(), 1U);
  EXPECT_EQ(account.read(box->letters[0])->provider_payment_id,
            account.adapter().provider_payment_id_for(call));
  EXPECT_TRUE(told().succeeded);
  EXPECT_EQ(told().amount, call.amount);
  EXPECT_TRUE(told().provider_object.starts_with("CO"));
}

TEST_F(TigoPesa, EachReasonToFailIsToldInWords) {
  for (const auto& [phone, word] :
       {std::pair{"0710000002", "cancel"}, std::pair{"0710000003", "insufficient"},
        std::pair{"0710000004", "pin"}, std::pair{"0710000005", "limit"}}) {
    (void)push(account.charge(phone));
    account.wait(2s);
    EXPECT_FALSE(told().succeeded);
    EXPECT_EQ(told().failure.decline_code, word);
  }
  EXPECT_TRUE(account.desk().effects().empty());
}

TEST_F(TigoPesa, CallbacksLieComeTwiceComeFirstOrNotAtAllAsThePhoneSays) {
  const auto call = account.charge("0710000006");
  (void)push(call);
  account.wait(2s);
  EXPECT_EQ(told().amount.minor, call.amount.minor + 100'000);
  (void)push(account.charge("0710000007"));
  account.wait(2s);
  EXPECT_EQ(box->letters.size(), 3U);
  const auto first = account.charge("0710000008");
  (void)account.send(first);
  EXPECT_EQ(box->letters.size(), 4U);
  (void)push(account.charge("0710000009"));
  (void)push(account.charge("0710000091"));
  account.wait(2s);
  EXPECT_EQ(box->letters.size(), 4U);
  EXPECT_EQ(account.desk().effects().size(), 4U);
}

TEST_F(TigoPesa, APromptTimesOutOrIsAnsweredLate) {
  (void)push(account.charge("0710000000"));
  account.wait(119s);
  EXPECT_TRUE(box->letters.empty());
  account.wait(1s);
  ASSERT_EQ(box->letters.size(), 1U);
  EXPECT_EQ(told().failure.decline_code, "timeout");
  (void)push(account.charge("0710000071"));
  account.wait(149s);
  EXPECT_EQ(box->letters.size(), 1U);
  account.wait(1s);
  EXPECT_TRUE(told().succeeded);
}

TEST_F(TigoPesa, APushCanBeRefused) {
  for (const auto& [phone, outcome] :
       {std::pair{"0710000081", "declined"}, std::pair{"0710000082", "declined"},
        std::pair{"0710000083", "refused"}, std::pair{"0710000084", "unknown"},
        std::pair{"0710000085", "declined"}, std::pair{"0710000086", "unknown"}}) {
    EXPECT_EQ(account.outcome(account.charge(phone)), outcome) << phone;
  }
  account.wait(200s);
  EXPECT_TRUE(account.desk().effects().empty());
  EXPECT_TRUE(box->letters.empty());
}

TEST_F(TigoPesa, TheSameReferenceTwiceIsOnePrompt) {
  const auto call = account.charge("0710000001");
  (void)push(call);
  EXPECT_EQ(account.outcome(call), "unknown");  // the first may have been taken: it was
  account.wait(2s);
  EXPECT_EQ(account.desk().effects().size(), 1U);
}

TEST_F(TigoPesa, ThePayerAtTheDeskDecides) {
  const auto yes = push(account.charge("0710000010"));
  const auto no = push(account.charge("0710000020"));
  const auto nothing = push(account.charge("0710000030"));
  EXPECT_EQ(account.payer(yes, "approve").status(), 200);
  EXPECT_TRUE(told().succeeded);
  EXPECT_EQ(account.payer(no, "decline").status(), 200);
  EXPECT_EQ(told().failure.decline_code, "cancel");
  EXPECT_EQ(account.payer(nothing, "ignore").status(), 200);
  EXPECT_EQ(account.payer(yes, "approve").status(), 409);
  EXPECT_EQ(account.payer("NST0", "approve").status(), 404);
  EXPECT_EQ(account.desk().effects().size(), 1U);
}

TEST_F(TigoPesa, ARefundIsMadeOnceAndWithinWhatWasPaid) {
  auto call = account.charge("0710000001");
  call.provider_payment_id = push(call);
  account.wait(2s);
  call.capture_object = told().provider_object;
  call.kind = provider::OperationKind::refund;
  call.operation = account.charge("0710000001").operation;
  auto large = call;
  large.amount.minor += 100;
  EXPECT_EQ(account.outcome(large), "declined");
  EXPECT_EQ(account.outcome(call), "approved");
  EXPECT_EQ(account.outcome(call), "declined");
  EXPECT_EQ(account.desk().effects(), (Effects{"charge 15000.00", "refund 15000.00"}));
}

TEST_F(TigoPesa, ATokenEndsWhilePaymentsRun) {
  (void)push(account.charge("0710000001"));
  account.wait(300s);
  const auto call = account.charge("0710000001");
  const auto answer = account.send(call);
  EXPECT_TRUE(account.adapter().token_refused(answer.outgoing.response));
  account.forget_token();
  EXPECT_EQ(account.outcome(call), "action_required");
}

TEST_F(TigoPesa, FaultsApplyToEveryOperationTheTokenIncluded) {
  const auto rule = [](const char* operation, const char* fault) {
    return std::string{R"({"provider":"tigo_pesa","operation":")"} + operation + R"(","fault":")" +
           fault + R"(","count":1})";
  };
  account.desk().faults(rule("token", "http_502_html"));
  const auto call = account.charge("0710000001");
  EXPECT_EQ(account.send(call).status(), 401);  // there was no token to attach
  account.desk().faults(rule("charge", "timeout_after"));
  EXPECT_EQ(account.send(call).outgoing.delivery, inbound::Delivery::never);
  account.wait(2s);
  EXPECT_EQ(account.desk().effects().size(), 1U);  // the prompt was there all the same
  EXPECT_TRUE(told().succeeded);
  for (const char* fault : {"http_500_after", "http_502_html", "truncated_json"}) {
    account.desk().faults(rule("charge", fault));
    EXPECT_EQ(account.outcome(account.charge("0710000009")), "unknown") << fault;
  }
  account.desk().faults(R"({"provider":"tigo_pesa","operation":"webhook","fault":"forge"})");
  const auto before = box->letters.size();
  (void)push(account.charge("0710000001"));
  account.wait(2s);
  ASSERT_EQ(box->letters.size(), before + 2);
  EXPECT_EQ(box->letters[before].forgery, webhooks::Forgery::wrong_secret);
}

TEST_F(TigoPesa, RefusesAWrongAccount) {
  EXPECT_EQ(account.desk()
                .call("POST", "/tigo_pesa/token", "username=a&password=wrong&grant_type=password")
                .status(),
            400);
  EXPECT_EQ(account.desk().call("POST", "/tigo_pesa/API/BillerPayment/BillerPay", "{}").status(),
            401);
  EXPECT_EQ(account.desk().call("GET", "/tigo_pesa/token").status(), 405);
  EXPECT_EQ(account.desk().call("POST", "/tigo_pesa/elsewhere").status(), 404);
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
