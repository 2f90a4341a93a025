// The emulated Daraja: tokens, prompts and payers, commands that are done later, callbacks to the
// URLs that were named, and the ledger as the witness.
#include <gtest/gtest.h>

#include "protocols/core/base64.hpp"
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using namespace std::chrono_literals;

constexpr auto payment = "pay_01jd2v9h3ke1r8m7q0c5xw4tby";
constexpr auto operation = "op_01jd2v9h3ke1r8m7q0c5xw4tbz";

std::string callback_url(const std::string& behind = {}) {
  return std::string{"https://cambist.invalid/api/v1/webhooks/mpesa_daraja/whsec_x/"} + payment +
         "/" + operation + behind;
}

/// Who calls Daraja, with a token of its own.
class Caller : public Desk {
 public:
  Answer token(const std::string& pair = "ck:cs",
               const std::string& query = "grant_type=client_credentials") {
    return call("GET", "/mpesa_daraja/oauth/v1/generate?" + query, {},
                {{"Authorization", "Basic " + to_base64(pair)}});
  }
  Answer daraja(const std::string& path, const json::object& body) {
    if (token_.empty()) token_ = token().text("access_token");
    return call("POST", "/mpesa_daraja/mpesa/" + path, json::serialize(body),
                {{"Authorization", "Bearer " + token_}, {"Content-Type", "application/json"}});
  }
  static json::object push_body(const std::string& phone = "254712345670",
                                const json::value& amount = 1500) {
    return {{"BusinessShortCode", "174379"},
            {"Password", to_base64("174379pass20260115103000")},
            {"Timestamp", "20260115103000"},
            {"TransactionType", "CustomerPayBillOnline"},
            {"Amount", amount},
            {"PartyA", phone},
            {"PartyB", "174379"},
            {"PhoneNumber", phone},
            {"CallBackURL", callback_url()},
            {"AccountReference", "L6XHRDZHAA5N"},
            {"TransactionDesc", "Payment"}};
  }
  Answer push(const json::object& body) { return daraja("stkpush/v1/processrequest", body); }
  std::string prompt(const std::string& phone = "254712345670", std::int64_t amount = 1500) {
    return push(push_body(phone, amount)).text("CheckoutRequestID");
  }
  Answer query(const std::string& checkout) {
    return daraja("stkpushquery/v1/query", {{"BusinessShortCode", "174379"},
                                            {"Password", to_base64("174379pass20260115103000")},
                                            {"Timestamp", "20260115103000"},
                                            {"CheckoutRequestID", checkout}});
  }
  Answer payer(const std::string& checkout, const std::string& act) {
    return call("POST", "/sandbox/payer/mpesa_daraja/" + checkout + "/" + act);
  }
  std::string result(const std::string& checkout) {
    const auto answer = query(checkout);
    return answer.status() == 200 ? answer.text("ResultCode") : answer.text("errorMessage");
  }
  /// A paid prompt; the answer is its receipt.
  std::string paid(const std::string& phone = "254712345670", std::int64_t amount = 1500) {
    (void)payer(prompt(phone, amount), "approve");
    const auto ledger = call("GET", "/sandbox/ledger");
    return std::string{ledger["effects"].as_array().back().at("detail").as_string()};
  }
  static json::object reversal(const std::string& receipt, std::int64_t amount = 1500) {
    return {{"Initiator", "apiop"},
            {"SecurityCredential", "Y3JlZA=="},
            {"CommandID", "TransactionReversal"},
            {"TransactionID", receipt},
            {"Amount", amount},
            {"ReceiverParty", "174379"},
            {"RecieverIdentifierType", "11"},
            {"Remarks", "Refund"},
            {"Occasion", ""},
            {"ResultURL", callback_url("/result")},
            {"QueueTimeOutURL", callback_url("/timeout")}};
  }
  static json::object payout(const std::string& phone = "254712345670", std::int64_t amount = 400) {
    return {{"OriginatorConversationID", operation},
            {"InitiatorName", "apiop"},
            {"SecurityCredential", "Y3JlZA=="},
            {"CommandID", "BusinessPayment"},
            {"Amount", amount},
            {"PartyA", "174379"},
            {"PartyB", phone},
            {"Remarks", "Refund"},
            {"Occassion", ""},
            {"ResultURL", callback_url("/result")},
            {"QueueTimeOutURL", callback_url("/timeout")}};
  }
  static json::object status_query(const std::string& conversation) {
    return {{"Initiator", "apiop"},
            {"SecurityCredential", "Y3JlZA=="},
            {"CommandID", "TransactionStatusQuery"},
            {"OriginalConversationID", conversation},
            {"PartyA", "174379"},
            {"IdentifierType", "4"},
            {"Remarks", "Refund"},
            {"ResultURL", callback_url("/status")},
            {"QueueTimeOutURL", callback_url("/status-timeout")}};
  }
  Answer reverse(const json::object& body) { return daraja("reversal/v1/request", body); }
  Answer pay(const json::object& body) { return daraja("b2c/v3/paymentrequest", body); }
  /// Commands are done by then.
  void wait(std::chrono::seconds so_long = 2s) {
    now += so_long;
    (void)call("GET", "/mpesa_daraja/mpesa/nothing");
  }

