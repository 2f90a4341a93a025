#include "protocols/providers/tigo_pesa/adapter.hpp"

#include <gtest/gtest.h>

#include "protocols/providers/tigo_pesa/reference.hpp"

namespace cambist::tigo_pesa {
namespace {

using namespace std::chrono_literals;
using provider::Call;
using provider::ChargeSeen;
using provider::OperationKind;

provider::Settings settings(std::map<std::string, std::string> values = {}) {
  for (const auto& [name, value] :
       {std::pair{"base_url", "https://tigo.example/shop"}, std::pair{"username", "u-1"},
        std::pair{"biller_code", "NST"}, std::pair{"biller_msisdn", "25565000001"}}) {
    values.try_emplace(name, value);
  }
  provider::Settings made{std::move(values), {}};
  made.secrets.emplace("password", Secret{"p&ss"});
  made.secrets.emplace("webhook_secret", Secret{"whsec_path"});
  made.secrets.emplace("channel_pin_secret", Secret{"4711"});
  return made;
}

std::shared_ptr<const provider::Adapter> adapter(std::map<std::string, std::string> values = {}) {
  return make_adapter(settings(std::move(values))).value();
}

const std::map<std::string, std::string> refunds{{"refund_path", "/Reverse"},
                                                 {"channel_msisdn", "25565000002"}};

Money tzs(std::int64_t minor) {
  return Money{minor, Currency::parse("TZS").value()};
}

Call call(OperationKind kind = OperationKind::charge) {
  Call made;
  made.kind = kind;
  made.operation = OperationId::parse("op_01jd2v9h3ke1r8m7q0c5xw4tbz").value();
  made.payment = PaymentId::parse("pay_01jd2v9h3ke1r8m7q0c5xw4tby").value();
  made.amount = made.remaining = tzs(1'500'000);
  made.method = {"mobile_money", "", {{"phone", "0710000001"}}};
  made.started_at = TimePoint{1'795'250'298s};
  if (kind == OperationKind::refund) {
    made.capture_object = "CO260115.1030.A00001";
    made.provider_payment_id = "NST880000004225";
  }
  return made;
}

std::string refused_field(const provider::Adapter& with, const Call& refused) {
  const auto checked = with.check(refused);
  return checked ? "(taken)"
                 : std::string{to_string(checked.error().code)} + " " + checked.error().field;
}

std::optional<std::string> header(const http::Request& request, std::string_view name) {
  const auto* value = http::find(request.headers, name);
  return value == nullptr ? std::nullopt : std::optional{*value};
}

provider::News news_of(const provider::Adapter& with, const std::string& body) {
  const auto read = with.read_webhook(body);
  EXPECT_TRUE(read) << read.error().field;
  return read ? read->news : provider::News{};
}

TEST(TigoPesaAdapter, TakesAChargeInWholeShillingsAndNothingElse) {
  const auto made = adapter();
  EXPECT_EQ(refused_field(*made, call()), "(taken)");
  auto fraction = call();
  fraction.amount = tzs(1'500'001);
  EXPECT_EQ(refused_field(*made, fraction), "unsupported_by_provider amount.value");
  auto large = call();
  large.amount = tzs(500'000'100);
  EXPECT_EQ(refused_field(*made, large), "unsupported_by_provider amount.value");
  auto nobody = call();
  nobody.method.fields["phone"] = "12";
  EXPECT_EQ(refused_field(*made, nobody), "invalid_request payment_method.phone");
  EXPECT_EQ(refused_field(*made, call(OperationKind::authorize)),
            "unsupported_by_provider capture");
  EXPECT_EQ(refused_field(*made, call(OperationKind::void_authorization)),
            "unsupported_by_provider ");
}

TEST(TigoPesaAdapter, RefundsAreOffUntilTheirPathIsSetAndWholeUnlessSaidOtherwise) {
  const auto whole = call(OperationKind::refund);
  auto part = whole;
  part.amount = tzs(500'000);
  EXPECT_EQ(refused_field(*adapter(), whole), "unsupported_by_provider amount");
  EXPECT_FALSE(adapter()->build(whole));
  EXPECT_EQ(refused_field(*adapter(refunds), whole), "(taken)");
  EXPECT_EQ(refused_field(*adapter(refunds), part), "unsupported_by_provider amount");
  auto generous = refunds;
  generous.emplace("refund_partial", "true");
  EXPECT_EQ(refused_field(*adapter(generous), part), "(taken)");
  auto nameless = whole;
  nameless.capture_object.clear();
  EXPECT_EQ(refused_field(*adapter(refunds), nameless), "unsupported_by_provider amount");
}

TEST(TigoPesaAdapter, CannotBeAsked) {
  for (const auto kind : {OperationKind::charge, OperationKind::refund}) {
    auto question = call(kind);
    question.inquiry = true;
    const auto built = adapter(refunds)->build(question);
    ASSERT_FALSE(built);
    EXPECT_EQ(built.error().code, ErrorCode::unsupported_by_provider);
  }
}

TEST(TigoPesaAdapter, TellsItsReferenceBeforeTheCall) {
  const auto made = adapter();
  const std::string reference = made->provider_payment_id_for(call());
  EXPECT_EQ(reference, "NSTXWCMP0XN1T0XSSZ1F");
  EXPECT_NE(made->build(call())->body.find("\"ReferenceID\":\"" + reference + "\""),
            std::string::npos);
  EXPECT_TRUE(made->provider_payment_id_for(call(OperationKind::refund)).empty());
  auto other = call();
  other.operation.bytes[15] ^= 1U;
  EXPECT_NE(made->provider_payment_id_for(other), reference);
}

TEST(TigoPesaAdapter, SendsItsCredentialsBesideTheToken) {
  const auto request = adapter()->build(call()).value();
  EXPECT_EQ(request.target, "/shop/API/BillerPayment/BillerPay");
  EXPECT_EQ(header(request, "Username"), "u-1");
  EXPECT_EQ(header(request, "Password"), "p&ss");
  EXPECT_FALSE(header(request, "Authorization"));
}

TEST(TigoPesaAdapter, ThePromptIsAskedAboutOnlyOnceItHasEnded) {
  const http::Response accepted{200, {}, R"({"ResponseStatus":true})"};
  const auto verdict = adapter({{"prompt_s", "90"}})->interpret(call(), accepted);
  const auto& prompt = std::get<provider::ActionRequired>(verdict);
  EXPECT_EQ(prompt.action.expires_at, call().started_at + 90s);
  EXPECT_FALSE(prompt.ask_after);
  EXPECT_FALSE(prompt.withdrawable);
}

TEST(TigoPesaToken, IsAskedForByForm) {
  const auto made = adapter();
  const auto request = made->build_token_request({}).value();
  EXPECT_EQ(request.target, "/shop/token");
  EXPECT_EQ(request.body, "username=u-1&password=p%26ss&grant_type=password");
  const auto token = made->read_token(
      {200, {}, R"({"access_token":"abc","token_type":"bearer","expires_in":3600})"});
  ASSERT_TRUE(token);
  EXPECT_EQ(token->lifetime, 1h);
  EXPECT_EQ(made->read_token({400, {}, R"({"error":"invalid_grant"})"}).error().code,
            ErrorCode::unauthenticated);
  EXPECT_EQ(made->read_token({502, {}, "<html>"}).error().code, ErrorCode::unavailable);
  EXPECT_EQ(made->read_token({200, {}, R"({"access_token":"a b","expires_in":3600})"}).error().code,
            ErrorCode::unavailable);
}

TEST(TigoPesaCallback, IsTakenFromWhoKnowsThePathAndCallsFromThere) {
  http::Request request;
  request.method = "POST";
  request.target = "/api/v1/webhooks/tigo_pesa/whsec_path";
  request.peer = "41.222.176.143";
  const auto made = adapter({{"allowed_peers", "41.222.176.143,41.222.176.233"}});
  EXPECT_TRUE(made->verify_webhook(request, {}));
  auto elsewhere = request;
  elsewhere.peer = "41.222.176.14";
  auto guessed = request;
  guessed.target = "/api/v1/webhooks/tigo_pesa/whsec_patj";
  auto bare = request;
  bare.target = "/api/v1/webhooks/tigo_pesa";
  for (const auto& refused : {elsewhere, guessed, bare}) {
    EXPECT_EQ(made->verify_webhook(refused, {}).error().code, ErrorCode::unauthenticated);
  }
  auto without = settings();
  without.secrets.erase("webhook_secret");
  EXPECT_EQ(make_adapter(without).value()->verify_webhook(request, {}).error().code,
            ErrorCode::not_found);
}

TEST(TigoPesaCallback, IsTheOutcomeOnlyWhereTheAccountTrustsIt) {
  const std::string paid =
      R"({"Status":true,"MFSTransactionID":"CO1","ReferenceID":"NST1","Amount":"15000"})";
  EXPECT_EQ(news_of(*adapter(), paid),
            (provider::News{ChargeSeen{true, tzs(1'500'000), "CO1", {}}}));
  EXPECT_EQ(news_of(*adapter({{"trust_callback", "never"}}), paid),
            (provider::News{provider::Happened{tzs(1'500'000), "CO1"}}));
}

TEST(TigoPesaCallback, AnAmountWithDecimalsThatAreNoneIsAWholeOne) {
  for (const char* amount : {"15000", "\"15000\"", "\"15000.0\"", "\"15000.00\"", "15000.00"}) {
    EXPECT_EQ(news_of(*adapter(),
                      R"({"Status":true,"MFSTransactionID":"CO1","ReferenceID":"NST1","Amount":)" +
                          std::string{amount} + "}"),
              (provider::News{ChargeSeen{true, tzs(1'500'000), "CO1", {}}}))
        << amount;
  }
}

TEST(TigoPesaCallback, ThatIsNoneIsRefusedByField) {
  const auto made = adapter();
  const auto field = [&](std::string_view body) {
    const auto read = made->read_webhook(body);
    return read ? std::string{"(read)"} : read.error().field;
  };
  EXPECT_EQ(field("Status=true"), "body");
  EXPECT_EQ(field(R"({"Status":true,"Amount":"1"})"), "ReferenceID");
  EXPECT_EQ(field(R"({"Status":true,"ReferenceID":"NST 1","Amount":"1"})"), "ReferenceID");
  EXPECT_EQ(field(R"({"Status":"yes","ReferenceID":"NST1","Amount":"1"})"), "Status");
  for (const char* amount : {"\"\"", "\"-1\"", "\"1.5\"", "\"1.\"", "\"1.000\"", "\".00\"",
                             "\"1.00.00\"", "1e300", "0", "1.5", "null", "\"1e3\""}) {
    EXPECT_EQ(field(R"({"Status":true,"ReferenceID":"NST1","Amount":)" + std::string{amount} + "}"),
              "Amount")
        << amount;
  }
}

TEST(TigoPesaCallback, IsAnsweredAsReceivedWhateverItSays) {
  EXPECT_EQ(
      adapter({{"ack_code", "BILLER-30-0000-S"}})
          ->acknowledgement(R"({"Status":false,"ReferenceID":"NST1"})"),
      R"({"ResponseCode":"BILLER-30-0000-S","ResponseStatus":true,"ResponseDescription":"Callback successful","ReferenceID":"NST1"})");
  EXPECT_NE(adapter()->acknowledgement("no JSON").find("BILLER-18-0000-S"), std::string::npos);
}

TEST(TigoPesaCallback, ReadsDescriptionsByTheAccountsWords) {
  const auto made =
      adapter({{"failure_words", "Imeghairiwa=card_declined,salio=insufficient_funds"}});
  const auto failure = [&](const std::string& description) {
    const auto seen = std::get<ChargeSeen>(news_of(
        *made, R"({"Status":false,"ReferenceID":"NST1","Description":")" + description + "\"}"));
    return std::string{to_string(seen.failure.code)} + " " + seen.failure.decline_code;
  };
  EXPECT_EQ(failure("Salio halitoshi"), "insufficient_funds salio");
  EXPECT_EQ(failure("IMEGHAIRIWA"), "card_declined imeghairiwa");
  EXPECT_EQ(failure("255710000001"), "card_declined failed");
}

TEST(TigoPesaReference, IsShortAndBeginsWithTheBillersCode) {
  const auto operation = call().operation;
  for (const std::string code : {"N", "NST", "ABCDEFGH"}) {
    const auto reference = reference_id(code, operation);
    EXPECT_EQ(reference.size(), 20U);
    EXPECT_TRUE(reference.starts_with(code));
    EXPECT_EQ(reference.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
              std::string::npos);
  }
}

TEST(TigoPesaSettings, SayWhichOneIsWrong) {
  const auto field = [](std::map<std::string, std::string> values) {
    const auto made = make_adapter(settings(std::move(values)));
    return made ? std::string{"(taken)"} : made.error().field;
  };
  EXPECT_EQ(field({}), "(taken)");
  EXPECT_EQ(field({{"base_url", ""}}), "base_url");
  EXPECT_EQ(field({{"username", "a b"}}), "username");
  EXPECT_EQ(field({{"biller_code", "N-T"}}), "biller_code");
  EXPECT_EQ(field({{"biller_code", "TOOLONGCODE"}}), "biller_code");
  EXPECT_EQ(field({{"biller_msisdn", "+255"}}), "biller_msisdn");
  EXPECT_EQ(field({{"push_path", "BillerPay"}}), "push_path");
  EXPECT_EQ(field({{"refund_path", "/R"}}), "channel_msisdn");
  EXPECT_EQ(field({{"trust_callback", "always"}}), "trust_callback");
  EXPECT_EQ(field({{"failure_words", "cancel"}}), "failure_words");
  EXPECT_EQ(field({{"failure_words", "cancel=whatever"}}), "failure_words");
  auto without = settings();
  without.secrets.erase("password");
  EXPECT_EQ(make_adapter(without).error().field, "password");
}

}  // namespace
}  // namespace cambist::tigo_pesa
