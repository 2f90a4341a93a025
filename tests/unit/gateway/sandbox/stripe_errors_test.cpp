// What Stripe refuses, with the parameter named, and that a refusal changes nothing.
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

struct Wrong {
  std::string name;
  Fields fields;
  std::string code;
  std::string param;
};

void PrintTo(const Wrong& given, std::ostream* out) {
  *out << given.name;
}

class StripeCreate : public testing::TestWithParam<Wrong> {};

TEST_P(StripeCreate, RefusesAndNamesTheParameter) {
  const auto& given = GetParam();
  Desk desk;
  const auto answer = desk.post("payment_intents", given.fields, "k-1");
  EXPECT_EQ(answer.status(), 400);
  EXPECT_EQ(answer.error("type"), "invalid_request_error");
  EXPECT_EQ(answer.error("code"), given.code);
  EXPECT_EQ(answer.error("param"), given.param);
  EXPECT_TRUE(desk.get("payment_intents")["data"].as_array().empty());
  EXPECT_TRUE(desk.effects().empty());
}

Fields with(const Fields& more) {
  Fields fields{{"amount", "1000"}, {"currency", "usd"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

Fields priced(std::string amount, std::string currency) {
  return {{"amount", std::move(amount)}, {"currency", std::move(currency)}};
}

INSTANTIATE_TEST_SUITE_P(
    Parameters, StripeCreate,
    testing::Values(
        Wrong{"NoAmount", {{"currency", "usd"}}, "parameter_missing", "amount"},
        Wrong{"NoCurrency", {{"amount", "1000"}}, "parameter_missing", "currency"},
        Wrong{"EmptyAmount", priced("", "usd"), "parameter_invalid_empty", "amount"},
        Wrong{"DecimalAmount", priced("10.00", "usd"), "parameter_invalid_integer", "amount"},
        Wrong{"AmountWithText", priced("10x", "usd"), "parameter_invalid_integer", "amount"},
        Wrong{"AmountPast64Bits", priced("9223372036854775808", "usd"), "parameter_invalid_integer",
              "amount"},
        Wrong{"ZeroAmount", priced("0", "usd"), "parameter_invalid_integer", "amount"},
        Wrong{"NegativeAmount", priced("-100", "usd"), "parameter_invalid_integer", "amount"},
        Wrong{"TooSmallUsd", priced("49", "usd"), "amount_too_small", "amount"},
        Wrong{"TooSmallJpy", priced("49", "jpy"), "amount_too_small", "amount"},
        Wrong{"TooSmallTzs", priced("99999", "tzs"), "amount_too_small", "amount"},
        Wrong{"TooLargeUsd", priced("100000000", "usd"), "amount_too_large", "amount"},
        Wrong{"TooLargeTzs", priced("100000000", "tzs"), "amount_too_large", "amount"},
        Wrong{"KwdLastDigit", priced("5124", "kwd"), "parameter_invalid_integer", "amount"},
        Wrong{"UgxNotWhole", priced("550", "ugx"), "parameter_invalid_integer", "amount"},
        Wrong{"IskNotWhole", priced("10050", "isk"), "parameter_invalid_integer", "amount"},
        Wrong{"UnknownCurrency", priced("1000", "zzz"), "", "currency"},
        Wrong{"UnsupportedCurrency", priced("1000", "kpw"), "", "currency"},
        Wrong{"UnknownParameter", with({{"color", "red"}}), "parameter_unknown", "color"},
        Wrong{"UnknownNested", with({{"payment_method_options[card][color]", "red"}}),
              "parameter_unknown", "payment_method_options[card][color]"},
        Wrong{"CardNumber", with({{"payment_method_data[card][number]", "x"}}), "parameter_unknown",
              "payment_method_data[card][number]"},
        Wrong{"BadCaptureMethod", with({{"capture_method", "later"}}), "", "capture_method"},
        Wrong{"BadBoolean", with({{"confirm", "yes"}}), "", "confirm"},
        Wrong{"UnknownMethod", with({{"payment_method", "pm_x"}}), "resource_missing",
              "payment_method"},
        Wrong{"UnknownCustomer", with({{"customer", "cus_x"}}), "resource_missing", "customer"},
        Wrong{"OtherMethodType", with({{"payment_method_types[0]", "sepa_debit"}}),
              "payment_method_unactivated", "payment_method_types"},
        Wrong{"TypesAndAutomatic",
              with({{"payment_method_types[]", "card"},
                    {"automatic_payment_methods[enabled]", "true"}}),
              "", "automatic_payment_methods"},
        Wrong{"ConfirmWithoutMethod", with({{"confirm", "true"}}), "parameter_missing",
              "payment_method"},
        Wrong{"OffSessionUnconfirmed", with({{"off_session", "true"}}), "", "off_session"},
        Wrong{"ReturnUrlUnconfirmed", with({{"return_url", "https://shop.example"}}), "",
              "return_url"},
        Wrong{"ReturnUrlWithLineBreak",
              with({{"confirm", "true"},
                    {"payment_method", "pm_card_visa"},
                    {"return_url", "https://shop.example/\r\nSet-Cookie: a=b"}}),
              "url_invalid", "return_url"},
        Wrong{"ReturnUrlScript",
              with({{"confirm", "true"},
                    {"payment_method", "pm_card_visa"},
                    {"return_url", "javascript:alert(1)"}}),
              "url_invalid", "return_url"},
        Wrong{"StatementDescriptor", with({{"statement_descriptor", "SHOP"}}), "",
              "statement_descriptor"},
        Wrong{"SuffixTooLong", with({{"statement_descriptor_suffix", std::string(23, 'x')}}), "",
              "statement_descriptor_suffix"},
        Wrong{"MetadataValueTooLong", with({{"metadata[a]", std::string(501, 'x')}}), "",
              "metadata[a]"},
        Wrong{"MetadataScalar", with({{"metadata", "x"}}), "", "metadata"},
        Wrong{"BadExpansion", with({{"expand[]", "secrets"}}), "", "expand"},
        Wrong{"DeepExpansion", with({{"expand[]", "data.data.data.data.data"}}), "", "expand"}),
    [](const auto& given) { return given.param.name; });

TEST(StripeErrors, MetadataHasAtMostFiftyKeys) {
  Desk desk;
  Fields fields;
  for (int i = 0; i < 49; ++i) fields.emplace_back("metadata[k" + std::to_string(i) + "]", "v");
  EXPECT_EQ(desk.create(fields).status(), 200);  // with payment_id that is fifty
  fields.emplace_back("metadata[one_more]", "v");
  EXPECT_EQ(desk.create(fields).error("param"), "metadata");
}

TEST(StripeErrors, TheLimitsThemselvesAreAllowed) {
  Desk desk;
  const Fields allowed{{"50", "usd"},          {"99999999", "usd"}, {"50", "jpy"},
                       {"100000", "tzs"},      {"99999999", "tzs"}, {"5120", "kwd"},
                       {"500", "ugx"},         {"100", "isk"},      {"1000", "USD"},
                       {"999999999999", "idr"}};
  for (const auto& [amount, currency] : allowed) {
    EXPECT_EQ(desk.post("payment_intents", priced(amount, currency)).status(), 200)
        << amount << " " << currency;
  }
}

// Source: facts/stripe.md section 8; the ledger speaks ISO 4217.
TEST(StripeErrors, TheLedgerHasTheAmountInTheCurrencysOwnDecimals) {
  Desk desk;
  const std::vector<std::array<std::string, 3>> cases{
      {"2500000", "tzs", "25000.00"}, {"500", "ugx", "5"},      {"1234", "jpy", "1234"},
      {"5120", "kwd", "5.120"},       {"700", "mga", "700.00"}, {"20000", "huf", "200.00"}};
  for (const auto& [amount, currency, expected] : cases) {
    (void)desk.call("POST", "/sandbox/reset");
    (void)desk.post("payment_intents", {{"amount", amount},
                                        {"currency", currency},
                                        {"confirm", "true"},
                                        {"payment_method", "pm_card_visa"}});
    EXPECT_EQ(desk.effects(), (Effects{"charge " + expected})) << currency;
  }
}

TEST(StripeErrors, WithoutAKeyNobodyGetsIn) {
  Desk desk;
  const auto with_header = [&](const std::string& value) {
    return desk.call("GET", "/stripe/v1/balance", {}, {{"Authorization", value}});
  };
  EXPECT_EQ(desk.call("GET", "/stripe/v1/balance").status(), 401);
  for (const auto* wrong : {"Bearer sk_live_abc", "Bearer pk_test_abc", "Bearer sk_test_",
                            "Bearer ", "Basic !!!", "abc", "Basic cGtfdGVzdF9hYmM6"}) {
    const auto answer = with_header(wrong);
    EXPECT_EQ(answer.status(), 401) << wrong;
    EXPECT_EQ(answer.error("type"), "invalid_request_error");
    EXPECT_EQ(answer.outgoing.response.body.find("abc"), std::string::npos)
        << "keys are never repeated";
    EXPECT_FALSE(answer.header("request-id").empty());
  }
  EXPECT_EQ(with_header("Bearer sk_test_abc").status(), 200);
  EXPECT_EQ(with_header("bearer rk_test_abc").status(), 200);
  EXPECT_EQ(with_header("Basic c2tfdGVzdF9hYmM6").status(), 200);  // sk_test_abc:
}

TEST(StripeErrors, WhatIsNotThereIsMissing) {
  Desk desk;
  for (const auto* path :
       {"payment_intents/pi_x", "charges/ch_x", "refunds/re_x", "customers/cus_x"}) {
    const auto answer = desk.get(path);
    EXPECT_EQ(answer.status(), 404) << path;
    EXPECT_EQ(answer.error("code"), "resource_missing") << path;
    EXPECT_FALSE(answer.error("param").empty()) << path;
  }
  for (const auto* verb : {"confirm", "capture", "cancel"})
    EXPECT_EQ(desk.act("pi_x", verb).status(), 404);
  EXPECT_EQ(desk.post("payment_intents/pi_x", {}).status(), 404);
  for (const auto* path : {"nothing", "payment_intents/pi_x/steal", "", "payment_intents/"}) {
    EXPECT_EQ(desk.get(path).status(), 404) << path;
  }
}

TEST(StripeErrors, BodiesThatAreNoFormAreRefused) {
  Desk desk;
  auto headers = Desk::stripe_headers({});
  const auto with_body = [&](const std::string& body) {
    return desk.call("POST", "/stripe/v1/payment_intents", body, headers);
  };
  EXPECT_EQ(with_body("amount=%zz&currency=usd").status(), 400);
  EXPECT_EQ(with_body("amount=%4").status(), 400);
  EXPECT_EQ(with_body("amount=1000&currency=usd&description=%C3%28").status(), 400);
  EXPECT_EQ(with_body("amount=1000&currency=usd&description=%ED%A0%80").status(), 400);
  std::string many;
  for (int i = 0; i < 1'001; ++i) many += "a" + std::to_string(i) + "=1&";
  EXPECT_EQ(with_body(many).status(), 400);
  headers.back().value = "application/json";
  EXPECT_EQ(with_body(R"({"amount":1000})").status(), 400);
}

TEST(StripeErrors, EveryAnswerHasARequestIdAndEchoesTheVersion) {
  Desk desk;
  for (const auto& answer : {desk.create(), desk.get("payment_intents/pi_x"), desk.get("nothing"),
                             desk.create({{"amount", "x"}})}) {
    EXPECT_TRUE(answer.header("request-id").starts_with("req_"));
    EXPECT_EQ(answer.header("stripe-version"), "2026-10-28.endive");
    EXPECT_EQ(answer.header("content-type"), "application/json");
  }
}

TEST(StripeLists, PageBothWaysAndFilter) {
  Desk desk;
  const auto customer = desk.post("customers", {{"email", "a@shop.example"}}).text("id");
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(desk.create(i % 2 == 0 ? Fields{{"customer", customer}} : Fields{}).text("id"));
    desk.now += std::chrono::seconds{10};
  }
  const auto page = [&](const std::string& query) {
    std::vector<std::string> found;
    const auto answer = desk.get("payment_intents?" + query);
    for (const auto& item : answer["data"].as_array())
      found.emplace_back(item.at("id").as_string());
    found.emplace_back(answer["has_more"].as_bool() ? "more" : "end");
    return found;
  };
  using Page = std::vector<std::string>;
  EXPECT_EQ(page("limit=2"), (Page{ids[4], ids[3], "more"}));
  EXPECT_EQ(page("limit=2&starting_after=" + ids[3]), (Page{ids[2], ids[1], "more"}));
  EXPECT_EQ(page("limit=2&starting_after=" + ids[1]), (Page{ids[0], "end"}));
  EXPECT_EQ(page("limit=2&ending_before=" + ids[1]), (Page{ids[3], ids[2], "more"}));
  EXPECT_EQ(page("ending_before=" + ids[4]), (Page{"end"}));
  EXPECT_EQ(page("customer=" + customer), (Page{ids[4], ids[2], ids[0], "end"}));
  EXPECT_EQ(page("created[gte]=1795250328"), (Page{ids[4], ids[3], "end"}));
  EXPECT_EQ(page("created[gt]=1795250298&created[lt]=1795250318"), (Page{ids[1], "end"}));
  for (const auto* wrong :
       {"limit=0", "limit=101", "limit=x", "starting_after=pi_x", "color=red", "created[gte]=x"}) {
    EXPECT_EQ(desk.get("payment_intents?" + std::string{wrong}).status(), 400) << wrong;
  }
}

TEST(StripeObjects, CustomersAndTheBalance) {
  Desk desk;
  const auto made = desk.post("customers", {{"name", "Amina J"}, {"metadata[crm]", "7"}});
  const auto read = desk.get("customers/" + made.text("id"));
  EXPECT_EQ(read.body, made.body);
  EXPECT_EQ(desk.post("customers", {{"color", "red"}}).error("code"), "parameter_unknown");
  const auto id = desk.confirmed("pm_card_visa", {{"customer", made.text("id")}}).text("id");
  (void)desk.refund(id, {{"amount", "400"}});
  const auto balance = desk.get("balance");
  EXPECT_EQ(balance["pending"].at(0).at("amount").as_int64(), 600);
  EXPECT_EQ(balance["pending"].at(0).at("currency").as_string(), "usd");
}

TEST(StripeExpansion, ChargesAndMethodsComeInline) {
  Desk desk;
  const auto id = desk.confirmed("pm_card_visa").text("id");
  const auto plain = desk.get("payment_intents/" + id);
  EXPECT_TRUE(plain["latest_charge"].is_string());
  EXPECT_EQ(plain.text("payment_method"), "pm_card_visa");
  const auto both =
      desk.get("payment_intents/" + id + "?expand[]=latest_charge&expand[]=payment_method");
  EXPECT_EQ(both["latest_charge"].at("payment_intent").as_string(), id);
  EXPECT_EQ(both["payment_method"].at("card").at("last4").as_string(), "4242");
  const auto list = desk.get("payment_intents?expand[0]=data.latest_charge");
  EXPECT_TRUE(list["data"].at(0).at("latest_charge").is_object());
  const auto refund = desk.refund(id, {{"expand[]", "charge"}, {"expand[]", "payment_intent"}});
  EXPECT_EQ(refund["charge"].at("amount_refunded").as_int64(), 1000);
  EXPECT_EQ(refund["payment_intent"].at("id").as_string(), id);
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