 private:
  std::string token_;
};

std::string str(const json::value& value) {
  return std::string{value.as_string()};
}

const json::object& stk(const json::value& body) {
  return body.at("Body").at("stkCallback").as_object();
}

json::value item(const json::object& callback, std::string_view name) {
  for (const auto& entry : callback.at("CallbackMetadata").at("Item").as_array()) {
    if (str(entry.at("Name")) == name) return entry.at("Value");
  }
  return nullptr;
}

// --- tokens --------------------------------------------------------------------------------------

TEST(DarajaSandbox, NothingIsDoneWithoutAGoodToken) {
  Caller caller;
  const auto none = caller.call("POST", "/mpesa_daraja/mpesa/stkpush/v1/processrequest",
                                json::serialize(Caller::push_body()));
  EXPECT_EQ(none.status(), 404);
  EXPECT_EQ(none.text("errorCode"), "404.001.04");
  const auto wrong =
      caller.call("POST", "/mpesa_daraja/mpesa/stkpush/v1/processrequest",
                  json::serialize(Caller::push_body()), {{"Authorization", "Bearer made-up"}});
  EXPECT_EQ(wrong.text("errorCode"), "404.001.03");
  EXPECT_EQ(caller.push(Caller::push_body()).status(), 200);
  caller.now += 3'600s;
  EXPECT_EQ(caller.push(Caller::push_body()).text("errorCode"), "404.001.03") << "it has ended";
}

TEST(DarajaSandbox, ATokenNeedsAConsumerKey) {
  Caller caller;
  const auto given = caller.token();
  EXPECT_EQ(given.text("expires_in"), "3599");
  EXPECT_NE(given.text("access_token"), caller.token().text("access_token"));
  EXPECT_EQ(caller.token("").text("errorCode"), "400.008.01");
  EXPECT_EQ(caller.token("ck:").text("errorCode"), "400.008.01");
  EXPECT_EQ(caller.token("ck:cs", "grant_type=password").text("errorCode"), "400.008.02");
  EXPECT_EQ(caller.call("POST", "/mpesa_daraja/oauth/v1/generate").text("errorCode"), "405.001");
}

// --- prompts -------------------------------------------------------------------------------------

