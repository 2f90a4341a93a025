// Tokens: who gets one, how long it is good, and that somebody counts them.
#include "tests/unit/gateway/sandbox/paypal_bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

TEST(PaypalAccess, AnyClientGetsATokenForNineHours) {
  PaypalDesk desk;
  const auto answer = desk.ask_token("anybody", "anything");
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.text("token_type"), "Bearer");
  EXPECT_EQ(answer.number("expires_in"), 32'400);
  EXPECT_TRUE(answer.text("access_token").starts_with("A21AA"));
}

TEST(PaypalAccess, AClientThatIsUnknownOrIncompleteIsRefused) {
  PaypalDesk desk;
  for (const auto& [client, secret] : Fields{{"invalid_client", "secret"},
                                             {"client", "invalid_client"},
                                             {"", "secret"},
                                             {"client", ""}}) {
    const auto answer = desk.ask_token(client, secret);
    EXPECT_EQ(answer.status(), 401) << client << ":" << secret;
    EXPECT_EQ(answer.text("error"), "invalid_client");
  }
  EXPECT_EQ(desk.call("POST", "/paypal/v1/oauth2/token", "grant_type=client_credentials").status(),
            401);
}

TEST(PaypalAccess, AnotherGrantIsRefused) {
  PaypalDesk desk;
  EXPECT_EQ(desk.ask_token("a", "b", "grant_type=password").text("error"),
            "unsupported_grant_type");
  EXPECT_EQ(desk.ask_token("a", "b", "").text("error"), "invalid_request");
}

TEST(PaypalAccess, ACallWithoutAGoodTokenIsRefused) {
  PaypalDesk desk;
  EXPECT_EQ(desk.call("GET", "/paypal/v2/checkout/orders/X").status(), 401);
  const auto unknown = desk.call("GET", "/paypal/v2/checkout/orders/X", {},
                                 {{"Authorization", "Bearer A21AA-made-up"}});
  EXPECT_EQ(unknown.status(), 401);
  EXPECT_EQ(unknown.text("error"), "invalid_token");
  EXPECT_FALSE(unknown.header("paypal-debug-id").empty());
}

TEST(PaypalAccess, ATokenEndsWithItsTime) {
  PaypalDesk desk;
  const auto id = desk.order("CAPTURE");
  desk.now += std::chrono::seconds{32'399};
  EXPECT_EQ(desk.show("checkout/orders", id).status(), 200);
  desk.now += std::chrono::seconds{1};
  EXPECT_EQ(desk.show("checkout/orders", id).text("error"), "invalid_token");
  desk.renew_token();
  EXPECT_EQ(desk.show("checkout/orders", id).status(), 200);
}

TEST(PaypalAccess, TokensAreCountedAndCanBeTakenAway) {
  PaypalDesk desk;
  (void)desk.ask_token();
  (void)desk.ask_token("invalid_client");
  const auto count = desk.call("GET", "/paypal/sandbox/tokens");
  EXPECT_EQ(count.number("issued"), 2) << "the desk's own and one more; a refusal is none";
  EXPECT_EQ(count.number("live"), 2);
  EXPECT_EQ(desk.call("DELETE", "/paypal/sandbox/tokens").number("live"), 0);
  EXPECT_EQ(desk.paypal("GET", "/v2/checkout/orders/X").status(), 401);
}

TEST(PaypalAccess, FaultsMeetTheTokenCallToo) {
  PaypalDesk desk;
  desk.fault("token", "http_429");
  const auto limited = desk.ask_token();
  EXPECT_EQ(limited.status(), 429);
  EXPECT_EQ(limited.text("name"), "RATE_LIMIT_REACHED");
  desk.fault("token", "timeout_after");
  EXPECT_EQ(desk.ask_token().outgoing.delivery, inbound::Delivery::never);
  EXPECT_EQ(desk.call("GET", "/paypal/sandbox/tokens").number("issued"), 2)
      << "a lost token was issued all the same";
  desk.fault("token", "truncated_json");
  EXPECT_TRUE(desk.ask_token().body.is_null());
  desk.fault("token", "http_500");
  EXPECT_EQ(desk.ask_token().status(), 500);
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
