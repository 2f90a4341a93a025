// What is refused before any call, how prompts are described, and what settings are taken.
#include "protocols/providers/mpesa_openapi_tz/adapter.hpp"

#include <gtest/gtest.h>

#include "protocols/providers/mpesa_openapi_tz/ids.hpp"
#include "tests/unit/protocols/providers/mpesa_openapi_tz/account.hpp"

namespace cambist::mpesa_openapi_tz {
namespace {

using provider::Call;
using provider::OperationKind;
using test::adapter;
using test::call;
using test::tzs;

std::string refused_field(const Call& call, const provider::Settings& from = test::settings()) {
  const auto checked = adapter(from)->check(call);
  return checked ? std::string{"(taken)"} : checked.error().field;
}

Call of(Money amount) {
  Call made = call();
  made.amount = amount;
  return made;
}

Call to(std::string phone) {
  Call made = call();
  made.method.fields["phone"] = std::move(phone);
  return made;
}

TEST(MpesaTzCheck, APaymentOfWholeShillingsIsTaken) {
  EXPECT_EQ(refused_field(call()), "(taken)");
  EXPECT_EQ(refused_field(of(tzs(100))), "(taken)");
  EXPECT_EQ(refused_field(of(tzs(500'000'000))), "(taken)");
}

TEST(MpesaTzCheck, WhatCannotBePaidInWholeShillingsNamesTheAmount) {
  EXPECT_EQ(refused_field(of(tzs(150'050))), "amount.value");
  EXPECT_EQ(refused_field(of(tzs(1))), "amount.value");
  EXPECT_EQ(refused_field(of(tzs(0))), "amount.value");
  EXPECT_EQ(refused_field(of(tzs(-100))), "amount.value");
  EXPECT_EQ(refused_field(of(tzs(500'000'100))), "amount.value");
  EXPECT_EQ(refused_field(of({150'000, Currency::parse("KES").value()})), "amount.currency");
  EXPECT_EQ(refused_field(of({150'000, Currency::parse("USD").value()})), "amount.currency");
}

TEST(MpesaTzCheck, TheLimitsAreSettings) {
  auto settings = test::settings_with("amount_min", "1000");
  settings.values["amount_max"] = "2000";
  EXPECT_EQ(refused_field(of(tzs(99'900)), settings), "amount.value");
  EXPECT_EQ(refused_field(of(tzs(100'000)), settings), "(taken)");
  EXPECT_EQ(refused_field(of(tzs(200'000)), settings), "(taken)");
  EXPECT_EQ(refused_field(of(tzs(200'100)), settings), "amount.value");
}

TEST(MpesaTzCheck, AWalletIsAPhoneNumberOfTanzania) {
  for (const char* phone : {"0754000001", "+255754000001", "255754000001", "754000001"})
    EXPECT_EQ(refused_field(to(phone)), "(taken)") << phone;
  for (const char* phone : {"", "12345", "+254712345678", "07540000011", "0754-00000x", "+1 555"})
    EXPECT_EQ(refused_field(to(phone)), "payment_method.phone") << phone;
  Call none = call();
  none.method.fields.clear();
  EXPECT_EQ(refused_field(none), "payment_method.phone");
  Call card = call();
  card.method.type = "card";
  EXPECT_EQ(refused_field(card), "payment_method.type");
}

TEST(MpesaTzCheck, ThereIsNothingToAuthorizeCaptureOrVoid) {
  for (const auto kind : {OperationKind::authorize, OperationKind::capture}) {
    const auto checked = adapter()->check(call(kind));
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::unsupported_by_provider);
    EXPECT_EQ(checked.error().field, "capture");
  }
  const auto voided = adapter()->check(call(OperationKind::void_authorization));
  ASSERT_FALSE(voided);
  EXPECT_EQ(voided.error().code, ErrorCode::unsupported_by_provider);
  for (const auto kind :
       {OperationKind::authorize, OperationKind::capture, OperationKind::void_authorization})
    EXPECT_FALSE(adapter()->build(call(kind)));
  EXPECT_FALSE(adapter()->capabilities().manual_capture);
  EXPECT_FALSE(adapter()->capabilities().void_authorization);
}

TEST(MpesaTzCheck, ARefundNeedsAReceiptOrAPhone) {
  Call refund = call(OperationKind::refund);
  refund.method = {};
  EXPECT_EQ(refused_field(refund), "payment_method.type");
  refund.capture_object = "hv9a1cg4ccv";
  EXPECT_EQ(refused_field(refund), "(taken)");
  refund.amount = tzs(50);
  EXPECT_EQ(refused_field(refund), "amount.value");
}

TEST(MpesaTzPrompt, TellsThePayerWhatToDoAndUntilWhen) {
  const auto verdict =
      adapter()->interpret(call(), {201, {}, R"({"output_ResponseCode":"INS-0"})"});
  const auto* asked = std::get_if<provider::ActionRequired>(&verdict);
  ASSERT_NE(asked, nullptr);
  EXPECT_EQ(asked->action.type, "phone_prompt");
  EXPECT_EQ(asked->action.url, "");
  EXPECT_EQ(asked->action.instructions,
            "Enter your M-Pesa PIN on the phone that ends in 0001 to pay TZS 1500.");
  EXPECT_EQ(asked->action.expires_at, call().started_at + std::chrono::seconds{90});
  EXPECT_EQ(asked->ask_after, std::chrono::seconds{20});
  EXPECT_FALSE(asked->withdrawable) << "nobody can take a prompt back";
  EXPECT_EQ(asked->provider_payment_id, conversation_of(call()));
}

TEST(MpesaTzPrompt, ItsLifetimeIsASetting) {
  auto settings = test::settings_with("prompt_lifetime_s", "120");
  settings.values["ask_after_s"] = "45";
  const auto verdict =
      adapter(settings)->interpret(call(), {201, {}, R"({"output_ResponseCode":"INS-0"})"});
  const auto& asked = std::get<provider::ActionRequired>(verdict);
  EXPECT_EQ(asked.action.expires_at, call().started_at + std::chrono::seconds{120});
  EXPECT_EQ(asked.ask_after, std::chrono::seconds{45});
}

TEST(MpesaTzRequests, ARepeatIsTheSameRequestAndAQuestionNeverIs) {
  Call first = call();
  Call again = call();
  again.attempt = 4;
  again.repeat = true;
  EXPECT_EQ(adapter()->build(first)->body, adapter()->build(again)->body);
  first.inquiry = again.inquiry = true;
  EXPECT_NE(adapter()->build(first)->target, adapter()->build(again)->target);
}

TEST(MpesaTzRequests, AQuestionAsksForTheIdThatWasSent) {
  Call asked = call();
  asked.inquiry = true;
  const auto sent = adapter()->build(call())->body;
  EXPECT_NE(sent.find(conversation_of(call())), std::string::npos);
  EXPECT_NE(adapter()->build(asked)->target.find("QueryReference=" + conversation_of(call())),
            std::string::npos);
}

struct Wrong {
  const char* name;
  const char* value;
};

TEST(MpesaTzSettings, EachThatCannotBeUsedIsNamed) {
  const Wrong wrong[] = {
      {"base_url", "ftp://x"},
      {"base_url", "http://openapi.m-pesa.com"},
      {"environment", "production"},
      {"market", "../x"},
      {"market", ""},
      {"origin", "a b"},
      {"origin", ""},
      {"public_key", "AAAA"},
      {"public_key", ""},
      {"service_provider_code", "12"},
      {"service_provider_code", ""},
      {"service_provider_code", "1234567890123"},
      {"service_provider_code", "0&0="},
      {"mode", "sync"},
      {"refund_by", "cheque"},
      {"reversal_method", "DELETE"},
      {"amount_min", "0"},
      {"amount_min", "1.5"},
      {"amount_max", "0"},
      {"amount_max", "9999999999999999999"},
      {"session_ttl_s", "0"},
      {"session_ttl_s", "an hour"},
      {"session_warmup_s", "-1"},
      {"prompt_lifetime_s", "1"},
      {"ask_after_s", "0"},
      {"allowed_peers", "196.201.214.200,,"},
      {"status_failed", "Completed"},
      {"status_pending", "Pending,,Waiting"},
  };
  for (const auto& [name, value] : wrong) {
    const auto made = make_adapter(test::settings_with(name, value));
    ASSERT_FALSE(made) << name << " = " << value;
    EXPECT_EQ(made.error().code, ErrorCode::invalid_request);
    EXPECT_EQ(made.error().field, name) << value << ": " << made.error().detail;
  }
  auto crossed = test::settings_with("amount_min", "10");
  crossed.values["amount_max"] = "9";
  EXPECT_EQ(make_adapter(crossed).error().field, "amount_max");
  auto cold = test::settings_with("session_ttl_s", "60");
  cold.values["session_warmup_s"] = "60";
  EXPECT_EQ(make_adapter(cold).error().field, "session_warmup_s");
}

TEST(MpesaTzSettings, ASecretIsNeededAndNeverRepeated) {
  auto without = test::settings();
  without.secrets.erase("secret_key");
  EXPECT_EQ(make_adapter(without).error().field, "secret_key");
  for (const std::string& key : {std::string{"hush hush"}, "hush" + std::string(600, 'x')}) {
    auto settings = test::settings();
    settings.secrets["secret_key"] = Secret{key};
    const auto made = make_adapter(settings);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().field, "secret_key");
    EXPECT_EQ(made.error().detail.find("hush"), std::string::npos);
  }
  for (const char* secret : {"whsec_a/b", "whsec_a,,b", "whsec a", "1,2,3,4,5,6,7,8,9"}) {
    auto settings = test::settings();
    settings.secrets["webhook_secret"] = Secret{secret};
    const auto made = make_adapter(settings);
    ASSERT_FALSE(made) << secret;
    EXPECT_EQ(made.error().field, "webhook_secret");
  }
}

}  // namespace
}  // namespace cambist::mpesa_openapi_tz
