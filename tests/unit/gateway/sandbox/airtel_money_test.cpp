// Airtel Money's emulator and its adapter, face to face.
#include <gtest/gtest.h>

#include "tests/unit/gateway/sandbox/adapter_bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using namespace std::chrono_literals;
using provider::ActionRequired;
using provider::Approved;
using provider::Declined;

class AirtelMoney : public testing::Test {
 protected:
  /// The push of a charge that is accepted; the answer is its transaction id.
  std::string push(const provider::Call& call) {
    const auto verdict = account.verdict(call);
    const auto* prompt = std::get_if<ActionRequired>(&verdict);
    EXPECT_NE(prompt, nullptr) << provider::name_of(verdict);
    return prompt == nullptr ? std::string{} : prompt->provider_payment_id;
  }
  std::string asked(const provider::Call& call) {
    return std::string{provider::name_of(account.ask(call))};
  }

  Account account{"airtel_money"};
  std::shared_ptr<Mailbox> box = account.desk().mailbox();
};

TEST_F(AirtelMoney, MoneyMovesWhenThePinIsTypedAndNotBefore) {
  const auto call = account.charge("0681000001");
  const auto id = push(call);
  EXPECT_TRUE(account.desk().effects().empty());
  EXPECT_EQ(asked(call), "action_required");
  account.wait(2s);
  EXPECT_EQ(account.desk().effects("?payment=" + call.payment.to_string()),
            Effects{"charge 15000.00"});
  const auto verdict = account.ask(call);
  ASSERT_TRUE(std::holds_alternative<Approved>(verdict));
  EXPECT_TRUE(std::get<Approved>(verdict).provider_object.starts_with("MP"));
  ASSERT_EQ(box->letters.size(), 1U);
  const auto notice = account.read(box->letters[0]);
  ASSERT_TRUE(notice) << notice.error().detail;
  EXPECT_EQ(notice->payment, call.payment.to_string());
  EXPECT_EQ(notice->provider_payment_id, id);
  EXPECT_TRUE(std::holds_alternative<provider::Happened>(notice->news));
}

TEST_F(AirtelMoney, TheSamePushTwiceIsOnePrompt) {
  const auto call = account.charge("0681000001");
  (void)push(call);
  EXPECT_EQ(account.outcome(call), "unknown");
  account.wait(2s);
  EXPECT_EQ(account.desk().effects().size(), 1U);
}

TEST_F(AirtelMoney, EachReasonToFailIsADecline) {
  for (const auto& [phone, code] :
       {std::pair{"0681000002", "DP00800001008"}, std::pair{"0681000003", "DP00800001007"},
        std::pair{"0681000004", "DP00800001002"}}) {
    const auto call = account.charge(phone);
    (void)push(call);
    account.wait(2s);
    const auto verdict = account.ask(call);
    ASSERT_TRUE(std::holds_alternative<Declined>(verdict)) << phone;
    EXPECT_EQ(std::get<Declined>(verdict).failure.decline_code, code);
    EXPECT_EQ(account.read(box->letters.back())->type, "collection.TF");
  }
  EXPECT_TRUE(account.desk().effects().empty());
}

TEST_F(AirtelMoney, APromptThatNobodyAnswersExpires) {
  const auto call = account.charge("0681000009");
  (void)push(call);
  account.wait(59s);
  EXPECT_EQ(asked(call), "action_required");
  account.wait(1s);
  EXPECT_EQ(asked(call), "declined");
  EXPECT_TRUE(box->letters.empty());
}

TEST_F(AirtelMoney, AmbiguousIsPendingUntilItIsPaid) {
  const auto call = account.charge("0681000005");
  (void)push(call);
  account.wait(3s);
  EXPECT_EQ(asked(call), "pending");
  EXPECT_TRUE(account.desk().effects().empty());
  account.wait(20s);
  EXPECT_EQ(asked(call), "approved");
}

TEST_F(AirtelMoney, CallbacksAreSilentTwiceLateOrForgedAsThePhoneSays) {
  (void)push(account.charge("0681000006"));
  account.wait(2s);
  EXPECT_TRUE(box->letters.empty());
  (void)push(account.charge("0681000007"));
  account.wait(2s);
  ASSERT_EQ(box->letters.size(), 2U);
  EXPECT_EQ(account.read(box->letters[0])->id, account.read(box->letters[1])->id);
  (void)push(account.charge("0681000091"));
  account.wait(2s);
  ASSERT_EQ(box->letters.size(), 3U);
  EXPECT_FALSE(account.read(box->letters[2]));
  const auto late = account.charge("0681000008");
  (void)push(late);
  account.wait(89s);
  EXPECT_EQ(asked(late), "action_required");
  account.wait(1s);
  EXPECT_EQ(asked(late), "approved");
}

TEST_F(AirtelMoney, APushCanBeHiddenFromEnquiriesForAWhile) {
  auto call = account.charge("0681000081");
  (void)push(call);
  EXPECT_EQ(asked(call), "unknown");
  call.attempt = 7;
  EXPECT_EQ(asked(call), "not_executed");
  account.wait(10s);
  EXPECT_EQ(asked(call), "approved");
}

