// The sandbox's own paths, and how requests find their provider.
#include <thread>

#include "gateway/sandbox/emulator.hpp"

#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

TEST(SandboxDesk, TheIndexNamesProvidersAndRoutes) {
  Desk desk;
  const auto answer = desk.call("GET", "/sandbox");
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer["providers"].at(0).at("name").as_string(), "stripe");
  EXPECT_FALSE(answer["providers"].at(0).at("routes").as_array().empty());
  EXPECT_EQ(desk.sandbox()->providers(), emulator_names());
}

TEST(SandboxDesk, StrangePathsAndMethodsAreProblems) {
  Desk desk;
  const Fields cases{{"GET", "/"}, {"GET", "/nobody/v1"}, {"GET", "/sandbox/x"},
                     {"GET", ""},  {"GET", "/sandboxed"}, {"GET", "/stripesque/v1"}};
  for (const auto& [method, target] : cases) {
    const auto answer = desk.call(method, target);
    EXPECT_EQ(answer.status(), 404) << target;
    EXPECT_EQ(answer.text("code"), "not_found");
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  }
  const Fields wrong{{"POST", "/sandbox"},
                     {"DELETE", "/sandbox/ledger"},
                     {"POST", "/sandbox/faults"},
                     {"GET", "/sandbox/reset"}};
  for (const auto& [method, target] : wrong) {
    const auto answer = desk.call(method, target);
    EXPECT_EQ(answer.status(), 405) << target;
    EXPECT_FALSE(answer.header("allow").empty());
  }
}

TEST(SandboxDesk, TheLedgerIsFilteredByPaymentAndProvider) {
  Desk desk;
  (void)desk.confirmed("pm_card_visa");
  (void)desk.post("payment_intents", {{"amount", "700"},
                                      {"currency", "eur"},
                                      {"metadata[payment_id]", "pay_2"},
                                      {"confirm", "true"},
                                      {"payment_method", "pm_card_visa"}});
  EXPECT_EQ(desk.effects("?payment=pay_2"), (Effects{"charge 7.00"}));
  EXPECT_EQ(desk.effects("?payment=pay_3"), Effects{});
  EXPECT_EQ(desk.effects("?provider=stripe").size(), 2U);
  EXPECT_EQ(desk.effects("?provider=paypal"), Effects{});
  const auto wrong = desk.call("GET", "/sandbox/ledger?color=red");
  EXPECT_EQ(wrong.status(), 400);
  EXPECT_EQ(wrong.text("field"), "color");
}

TEST(SandboxDesk, WhatTravelsIsQuotedInTheLedger) {
  Desk desk;
  (void)desk.post("payment_intents", {{"amount", "700"},
                                      {"currency", "eur"},
                                      {"metadata[payment_id]", "a\"b\\c\n"},
                                      {"confirm", "true"},
                                      {"payment_method", "pm_card_visa"}});
  const auto ledger = desk.call("GET", "/sandbox/ledger");
  EXPECT_EQ(ledger["effects"].at(0).at("payment").as_string(), "a\"b\\c\n");
}

TEST(SandboxDesk, ResetForgetsEverything) {
  Desk desk;
  const auto id = desk.confirmed("pm_card_visa", {}, "k-1").text("id");
  (void)desk.faults(R"({"provider":"*","operation":"*","fault":"http_503"})");
  EXPECT_EQ(desk.call("POST", "/sandbox/reset").status(), 200);
  EXPECT_TRUE(desk.effects().empty());
  EXPECT_EQ(desk.get("payment_intents/" + id).status(), 404);
  EXPECT_EQ(desk.confirmed("pm_card_visa", {}, "k-1").header("idempotent-replayed"), "");
}

TEST(SandboxDesk, ARootAddressServesTheProviderWithoutItsPrefix) {
  Desk desk;
  const auto root = desk.sandbox()->root_handler("stripe");
  ASSERT_TRUE(root);
  const auto status = [&](const std::string& target) {
    http::Request request{"GET", {}, target, Desk::stripe_headers({}), {}, {}};
    int found = 0;
    root(request, [&](inbound::Outgoing outgoing) { found = outgoing.response.status; });
    return found;
  };
  EXPECT_EQ(status("/v1/balance"), 200);
  EXPECT_EQ(status("/stripe/v1/balance"), 200);
  EXPECT_EQ(status("/sandbox/ledger"), 200);
  EXPECT_EQ(status("/"), 404);
  EXPECT_FALSE(desk.sandbox()->root_handler("nobody"));
}

TEST(SandboxDesk, HandlersOutliveTheSandbox) {
  Desk desk;
  const auto handler = desk.sandbox()->handler();
  desk.sandbox().reset();
  int status = 0;
  handler({"GET", {}, "/sandbox", {}, {}, {}},
          [&](inbound::Outgoing outgoing) { status = outgoing.response.status; });
  EXPECT_EQ(status, 200);
}

TEST(SandboxDesk, OneKeyFromManyThreadsHasOneEffect) {
  Desk desk;
  const auto handler = desk.sandbox()->handler();
  std::vector<std::string> bodies(16);
  {
    std::vector<std::jthread> threads;
    for (auto& body : bodies) {
      threads.emplace_back([&handler, &body] {
        const http::Request request{
            "POST",
            {},
            "/stripe/v1/payment_intents",
            Desk::stripe_headers("k-1"),
            "amount=1000&currency=usd&confirm=true&payment_method=pm_card_visa",
            {}};
        for (int i = 0; i < 50; ++i) {
          handler(request,
                  [&](inbound::Outgoing outgoing) { body = std::move(outgoing.response.body); });
        }
      });
    }
  }
  for (const auto& body : bodies) EXPECT_EQ(body, bodies.front());
  EXPECT_EQ(desk.effects(), (Effects{"charge 10.00"}));
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
