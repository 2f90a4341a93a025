// What becomes of a prompt at the emulated M-Pesa in Tanzania, and of the money.
#include <gtest/gtest.h>

#include "tests/unit/gateway/sandbox/mpesa_openapi_tz_bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using std::chrono::seconds;

class MpesaTzEmulator : public testing::Test, public MpesaTz {
 protected:
  void SetUp() override { open_session(); }
  const std::string one = conversation(1, 1);
  const std::string two = conversation(1, 2);

  std::string paid(const std::string& made, const std::string& msisdn = "255754000001") {
    EXPECT_EQ(code(push_to(made, msisdn)), "201 INS-0");
    EXPECT_EQ(payer(made, "approve"), 200);
    return receipt(made);
  }
};

TEST_F(MpesaTzEmulator, APromptMovesNothingUntilThePinIsTyped) {
  const auto answer = push(one);
  EXPECT_EQ(code(answer), "201 INS-0");
  EXPECT_FALSE(answer.body.as_object().contains("output_TransactionID"));
  EXPECT_EQ(answer.text("output_ThirdPartyConversationID"), one);
  EXPECT_EQ(status(one), "Pending");
  EXPECT_EQ(effects(), Effects{});

  EXPECT_EQ(payer(one, "approve"), 200);
  EXPECT_EQ(status(one), "Completed");
  EXPECT_EQ(effects(), Effects{"charge 1500.00"});
}

TEST_F(MpesaTzEmulator, TheLedgerNamesOurPaymentAndWhatTravelledAsKey) {
  const auto receipt = paid(one);
  const auto effect = call("GET", "/sandbox/ledger")["effects"].as_array().at(0);
  EXPECT_EQ(effect.at("object").as_string(), one);
  EXPECT_EQ(effect.at("detail").as_string(), receipt);
  EXPECT_EQ(effect.at("idempotency_key").as_string(), one);
  PaymentId payment;
  payment.bytes[15] = 1;
  EXPECT_EQ(effect.at("payment").as_string(), payment.to_string());
}

TEST_F(MpesaTzEmulator, ATransactionIsFoundByEachOfItsThreeNames) {
  const auto theirs = push(one).text("output_ConversationID");
  EXPECT_EQ(payer(theirs, "approve"), 200);
  EXPECT_EQ(status(one), "Completed");
  EXPECT_EQ(status(theirs), "Completed");
  EXPECT_EQ(status(receipt(one)), "Completed");
}

TEST_F(MpesaTzEmulator, ARefusedPromptMovesNothing) {
  (void)push(one);
  EXPECT_EQ(payer(one, "decline"), 200);
  EXPECT_EQ(status(one), "Cancelled");
  EXPECT_EQ(payer(one, "approve"), 409) << "it is over";
  EXPECT_EQ(effects(), Effects{});
}

TEST_F(MpesaTzEmulator, AnIgnoredPromptExpiresAndALatePinMovesNothing) {
  (void)push(one);
  EXPECT_EQ(payer(one, "ignore"), 200);
  now += seconds{89};
  EXPECT_EQ(status(one), "Pending");
  now += seconds{1};
  EXPECT_EQ(status(one), "Expired");
  EXPECT_EQ(payer(one, "approve"), 409);
  EXPECT_EQ(effects(), Effects{});
}

TEST_F(MpesaTzEmulator, TheLateThePinComesTheLaterItCountsWhereTheHandsetKeepsThePrompt) {
  (void)push_to(one, "255754000909");
  now += seconds{599};
  EXPECT_EQ(status(one), "Pending");
  EXPECT_EQ(payer(one, "approve"), 200);
  EXPECT_EQ(effects(), Effects{"charge 1500.00"});
}

TEST_F(MpesaTzEmulator, NobodyPaysForWhatIsNotThere) {
  EXPECT_EQ(payer("nothing", "approve"), 404);
  EXPECT_EQ(code(query("nothing")), "400 INS-23");
}

TEST_F(MpesaTzEmulator, OneConversationCountsOnce) {
  (void)push(one);
  EXPECT_EQ(code(push(one)), "409 INS-10");
  EXPECT_EQ(code(pay_out(one)), "409 INS-10");
  (void)payer(one, "approve");
  EXPECT_EQ(code(push(one)), "409 INS-10") << "paid is no reason to ask again";
  EXPECT_EQ(effects(), Effects{"charge 1500.00"});
  EXPECT_EQ(code(query(one, "q1")), "200 INS-0");
  EXPECT_EQ(code(query(one, "q1")), "409 INS-10") << "a question is a request too";
}

