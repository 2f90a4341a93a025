// What the fixtures do not show: settings, limits, tokens, prompts, times, and where callbacks come
// from.
#include "protocols/providers/mpesa_daraja/adapter.hpp"

#include <gtest/gtest.h>

#include <set>

#include "protocols/core/base64.hpp"
#include "protocols/providers/mpesa_daraja/wire.hpp"

namespace cambist::mpesa_daraja {
namespace {

using namespace std::chrono_literals;
using provider::Call;
using provider::OperationKind;

using Values = std::map<std::string, std::string>;

provider::Settings settings(const Values& more = {}) {
  Values all{{"consumer_key", "ck"},
             {"secret_key", "cs_hidden"},
             {"passkey_secret", "testpasskey0123456789"},
             {"short_code", "174379"},
             {"callback_url", "https://pay.example.test/api/v1/webhooks"},
             {"webhook_secret", "whsec_new,whsec_old"},
             {"initiator_name", "apiop"},
             {"security_credential_secret", "Y3JlZA=="}};
  for (const auto& [name, value] : more) all[name] = value;
  const std::set<std::string_view> secrets = [] {
    const auto names = secret_names();
    return std::set<std::string_view>{names.begin(), names.end()};
  }();
  provider::Settings made;
  for (const auto& [name, value] : all) {
    if (secrets.contains(name)) {
      made.secrets.emplace(name, Secret{value});
    } else {
      made.values.emplace(name, value);
    }
  }
  return made;
}

std::shared_ptr<const provider::Adapter> adapter(const Values& more = {}) {
  return make_adapter(settings(more)).value();
}

Money kenyan(std::int64_t minor) {
  return {minor, kes()};
}

Call call(OperationKind kind = OperationKind::charge) {
  Call made;
  made.kind = kind;
  made.operation = OperationId::parse("op_01jd2v9h3ke1r8m7q0c5xw4tbz").value();
  made.payment = PaymentId::parse("pay_01jd2v9h3ke1r8m7q0c5xw4tby").value();
  made.amount = made.remaining = made.captured = kenyan(150'000);
  made.method = {"mobile_money", "", {{"phone", "0712345678"}}};
  made.started_at = parse_rfc3339("2026-01-15T07:30:00Z").value();
  made.captured_at = made.started_at;
  if (kind == OperationKind::refund) made.capture_object = "UAF1TEST01";
  return made;
}

std::string field_of(const Result<void>& refused) {
  return refused ? "(taken)" : refused.error().field;
}

// --- settings ------------------------------------------------------------------------------------

TEST(DarajaSettings, EveryOneThatIsWrongIsRefusedByItsName) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"base_url", "ftp://x"},
      {"base_url", "http://api.safaricom.co.ke"},
      {"consumer_key", ""},
      {"consumer_key", "a:b"},
      {"secret_key", ""},
      {"passkey_secret", ""},
      {"passkey_secret", "with space"},
      {"short_code", ""},
      {"short_code", "1234"},
      {"short_code", "17437a"},
      {"party_b", "12345678"},
      {"transaction_type", "PayBillNow"},
      {"callback_url", ""},
      {"callback_url", "http://pay.example.test"},
      {"callback_url", "https://pay.example.test/?x"},
      {"callback_name", "a/b"},
      {"callback_name", ""},
      {"webhook_secret", ""},
      {"webhook_secret", "a/b"},
      {"webhook_secret", "a%2f"},
      {"webhook_secret", "a,b,c,d,e,f,g,h,i"},
      {"prompt_lifetime_s", "29"},
      {"prompt_lifetime_s", "90s"},
      {"amount_min", "0"},
      {"amount_max", "0"},
      {"amount_min", "250001"},
      {"reversal_allows_partial", "yes"},
      {"reversal_max_age_days", "-1"},
      {"processing_texts", " , "},
      {"initiator_name", "api op"},
      {"payout_short_code", "x"},
      {"security_credential_secret", "a b"},
      {"certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
  };
  for (const auto& [name, value] : wrong) {
    const auto made = make_adapter(settings({{name, value}}));
    ASSERT_FALSE(made) << name << " = " << value;
    EXPECT_EQ(made.error().code, ErrorCode::invalid_request);
    EXPECT_EQ(made.error().field, name) << value;
    if (value.size() > 3) EXPECT_EQ(made.error().detail.find(value), std::string::npos) << name;
  }
}

TEST(DarajaSettings, ThoseOfTheSandboxMakeAnAdapter) {
  provider::Settings sandbox;
  for (const auto& [name, value] : sandbox_settings()) sandbox.values.emplace(name, value);
  for (const auto& name : secret_names()) sandbox.secrets.emplace(name, Secret{"sk_test_sandbox"});
  const auto made = make_adapter(sandbox);
  ASSERT_TRUE(made) << made.error().field << " " << made.error().detail;
  EXPECT_TRUE((*made)->check(call(OperationKind::refund)));
}

TEST(DarajaSettings, KnowEveryNameOnce) {
  std::set<std::string_view> seen;
  for (const auto& name : setting_names()) EXPECT_TRUE(seen.insert(name).second) << name;
  for (const auto& name : secret_names()) EXPECT_TRUE(seen.insert(name).second) << name;
}

// --- what is refused before anything is sent -----------------------------------------------------

TEST(DarajaCheck, TakesWholeShillingsWithinTheLimits) {
  for (const std::int64_t minor : {100, 150'000, 25'000'000}) {
    auto fine = call();
    fine.amount = kenyan(minor);
    EXPECT_TRUE(adapter()->check(fine)) << minor;
  }
  for (const std::int64_t minor : {0, -100, 1, 99, 101, 150'050, 25'000'100}) {
    auto wrong = call();
    wrong.amount = kenyan(minor);
    EXPECT_EQ(field_of(adapter()->check(wrong)), "amount.value") << minor;
  }
  auto dollars = call();
  dollars.amount = Money{10'000, Currency::parse("USD").value()};
  EXPECT_EQ(field_of(adapter()->check(dollars)), "amount.currency");
  auto small = call();
  small.amount = kenyan(900);
  EXPECT_EQ(field_of(adapter({{"amount_min", "10"}})->check(small)), "amount.value");
}

TEST(DarajaCheck, RefusesWhatPhonesCannotDo) {
  EXPECT_EQ(field_of(adapter()->check(call(OperationKind::authorize))), "capture");
  EXPECT_EQ(field_of(adapter()->check(call(OperationKind::capture))), "capture");
  EXPECT_EQ(field_of(adapter()->check(call(OperationKind::void_authorization))), "");
  EXPECT_EQ(adapter()->check(call(OperationKind::authorize)).error().code,
            ErrorCode::unsupported_by_provider);
  auto card = call();
  card.method.type = "card";
  EXPECT_EQ(field_of(adapter()->check(card)), "payment_method.type");
  auto nobody = call();
  nobody.method.fields.clear();
  EXPECT_EQ(field_of(adapter()->check(nobody)), "payment_method.phone");
  auto tanzanian = call();
  tanzanian.method.fields["phone"] = "+255741234567";
  const auto refused = adapter()->check(tanzanian);
  EXPECT_EQ(field_of(refused), "payment_method.phone");
  EXPECT_EQ(refused.error().detail.find("741234567"), std::string::npos);
}

TEST(DarajaCheck, RefundsNeedAnInitiatorAndWholeShillings) {
  EXPECT_TRUE(adapter()->check(call(OperationKind::refund)));
  for (const auto* missing : {"initiator_name", "security_credential_secret"}) {
    const auto refused = adapter({{missing, ""}})->check(call(OperationKind::refund));
    ASSERT_FALSE(refused) << missing;
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported_by_provider);
  }
  auto cents = call(OperationKind::refund);
  cents.amount = kenyan(50);
  EXPECT_EQ(field_of(adapter()->check(cents)), "amount.value");
}

// --- requests ------------------------------------------------------------------------------------

TEST(DarajaRequest, PasswordIsThatOfTheVector) {
  AccountSettings account;
  account.short_code = "174379";
  account.passkey = Secret{"testpasskey0123456789"};
  EXPECT_EQ(password(account, "20260115103000").reveal(),
            "MTc0Mzc5dGVzdHBhc3NrZXkwMTIzNDU2Nzg5MjAyNjAxMTUxMDMwMDA=");
}

TEST(DarajaRequest, TimeIsEastAfricasEvenOverMidnight) {
  EXPECT_EQ(timestamp(parse_rfc3339("2026-12-31T21:00:00Z").value()), "20270101000000");
  EXPECT_EQ(timestamp(parse_rfc3339("2026-01-15T07:30:00.999Z").value()), "20260115103000");
}

TEST(DarajaRequest, AccountReferenceIsTwelveLettersAndDigitsOfThePaymentAlone) {
  std::set<std::string> seen;
  PaymentId id;
  for (int i = 0; i < 500; ++i) {
    id.bytes[15] = static_cast<std::uint8_t>(i);
    id.bytes[14] = static_cast<std::uint8_t>(i >> 8);
    const auto reference = account_reference(id);
    EXPECT_EQ(reference.size(), 12U);
    EXPECT_EQ(reference.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), std::string::npos);
    EXPECT_EQ(reference, account_reference(id));
    EXPECT_TRUE(seen.insert(reference).second);
  }
}

TEST(DarajaRequest, TextsOfTheMerchantNeverLeaveTheirField) {
  auto odd = call();
  for (const auto* text : {"\"},{\"Amount\":1", "Chai \xC4\x8Dokolada", "\r\n\r\n", "   ",
                           "a very long description of tea"}) {
    odd.description = text;
    const auto body = adapter()->build(odd).value().body;
    const auto at = body.find("\"TransactionDesc\":\"");
    ASSERT_NE(at, std::string::npos);
    const auto value = body.substr(at + 19, body.find('"', at + 19) - at - 19);
    EXPECT_GE(value.size(), 1U);
    EXPECT_LE(value.size(), 13U) << text;
    EXPECT_EQ(body.find("\"Amount\":1,"), std::string::npos);
  }
}

TEST(DarajaRequest, WithoutAnIdThereIsNothingToAskWith) {
  auto lost = call();
  lost.inquiry = true;
  EXPECT_FALSE(adapter()->build(lost)) << "a prompt is never sent as a question";
  const auto verdict = adapter()->answer_locally(lost);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(provider::name_of(*verdict), "unknown");
  EXPECT_FALSE(provider::counts_as_outage(*verdict));
  EXPECT_FALSE(adapter()->answer_locally(call())) << "a prompt is sent";
  lost.provider_payment_id = "ws_1";
  EXPECT_FALSE(adapter()->answer_locally(lost)) << "and what has a name is asked about";
  auto reversal = call(OperationKind::refund);
  reversal.inquiry = true;
  EXPECT_FALSE(adapter()->build(reversal));
  reversal.provider_object = "AG_1";
  EXPECT_TRUE(adapter()->build(reversal));
}

TEST(DarajaRequest, NoKeyAndNoTokenAreInARequestOfItsOwn) {
  const auto request = adapter()->build(call()).value();
  EXPECT_EQ(http::find(request.headers, "Authorization"), nullptr);
  EXPECT_EQ(http::find(request.headers, "Idempotency-Key"), nullptr);
  EXPECT_EQ(request.origin, "https://api.safaricom.co.ke");
}

TEST(DarajaRequest, AnotherNameMayStandInTheCallbacksUrl) {
  const auto body = adapter({{"callback_name", "wallet"}})->build(call()).value().body;
  EXPECT_NE(body.find("https://pay.example.test/api/v1/webhooks/wallet/whsec_new/"
                      "pay_01jd2v9h3ke1r8m7q0c5xw4tby/op_01jd2v9h3ke1r8m7q0c5xw4tbz\""),
            std::string::npos);
}

// --- prompts -------------------------------------------------------------------------------------

TEST(DarajaPrompt, EndsWhenItsTimeIsUpAndCannotBeTakenBack) {
  const http::Response accepted{200, {}, R"({"CheckoutRequestID":"ws_1","ResponseCode":"0"})"};
  const auto verdict = adapter({{"prompt_lifetime_s", "60"}})->interpret(call(), accepted);
  const auto& prompt = std::get<provider::ActionRequired>(verdict);
  EXPECT_EQ(prompt.action.expires_at, call().started_at + 60s);
  EXPECT_FALSE(prompt.withdrawable);
  EXPECT_EQ(prompt.ask_after, 25s);
  EXPECT_EQ(prompt.action.instructions,
            "Enter the M-Pesa PIN on the phone to pay KES 1500 to "
            "account " +
                account_reference(call().payment) + ".");

  auto asked = call();
  asked.inquiry = true;
  asked.provider_payment_id = "ws_1";
  const http::Response busy{
      500,
      {},
      R"({"errorCode":"500.001.1001","errorMessage":"The Transaction Is Being Processed"})"};
  const auto again = adapter({{"prompt_lifetime_s", "60"}})->interpret(asked, busy);
  EXPECT_EQ(std::get<provider::ActionRequired>(again).action, prompt.action)
      << "the same action gives no more time";
  EXPECT_EQ(std::get<provider::ActionRequired>(again).ask_after, 12s);
}

TEST(DarajaPrompt, TheWordsForStillGoingOnAreASetting) {
  auto asked = call();
  asked.inquiry = true;
  asked.provider_payment_id = "ws_1";
  const http::Response busy{
      500, {}, R"({"errorCode":"500.001.1001","errorMessage":"Inaendelea sasa"})"};
  EXPECT_EQ(provider::name_of(adapter()->interpret(asked, busy)), "unknown");
  EXPECT_EQ(
      provider::name_of(
          adapter({{"processing_texts", "being processed, inaendelea"}})->interpret(asked, busy)),
      "action_required");
}

TEST(DarajaPrompt, NoAnswerToAnyQuestionLetsItBeSentAgain) {
  auto asked = call();
  asked.inquiry = true;
  asked.provider_payment_id = "ws_1";
  for (const int status : {200, 400, 401, 404, 429, 500, 502, 503}) {
    for (const auto* body :
         {"", "{}", R"({"errorCode":"400.002.02"})", R"({"errorCode":"404.001.03"})",
          R"({"errorCode":"500.003.02"})", R"({"ResponseCode":"0","ResultCode":"R000002"})"}) {
      const auto verdict = adapter()->interpret(asked, {status, {}, body});
      EXPECT_FALSE(std::holds_alternative<provider::NotExecuted>(verdict)) << status << body;
      EXPECT_FALSE(std::holds_alternative<provider::Approved>(verdict)) << status << body;
      EXPECT_FALSE(std::holds_alternative<provider::Declined>(verdict)) << status << body;
    }
  }
}

// --- tokens --------------------------------------------------------------------------------------

TEST(DarajaToken, IsAskedForWithTheConsumersKey) {
  ASSERT_TRUE(adapter()->needs_token());
  const auto request = adapter()->build_token_request({}).value();
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target, "/oauth/v1/generate?grant_type=client_credentials");
  EXPECT_EQ(*http::find(request.headers, "Authorization"), "Basic " + to_base64("ck:cs_hidden"));
  EXPECT_TRUE(request.body.empty());
}

TEST(DarajaToken, LivesAsLongAsANumberOrAStringSays) {
  for (const auto* body : {R"({"access_token":"abc","expires_in":"3599"})",
                           R"({"access_token":"abc","expires_in":3599})"}) {
    const auto token = adapter()->read_token({200, {}, body});
    ASSERT_TRUE(token) << body;
    EXPECT_EQ(token->value.reveal(), "abc");
    EXPECT_EQ(token->lifetime, 3'599s);
  }
}

TEST(DarajaToken, IsNoneWhenTheAnswerIsNone) {
  for (const int status : {400, 401}) {
    EXPECT_EQ(adapter()->read_token({status, {}, ""}).error().code, ErrorCode::unauthenticated);
  }
  for (const int status : {302, 429, 500, 503}) {
    EXPECT_EQ(adapter()->read_token({status, {}, "{}"}).error().code, ErrorCode::unavailable);
  }
  for (const auto* body :
       {"", "[]", R"({"access_token":"abc"})", R"({"expires_in":"3599"})",
        R"({"access_token":"","expires_in":"3599"})", R"({"access_token":7,"expires_in":"3599"})",
        R"({"access_token":"a b","expires_in":"3599"})",
        R"({"access_token":"a\r\nX: y","expires_in":"3599"})",
        R"({"access_token":"abc","expires_in":"0"})", R"({"access_token":"abc","expires_in":"-5"})",
        R"({"access_token":"abc","expires_in":"1h"})",
        R"({"access_token":"abc","expires_in":99999999})"}) {
    const auto token = adapter()->read_token({200, {}, body});
    ASSERT_FALSE(token) << body;
    EXPECT_EQ(token.error().code, ErrorCode::unavailable);
  }
}

TEST(DarajaToken, IsRenewedForItsOwnErrorsAlone) {
  const auto refused = [](int status, const std::string& code) {
    return adapter()->token_refused({status, {}, R"({"errorCode":")" + code + "\"}"});
  };
  EXPECT_TRUE(refused(404, "404.001.03"));
  EXPECT_TRUE(refused(401, "401.002.01"));
  EXPECT_TRUE(refused(401, "401.003.01"));
  EXPECT_TRUE(refused(400, "400.003.01"));
  EXPECT_TRUE(adapter()->token_refused({401, {}, ""}));
  EXPECT_FALSE(refused(404, "404.001.01"));
  EXPECT_FALSE(refused(404, "404.001.04"));
  EXPECT_FALSE(refused(400, "400.002.02"));
  EXPECT_FALSE(refused(500, "500.001.1001"));
  EXPECT_FALSE(refused(200, "404.001.03"));
}

// --- callbacks -----------------------------------------------------------------------------------

http::Request callback(std::string token, std::string peer = "196.201.214.200") {
  http::Request request;
  request.method = "POST";
  request.target = "/api/v1/webhooks/mpesa_daraja/" + token +
                   "/pay_01jd2v9h3ke1r8m7q0c5xw4tby/op_01jd2v9h3ke1r8m7q0c5xw4tbz";
  request.peer = std::move(peer);
  return request;
}

TEST(DarajaCallback, ComesToAUrlThatOnlyDarajaKnows) {
  EXPECT_TRUE(adapter()->verify_webhook(callback("whsec_new"), {}));
  EXPECT_TRUE(adapter()->verify_webhook(callback("whsec_old"), {})) << "while it rotates";
  for (const auto* token : {"", "whsec_", "whsec_new,whsec_old", "whsec_new ", "other"}) {
    const auto refused = adapter()->verify_webhook(callback(token), {});
    ASSERT_FALSE(refused) << token;
    EXPECT_EQ(refused.error().code, ErrorCode::unauthenticated);
  }
  http::Request bare;
  bare.target = "/api/v1/webhooks/mpesa_daraja";
  EXPECT_FALSE(adapter()->verify_webhook(bare, {}));
}

TEST(DarajaCallback, MayBeTakenFromListedAddressesOnly) {
  const auto strict = adapter({{"allowed_peers", "196.201.214.200, 196.201.214.206"}});
  EXPECT_TRUE(strict->verify_webhook(callback("whsec_new", "196.201.214.206"), {}));
  EXPECT_FALSE(strict->verify_webhook(callback("whsec_new", "196.201.214.20"), {}));
  EXPECT_FALSE(strict->verify_webhook(callback("whsec_new", ""), {}));
  EXPECT_FALSE(strict->verify_webhook(callback("other", "196.201.214.206"), {}));
}

TEST(DarajaCallback, IsAcknowledgedInDarajasWords) {
  EXPECT_EQ(adapter()->acknowledgement("{}"), R"({"ResultCode":0,"ResultDesc":"Accepted"})");
}

TEST(DarajaCallback, WhatIsNoneIsRefusedByField) {
  const std::string ids = "pay_01jd2v9h3ke1r8m7q0c5xw4tby/op_01jd2v9h3ke1r8m7q0c5xw4tbz";
  const std::string stk = R"({"Body":{"stkCallback":{"CheckoutRequestID":"ws_1","ResultCode":0}}})";
  const std::string result = R"({"Result":{"ResultCode":0,"ConversationID":"AG_1"}})";
  const std::vector<std::array<std::string, 3>> wrong{
      {"pay_01jd2v9h3ke1r8m7q0c5xw4tby", stk, "path"},
      {ids + "/", stk, "path"},
      {ids + "/result/x", result, "path"},
      {"op_01jd2v9h3ke1r8m7q0c5xw4tbz/pay_01jd2v9h3ke1r8m7q0c5xw4tby", stk, "path"},
      {"../" + ids, stk, "path"},
      {ids, "", "body"},
      {ids, "[]", "body"},
      {ids, result, "Body.stkCallback"},
      {ids + "/result", stk, "Result"},
      {"", result, "Body.stkCallback"},
      {ids, R"({"Body":{"stkCallback":{"ResultCode":0}}})", "Body.stkCallback.CheckoutRequestID"},
      {ids, R"({"Body":{"stkCallback":{"CheckoutRequestID":"a b","ResultCode":0}}})",
       "Body.stkCallback.CheckoutRequestID"},
      {ids, R"({"Body":{"stkCallback":{"CheckoutRequestID":"ws_1","ResultCode":[0]}}})",
       "Body.stkCallback.ResultCode"},
      {ids + "/result", R"({"Result":{"ConversationID":"AG_1"}})", "Result.ResultCode"},
      {ids + "/status", R"({"Result":{"ResultCode":0}})", "Result.ConversationID"},
  };
  for (const auto& [path, body, field] : wrong) {
    const auto notice = adapter()->read_webhook_at(path, body);
    ASSERT_FALSE(notice) << path << " " << body;
    EXPECT_EQ(notice.error().field, field) << path << " " << body;
  }
}

// Every genuine one says how much was paid; a shorter one is a hint, and must not pass for the
// genuine one's event either.
TEST(DarajaCallback, ASuccessWithoutAnAmountNamesNoPayment) {
  const std::string path = "pay_01jd2v9h3ke1r8m7q0c5xw4tby/op_01jd2v9h3ke1r8m7q0c5xw4tbz";
  const auto read = [&](const std::string& more) {
    return adapter()
        ->read_webhook_at(
            path,
            R"({"Body":{"stkCallback":{"CheckoutRequestID":"ws_1","ResultCode":0)" + more + "}}}")
        .value();
  };
  const auto whole = read(R"(,"CallbackMetadata":{"Item":[{"Name":"Amount","Value":1500}]})");
  EXPECT_TRUE(std::get<provider::Happened>(whole.news).names_payment);
  for (const char* more :
       {"", R"(,"CallbackMetadata":{})", R"(,"CallbackMetadata":{"Item":[{"Name":"Amount"}]})",
        R"(,"CallbackMetadata":{"Item":[{"Name":"Amount","Value":0}]})"}) {
    const auto bare = read(more);
    EXPECT_FALSE(std::get<provider::Happened>(bare.news).names_payment) << more;
    EXPECT_NE(bare.id, whole.id) << more;
  }
}

TEST(DarajaCallback, TheSameOneAtAnotherPaymentsUrlIsAnotherEvent) {
  const std::string body =
      R"({"Body":{"stkCallback":{"CheckoutRequestID":"ws_1","ResultCode":1}}})";
  const std::string payment = "pay_01jd2v9h3ke1r8m7q0c5xw4tby/";
  const auto one = adapter()->read_webhook_at(payment + "op_01jd2v9h3ke1r8m7q0c5xw4tbz", body);
  const auto other = adapter()->read_webhook_at(payment + "op_01jd2v9h3ke1r8m7q0c5xw4tby", body);
  EXPECT_NE(one.value().id, other.value().id);
}

TEST(DarajaCallback, AmountsThatNobodyCanPayAreNotNamed) {
  const auto amount_of = [](const std::string& value) {
    const auto notice = adapter()->read_webhook(
        R"({"Body":{"stkCallback":{"CheckoutRequestID":"ws_1","ResultCode":0,"CallbackMetadata":)"
        R"({"Item":[{"Name":"Amount","Value":)" +
        value + "}]}}}}");
    return std::get<provider::Happened>(notice.value().news).amount;
  };
  EXPECT_EQ(amount_of("1500"), kenyan(150'000));
  EXPECT_EQ(amount_of("1500.5"), kenyan(150'050)) << "another amount is seen as it is";
  EXPECT_EQ(amount_of("\"0.10\""), kenyan(10));
  for (const auto* value : {"0", "-1", "0.001", "1e300", "-1.5", "\"x\"", "null", "[1]", "true",
                            "18446744073709551615"}) {
    EXPECT_EQ(amount_of(value), std::nullopt) << value;
  }
}

}  // namespace
}  // namespace cambist::mpesa_daraja
