// Who may call the emulated M-Pesa in Tanzania, what it refuses, and how it fails.
#include <gtest/gtest.h>

#include "tests/unit/gateway/sandbox/mpesa_openapi_tz_bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using inbound::Delivery;
using std::chrono::seconds;

class MpesaTzAccess : public testing::Test, public MpesaTz {
 protected:
  const std::string one = conversation(1, 1);
};

TEST_F(MpesaTzAccess, AKeyGetsASessionAndTheSessionOpensTheDoor) {
  const auto answer = ask_session();
  EXPECT_EQ(code(answer), "200 INS-0");
  bearer = sealed(answer.text("output_SessionID"));
  EXPECT_EQ(code(push(one)), "201 INS-0");
  bearer = sealed(answer.text("output_SessionID"));
  EXPECT_EQ(code(query(one)), "200 INS-0") << "encrypted anew it is the same session";
}

TEST_F(MpesaTzAccess, NobodyElseGetsIn) {
  EXPECT_EQ(ask_session("sk_live_x").status(), 401);
  for (const std::string& wrong :
       {std::string{}, std::string{"Bearer sk_test_sandbox"}, std::string{"Basic x"},
        "Bearer " + std::string(5'000, 'A'), sealed("nobody"), sealed("sk_test_sandbox")}) {
    bearer = wrong;
    EXPECT_EQ(code(push(one)), "401 ") << wrong.substr(0, 20);
  }
  const auto session = ask_session().text("output_SessionID");
  bearer = "Bearer " + session;
  EXPECT_EQ(code(push(one)), "401 ") << "a session travels encrypted";
  EXPECT_EQ(effects(), Effects{});
}

TEST_F(MpesaTzAccess, ASessionEnds) {
  open_session();
  now += seconds{3'599};
  EXPECT_EQ(code(push(one)), "201 INS-0");
  now += seconds{1};
  EXPECT_EQ(code(query(one)), "401 ");
  open_session();
  EXPECT_EQ(code(query(one)), "200 INS-0");
}

TEST_F(MpesaTzAccess, AColdSessionIsNotTakenYet) {
  open_session("sk_test_warmup");
  EXPECT_EQ(code(push(one)), "401 ");
  now += seconds{29};
  EXPECT_EQ(code(push(one)), "401 ");
  now += seconds{1};
  EXPECT_EQ(code(push(one)), "201 INS-0");
}

TEST_F(MpesaTzAccess, WhatIsNotThereIsSaid) {
  open_session();
  const auto at = [&](const std::string& method, const std::string& path) {
    return code(call(method, "/mpesa_openapi_tz" + path, {}, headers(bearer)));
  };
  EXPECT_EQ(at("GET", "/"), "404 ");
  EXPECT_EQ(at("GET", "/live/ipg/v2/vodacomTZN/getSession/"), "404 ");
  EXPECT_EQ(at("GET", "/sandbox/ipg/v2/vodafoneGHA/getSession/"), "400 INS-998");
  EXPECT_EQ(at("GET", "/sandbox/ipg/v2/vodacomTZNx/getSession/"), "400 INS-998");
  EXPECT_EQ(at("POST", "/sandbox/ipg/v2/vodacomTZN/reversal/"), "404 ");
  EXPECT_EQ(at("POST", "/sandbox/ipg/v2/vodacomTZN/c2bPayment/singleStage"), "404 ");
  EXPECT_EQ(at("PUT", "/openapi/ipg/v2/vodacomTZN/reversal/"), "400 INS-21") << "no body";
  const auto bare = call("GET", "/mpesa_openapi_tz/sandbox/ipg/v2/vodacomTZN/getSession/", {},
                         {{"Authorization", sealed("sk_test_sandbox")}});
  EXPECT_EQ(bare.status(), 401) << "without an Origin";
}

TEST_F(MpesaTzAccess, EachParameterIsLookedAt) {
  open_session();
  struct Case {
    const char* name;
    std::string value;  // empty: missing
    const char* answer;
  };
  const Case cases[] = {
      {"input_Amount", "", "400 INS-20"},
      {"input_Amount", "1500.50", "400 INS-15"},
      {"input_Amount", "-1", "400 INS-15"},
      {"input_CustomerMSISDN", "0754000001", "400 INS-2051"},
      {"input_CustomerMSISDN", "+255754000001", "400 INS-2051"},
      {"input_Country", "TZA", "400 INS-21"},
      {"input_Currency", "KES", "400 INS-26"},
      {"input_ServiceProviderCode", "1", "400 INS-13"},
      {"input_TransactionReference", std::string(21, 'x'), "400 INS-17"},
      {"input_ThirdPartyConversationID", "", "400 INS-20"},
      {"input_ThirdPartyConversationID", "with-hyphen", "400 INS-28"},
      {"input_ThirdPartyConversationID", std::string(41, 'x'), "400 INS-28"},
      {"input_PurchasedItemsDesc", "caf\xc3\xa9", "400 INS-30"},
      {"input_PurchasedItemsDesc", std::string(257, 'x'), "400 INS-30"},
  };
  for (const auto& [name, value, answer] : cases)
    EXPECT_EQ(code(push(one, {{name, value}})), answer) << name << " " << value;
  EXPECT_EQ(code(send("POST", "c2bPayment/singleStage/", R"({"input_Amount":1500})")),
            "400 INS-21");
  EXPECT_EQ(code(query(std::string(33, 'x'))), "400 INS-21") << "no reference is that long";
  EXPECT_EQ(effects(), Effects{});
}

TEST_F(MpesaTzAccess, WhatTheAdapterBuildsIsTakenAsItIs) {
  open_session();
  provider::Settings settings;
  for (const auto& [key, value] : cambist::mpesa_openapi_tz::sandbox_settings())
    settings.values.emplace(std::string{key}, std::string{value});
  settings.values["base_url"] = "http://127.0.0.1:1/mpesa_openapi_tz";
  settings.secrets.emplace("secret_key", Secret{"sk_test_sandbox"});
  const auto adapter = cambist::mpesa_openapi_tz::make_adapter(settings).value();
  const auto give = [&](http::Request request, const Secret& token) {
    if (!token.empty()) adapter->attach_token(request, token);
    return Desk::send(std::move(request)).outgoing.response;
  };
  const auto token =
      adapter->read_token(give(adapter->build_token_request(now).value(), {})).value();

  provider::Call call;
  call.operation.bytes[15] = 7;
  call.payment.bytes[15] = 3;
  call.amount = {150'000, Currency::parse("TZS").value()};
  call.method = {"mobile_money", "", {{"phone", "0754 000 001"}}};
  call.started_at = now;
  call.description = "Two coffees, please";
  const auto judge = [&] {
    return adapter->interpret(call, give(adapter->build(call).value(), token.value));
  };
  const auto asked = std::get<provider::ActionRequired>(judge());
  EXPECT_TRUE(std::holds_alternative<provider::Unknown>(judge())) << "sent twice: INS-10";
  EXPECT_EQ(payer(asked.provider_payment_id, "approve"), 200);
  call.inquiry = true;
  call.attempt = 3;
  const auto approved = std::get<provider::Approved>(judge());
  EXPECT_EQ(approved.amount, call.amount);

  call.kind = provider::OperationKind::refund;
  call.operation.bytes[15] = 8;
  call.inquiry = false;
  call.amount.minor = 50'000;
  call.provider_payment_id = approved.provider_payment_id;
  call.capture_object = approved.provider_object;
  EXPECT_TRUE(std::holds_alternative<provider::Approved>(judge()));
  call.operation.bytes[15] = 9;
  call.capture_object.clear();
  EXPECT_TRUE(std::holds_alternative<provider::Pending>(judge())) << "a payout is called back";
  EXPECT_EQ(effects(), (Effects{"charge 1500.00", "refund 500.00", "refund 500.00"}));
  EXPECT_EQ(effects("?payment=" + call.payment.to_string()).size(), 3U);
}

// --- faults
// -----------------------------------------------------------------------------------------------

std::string rule(const std::string& operation, const std::string& fault) {
  return R"({"provider":"mpesa_openapi_tz","operation":")" + operation + R"(","fault":")" + fault +
         R"(","count":1})";
}

TEST_F(MpesaTzAccess, AFaultBeforeTheEffectLeavesNone) {
  open_session();
  for (const char* fault :
       {"timeout_before", "reset_before", "http_500", "http_502_html", "http_503", "http_429"}) {
    EXPECT_EQ(faults(rule("charge", fault)).status(), 200);
    (void)push_to(one, "255754000901");
    EXPECT_EQ(code(query(one)), "400 INS-23") << fault;
  }
  EXPECT_EQ(effects(), Effects{});
}

TEST_F(MpesaTzAccess, AFaultBehindTheEffectHidesIt) {
  open_session();
  std::uint8_t number = 1;
  for (const char* fault :
       {"timeout_after", "reset_mid_body", "http_500_after", "truncated_json", "slow"}) {
    const auto made = conversation(++number, 1);
    (void)faults(rule("charge", fault));
    (void)push_to(made, "255754000901");
    EXPECT_EQ(status(made), "Completed") << fault;
  }
  EXPECT_EQ(effects().size(), 5U);
}

TEST_F(MpesaTzAccess, EveryOperationMeetsItsFaults) {
  open_session();
  (void)push_to(one, "255754000901");
  const auto receipt_of_one = receipt(one);
  const auto never = [](const Answer& answer) {
    return answer.outgoing.delivery == Delivery::never;
  };
  (void)faults(rule("token", "timeout_after"));
  EXPECT_TRUE(never(ask_session()));
  (void)faults(rule("inquire", "timeout_after"));
  EXPECT_TRUE(never(query(one)));
  (void)faults(rule("refund", "timeout_before"));
  EXPECT_TRUE(never(reverse(conversation(1, 2), receipt_of_one)));
  EXPECT_EQ(effects().size(), 1U);
  (void)faults(rule("refund", "timeout_after"));
  EXPECT_TRUE(never(reverse(conversation(1, 2), receipt_of_one)));
  EXPECT_EQ(effects().size(), 2U);
  (void)faults(rule("refund", "http_500"));
  EXPECT_EQ(code(pay_out(conversation(1, 3))), "500 INS-1");
  EXPECT_EQ(effects().size(), 2U);
}

TEST_F(MpesaTzAccess, ACallbackCanBeLostAndTold) {
  open_session();
  const auto box = mailbox();
  (void)faults(rule("webhook", "drop"));
  (void)push_to(one, "255754000901");
  ASSERT_EQ(box->letters.size(), 1U);
  EXPECT_TRUE(box->letters[0].dropped);
  (void)faults(rule("webhook", "duplicate"));
  (void)push_to(conversation(1, 2), "255754000901");
  EXPECT_GE(box->letters.size(), 3U);
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
