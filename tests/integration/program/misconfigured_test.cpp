// A provider that is switched off or cannot work is told by the command line and by /readyz, keeps
// no other from working, and never takes a payment.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/integration/program/shop.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr const char* paypal_payment =
    R"({"provider":"paypal","amount":{"value":"10.00","currency":"USD"},)"
    R"("return_url":"https://shop.example/done","payment_method":{"type":"paypal"}})";
constexpr const char* unnamed_payment =
    R"({"amount":{"value":"10.00","currency":"USD"},)"
    R"("return_url":"https://shop.example/done","payment_method":{"type":"paypal"}})";
constexpr const char* card_payment = R"({"amount":{"value":"10.00","currency":"USD"},)"
                                     R"("return_url":"https://shop.example/done",)"
                                     R"("payment_method":{"type":"card","token":"pm_card_visa"}})";

struct Checked {
  int status = -1;
  std::string said;
};
/// `cambist config check`: its exit status, and all that it says.
Checked check(const Environment& environment) {
  TemporaryFolder folder;
  const auto errors = folder.path() + "/stderr";
  Process process{{CAMBIST_BINARY, "config", "check"}, environment, errors};
  Checked checked;
  checked.said = process.rest(30s);
  checked.status = process.wait(30s).value_or(-1);
  std::ifstream in{errors};
  std::stringstream said;
  said << in.rdbuf();
  checked.said += said.str();
  return checked;
}

/// What /readyz?verbose says of a provider: {"name", "status", "detail"}.
json::value look_at(const Shop& shop, const std::string& provider) {
  const auto answer = shop.client().get("/readyz?verbose");
  EXPECT_EQ(answer.status, 200) << answer.body;
  const auto shown = answer.json();
  for (const auto& entry : shown.at("checks").as_array()) {
    if (text(entry, "name") == "provider." + provider) return entry;
  }
  ADD_FAILURE() << answer.body;
  return nullptr;
}

/// Nothing comes to PayPal: not by its name, not by what only it takes, not from one that refuses.
void expect_no_payment_goes_to_paypal(const Shop& shop) {
  const auto named = shop.pay(paypal_payment);
  EXPECT_TRUE(named.status >= 400 && named.status < 500) << named.body;
  EXPECT_EQ(text(named.json(), "field"), "provider") << named.body;
  const auto unnamed = shop.pay(unnamed_payment);
  EXPECT_TRUE(unnamed.status >= 400 && unnamed.status < 500) << unnamed.body;
  EXPECT_EQ(shop.client().post("/api/v1/routing/explain", paypal_payment).status, named.status);

  const auto plan = shop.client().post("/api/v1/routing/explain", card_payment).json();
  EXPECT_EQ(text(plan, "provider"), "stripe");
  EXPECT_TRUE(plan.at("alternatives").as_array().empty()) << plan;
  const auto paid = shop.pay(card_payment);
  EXPECT_EQ(paid.status, 201) << paid.body;
  shop.faults(R"({"rules":[{"provider":"stripe","operation":"charge","step":"create",)"
              R"("fault":"http_429"}]})");
  const auto refused = shop.pay(card_payment);
  EXPECT_GE(refused.status, 400) << refused.body;
  EXPECT_EQ(shop.story(paid.json()), std::vector<std::string>{"stripe charge"});
  EXPECT_EQ(shop.paypal_tokens(), 0);
}

struct Wrong {
  const char* name;
  Environment environment;
  const char* setting;
};
// Names the case in the output of the tests.
void PrintTo(const Wrong& shown, std::ostream* out) {
  *out << shown.name;
}
class Misconfigured : public testing::TestWithParam<Wrong> {};

