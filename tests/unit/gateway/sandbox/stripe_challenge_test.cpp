// 3-D Secure: the payer's page, its two buttons, and payments without a payer.
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

const Fields with_return{{"return_url", "https://shop.example/back?cart=9#pay"}};

std::string path_of(const std::string& url) {
  constexpr std::string_view base = "http://127.0.0.1:8081";
  EXPECT_TRUE(url.starts_with(base)) << url;
  return url.substr(base.size());
}

TEST(StripeChallenge, WithAReturnUrlThePayerIsRedirected) {
  Desk desk;
  const auto answer = desk.confirmed("pm_card_threeDSecureRequired", with_return);
  EXPECT_EQ(answer.text("status"), "requires_action");
  EXPECT_EQ(answer["next_action"].at("type").as_string(), "redirect_to_url");
  const auto& redirect = answer["next_action"].at("redirect_to_url");
  EXPECT_EQ(redirect.at("return_url").as_string(), "https://shop.example/back?cart=9#pay");
  EXPECT_EQ(path_of(std::string{redirect.at("url").as_string()}),
            "/stripe/3ds/" + answer.text("id"));
  EXPECT_TRUE(desk.effects().empty());
}

TEST(StripeChallenge, WithoutAReturnUrlTheUrlIsInTheSdkObject) {
  Desk desk;
  const auto answer = desk.confirmed("pm_card_threeDSecureRequired");
  EXPECT_EQ(answer["next_action"].at("type").as_string(), "use_stripe_sdk");
  const auto url =
      std::string{answer["next_action"].at("use_stripe_sdk").at("stripe_js").as_string()};
  const auto page = desk.call("GET", path_of(url));
  EXPECT_EQ(page.status(), 200);
  EXPECT_NE(page.outgoing.response.body.find(url + "/complete"), std::string::npos);
  EXPECT_NE(page.outgoing.response.body.find(url + "/fail"), std::string::npos);
  const auto done = desk.call("POST", path_of(url) + "/complete");
  EXPECT_EQ(done.status(), 200);
  EXPECT_EQ(desk.status(answer.text("id")), "succeeded");
}

TEST(StripeChallenge, CompletingGoesBackToTheShopWithTheResult) {
  Desk desk;
  const auto answer = desk.confirmed("pm_card_threeDSecureRequired", with_return, "k-confirm");
  const auto id = answer.text("id");
  for (const auto* method : {"GET", "POST", "GET"}) {  // a reload of the page changes nothing
    const auto back = desk.call(method, "/stripe/3ds/" + id + "/complete");
    EXPECT_EQ(back.status(), 302);
    EXPECT_EQ(back.header("location"),
              "https://shop.example/back?cart=9&payment_intent=" + id +
                  "&payment_intent_client_secret=" + answer.text("client_secret") +
                  "&redirect_status=succeeded#pay");
  }
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00"}));
  // The effect belongs to the call that asked for it, not to the payer's visit.
  EXPECT_EQ(desk.call("GET", "/sandbox/ledger")["effects"].at(0).at("idempotency_key").as_string(),
            "k-confirm");
  const auto charge =
      desk.get("payment_intents/" + id + "?expand[]=latest_charge")["latest_charge"];
  EXPECT_EQ(
      charge.at("payment_method_details").at("card").at("three_d_secure").at("result").as_string(),
      "authenticated");
}

TEST(StripeChallenge, AManualIntentIsHeldAfterwards) {
  Desk desk;
  const auto id =
      desk.confirmed("pm_card_authenticationRequired", {{"capture_method", "manual"}}).text("id");
  EXPECT_EQ(desk.call("POST", "/sandbox/payer/stripe/" + id + "/approve").status(), 200);
  EXPECT_EQ(desk.status(id), "requires_capture");
  EXPECT_EQ(desk.effects(), (Effects{"authorize 10.00"}));
}

TEST(StripeChallenge, FailingIsNoChargeAndCanBeTriedAgain) {
  Desk desk;
  const auto id = desk.confirmed("pm_card_threeDSecureRequired", with_return).text("id");
  const auto back = desk.call("GET", "/stripe/3ds/" + id + "/fail");
  EXPECT_NE(back.header("location").find("redirect_status=failed"), std::string::npos);
  const auto intent = desk.get("payment_intents/" + id);
  EXPECT_EQ(intent.text("status"), "requires_payment_method");
  EXPECT_EQ(intent["last_payment_error"].at("code").as_string(),
            "payment_intent_authentication_failure");
  EXPECT_TRUE(intent["latest_charge"].is_null());
  EXPECT_TRUE(desk.effects().empty());
  EXPECT_EQ(desk.act(id, "confirm", {{"payment_method", "pm_card_visa"}}).text("status"),
            "succeeded");
}