TEST(DarajaSandbox, AnApprovedPromptChargesOnceAndTellsTheUrlThatWasNamed) {
  Caller caller;
  const auto box = caller.mailbox();
  const auto id = caller.prompt();
  EXPECT_TRUE(caller.effects().empty()) << "accepted is not paid";
  EXPECT_EQ(caller.result(id), "The transaction is being processed");
  EXPECT_EQ(caller.payer(id, "approve").status(), 200);
  EXPECT_EQ(caller.result(id), "0");
  EXPECT_EQ(caller.effects(), Effects{"charge 1500.00"});

  const auto effect = caller.call("GET", "/sandbox/ledger")["effects"].as_array().at(0).as_object();
  EXPECT_EQ(str(effect.at("object")), id);
  EXPECT_EQ(str(effect.at("payment")), payment);
  ASSERT_EQ(box->letters.size(), 1U);
  const auto& letter = box->letters[0];
  EXPECT_EQ(letter.type, "stkCallback");
  EXPECT_TRUE(letter.secret_path);
  EXPECT_EQ(letter.path, std::string{payment} + "/" + operation);
  EXPECT_TRUE(letter.url.empty());
  const auto body = box->last();
  EXPECT_EQ(str(stk(body).at("CheckoutRequestID")), id);
  EXPECT_EQ(stk(body).at("ResultCode").as_int64(), 0);
  EXPECT_EQ(item(stk(body), "Amount").as_double(), 1500.0);
  EXPECT_EQ(item(stk(body), "MpesaReceiptNumber"), effect.at("detail"));

  EXPECT_EQ(caller.payer(id, "approve").status(), 409) << "once is enough";
  EXPECT_EQ(caller.payer(id, "decline").status(), 409);
  EXPECT_EQ(caller.payer("ws_CO_unknown", "approve").status(), 404);
  EXPECT_EQ(caller.effects().size(), 1U);
}

TEST(DarajaSandbox, ACallbackUrlElsewhereIsUsedAsItStands) {
  Caller caller;
  const auto box = caller.mailbox();
  auto body = Caller::push_body();
  body["CallBackURL"] = "https://pay.example.test/hook/pay_1/op_1";
  (void)caller.payer(caller.push(body).text("CheckoutRequestID"), "decline");
  ASSERT_EQ(box->letters.size(), 1U);
  EXPECT_EQ(box->letters[0].url, "https://pay.example.test/hook/pay_1/op_1");
  EXPECT_FALSE(box->letters[0].secret_path);
}

TEST(DarajaSandbox, WithoutMoneyNothingIsInTheLedger) {
  const std::vector<std::array<std::string, 3>> endings{{"254712345670", "decline", "1032"},
                                                        {"254712345601", "approve", "1"},
                                                        {"254712345602", "approve", "2001"}};
  for (const auto& [phone, act, code] : endings) {
    Caller caller;
    const auto box = caller.mailbox();
    const auto id = caller.prompt(phone);
    (void)caller.payer(id, act);
    EXPECT_EQ(caller.result(id), code);
    EXPECT_TRUE(caller.effects().empty());
    ASSERT_EQ(box->letters.size(), 1U);
    EXPECT_FALSE(stk(box->last()).contains("CallbackMetadata"));
  }
}

TEST(DarajaSandbox, APromptThatNobodyAnswersEnds) {
  Caller caller;
  const auto box = caller.mailbox();
  const auto id = caller.prompt();
  EXPECT_EQ(caller.payer(id, "ignore").status(), 200);
  caller.now += 74s;
  EXPECT_EQ(caller.result(id), "The transaction is being processed");
  caller.now += 1s;
  EXPECT_EQ(caller.result(id), "1037");
  EXPECT_EQ(box->letters.size(), 1U);
  EXPECT_EQ(caller.payer(id, "approve").status(), 409);
  EXPECT_TRUE(caller.effects().empty());
}

TEST(DarajaSandbox, ALateAnswerStillChargesAndIsNeverCalledAFailureBefore) {
  Caller caller;
  const auto box = caller.mailbox();
  const auto id = caller.prompt("254712345604");
  caller.now += 5min;
  EXPECT_EQ(caller.result(id), "4999");
  EXPECT_TRUE(box->letters.empty());
  EXPECT_EQ(caller.payer(id, "approve").status(), 200);
  EXPECT_EQ(caller.result(id), "0");
  EXPECT_EQ(caller.effects(), Effects{"charge 1500.00"});

  const auto other = caller.prompt("254799345604");
  caller.now += 32min;
  EXPECT_EQ(caller.result(other), "1037");
}

