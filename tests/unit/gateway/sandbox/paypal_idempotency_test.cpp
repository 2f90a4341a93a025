// Request ids and faults: what PayPal remembers, and what a call that went wrong has done.
#include "tests/unit/gateway/sandbox/paypal_bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using namespace std::chrono_literals;

TEST(PaypalRequestId, ARepeatShowsTheLatestStatusWith200) {
  PaypalDesk desk;
  const auto body = PaypalDesk::order_body("CAPTURE");
  const auto made = desk.paypal("POST", "/v2/checkout/orders", body, "k-1");
  EXPECT_EQ(made.status(), 201);
  EXPECT_EQ(desk.payer(made.text("id")), 200);
  const auto again = desk.paypal("POST", "/v2/checkout/orders", body, "k-1");
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(again.text("id"), made.text("id"));
  EXPECT_EQ(again.text("status"), "APPROVED") << "not as it was when it was made";
}

TEST(PaypalRequestId, WithoutOneEveryCallIsNew) {
  PaypalDesk desk;
  EXPECT_NE(desk.order("CAPTURE"), desk.order("CAPTURE"));
}

TEST(PaypalRequestId, EveryEffectHappensOnce) {
  PaypalDesk desk;
  const auto order = desk.approved("AUTHORIZE");
  EXPECT_EQ(desk.act_on_order(order, "authorize", "a").status(), 201);
  const auto again = desk.act_on_order(order, "authorize", "a");
  EXPECT_EQ(again.status(), 200);
  const std::string hold{
      again["purchase_units"].at(0).at("payments").at("authorizations").at(0).at("id").as_string()};
  const json::object part{{"amount", PaypalDesk::amount("4.00")}};
  const auto first = desk.act_on("authorizations", hold, "capture", part, "c");
  EXPECT_EQ(first.status(), 201);
  const auto capture = desk.act_on("authorizations", hold, "capture", part, "c");
  EXPECT_EQ(capture.status(), 200);
  EXPECT_EQ(capture.text("id"), first.text("id"));
  EXPECT_EQ(desk.act_on("captures", first.text("id"), "refund", part, "r").status(), 201);
  EXPECT_EQ(desk.act_on("captures", first.text("id"), "refund", part, "r").status(), 200);
  EXPECT_EQ(desk.act_on("authorizations", hold, "capture", part, "c").text("status"), "REFUNDED");
  EXPECT_EQ(desk.act_on("authorizations", hold, "void", json::object{}, "v").status(), 200);
  EXPECT_EQ(desk.act_on("authorizations", hold, "void", json::object{}, "v").status(), 200);
  EXPECT_EQ(desk.effects(),
            (Effects{"authorize 10.00", "capture 4.00", "refund 4.00", "void 6.00"}));
}

TEST(PaypalRequestId, OrdersAreRememberedSixHoursAndPaymentsFortyFiveDays) {
  PaypalDesk desk;
  const auto body = PaypalDesk::order_body("CAPTURE");
  const auto made = desk.paypal("POST", "/v2/checkout/orders", body, "k").text("id");
  const auto capture = desk.captured();
  const json::object part{{"amount", PaypalDesk::amount("4.00")}};
  const auto refund = desk.act_on("captures", capture, "refund", part, "r").text("id");
  desk.now += 6h - 1s;
  EXPECT_EQ(desk.paypal("POST", "/v2/checkout/orders", body, "k").text("id"), made);
  desk.now += 1s;
  EXPECT_NE(desk.paypal("POST", "/v2/checkout/orders", body, "k").text("id"), made);
  desk.now += std::chrono::hours{45 * 24} - 6h - 1s;
  desk.renew_token();
  EXPECT_EQ(desk.act_on("captures", capture, "refund", part, "r").text("id"), refund);
  desk.now += 1s;
  EXPECT_NE(desk.act_on("captures", capture, "refund", part, "r").text("id"), refund);
}

TEST(PaypalRequestId, ADeclineIsRememberedAndAnotherIdTriesAgain) {
  PaypalDesk desk;
  const auto id = desk.order("CAPTURE");
  EXPECT_EQ(desk.payer(id, "decline"), 200);
  const auto declined = desk.act_on_order(id, "capture", "k-1");
  EXPECT_EQ(declined.status(), 422);
  EXPECT_EQ(PaypalDesk::issue(declined), "INSTRUMENT_DECLINED");
  EXPECT_EQ(desk.payer(id), 200) << "the payer may choose another instrument";
  EXPECT_EQ(PaypalDesk::issue(desk.act_on_order(id, "capture", "k-1")), "INSTRUMENT_DECLINED");
  EXPECT_EQ(desk.act_on_order(id, "capture", "k-2").status(), 201);
  EXPECT_EQ(desk.effects(), Effects{"charge 10.00"});
}

TEST(PaypalRequestId, OneThatIsTooLongIsRefused) {
  PaypalDesk desk;
  const auto body = PaypalDesk::order_body("CAPTURE");
  EXPECT_EQ(desk.paypal("POST", "/v2/checkout/orders", body, std::string(109, 'k')).status(), 400);
  EXPECT_EQ(desk.paypal("POST", "/v2/checkout/orders", body, std::string(108, 'k')).status(), 201);
}