TEST(StripeChallenge, SomeCardsDeclineAfterwards) {
  Desk desk;
  const Fields cases{
      {"pm_card_threeDSecureRequiredChargeDeclined", "generic_decline"},
      {"pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "insufficient_funds"}};
  for (const auto& [method, decline] : cases) {
    const auto id = desk.confirmed(method).text("id");
    EXPECT_EQ(desk.status(id), "requires_action");
    (void)desk.call("POST", "/stripe/3ds/" + id + "/complete");
    const auto intent = desk.get("payment_intents/" + id);
    EXPECT_EQ(intent.text("status"), "requires_payment_method");
    EXPECT_EQ(intent["last_payment_error"].at("decline_code").as_string(), decline);
  }
  EXPECT_TRUE(desk.effects().empty());
}

TEST(StripeChallenge, OptionalCardsAreAskedOnRequestOnly) {
  Desk desk;
  EXPECT_EQ(desk.confirmed("pm_card_threeDSecureOptional").text("status"), "succeeded");
  for (const auto* how : {"any", "challenge"}) {
    const auto answer =
        desk.confirmed("pm_card_threeDSecureOptional",
                       {{"payment_method_options[card][request_three_d_secure]", how}});
    EXPECT_EQ(answer.text("status"), "requires_action") << how;
  }
}

TEST(StripeChallenge, OffSessionThereIsNobodyToAsk) {
  Desk desk;
  const Fields off{{"off_session", "true"}};
  for (const auto* method : {"pm_card_authenticationRequired", "pm_card_threeDSecureRequired",
                             "pm_card_authenticationRequiredOnSetup"}) {
    const auto answer = desk.confirmed(method, off);
    EXPECT_EQ(answer.status(), 402) << method;
    EXPECT_EQ(answer.error("code"), "authentication_required");
    EXPECT_EQ(answer.error("decline_code"), "authentication_required");
    EXPECT_EQ(answer["error"].at("payment_intent").at("status").as_string(),
              "requires_payment_method");
  }
  EXPECT_EQ(desk.confirmed("pm_card_authenticationRequiredSetupForOffSession", off).text("status"),
            "succeeded");
  EXPECT_EQ(desk.confirmed("pm_card_authenticationRequiredSetupForOffSession").text("status"),
            "requires_action");
  EXPECT_EQ(desk.confirmed("pm_card_threeDSecureRequired", {{"error_on_requires_action", "true"}})
                .status(),
            402);
}

TEST(StripeChallenge, ThePayerCanBePlayedThroughTheSandbox) {
  Desk desk;
  const auto id = desk.confirmed("pm_card_threeDSecureRequired").text("id");
  const std::string payer = "/sandbox/payer/stripe/";
  EXPECT_EQ(desk.call("GET", payer + id + "/approve").status(), 405);
  EXPECT_EQ(desk.call("POST", payer + id + "/wonder").status(), 404);
  EXPECT_EQ(desk.call("POST", payer + id + "/ignore").status(), 200);
  EXPECT_EQ(desk.status(id), "requires_action");
  EXPECT_EQ(desk.call("POST", payer + "pi_nobody/approve").status(), 404);
  EXPECT_EQ(desk.call("POST", "/sandbox/payer/nobody/" + id + "/approve").status(), 404);
  EXPECT_EQ(desk.call("POST", payer + id + "/decline").status(), 200);
  EXPECT_EQ(desk.status(id), "requires_payment_method");
  EXPECT_EQ(desk.call("POST", payer + id + "/approve").status(), 409);
}

TEST(StripeChallenge, StrangePagesAreRefused) {
  Desk desk;
  const auto paid = desk.confirmed("pm_card_visa").text("id");
  EXPECT_EQ(desk.call("GET", "/stripe/3ds/pi_nobody").status(), 404);
  EXPECT_EQ(desk.call("GET", "/stripe/3ds/" + paid + "/steal").status(), 404);
  EXPECT_EQ(desk.call("PUT", "/stripe/3ds/" + paid + "/complete").status(), 405);
  EXPECT_EQ(desk.call("GET", "/stripe/3ds/" + paid).status(), 200);
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00"}));
}

TEST(StripeChallenge, WithoutAFixedUrlThePageIsWhereTheClientCameFrom) {
  auto sandbox = Sandbox::make([] { return TimePoint{}; },
                               [n = 0ULL]() mutable { return n += 0x9E3779B97F4A7C15ULL; }, "");
  http::Request request{
      "POST",
      {},
      "/v1/payment_intents",
      Desk::stripe_headers({}),
      "amount=1000&currency=usd&confirm=true&payment_method=pm_card_threeDSecureRequired",
      {}};
  request.headers.push_back({"Host", "127.0.0.1:12111"});
  std::string body;
  sandbox->root_handler("stripe")(request,
                                  [&](inbound::Outgoing out) { body = out.response.body; });
  EXPECT_NE(body.find("http://127.0.0.1:12111/stripe/3ds/pi_"), std::string::npos) << body;
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
