#include "protocols/api/requests.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "protocols/api/json.hpp"

namespace cambist::api {
namespace {

const std::vector<std::string> providers{"stripe", "paypal"};

const std::string good_amount = R"("amount":{"value":"100.00","currency":"USD"})";
const std::string good_method = R"("payment_method":{"type":"card","token":"pm_card_visa"})";

std::string create_with(const std::string& more) {
  return "{" + good_amount + "," + good_method + "," + more + "}";
}
std::string create_amount(const std::string& amount) {
  return "{\"amount\":" + amount + "," + good_method + "}";
}
std::string create_method(const std::string& method) {
  return "{" + good_amount + ",\"payment_method\":" + method + "}";
}
std::string metadata_of(int entries) {
  std::string text;
  for (int i = 0; i < entries; ++i)
    text += (i ? "," : "") + std::string{"\"m"} + std::to_string(i) + "\":\"v\"";
  return R"("metadata":{)" + text + "}";
}
std::string quoted(std::size_t size) {
  return '"' + std::string(size, 'x') + '"';
}

struct Wrong {
  std::string body;
  std::string field;
};
void PrintTo(const Wrong& r, std::ostream* out) {
  *out << r.field;
}
// Numbers alone would be replaced by the value in the names of ctest.
const auto case_name = [](const auto& info) { return "Case" + std::to_string(info.index); };

class WrongCreates : public ::testing::TestWithParam<Wrong> {};
TEST_P(WrongCreates, NameTheirField) {
  const auto object = read_object(GetParam().body);
  ASSERT_TRUE(object) << GetParam().body;
  const auto read = read_create(*object, providers);
  ASSERT_FALSE(read) << GetParam().body;
  EXPECT_EQ(read.error().code, ErrorCode::invalid_request);
  EXPECT_EQ(read.error().field, GetParam().field) << GetParam().body;
  EXPECT_FALSE(read.error().detail.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Amount, WrongCreates,
    ::testing::Values(
        Wrong{"{}", "amount"}, Wrong{"{" + good_method + "}", "amount"},
        Wrong{create_amount("null"), "amount"}, Wrong{create_amount("\"100.00\""), "amount"},
        Wrong{create_amount("100"), "amount"}, Wrong{create_amount("[]"), "amount"},
        Wrong{create_amount("{}"), "amount.currency"},
        Wrong{create_amount(R"({"currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"1.00"})"), "amount.currency"},
        Wrong{create_amount(R"({"value":100,"currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":100.5,"currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":true,"currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"0","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"0.00","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"-1.00","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"1.001","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"1.000","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"1.5","currency":"JPY"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"1,00","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":" 1","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"1e3","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"+1","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"01","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":".5","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"1.","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"NaN","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"١","currency":"USD"})"), "amount.value"},
        Wrong{create_amount(R"({"value":"92233720368547758.08","currency":"USD"})"),
              "amount.value"},
        Wrong{create_amount(R"({"value":"1.00","currency":"usd"})"), "amount.currency"},
        Wrong{create_amount(R"({"value":"1.00","currency":"ZZZ"})"), "amount.currency"},
        Wrong{create_amount(R"({"value":"1.00","currency":"XXX"})"), "amount.currency"},
        Wrong{create_amount(R"({"value":"1.00","currency":"US"})"), "amount.currency"},
        Wrong{create_amount(R"({"value":"1.00","currency":840})"), "amount.currency"},
        Wrong{create_amount(R"({"value":"1.00","currency":"USD","minor":1})"), "amount.minor"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Method, WrongCreates,
    ::testing::Values(
        Wrong{"{" + good_amount + "}", "payment_method"},
        Wrong{create_method("null"), "payment_method"},
        Wrong{create_method("\"pm_card_visa\""), "payment_method"},
        Wrong{create_method("[]"), "payment_method"},
        Wrong{create_method("{}"), "payment_method.type"},
        Wrong{create_method(R"({"type":1})"), "payment_method.type"},
        Wrong{create_method(R"({"type":"","token":"t"})"), "payment_method.type"},
        Wrong{create_method(R"({"type":"Card","token":"t"})"), "payment_method.type"},
        Wrong{create_method("{\"type\":" + quoted(33) + ",\"token\":\"t\"}"),
              "payment_method.type"},
        Wrong{create_method(R"({"type":"card"})"), "payment_method.token"},
        Wrong{create_method(R"({"type":"card","token":""})"), "payment_method.token"},
        Wrong{create_method(R"({"type":"card","token":7})"), "payment_method.token"},
        Wrong{create_method(R"({"type":"card","token":"a b"})"), "payment_method.token"},
        Wrong{create_method(R"({"type":"card","token":"é"})"), "payment_method.token"},
        Wrong{create_method("{\"type\":\"card\",\"token\":" + quoted(256) + "}"),
              "payment_method.token"},
        Wrong{create_method(R"({"type":"card","token":"t","exp_month":12})"),
              "payment_method.exp_month"},
        Wrong{create_method(R"({"type":"card","token":"t","number":"1"})"),
              "payment_method.number"},
        Wrong{create_method(R"({"type":"mobile_money"})"), "payment_method.phone"},
        Wrong{create_method(R"({"type":"mobile_money","phone":"123456"})"), "payment_method.phone"},
        Wrong{create_method(R"({"type":"mobile_money","phone":"+1234567890123456"})"),
              "payment_method.phone"},
        Wrong{create_method(R"({"type":"mobile_money","phone":" 0712 345678"})"),
              "payment_method.phone"},
        Wrong{create_method(R"x({"type":"mobile_money","phone":"0712 345678)"})x"),
              "payment_method.phone"},
        Wrong{create_method(R"({"type":"mobile_money","phone":"0712+345678"})"),
              "payment_method.phone"},
        Wrong{create_method(R"({"type":"mobile_money","phone":"0712.345678"})"),
              "payment_method.phone"},
        Wrong{create_method(R"({"type":"mobile_money","phone":"12 34 56"})"),
              "payment_method.phone"},
        Wrong{create_method(R"({"type":"mobile_money","phone":"+1234 5678 9012 3456"})"),
              "payment_method.phone"},
        Wrong{create_method(R"({"type":"mobile_money","phone":"()-() "})"), "payment_method.phone"},
        Wrong{create_method(R"({"type":"bank_transfer","account":"DE02-1"})"),
              "payment_method.account"},
        Wrong{create_method("{\"type\":\"bank_transfer\",\"account\":\"" + std::string(35, '1') +
                            "\"}"),
              "payment_method.account"},
        Wrong{create_method(R"({"type":"card","token":"t","country":"us"})"),
              "payment_method.country"},
        Wrong{create_method(R"({"type":"card","token":"t","country":"USA"})"),
              "payment_method.country"},
        Wrong{create_method(R"({"type":"mobile_money","phone":254})"), "payment_method.phone"},
        Wrong{create_method(R"({"type":"mobile_money","phone":{}})"), "payment_method.phone"},
        Wrong{create_method("{\"type\":\"mobile_money\",\"phone\":" + quoted(256) + "}"),
              "payment_method.phone"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Rest, WrongCreates,
    ::testing::Values(
        Wrong{create_with(R"("amout":1)"), "amout"}, Wrong{create_with(R"("id":"pay_x")"), "id"},
        Wrong{create_with(R"("provider":"square")"), "provider"},
        Wrong{create_with(R"("provider":"")"), "provider"},
        Wrong{create_with(R"("provider":["stripe"])"), "provider"},
        Wrong{create_with(R"("provider":"Stripe")"), "provider"},
        Wrong{create_with(R"("capture":"later")"), "capture"},
        Wrong{create_with(R"("capture":true)"), "capture"},
        Wrong{create_with(R"("capture_at":"2026-12-01T12:00:00Z")"), "capture_at"},
        Wrong{create_with(R"("capture":"manual","capture_at":"tomorrow")"), "capture_at"},
        Wrong{create_with(R"("capture":"manual","capture_at":1796126400)"), "capture_at"},
        Wrong{create_with(R"("capture":"")"), "capture"},
        Wrong{create_with("\"reference\":" + quoted(129)), "reference"},
        Wrong{create_with(R"("reference":7)"), "reference"},
        Wrong{create_with(R"("reference":"")"), "reference"},
        Wrong{create_with(R"("reference":"a\nb")"), "reference"},
        Wrong{create_with("\"customer_id\":" + quoted(129)), "customer_id"},
        Wrong{create_with(R"("customer_id":{})"), "customer_id"},
        Wrong{create_with("\"description\":" + quoted(501)), "description"},
        Wrong{create_with(R"("description":"\u0007")"), "description"},
        Wrong{create_with(R"("return_url":"shop.example")"), "return_url"},
        Wrong{create_with(R"("return_url":"ftp://shop.example")"), "return_url"},
        Wrong{create_with("\"return_url\":\"javascript:alert(1)\""), "return_url"},
        Wrong{create_with(R"("return_url":"https://")"), "return_url"},
        Wrong{create_with(R"("return_url":"https:///x")"), "return_url"},
        Wrong{create_with(R"("return_url":"https://:80/x")"), "return_url"},
        Wrong{create_with(R"("return_url":"https://a@b.example/")"), "return_url"},
        Wrong{create_with(R"("return_url":"https://a b/")"), "return_url"},
        Wrong{create_with("\"return_url\":\"https://" + std::string(2'041, 'a') + "\""),
              "return_url"},
        Wrong{create_with(R"("required_features":"refunds")"), "required_features"},
        Wrong{create_with(R"("required_features":["refund"])"), "required_features"},
        Wrong{create_with(R"("required_features":[1])"), "required_features"},
        Wrong{create_with(R"("required_features":["refunds","refunds"])"), "required_features"},
        Wrong{create_with(R"("required_features":["a","b","c","d","e","f","g"])"),
              "required_features"},
        Wrong{create_with(R"("metadata":[])"), "metadata"},
        Wrong{create_with(R"("metadata":"a")"), "metadata"},
        Wrong{create_with(metadata_of(51)), "metadata"},
        Wrong{create_with(R"("metadata":{"a":1})"), "metadata.a"},
        Wrong{create_with(R"("metadata":{"a":null})"), "metadata.a"},
        Wrong{create_with(R"("metadata":{"a":{"b":"c"}})"), "metadata.a"},
        Wrong{create_with(R"("metadata":{"":"x"})"), "metadata."},
        Wrong{create_with("\"metadata\":{\"a\":" + quoted(501) + "}"), "metadata.a"},
        Wrong{create_with("\"metadata\":{" + quoted(41) + ":\"x\"}"),
              "metadata." + std::string(41, 'x')}),
    case_name);

TEST(ReadCreate, TakesEveryField) {
  const auto read = read_create(
      *read_object(create_with(
          R"("provider":"paypal","required_features":["partial_refunds"],"capture":"manual","customer_id":"c-1","reference":"order-7",)"
          R"("description":"two\nlines","return_url":"https://shop.example:8443/done?x=1",)"
          R"("metadata":{"cart":"9","note":""},"idempotency_key":"k")")),
      providers);
  ASSERT_TRUE(read) << read.error().field;
  EXPECT_EQ(read->amount.minor, 10'000);
  EXPECT_EQ(read->amount.currency.code(), "USD");
  EXPECT_EQ(read->provider, "paypal");
  EXPECT_EQ(read->required_features, std::vector<std::string>{"partial_refunds"});
  EXPECT_EQ(read->capture, payment::CaptureMethod::manual);
  EXPECT_EQ(read->method.type, "card");
  EXPECT_EQ(read->method.token, "pm_card_visa");
  EXPECT_EQ(read->customer_id, "c-1");
  EXPECT_EQ(read->reference, "order-7");
  EXPECT_EQ(read->description, "two\nlines");
  EXPECT_EQ(read->return_url, "https://shop.example:8443/done?x=1");
  EXPECT_EQ(read->metadata, (provider::Metadata{{"cart", "9"}, {"note", ""}}));
}

TEST(ReadCreate, TakesDefaultsForWhatIsMissingOrNull) {
  const auto read = read_create(
      *read_object(create_with(
          R"("provider":null,"capture":null,"reference":null,"metadata":null,"return_url":null)")),
      providers);
  ASSERT_TRUE(read) << read.error().field;
  EXPECT_EQ(read->provider, "");
  EXPECT_EQ(read->capture, payment::CaptureMethod::automatic);
  EXPECT_TRUE(read->reference.empty());
  EXPECT_TRUE(read->metadata.empty());
}

TEST(ReadCreate, KeepsTheFieldsOfOtherMethods) {
  const auto read = read_create(
      *read_object(
          create_method(R"({"type":"mobile_money","phone":"+254712345678","network":null})")),
      providers);
  ASSERT_TRUE(read) << read.error().field;
  EXPECT_TRUE(read->method.token.empty());
  EXPECT_EQ(read->method.fields, (std::map<std::string, std::string>{{"phone", "+254712345678"}}));
}

TEST(ReadCreate, APhoneIsKeptWithoutWhatPeopleWriteBetweenItsDigits) {
  for (const auto& [written, kept] :
       {std::pair{"0712 345 600", "0712345600"}, std::pair{"0712-345-600", "0712345600"},
        std::pair{"(0712) 345-600", "0712345600"}, std::pair{"+254 712 345 600", "+254712345600"},
        std::pair{"+(254) 712 - 345600", "+254712345600"}}) {
    const auto read = read_create(*read_object(create_method(R"({"type":"mobile_money","phone":")" +
                                                             std::string{written} + R"("})")),
                                  providers);
    ASSERT_TRUE(read) << written;
    EXPECT_EQ(read->method.fields.at("phone"), kept);
  }
}

TEST(ReadCreate, TakesThePayersCountryOfAnyMethod) {
  const auto card = read_create(
      *read_object(create_method(R"({"type":"card","token":"t","country":"US"})")), providers);
  ASSERT_TRUE(card) << card.error().field;
  EXPECT_EQ(card->method.fields, (std::map<std::string, std::string>{{"country", "US"}}));
}

TEST(ReadCreate, NeedsNothingOfAPayerWhoIsSentElsewhere) {
  EXPECT_TRUE(read_create(*read_object(create_method(R"({"type":"paypal"})")), providers));
  EXPECT_TRUE(read_create(*read_object(create_method(R"({"type":"bank_transfer"})")), providers));
}

TEST(ReadCreate, AcceptsEachLimitItself) {
  EXPECT_TRUE(read_create(*read_object(create_with("\"reference\":" + quoted(128))), providers));
  EXPECT_TRUE(read_create(*read_object(create_with("\"description\":" + quoted(500))), providers));
  EXPECT_TRUE(read_create(*read_object(create_with(metadata_of(50))), providers));
  EXPECT_TRUE(read_create(
      *read_object(create_with("\"metadata\":{" + quoted(40) + ":" + quoted(500) + "}")),
      providers));
  EXPECT_TRUE(read_create(
      *read_object(create_amount(R"({"value":"92233720368547758.07","currency":"USD"})")),
      providers));
  EXPECT_TRUE(
      read_create(*read_object(create_amount(R"({"value":"1.234","currency":"KWD"})")), providers));
}

TEST(ReadCreate, IsUnavailableWithoutAnyProvider) {
  const auto read = read_create(*read_object("{" + good_amount + "," + good_method + "}"), {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::unavailable);
}

TEST(ReadCapture, TakesAllOrAPart) {
  const OperationId id{{1}};
  const auto all = read_capture(*read_object("{}"), id);
  ASSERT_TRUE(all);
  EXPECT_FALSE(all->amount);
  EXPECT_TRUE(all->final_capture);
  EXPECT_EQ(all->operation, id);
  const auto part = read_capture(*read_object("{" + good_amount + R"(,"final":false})"), id);
  ASSERT_TRUE(part);
  EXPECT_EQ(part->amount->minor, 10'000);
  EXPECT_FALSE(part->final_capture);
}

TEST(OtherBodies, NameWhatTheyDoNotKnow) {
  const OperationId id{{1}};
  const auto field = [](const auto& read) {
    return read ? std::string{"accepted"} : read.error().field;
  };
  EXPECT_EQ(field(read_capture(*read_object(R"({"reason":"x"})"), id)), "reason");
  EXPECT_EQ(field(read_capture(*read_object(R"({"final":"yes"})"), id)), "final");
  EXPECT_EQ(field(read_capture(*read_object(R"({"final":1})"), id)), "final");
  EXPECT_EQ(field(read_capture(*read_object(R"({"amount":{"value":"0","currency":"USD"}})"), id)),
            "amount.value");
  EXPECT_EQ(field(read_cancel(*read_object(R"({"amount":null})"), id)), "amount");
  EXPECT_EQ(field(read_cancel(*read_object("{\"reason\":" + quoted(501) + "}"), id)), "reason");
  EXPECT_EQ(field(read_cancel(*read_object(R"({"reason":[]})"), id)), "reason");
  EXPECT_EQ(field(read_refund(*read_object(R"({"final":true})"), id)), "final");
  EXPECT_EQ(field(read_refund(*read_object(R"({"amount":"5.00"})"), id)), "amount");
  EXPECT_EQ(field(read_refund(*read_object(R"({"reason":5})"), id)), "reason");
  EXPECT_EQ(field(read_confirm(*read_object(R"({"amount":null})"))), "amount");
  EXPECT_EQ(field(read_confirm(*read_object(R"({"idempotency_key":"k"})"))), "accepted");
  EXPECT_EQ(read_cancel(*read_object(R"({"reason":"changed mind"})"), id)->reason, "changed mind");
  EXPECT_EQ(read_refund(*read_object(R"({"reason":"broken"})"), id)->reason, "broken");
}

TEST(Create, ReadsTheTimeOfItsCapture) {
  const auto read = read_create(
      *read_object(create_with(R"("capture":"manual","capture_at":"2026-12-01T13:00:00+01:00")")),
      providers);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->capture_at, *parse_rfc3339("2026-12-01T12:00:00Z"));
}

TEST(CaptureSchedule, IsATimeOrANullThatIsMeant) {
  const auto at = read_capture_schedule(*read_object(R"({"capture_at":"2026-12-01T12:00:00Z"})"));
  ASSERT_TRUE(at);
  EXPECT_EQ(at->at, *parse_rfc3339("2026-12-01T12:00:00Z"));
  const auto none =
      read_capture_schedule(*read_object(R"({"capture_at":null,"idempotency_key":"k"})"));
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->at);
  for (const auto* body : {"{}", R"({"capture_at":""})", R"({"capture_at":"2026-13-01T12:00:00Z"})",
                           R"({"capture_at":{}})"}) {
    const auto read = read_capture_schedule(*read_object(body));
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().field, "capture_at") << body;
  }
  EXPECT_FALSE(read_capture_schedule(*read_object(R"({"capture_at":null,"at":null})")));
}

TEST(TaskResolution, SaysWhatBecameOfItAndHowThatIsKnown) {
  const auto read = read_task_resolution(*read_object(
      R"({"outcome":"succeeded","reason":"Seen in the dashboard.","provider_object":"ch_1"})"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->succeeded, true);
  EXPECT_EQ(read->reason, "Seen in the dashboard.");
  EXPECT_EQ(read->provider_object, "ch_1");
  const auto failed =
      read_task_resolution(*read_object(R"({"outcome":"failed","reason":"Not there."})"));
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->succeeded, false);
}

// A task about money has no operation whose outcome could be told.
TEST(TaskResolution, MayHaveAReasonAlone) {
  const auto read = read_task_resolution(*read_object(R"({"reason":"Sent back by hand."})"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->succeeded, std::nullopt);
}

TEST(TaskResolution, NamesTheFieldThatIsWrong) {
  const std::pair<std::string, std::string> wrong[] = {
      {R"({"outcome":"maybe","reason":"x"})", "outcome"},
      {R"({"outcome":true,"reason":"x"})", "outcome"},
      {R"({"outcome":"failed"})", "reason"},
      {R"({"outcome":"failed","reason":""})", "reason"},
      {R"({"outcome":"failed","reason":)" + quoted(501) + "}", "reason"},
      {R"({"outcome":"failed","reason":"x","provider_object":"a b"})", "provider_object"},
      {R"({"outcome":"failed","reason":"x","by":"me"})", "by"}};
  for (const auto& [body, field] : wrong) {
    const auto read = read_task_resolution(*read_object(body));
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().field, field) << body;
  }
}

}  // namespace
}  // namespace cambist::api