TEST_F(AirtelMoney, ThePayerAtTheDeskDecides) {
  const auto yes = account.charge("0681000010");
  const auto no = account.charge("0681000020");
  const auto nothing = account.charge("0681000030");
  EXPECT_EQ(account.payer(push(yes), "approve").status(), 200);
  EXPECT_EQ(account.payer(push(no), "decline").status(), 200);
  EXPECT_EQ(account.payer(push(nothing), "ignore").status(), 200);
  EXPECT_EQ(asked(yes), "approved");
  EXPECT_EQ(asked(no), "declined");
  account.wait(60s);
  EXPECT_EQ(asked(nothing), "declined");
  EXPECT_EQ(account.payer("nobody", "approve").status(), 404);
  EXPECT_EQ(account.desk().effects().size(), 1U);
}

TEST_F(AirtelMoney, ARefundGivesAllBackOnce) {
  auto call = account.charge("0681000001");
  (void)push(call);
  account.wait(2s);
  const auto paid = account.ask(call);
  call.kind = provider::OperationKind::refund;
  call.capture_object = std::get<Approved>(paid).provider_object;
  EXPECT_EQ(account.outcome(call), "approved");
  EXPECT_EQ(account.outcome(call), "unknown");
  EXPECT_EQ(account.desk().effects(), (Effects{"charge 15000.00", "refund 15000.00"}));
  call.capture_object = "MP260101.0000.A99999";
  EXPECT_EQ(account.outcome(call), "unknown");
}

TEST_F(AirtelMoney, ATokenEndsWhilePaymentsRun) {
  const auto call = account.charge("0681000010");
  (void)push(call);
  account.wait(180s);
  auto question = call;
  question.inquiry = true;
  const auto answer = account.send(question);
  EXPECT_TRUE(account.adapter().token_refused(answer.outgoing.response));
  account.forget_token();
  EXPECT_EQ(asked(call), "declined");
}

TEST_F(AirtelMoney, FaultsApplyToEveryOperationTheTokenIncluded) {
  const auto rule = [](const char* operation, const char* fault) {
    return std::string{R"({"provider":"airtel_money","operation":")"} + operation +
           R"(","fault":")" + fault + R"(","count":1})";
  };
  account.desk().faults(rule("token", "http_503"));
  const auto call = account.charge("0681000001");
  EXPECT_EQ(account.send(call).status(), 401);  // there was no token to attach
  account.desk().faults(rule("charge", "timeout_after"));
  const auto lost = account.send(call);
  EXPECT_EQ(lost.outgoing.delivery, inbound::Delivery::never);
  account.wait(2s);
  EXPECT_EQ(account.desk().effects().size(), 1U);  // the prompt was there all the same
  for (const char* fault : {"http_500", "http_502_html", "truncated_json", "wrong_type"}) {
    account.desk().faults(rule("inquire", fault));
    EXPECT_EQ(asked(call), "unknown") << fault;
  }
  auto refund = call;
  refund.kind = provider::OperationKind::refund;
  refund.capture_object = std::get<Approved>(account.ask(call)).provider_object;
  account.desk().faults(rule("refund", "http_500_after"));
  EXPECT_EQ(account.outcome(refund), "unknown");
  EXPECT_EQ(account.desk().effects(), (Effects{"charge 15000.00", "refund 15000.00"}));
}

TEST_F(AirtelMoney, RefusesWhatAirtelWouldRefuse) {
  auto& desk = account.desk();
  EXPECT_EQ(
      desk.call("POST", "/airtel_money/auth/oauth2/token",
                R"({"client_id":"a","client_secret":"wrong","grant_type":"client_credentials"})")
          .status(),
      401);
  EXPECT_EQ(desk.call("POST", "/airtel_money/merchant/v1/payments/", "{}").status(), 401);
  EXPECT_EQ(desk.call("GET", "/airtel_money/elsewhere").status(), 404);
  account.let_in();
  const auto good = account.adapter().build(account.charge("0681000001")).value();
  const auto changed = [&](const std::string& from, const std::string& to) {
    auto request = good;
    request.body.replace(request.body.find(from), from.size(), to);
    return account.send(std::move(request)).status();
  };
  EXPECT_EQ(changed("681000001", "0681000001"), 400);
  EXPECT_EQ(changed("Rent 7", "Rent #7"), 400);
  EXPECT_EQ(changed("15000,", "\"15\","), 400);
  EXPECT_EQ(changed("\"id\":\"", "\"id\":\"_"), 400);
  EXPECT_EQ(changed("{\"reference\"", "[{\"reference\""), 400);
  EXPECT_EQ(changed("Rent 7", "Rent 8"), 200);
}

TEST_F(AirtelMoney, EventsCanBeSentAgainAndAllIsForgottenByAReset) {
  (void)push(account.charge("0681000001"));
  account.wait(2s);
  const auto event = box->letters.at(0).event;
  EXPECT_EQ(account.desk()
                .call("POST", "/sandbox/webhooks/resend", R"({"event":")" + event + "\"}")
                .status(),
            200);
  ASSERT_EQ(box->letters.size(), 2U);
  EXPECT_EQ(box->letters[1].body, box->letters[0].body);
  EXPECT_EQ(account.desk().call("POST", "/sandbox/reset").status(), 200);
  EXPECT_TRUE(account.desk().effects().empty());
  EXPECT_FALSE(account.desk().sandbox()->pass_time());
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
