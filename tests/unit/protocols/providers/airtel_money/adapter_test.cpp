#include "protocols/providers/airtel_money/adapter.hpp"

#include <gtest/gtest.h>

#include "protocols/providers/airtel_money/callbacks.hpp"
#include "protocols/providers/airtel_money/reference.hpp"

namespace cambist::airtel_money {
namespace {

using namespace std::chrono_literals;
using provider::Call;
using provider::OperationKind;

constexpr std::string_view body_of_facts =
    R"({"transaction":{"id":"PAY0001","message":"Paid TZS 15000","status_code":"TS","airtel_money_id":"MP260115.1030.A00001"}})";
constexpr std::string_view hash_of_facts = "bL2o+nlRrRBc+YYZD9BsrpsqqV3iixb/Ud3Qlbq14Bk=";

provider::Settings settings(std::map<std::string, std::string> values = {},
                            bool signed_too = true) {
  values.try_emplace("client_id", "app-1");
  provider::Settings made{std::move(values), {}};
  made.secrets.emplace("client_secret", Secret{"s3cr3t"});
  made.secrets.emplace("webhook_secret", Secret{"whsec_path"});
  if (signed_too) made.secrets.emplace("callback_secret", Secret{"airtel-demo-private-key"});
  return made;
}

std::shared_ptr<const provider::Adapter> adapter(std::map<std::string, std::string> values = {},
                                                 bool signed_too = true) {
  return make_adapter(settings(std::move(values), signed_too)).value();
}

Money tzs(std::int64_t minor) {
  return Money{minor, Currency::parse("TZS").value()};
}

Call call(OperationKind kind = OperationKind::charge) {
  Call made;
  made.kind = kind;
  made.operation = OperationId::parse("op_01jd2v9h3ke1r8m7q0c5xw4tbz").value();
  made.payment = PaymentId::parse("pay_01jd2v9h3ke1r8m7q0c5xw4tby").value();
  made.idempotency_key = "k";
  made.amount = made.remaining = tzs(1'500'000);
  made.method = {"mobile_money", "", {{"phone", "+255 681 000 001"}}};
  made.started_at = TimePoint{1'795'250'298s};
  if (kind == OperationKind::refund) made.capture_object = "MP260115.1030.A00001";
  return made;
}

std::string refused_field(const Call& refused) {
  const auto checked = adapter()->check(refused);
  return checked ? "(taken)"
                 : std::string{to_string(checked.error().code)} + " " + checked.error().field;
}

http::Request callback(std::string body, std::string token = "whsec_path") {
  http::Request request;
  request.method = "POST";
  request.target = "/api/v1/webhooks/airtel_money/" + token;
  request.body = std::move(body);
  request.peer = "41.223.58.10";
  return request;
}

std::string with_hash(std::string_view hash, std::string_view body = body_of_facts) {
  std::string text{body};
  text.pop_back();
  return text + R"(,"hash":")" + std::string{hash} + "\"}";
}

std::optional<std::string> header(const http::Request& request, std::string_view name) {
  const auto* value = http::find(request.headers, name);
  return value == nullptr ? std::nullopt : std::optional{*value};
}

TEST(AirtelMoneyAdapter, TakesAChargeInWholeShillings) {
  EXPECT_EQ(refused_field(call()), "(taken)");
  auto fraction = call();
  fraction.amount = tzs(1'500'050);
  EXPECT_EQ(refused_field(fraction), "unsupported_by_provider amount.value");
  auto small = call();
  small.amount = tzs(9'900);
  EXPECT_EQ(refused_field(small), "unsupported_by_provider amount.value");
  auto foreign = call();
  foreign.amount = Money{15'000, Currency::parse("KES").value()};
  EXPECT_EQ(refused_field(foreign), "unsupported_by_provider amount.currency");
}

TEST(AirtelMoneyAdapter, RefusesWhatMobileMoneyCannotDo) {
  EXPECT_EQ(refused_field(call(OperationKind::authorize)), "unsupported_by_provider capture");
  EXPECT_EQ(refused_field(call(OperationKind::void_authorization)), "unsupported_by_provider ");
  auto card = call();
  card.method = {"card", "pm_card_visa", {}};
  EXPECT_EQ(refused_field(card), "unsupported_by_provider payment_method.type");
  auto nobody = call();
  nobody.method.fields.clear();
  EXPECT_EQ(refused_field(nobody), "invalid_request payment_method.phone");
}

TEST(AirtelMoneyAdapter, GivesBackAllOrNothing) {
  EXPECT_EQ(refused_field(call(OperationKind::refund)), "(taken)");
  auto part = call(OperationKind::refund);
  part.amount = tzs(500'000);
  EXPECT_EQ(refused_field(part), "unsupported_by_provider amount");
  auto nameless = call(OperationKind::refund);
  nameless.capture_object.clear();
  EXPECT_EQ(refused_field(nameless), "unsupported_by_provider amount");
}

TEST(AirtelMoneyAdapter, NeverAsksWhatBecameOfARefund) {
  auto question = call(OperationKind::refund);
  question.inquiry = true;
  const auto built = adapter()->build(question);
  ASSERT_FALSE(built);
  EXPECT_EQ(built.error().code, ErrorCode::unsupported_by_provider);
}

TEST(AirtelMoneyAdapter, SendsCountryAndCurrencyButNoTokenOfItsOwn) {
  const auto request = adapter()->build(call()).value();
  EXPECT_EQ(request.origin, "https://openapi.airtel.africa");
  EXPECT_EQ(header(request, "X-Country"), "TZ");
  EXPECT_EQ(header(request, "X-Currency"), "TZS");
  EXPECT_FALSE(header(request, "Authorization"));
  EXPECT_TRUE(adapter()->needs_token());
}

TEST(AirtelMoneyAdapter, ThePromptEndsAfterItsLifetimeAndCannotBeTakenBack) {
  const auto made = adapter({{"prompt_s", "90"}, {"ask_after_s", "200"}});
  const http::Response accepted{
      200, {}, R"({"data":{},"status":{"response_code":"DP00800001006","success":true}})"};
  const auto verdict = made->interpret(call(), accepted);
  const auto& prompt = std::get<provider::ActionRequired>(verdict);
  EXPECT_EQ(prompt.action.expires_at, call().started_at + 90s);
  EXPECT_EQ(prompt.ask_after, 200s);
  EXPECT_FALSE(prompt.withdrawable);
  EXPECT_EQ(prompt.method.last4, "0001");
  auto question = call();
  question.inquiry = true;
  const http::Response typing{
      200, {}, R"({"data":{"transaction":{"status":"TIP"}},"status":{"success":true}})"};
  EXPECT_EQ(made->interpret(question, typing), verdict);
}

TEST(AirtelMoneyToken, LastsAsLongAsItSaysHoweverItIsWritten) {
  const auto made = adapter();
  const auto request = made->build_token_request({}).value();
  EXPECT_EQ(request.target, "/auth/oauth2/token");
  EXPECT_EQ(request.body,
            R"({"client_id":"app-1","client_secret":"s3cr3t","grant_type":"client_credentials"})");
  for (const char* lifetime : {"180", "\"180\""}) {
    const auto token =
        made->read_token({200,
                          {},
                          R"({"access_token":"abc","token_type":"bearer","expires_in":)" +
                              std::string{lifetime} + "}"});
    ASSERT_TRUE(token);
    EXPECT_EQ(token->lifetime, 180s);
    EXPECT_EQ(token->value.reveal(), "abc");
  }
}

TEST(AirtelMoneyToken, ThatCannotBeUsedIsNone) {
  const auto made = adapter();
  EXPECT_EQ(made->read_token({401, {}, R"({"error":"invalid_client"})"}).error().code,
            ErrorCode::unauthenticated);
  for (const char* body :
       {"", "[]", R"({"access_token":"abc"})", R"({"access_token":"","expires_in":180})",
        R"({"access_token":"a\r\nb","expires_in":180})", R"({"access_token":"abc","expires_in":0})",
        R"({"access_token":"abc","expires_in":"-5"})", R"({"access_token":7,"expires_in":180})"}) {
    EXPECT_EQ(made->read_token({200, {}, body}).error().code, ErrorCode::unavailable) << body;
  }
  EXPECT_EQ(made->read_token({500, {}, R"({"access_token":"abc","expires_in":180})"}).error().code,
            ErrorCode::unavailable);
}

TEST(AirtelMoneyCallback, WithTheHashOfTheFactsIsGenuine) {
  EXPECT_TRUE(adapter()->verify_webhook(callback(with_hash(hash_of_facts)), {}));
  // Blanks change the raw bytes, but not the compact object.
  const std::string spaced =
      R"({ "hash" : "bL2o+nlRrRBc+YYZD9BsrpsqqV3iixb/Ud3Qlbq14Bk=", "transaction": { "id":"PAY0001", "message":"Paid TZS 15000","status_code":"TS","airtel_money_id":"MP260115.1030.A00001" } })";
  EXPECT_TRUE(adapter()->verify_webhook(callback(spaced), {}));
  EXPECT_FALSE(
      adapter({{"callback_forms", "raw_without_hash"}})->verify_webhook(callback(spaced), {}));
}

TEST(AirtelMoneyCallback, WithItsHashInAHeaderIsTakenWhereTheHeaderIsNamed) {
  auto request = callback(std::string{body_of_facts});
  request.headers.push_back({"X-Hash", std::string{hash_of_facts}});
  EXPECT_TRUE(adapter({{"callback_hash_header", "x-hash"}})->verify_webhook(request, {}));
  EXPECT_FALSE(adapter()->verify_webhook(request, {}));
}

TEST(AirtelMoneyCallback, IsRefusedForAWrongPathPeerOrHash) {
  const auto made = adapter({{"allowed_peers", "41.223.58.10, 41.223.58.11"}});
  const auto genuine = callback(with_hash(hash_of_facts));
  EXPECT_TRUE(made->verify_webhook(genuine, {}));
  auto elsewhere = genuine;
  elsewhere.peer = "127.0.0.1";
  const auto refusal = made->verify_webhook(elsewhere, {});
  for (const auto& request :
       {elsewhere, callback(genuine.body, "whsec_patj"), callback(genuine.body, ""),
        callback(std::string{body_of_facts}), callback(with_hash("")),
        callback(with_hash("aL2o+nlRrRBc+YYZD9BsrpsqqV3iixb/Ud3Qlbq14Bk=")),
        callback(with_hash(hash_of_facts, R"({"transaction":{"id":"PAY0002"}})")),
        callback(with_hash(hash_of_facts, R"({"transaction":{"id":"PAY0001"},"transaction":{}})")),
        callback("")}) {
    const auto verified = made->verify_webhook(request, {});
    ASSERT_FALSE(verified) << request.body;
    EXPECT_EQ(verified.error().code, ErrorCode::unauthenticated);
    EXPECT_EQ(verified.error().detail, refusal.error().detail);
  }
}

TEST(AirtelMoneyCallback, WithoutAHashIsAReasonToAskWhereTheAccountSaysSo) {
  const auto unsigned_one = callback(std::string{body_of_facts});
  EXPECT_TRUE(adapter({{"callback_unsigned", "ask"}})->verify_webhook(unsigned_one, {}));
  EXPECT_TRUE(adapter({}, false)->verify_webhook(unsigned_one, {}));
  EXPECT_FALSE(adapter()->verify_webhook(unsigned_one, {}));
}

TEST(AirtelMoneyCallback, ThatIsNoneIsRefusedByField) {
  const auto field = [](std::string_view body) {
    const auto read = read_callback(body);
    return read ? std::string{"(read)"} : read.error().field;
  };
  EXPECT_EQ(field(""), "transaction");
  EXPECT_EQ(field("[]"), "transaction");
  EXPECT_EQ(field(R"({"transaction":"TS"})"), "transaction");
  EXPECT_EQ(field(R"({"transaction":{"id":7,"status_code":"TS"}})"), "transaction.id");
  EXPECT_EQ(field(R"({"transaction":{"id":"a b","status_code":"TS"}})"), "transaction.id");
  EXPECT_EQ(field(R"({"transaction":{"id":"PAY0001"}})"), "transaction.status_code");
}

TEST(AirtelMoneyReference, LeadsBackToPaymentAndOperation) {
  const auto made = call();
  const auto id = transaction_id(made.payment, made.operation);
  EXPECT_EQ(id.size(), 52U);
  const auto read = read_transaction_id(id);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->payment, made.payment);
  EXPECT_EQ(read->operation, made.operation);
  auto shouted = id;
  shouted[3] = 'D';
  for (const auto& other : {std::string{}, id + "0", id.substr(1), shouted, std::string(52, 'z')})
    EXPECT_FALSE(read_transaction_id(other)) << other;
}

TEST(AirtelMoneyReference, OfTheMerchantIsTakenAsFarAsAirtelTakesIt) {
  const auto payment = call().payment;
  EXPECT_EQ(payer_reference("Rent NT7K2M", payment), "Rent NT7K2M");
  EXPECT_EQ(payer_reference("  Ré/nt: 7! ", payment), "Rnt 7");
  EXPECT_EQ(payer_reference(std::string(90, 'a'), payment), std::string(64, 'a'));
  EXPECT_EQ(payer_reference("x", payment), "Payment c5xw4tby");
}

TEST(AirtelMoneySettings, SayWhichOneIsWrong) {
  const auto field = [](std::map<std::string, std::string> values) {
    const auto made = make_adapter(settings(std::move(values)));
    return made ? std::string{"(taken)"} : made.error().field;
  };
  EXPECT_EQ(field({}), "(taken)");
  EXPECT_EQ(field({{"base_url", "http://airtel.example"}}), "base_url");
  EXPECT_EQ(field({{"client_id", "a b"}}), "client_id");
  EXPECT_EQ(field({{"amount_min", "0"}}), "amount_min");
  EXPECT_EQ(field({{"amount_min", "500"}, {"amount_max", "400"}}), "amount_max");
  EXPECT_EQ(field({{"prompt_s", "1e3"}}), "prompt_s");
  EXPECT_EQ(field({{"callback_forms", "raw,sorted"}}), "callback_forms");
  EXPECT_EQ(field({{"callback_unsigned", "maybe"}}), "callback_unsigned");
  EXPECT_EQ(field({{"allowed_peers", "10.0.0.1,,"}}), "allowed_peers");
  EXPECT_EQ(make_adapter({{{"client_id", "a"}}, {}}).error().field, "client_secret");
}

}  // namespace
}  // namespace cambist::airtel_money