TEST(PaypalDeclines, AnIssueInBracketsOrAnAmountIsWhatCompletingComesTo) {
  PaypalDesk desk;
  const auto declined = desk.approved("AUTHORIZE", "10.00", "chairs [TRANSACTION_REFUSED]");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on_order(declined, "authorize")), "TRANSACTION_REFUSED");
  const auto amount = desk.approved("CAPTURE", "4001.00");
  const auto answer = desk.act_on_order(amount, "capture");
  EXPECT_EQ(PaypalDesk::issue(answer), "INSTRUMENT_DECLINED");
  EXPECT_EQ(answer["links"].as_array().back().as_object().at("rel").as_string(), "redirect");
  const auto free = desk.approved("CAPTURE", "10.00", "chairs [used]");
  EXPECT_EQ(desk.act_on_order(free, "capture").status(), 201) << "brackets alone mean nothing";
  EXPECT_EQ(desk.effects(), Effects{"charge 10.00"});
}

TEST(PaypalDeclines, AMockResponseIsAnsweredAndDoesNothing) {
  PaypalDesk desk;
  const auto id = desk.approved("CAPTURE");
  const auto mocked = [&](const std::string& code) {
    return desk.paypal("POST", "/v2/checkout/orders/" + id + "/capture", json::object{}, "k",
                       {{"PayPal-Mock-Response", R"({"mock_application_codes":")" + code + "\"}"}});
  };
  EXPECT_EQ(PaypalDesk::issue(mocked("INSTRUMENT_DECLINED")), "INSTRUMENT_DECLINED");
  EXPECT_EQ(mocked("INTERNAL_SERVER_ERROR").status(), 500);
  EXPECT_EQ(mocked("PERMISSION_DENIED").text("name"), "NOT_AUTHORIZED");
  EXPECT_EQ(mocked("MADE_UP").status(), 400);
  EXPECT_TRUE(desk.effects().empty());
  EXPECT_EQ(desk.act_on_order(id, "capture", "k").status(), 201);
}

struct Case {
  std::string fault;
  bool effect;
};

const std::vector<Case> cases{{"timeout_before", false}, {"timeout_after", true},
                              {"reset_before", false},   {"reset_mid_body", true},
                              {"http_500", false},       {"http_500_after", true},
                              {"http_502_html", false},  {"http_503", false},
                              {"http_429", false},       {"slow", true},
                              {"truncated_json", true},  {"wrong_type", true}};

TEST(PaypalFaults, WhatAFaultHasDoneIsFoundUnderTheSameIdAndDoneOnce) {
  for (const auto& [fault, effect] : cases) {
    for (const std::string operation : {"authorize", "charge", "capture", "void", "refund"}) {
      PaypalDesk desk;
      const bool charges = operation == "charge" || operation == "refund";
      const auto order = desk.approved(charges ? "CAPTURE" : "AUTHORIZE");
      std::string target = order;
      if (operation == "refund")
        target = PaypalDesk::payment(desk.act_on_order(order, "capture"), "captures");
      if (operation == "capture" || operation == "void") target = desk.held(order);
      const auto before = desk.effects().size();
      const auto act = [&] {
        if (operation == "authorize" || operation == "charge")
          return desk.act_on_order(target, charges ? "capture" : "authorize", "k");
        return desk.act_on(charges ? "captures" : "authorizations", target, operation,
                           json::object{}, "k");
      };
      desk.fault(operation, fault);
      (void)act();
      EXPECT_EQ(desk.effects().size() - before, effect ? 1U : 0U) << operation << " " << fault;
      const auto again = act();
      EXPECT_EQ(again.status(), effect || operation == "void" ? 200 : 201)
          << operation << " " << fault;
      EXPECT_EQ(desk.effects().size() - before, 1U) << operation << " " << fault;
    }
  }
}

TEST(PaypalFaults, EachLooksAsItDoesOnTheWire) {
  PaypalDesk desk;
  const auto id = desk.order("CAPTURE");
  const auto met = [&](const std::string& fault) {
    desk.fault("inquire", fault);
    return desk.show("checkout/orders", id);
  };
  EXPECT_EQ(met("timeout_before").outgoing.delivery, inbound::Delivery::never);
  EXPECT_EQ(met("reset_before").outgoing.delivery, inbound::Delivery::reset);
  EXPECT_EQ(met("http_500").text("name"), "INTERNAL_SERVER_ERROR");
  EXPECT_EQ(met("http_502_html").header("content-type"), "text/html");
  EXPECT_EQ(met("http_503").text("name"), "SERVICE_UNAVAILABLE");
  EXPECT_EQ(met("http_429").text("name"), "RATE_LIMIT_REACHED");
  EXPECT_TRUE(met("truncated_json").body.is_null());
  EXPECT_TRUE(met("wrong_type")["status"].is_array());
  EXPECT_GT(met("slow").outgoing.delay.count(), 0);
  EXPECT_EQ(desk.show("checkout/orders", id).status(), 200);
}

TEST(PaypalFaults, MakingAnOrderOnlyPrepares) {
  PaypalDesk desk;
  desk.fault("authorize", "http_503");
  const auto id = desk.approved("AUTHORIZE");
  EXPECT_EQ(desk.act_on_order(id, "authorize", "k").status(), 503);
  EXPECT_EQ(desk.act_on_order(id, "authorize", "k").status(), 201);
  desk.fault("authorize", "timeout_after", R"(,"step":"create")");
  const auto body = PaypalDesk::order_body("AUTHORIZE");
  EXPECT_EQ(desk.paypal("POST", "/v2/checkout/orders", body, "c").outgoing.delivery,
            inbound::Delivery::never);
  EXPECT_EQ(desk.paypal("POST", "/v2/checkout/orders", body, "c").status(), 200);
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