TEST(DarajaSandbox, SomePhonesActByThemselves) {
  Caller caller;
  const auto busy = caller.prompt("254712345603");
  const auto away = caller.prompt("254712345606");
  const auto quick = caller.prompt("254712345605");
  caller.now += 2s;
  EXPECT_EQ(caller.result(busy), "1001");
  EXPECT_EQ(caller.result(away), "1037");
  EXPECT_EQ(caller.result(quick), "0");
  EXPECT_EQ(caller.effects().size(), 1U);
}

TEST(DarajaSandbox, ASecondPromptTooSoonIsNotPaidTwice) {
  Caller caller;
  const auto first = caller.prompt();
  const auto locked = caller.push(Caller::push_body());
  EXPECT_EQ(locked.status(), 500);
  EXPECT_EQ(locked.text("errorCode"), "500.001.1001");
  EXPECT_NE(locked.text("errorMessage").find("lock subscriber"), std::string::npos);

  (void)caller.payer(first, "approve");
  const auto second = caller.prompt();
  caller.now += 1s;
  EXPECT_EQ(caller.result(second), "17");
  EXPECT_EQ(caller.prompt("254712345670", 1600).substr(0, 6), "ws_CO_") << "another amount";
  caller.now += 2min;
  const auto later = caller.prompt();
  (void)caller.payer(later, "approve");
  EXPECT_EQ(caller.effects().size(), 2U);
}