TEST_F(MpesaTzEmulator, ARefusedCallLeavesItsConversationFree) {
  EXPECT_EQ(code(push(one, {{"input_Amount", "0"}})), "400 INS-15");
  EXPECT_EQ(code(push(one)), "201 INS-0");
}

TEST_F(MpesaTzEmulator, WherePhonesDecideTheyDoSoByTheirLastDigits) {
  struct Case {
    const char* ending;
    const char* answer;
    const char* status;
  };
  const Case cases[] = {{"901", "201 INS-0", "Completed"}, {"902", "201 INS-0", "Cancelled"},
                        {"905", "400 INS-990", ""},        {"906", "400 INS-2051", ""},
                        {"907", "408 INS-9", "Completed"}, {"908", "400 INS-1", ""}};
  std::uint8_t number = 10;
  for (const auto& [ending, answer, ends] : cases) {
    const auto made = conversation(number++, 1);
    EXPECT_EQ(code(push_to(made, std::string{"255754000"} + ending)), answer) << ending;
    if (*ends == '\0') {
      EXPECT_EQ(code(query(made)), "400 INS-23") << ending;
    } else {
      EXPECT_EQ(status(made), ends) << ending;
    }
  }
  EXPECT_EQ(effects(), (Effects{"charge 1500.00", "charge 1500.00"}));
}

TEST_F(MpesaTzEmulator, TheBalanceIsLookedAtWhenThePinIsTyped) {
  (void)push_to(one, "255754000903");
  EXPECT_EQ(status(one), "Pending");
  EXPECT_EQ(payer(one, "approve"), 200);
  EXPECT_EQ(status(one), "Failed");
  EXPECT_EQ(effects(), Effects{});
}

TEST_F(MpesaTzEmulator, ACallThatStaysOpenEndsWithThePayersAnswer) {
  const auto open = [&](std::uint8_t number, const std::string& msisdn) {
    return push(conversation(number, 1),
                {{"input_ServiceProviderCode", "000001"}, {"input_CustomerMSISDN", msisdn}});
  };
  const auto done = open(20, "255754000001");
  EXPECT_EQ(code(done), "201 INS-0");
  EXPECT_EQ(done.text("output_TransactionID"), receipt(conversation(20, 1)));
  EXPECT_EQ(code(open(21, "255754000902")), "401 INS-6");
  EXPECT_EQ(code(open(22, "255754000903")), "422 INS-2006");
  EXPECT_EQ(code(open(23, "255754000904")), "408 INS-9");
  EXPECT_EQ(status(conversation(23, 1)), "Expired");
  EXPECT_EQ(effects(), Effects{"charge 1500.00"});
}

// --- refunds
// -----------------------------------------------------------------------------------------------

TEST_F(MpesaTzEmulator, AReversalGivesBackInPartsAndNeverMore) {
  const auto receipt = paid(one);
  EXPECT_EQ(code(reverse(two, receipt, "500")), "200 INS-0");
  EXPECT_EQ(code(reverse(conversation(1, 3), receipt, "1001")), "400 INS-15");
  EXPECT_EQ(query(one).text("output_Reversed"), "False");
  const auto rest = reverse(conversation(1, 4), receipt);
  EXPECT_EQ(code(rest), "200 INS-0");
  EXPECT_NE(rest.text("output_TransactionID"), receipt);
  EXPECT_EQ(query(one).text("output_Reversed"), "True");
  EXPECT_EQ(code(reverse(conversation(1, 5), receipt, "1")), "401 INS-6");
  EXPECT_EQ(effects(), (Effects{"charge 1500.00", "refund 500.00", "refund 1000.00"}));
}

TEST_F(MpesaTzEmulator, AReversalBelongsToThePaymentItReverses) {
  (void)reverse(two, paid(one), "500");
  const auto ledger = call("GET", "/sandbox/ledger");
  const auto& refund = ledger["effects"].as_array().at(1);
  EXPECT_EQ(refund.at("object").as_string(), one);
  EXPECT_EQ(refund.at("idempotency_key").as_string(), two);
  EXPECT_EQ(refund.at("payment"), ledger["effects"].as_array().at(0).at("payment"));
}

TEST_F(MpesaTzEmulator, WhatWasNeverPaidCannotBeReversed) {
  (void)push(one);
  EXPECT_EQ(code(reverse(two, "nothing", "500")), "400 INS-23");
  EXPECT_EQ(code(reverse(two, "no/receipt", "500")), "400 INS-18");
  const auto refunded = reverse(two, paid(conversation(2, 1)), "500").text("output_TransactionID");
  EXPECT_EQ(code(reverse(conversation(1, 3), refunded, "1")), "400 INS-23")
      << "a reversal is not reversed";
}