TEST_P(Misconfigured, IsToldByTheSettingsNameAndTakesNoPayment) {
  const std::string setting = GetParam().setting;
  const auto checked = check(GetParam().environment);
  EXPECT_NE(checked.status, 0) << checked.said;
  EXPECT_NE(checked.said.find(setting), std::string::npos) << checked.said;

  Shop shop{GetParam().environment};
  const auto seen = look_at(shop, "paypal");
  EXPECT_EQ(text(seen, "status"), "misconfigured") << seen;
  EXPECT_NE(text(seen, "detail").find(setting), std::string::npos) << seen;
  EXPECT_EQ(text(look_at(shop, "stripe"), "status"), "ok");
  expect_no_payment_goes_to_paypal(shop);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Misconfigured,
    testing::Values(Wrong{"WrongAddress",
                          {{"CAMBIST_PAYPAL_BASE_URL", "ftp://x"}},
                          "providers.paypal.base_url"},
                    Wrong{"NoSecret",
                          {{"CAMBIST_PAYPAL_BASE_URL", "https://api-m.paypal.com"},
                           {"CAMBIST_PAYPAL_CLIENT_ID", "a-client"}},
                          "providers.paypal.secret_key"},
                    Wrong{"NoClient",
                          {{"CAMBIST_PAYPAL_BASE_URL", "https://api-m.paypal.com"},
                           {"CAMBIST_PAYPAL_SECRET_KEY", "a-secret"}},
                          "providers.paypal.client_id"}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST(SwitchedOff, IsOffWithoutAProblemAndTakesNoPayment) {
  const Environment off{{"CAMBIST_PAYPAL_ENABLED", "false"}};
  const auto checked = check(off);
  EXPECT_EQ(checked.status, 0) << checked.said;
  Shop shop{off};
  const auto seen = look_at(shop, "paypal");
  EXPECT_EQ(text(seen, "status"), "off") << seen;
  expect_no_payment_goes_to_paypal(shop);
}

TEST(SwitchedOff, StaysOffWhateverElseIsWrongWithIt) {
  const Environment off{{"CAMBIST_PAYPAL_ENABLED", "false"},
                        {"CAMBIST_PAYPAL_BASE_URL", "ftp://x"}};
  EXPECT_EQ(check(off).status, 0);
  Shop shop{off};
  EXPECT_EQ(text(look_at(shop, "paypal"), "status"), "off");
}

TEST(Readiness, TellsWhichProviderIsLeftOutWithoutTheSandbox) {
  SandboxProcess sandbox;
  TemporaryFolder folder;
  ServerOptions options{folder.path(), sandbox.origin() + "/stripe"};
  options.environment = {{"CAMBIST_PAYPAL_CLIENT_ID", "a-client"},
                         {"CAMBIST_PAYPAL_WEBHOOK_ID", "WH-1"}};
  const ServerProcess server{options};
  const auto answer = server.client().get("/readyz?verbose");
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find(R"("name":"provider.paypal","status":"misconfigured","detail":)"
                             R"("providers.paypal.secret_key)"),
            std::string::npos)
      << answer.body;
  EXPECT_NE(answer.body.find(R"("name":"provider.airtel_money","status":"off")"), std::string::npos)
      << answer.body;
}

TEST(Readiness, TellsOfACircuitThatIsOpen) {
  Shop shop;
  ASSERT_EQ(text(look_at(shop, "paypal"), "status"), "ok");
  const auto path = std::string{"/api/v1/providers/paypal/breaker"};
  ASSERT_EQ(shop.client().post(path, R"({"action":"trip","reason":"a test"})").status, 200);
  const auto open = look_at(shop, "paypal");
  EXPECT_EQ(text(open, "status"), "circuit_open") << open;
  EXPECT_NE(text(open, "detail").find("until 20"), std::string::npos) << open;
  ASSERT_EQ(shop.client().post(path, R"({"action":"reset","reason":"a test"})").status, 200);
  EXPECT_EQ(text(look_at(shop, "paypal"), "status"), "ok");
}

TEST(SandboxSecrets, AServerBehindAProxyOnItsMachineBelievesNobodyWhoKnowsThem) {
  SandboxProcess sandbox;
  const std::string webhook = "/api/v1/webhooks/mpesa_daraja/whsec_sandbox/callback";
  const auto status_with = [&](const char* secrets) {
    TemporaryFolder folder;
    ServerOptions options{folder.path(), sandbox.origin() + "/stripe"};
    options.environment = {{"CAMBIST_SANDBOX_SECRETS", secrets},
                           {"CAMBIST_MPESA_DARAJA_BASE_URL", sandbox.origin() + "/mpesa_daraja"},
                           {"CAMBIST_MPESA_DARAJA_CONSUMER_KEY", "a-key"},
                           {"CAMBIST_MPESA_DARAJA_SECRET_KEY", "a-secret"}};
    const ServerProcess server{options};
    return server.client().send("POST", webhook, "{}", {}).status;
  };
  EXPECT_GE(status_with("false"), 401);
  EXPECT_LT(status_with("true"), 401);
}

}  // namespace
}  // namespace cambist::test