TEST(DarajaSandbox, WhatIsWrongInAPushIsNamed) {
  const std::vector<std::pair<std::string, json::value>> wrong{
      {"BusinessShortCode", "17"},
      {"Timestamp", "2026"},
      {"TransactionType", "Pay"},
      {"Amount", 0},
      {"Amount", "10.5"},
      {"Amount", 10.5},
      {"Amount", 250'001},
      {"PartyA", "0712345678"},
      {"PhoneNumber", "255712345678"},
      {"PartyB", "600000"},
      {"CallBackURL", "http://pay.example.test"},
      {"CallBackURL", "x"},
      {"AccountReference", "thirteen-char"},
      {"AccountReference", ""},
      {"TransactionDesc", "fourteen chars"},
      {"Password", ""},
  };
  Caller caller;
  for (const auto& [name, value] : wrong) {
    auto body = Caller::push_body();
    body[name] = value;
    const auto refused = caller.push(body);
    EXPECT_EQ(refused.status(), 400) << name;
    EXPECT_EQ(refused.text("errorCode"), "400.002.02") << name;
    EXPECT_NE(refused.text("errorMessage").find(name), std::string::npos)
        << name << ": " << refused.text("errorMessage");
  }
  auto body = Caller::push_body();
  body["Password"] = to_base64("174379pass20260115103001");
  EXPECT_EQ(caller.push(body).text("errorMessage"), "Wrong credentials");
  EXPECT_EQ(caller.call("POST", "/mpesa_daraja/mpesa/nothing").text("errorCode"), "404.001.01");
  EXPECT_EQ(caller.query("ws_CO_unknown").text("errorCode"), "400.002.02");
}

// --- refunds -------------------------------------------------------------------------------------

TEST(DarajaSandbox, AReversalIsDoneLaterAndOnce) {
  Caller caller;
  const auto box = caller.mailbox();
  const auto receipt = caller.paid();
  const auto accepted = caller.reverse(Caller::reversal(receipt));
  EXPECT_EQ(accepted.text("ResponseCode"), "0");
  EXPECT_EQ(caller.effects().size(), 1U) << "accepted is not done";
  caller.wait();
  EXPECT_EQ(caller.effects(), (Effects{"charge 1500.00", "refund 1500.00"}));
  const auto& letter = box->letters.back();
  EXPECT_EQ(letter.type, "Result");
  EXPECT_EQ(letter.path, std::string{payment} + "/" + operation + "/result");
  const auto body = box->last();
  EXPECT_EQ(body.at("Result").at("ResultCode").as_int64(), 0);
  EXPECT_EQ(str(body.at("Result").at("ConversationID")), accepted.text("ConversationID"));

  (void)caller.reverse(Caller::reversal(receipt));
  caller.wait();
  EXPECT_EQ(str(box->last().at("Result").at("ResultCode")), "R000001");
  EXPECT_EQ(caller.effects().size(), 2U);
  (void)caller.reverse(Caller::reversal("UNKNOWN"));
  caller.wait();
  EXPECT_EQ(str(box->last().at("Result").at("ResultCode")), "R000002");
}

TEST(DarajaSandbox, NoMoreIsReversedThanWasPaid) {
  Caller caller;
  const auto box = caller.mailbox();
  const auto receipt = caller.paid();
  (void)caller.reverse(Caller::reversal(receipt, 1501));
  caller.wait();
  EXPECT_EQ(box->last().at("Result").at("ResultCode").as_int64(), 3);
  EXPECT_EQ(caller.effects().size(), 1U);
}

TEST(DarajaSandbox, APaymentWithTheSameIdIsMadeOnce) {
  Caller caller;
  const auto box = caller.mailbox();
  (void)caller.paid();
  EXPECT_EQ(caller.pay(Caller::payout()).text("OriginatorConversationID"), operation);
  const auto again = caller.pay(Caller::payout());
  EXPECT_EQ(again.status(), 500);
  EXPECT_EQ(again.text("errorCode"), "500.002.1001");
  caller.wait();
  EXPECT_EQ(caller.effects(), (Effects{"charge 1500.00", "refund 400.00"}));
  const auto ledger = caller.call("GET", "/sandbox/ledger");
  const auto& effects = ledger["effects"].as_array();
  EXPECT_EQ(effects[1].at("object"), effects[0].at("object")) << "of the same payment";
}

TEST(DarajaSandbox, RefundsMayFailExpireOrBeDoneInSilence) {
  Caller caller;
  const auto box = caller.mailbox();
  (void)caller.pay(Caller::payout("254712345611"));
  caller.wait();
  EXPECT_EQ(box->last().at("Result").at("ResultCode").as_int64(), 1);

  auto expires = Caller::payout("254712345612");
  expires["OriginatorConversationID"] = "op_b";
  (void)caller.pay(expires);
  caller.wait();
  EXPECT_EQ(box->letters.back().type, "QueueTimeOut");
  EXPECT_EQ(box->letters.back().path, std::string{payment} + "/" + operation + "/timeout");
  EXPECT_TRUE(caller.effects().empty());

  auto silent = Caller::payout("254712345613");
  silent["OriginatorConversationID"] = "op_c";
  const auto before = box->letters.size();
  (void)caller.pay(silent);
  caller.wait();
  EXPECT_EQ(box->letters.size(), before);
  EXPECT_EQ(caller.effects(), Effects{"refund 400.00"});
  (void)caller.daraja("transactionstatus/v1/query", Caller::status_query("op_c"));
  caller.wait();
  const auto found = box->last();
  EXPECT_EQ(box->letters.back().path, std::string{payment} + "/" + operation + "/status");
  EXPECT_NE(json::serialize(found).find(R"("Key":"TransactionStatus","Value":"Completed")"),
            std::string::npos);
}

TEST(DarajaSandbox, WhatIsWrongInACommandIsNamed) {
  Caller caller;
  for (const auto* name :
       {"Initiator", "SecurityCredential", "CommandID", "TransactionID", "Amount", "ReceiverParty",
        "RecieverIdentifierType", "Remarks", "ResultURL", "QueueTimeOutURL"}) {
    auto body = Caller::reversal("UAF1TEST01");
    body[name] = "";
    const auto refused = caller.reverse(body);
    EXPECT_EQ(refused.text("errorMessage"), std::string{"Bad Request - Invalid "} + name);
  }
  auto body = Caller::payout();
  body.erase("OriginatorConversationID");
  EXPECT_EQ(caller.pay(body).status(), 400);
  EXPECT_EQ(caller.daraja("b2c/v1/paymentrequest", body).status(), 200) << "v1 makes its own";
}

// --- faults --------------------------------------------------------------------------------------

TEST(DarajaSandbox, FaultsTouchEachOperationTokensIncluded) {
  Caller caller;
  const auto box = caller.mailbox();
  (void)caller.faults(
      R"({"provider":"mpesa_daraja","operation":"token","fault":"timeout_after","count":1})");
  EXPECT_EQ(caller.token().outgoing.delivery, inbound::Delivery::never);
  (void)caller.faults(
      R"({"provider":"mpesa_daraja","operation":"charge","fault":"timeout_after","count":1})");
  EXPECT_EQ(caller.push(Caller::push_body("254712345605")).outgoing.delivery,
            inbound::Delivery::never);
  caller.wait();
  EXPECT_EQ(caller.effects(), Effects{"charge 1500.00"}) << "the prompt was on its way";
  ASSERT_EQ(box->letters.size(), 1U) << "and the callback is all that tells of it";

  (void)caller.faults(
      R"({"provider":"mpesa_daraja","operation":"charge","fault":"http_429","count":1})");
  const auto limited = caller.push(Caller::push_body("254712345688"));
  EXPECT_EQ(limited.status(), 429);
  EXPECT_EQ(str(limited["fault"].at("detail").at("errorcode")),
            "policies.ratelimit.SpikeArrestViolation");
  (void)caller.faults(
      R"({"provider":"mpesa_daraja","operation":"inquire","fault":"http_500","count":1})");
  EXPECT_EQ(caller.query("ws_CO_x").text("errorCode"), "500.003.1001");
}

TEST(DarajaSandbox, CallbacksMayComeTwiceOrNotAtAll) {
  Caller caller;
  const auto box = caller.mailbox();
  (void)caller.faults(
      R"({"provider":"mpesa_daraja","operation":"webhook","fault":"duplicate","count":1})");
  (void)caller.payer(caller.prompt(), "approve");
  EXPECT_GE(box->letters.size(), 2U);
  EXPECT_EQ(box->letters[0].body, box->letters[1].body);
  (void)caller.faults(
      R"({"provider":"mpesa_daraja","operation":"webhook","fault":"drop","count":1})");
  (void)caller.payer(caller.prompt("254712345680"), "approve");
  EXPECT_TRUE(box->letters.back().dropped);
  EXPECT_EQ(caller.effects().size(), 2U);

  box->letters.clear();
  EXPECT_EQ(caller.call("POST", "/sandbox/webhooks/resend", R"({"all":true})").number("resent"), 2);
  EXPECT_EQ(box->letters.size(), 2U);
}

TEST(DarajaSandbox, AResetForgetsEverything) {
  Caller caller;
  const auto id = caller.prompt();
  EXPECT_EQ(caller.call("POST", "/sandbox/reset").status(), 200);
  EXPECT_EQ(caller.payer(id, "approve").status(), 404);
  EXPECT_EQ(caller.query(id).text("errorCode"), "404.001.03") << "tokens too";
}

TEST(DarajaSandbox, AnyBodyIsAnsweredInDarajasWords) {
  Caller caller;
  const auto token = caller.token().text("access_token");
  for (const std::string body : {"", "[]", "{", "null", "{\"Amount\":{}}", "\xff\xfe"}) {
    for (const auto* path :
         {"stkpush/v1/processrequest", "stkpushquery/v1/query", "reversal/v1/request",
          "b2c/v1/paymentrequest", "b2c/v3/paymentrequest", "transactionstatus/v1/query"}) {
      const auto refused = caller.call("POST", std::string{"/mpesa_daraja/mpesa/"} + path, body,
                                       {{"Authorization", "Bearer " + token}});
      EXPECT_EQ(refused.status(), 400) << path << body;
      EXPECT_FALSE(refused.text("errorCode").empty());
    }
  }
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