TEST_F(MpesaTzEmulator, TheSameReversalTwiceGivesBackOnce) {
  const auto receipt = paid(one);
  (void)reverse(two, receipt, "500");
  EXPECT_EQ(code(reverse(two, receipt, "500")), "409 INS-10");
  EXPECT_EQ(effects(), (Effects{"charge 1500.00", "refund 500.00"}));
}

TEST_F(MpesaTzEmulator, ASlowReversalIsAcceptedFirstAndDoneByTime) {
  const auto receipt = paid(one, "255754000910");
  const auto answer = reverse(two, receipt);
  EXPECT_EQ(code(answer), "200 INS-0");
  EXPECT_FALSE(answer.body.as_object().contains("output_TransactionID"));
  EXPECT_EQ(status(two), "Pending");
  EXPECT_EQ(code(reverse(conversation(1, 3), receipt)), "401 INS-6") << "all is on its way back";
  now += seconds{5};
  EXPECT_EQ(status(two), "Completed");
  EXPECT_EQ(effects(), (Effects{"charge 1500.00", "refund 1500.00"}));
}

TEST_F(MpesaTzEmulator, APayoutNeedsNoReceipt) {
  const auto answer = pay_out(one);
  EXPECT_EQ(code(answer), "201 INS-0");
  EXPECT_EQ(status(one), "Completed");
  EXPECT_EQ(code(pay_out(two, {{"input_CustomerMSISDN", "255754000906"}})), "400 INS-2051");
  EXPECT_EQ(effects(), Effects{"refund 1500.00"});
}

// --- callbacks
// -----------------------------------------------------------------------------------------------

TEST_F(MpesaTzEmulator, EachEndIsToldOnceToTheSecretPath) {
  const auto box = mailbox();
  (void)push(one);
  EXPECT_TRUE(box->letters.empty());
  (void)payer(one, "approve");
  ASSERT_EQ(box->letters.size(), 1U);
  const auto& letter = box->letters.back();
  EXPECT_EQ(letter.provider, name);
  EXPECT_TRUE(letter.secret_path);
  EXPECT_EQ(letter.path, "");
  EXPECT_FALSE(letter.seal) << "nothing signs it";
  const auto told = box->last();
  EXPECT_EQ(told.at("input_ResultCode").as_string(), "INS-0");
  EXPECT_EQ(told.at("input_ThirdPartyConversationID").as_string(), one);
  EXPECT_EQ(told.at("input_TransactionID").as_string(), receipt(one));
  EXPECT_FALSE(told.as_object().contains("input_Amount"));
}

TEST_F(MpesaTzEmulator, AFailureIsToldWithItsCode) {
  const auto box = mailbox();
  const auto told = [&] { return std::string{box->last().at("input_ResultCode").as_string()}; };
  (void)push(one);
  (void)payer(one, "decline");
  EXPECT_EQ(told(), "INS-6");
  (void)push_to(two, "255754000903");
  (void)payer(two, "approve");
  EXPECT_EQ(told(), "INS-2006");
  (void)push(conversation(1, 3));
  now += seconds{90};
  (void)sandbox()->pass_time();
  EXPECT_EQ(told(), "INS-9");
  EXPECT_EQ(box->letters.size(), 3U);
}

TEST_F(MpesaTzEmulator, WhoseCallsStayOpenIsNotCalledBack) {
  const auto box = mailbox();
  (void)push(one, {{"input_ServiceProviderCode", "000001"}});
  EXPECT_TRUE(box->letters.empty());
  EXPECT_EQ(effects(), Effects{"charge 1500.00"});
}

TEST_F(MpesaTzEmulator, TheSandboxSaysWhenAPromptEnds) {
  EXPECT_EQ(sandbox()->pass_time(), std::nullopt);
  (void)push(one);
  EXPECT_EQ(sandbox()->pass_time(), now + seconds{90});
}

TEST_F(MpesaTzEmulator, AResetForgetsAll) {
  (void)paid(one);
  EXPECT_EQ(call("POST", "/sandbox/reset").status() / 100, 2);
  EXPECT_EQ(code(query(one)), "401 ");
  open_session();
  EXPECT_EQ(code(query(one)), "400 INS-23");
  EXPECT_EQ(effects(), Effects{});
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
