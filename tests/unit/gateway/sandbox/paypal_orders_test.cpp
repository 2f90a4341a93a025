// Orders from the first call to the money: what PayPal lets happen, and what it refuses.
#include "tests/unit/gateway/sandbox/paypal_bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using namespace std::chrono_literals;

std::string link(const Answer& answer, std::string_view rel) {
  for (const auto& item : answer["links"].as_array()) {
    if (item.at("rel").as_string() == rel) return std::string{item.at("href").as_string()};
  }
  return {};
}

TEST(PaypalOrders, AnOrderWaitsForItsPayer) {
  PaypalDesk desk;
  const auto made = desk.paypal("POST", "/v2/checkout/orders", PaypalDesk::order_body("AUTHORIZE"));
  EXPECT_EQ(made.status(), 201);
  EXPECT_EQ(made.text("status"), "PAYER_ACTION_REQUIRED");
  EXPECT_EQ(link(made, "payer-action"),
            "http://127.0.0.1:8081/paypal/checkoutnow?token=" + made.text("id"));
  EXPECT_EQ(made["purchase_units"].at(0).at("custom_id").as_string(), "pay_1");
  EXPECT_FALSE(made.header("paypal-debug-id").empty());
  EXPECT_TRUE(desk.effects().empty());
}

TEST(PaypalOrders, WithoutASourceTheLinkIsCalledApprove) {
  PaypalDesk desk;
  auto body = PaypalDesk::order_body("CAPTURE");
  body.erase("payment_source");
  const auto made = desk.paypal("POST", "/v2/checkout/orders", body);
  EXPECT_EQ(made.text("status"), "CREATED");
  EXPECT_FALSE(link(made, "approve").empty());
  EXPECT_FALSE(link(made, "capture").empty());
}

TEST(PaypalOrders, AMinimalAnswerHasTheIdTheStatusAndTheLinks) {
  PaypalDesk desk;
  const auto made = desk.paypal("POST", "/v2/checkout/orders", PaypalDesk::order_body("CAPTURE"),
                                {}, {{"Prefer", "return=minimal"}});
  EXPECT_EQ(made.body.as_object().size(), 3U);
  EXPECT_EQ(desk.show("checkout/orders", made.text("id")).text("intent"), "CAPTURE");
}

TEST(PaypalOrders, ACaptureChargesOnce) {
  PaypalDesk desk;
  const auto id = desk.approved("CAPTURE");
  const auto done = desk.act_on_order(id, "capture", "k-1");
  EXPECT_EQ(done.status(), 201);
  EXPECT_EQ(done.text("status"), "COMPLETED");
  const auto& capture = done["purchase_units"].at(0).at("payments").at("captures").at(0);
  EXPECT_EQ(capture.at("status").as_string(), "COMPLETED");
  EXPECT_EQ(capture.at("supplementary_data").at("related_ids").at("order_id").as_string(), id);
  EXPECT_EQ(PaypalDesk::issue(desk.act_on_order(id, "capture", "k-2")), "ORDER_ALREADY_CAPTURED");
  const auto effect = desk.call("GET", "/sandbox/ledger?payment=pay_1")["effects"].at(0);
  EXPECT_EQ(effect.at("kind").as_string(), "charge");
  EXPECT_EQ(effect.at("object").as_string(), id);
  EXPECT_EQ(effect.at("detail"), capture.at("id"));
  EXPECT_EQ(effect.at("idempotency_key").as_string(), "k-1");
  EXPECT_EQ(desk.effects(), Effects{"charge 10.00"});
}

TEST(PaypalOrders, NothingIsTakenBeforeThePayerAgrees) {
  PaypalDesk desk;
  const auto id = desk.order("AUTHORIZE");
  const auto early = desk.act_on_order(id, "authorize", "k-1");
  EXPECT_EQ(early.status(), 422);
  EXPECT_EQ(PaypalDesk::issue(early), "ORDER_NOT_APPROVED");
  EXPECT_FALSE(link(early, "redirect").empty());
  EXPECT_EQ(desk.payer(id), 200);
  EXPECT_EQ(desk.act_on_order(id, "authorize", "k-1").status(), 201)
      << "a call that came too early is not what the request id stands for";
}

TEST(PaypalOrders, TheIntentDecidesWhatCanBeDone) {
  PaypalDesk desk;
  EXPECT_EQ(PaypalDesk::issue(desk.act_on_order(desk.approved("AUTHORIZE"), "capture")),
            "ACTION_DOES_NOT_MATCH_INTENT");
  EXPECT_EQ(PaypalDesk::issue(desk.act_on_order(desk.approved("CAPTURE"), "authorize")),
            "ACTION_DOES_NOT_MATCH_INTENT");
  const auto id = desk.approved("AUTHORIZE");
  EXPECT_EQ(desk.act_on_order(id, "authorize").status(), 201);
  EXPECT_EQ(PaypalDesk::issue(desk.act_on_order(id, "authorize")), "ORDER_ALREADY_AUTHORIZED");
}

TEST(PaypalOrders, AnUnknownOrderOrPathIsNotFound) {
  PaypalDesk desk;
  const auto answer = desk.act_on_order("5O190127TN364715T", "capture");
  EXPECT_EQ(answer.status(), 404);
  EXPECT_EQ(answer.text("name"), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(PaypalDesk::issue(answer), "INVALID_RESOURCE_ID");
  EXPECT_EQ(desk.paypal("GET", "/v9/nothing").status(), 404);
}

TEST(PaypalOrders, WhatIsWrongWithABodyIsNamedByField) {
  PaypalDesk desk;
  const auto refused = [&](const json::value& body) {
    return desk.paypal("POST", "/v2/checkout/orders", body);
  };
  const auto empty = refused(json::object{});
  EXPECT_EQ(empty.status(), 400);
  EXPECT_EQ(empty.text("name"), "INVALID_REQUEST");
  EXPECT_EQ(empty["details"].as_array().size(), 2U) << "both that are missing";
  EXPECT_EQ(empty["details"].at(0).at("field").as_string(), "/intent");
  auto body = PaypalDesk::order_body("CAPTURE");
  body["purchase_units"].at(0).at("custom_id") = std::string(128, 'x');
  EXPECT_EQ(PaypalDesk::issue(refused(body)), "INVALID_STRING_LENGTH");
  body = PaypalDesk::order_body("CAPTURE");
  body["purchase_units"] = json::array{};
  EXPECT_EQ(PaypalDesk::issue(refused(body)), "INVALID_ARRAY_MIN_ITEMS");
  body["purchase_units"] = "one";
  EXPECT_EQ(PaypalDesk::issue(refused(body)), "INVALID_PARAMETER_SYNTAX");
  EXPECT_EQ(PaypalDesk::issue(refused(PaypalDesk::order_body("SUBSCRIBE"))),
            "INVALID_PARAMETER_VALUE");
  EXPECT_EQ(PaypalDesk::issue(refused(json::array{})), "MALFORMED_REQUEST_JSON");
  EXPECT_TRUE(desk.effects().empty());
}

TEST(PaypalOrders, ABodyMustBeJsonAndSaySo) {
  PaypalDesk desk;
  const auto id = desk.approved("CAPTURE");
  const auto path = "/v2/checkout/orders/" + id + "/capture";
  EXPECT_EQ(desk.paypal("POST", path, {}, {}, {{"Content-Type", "text/plain"}}).status(), 415);
  EXPECT_EQ(desk.paypal("POST", path).status(), 201) << "an empty one is none";
}

TEST(PaypalOrders, CurrenciesAndDecimalsArePayPals) {
  PaypalDesk desk;
  const auto issue = [&](const std::string& value, const std::string& currency) {
    return PaypalDesk::issue(desk.paypal("POST", "/v2/checkout/orders",
                                         PaypalDesk::order_body("CAPTURE", value, "x", currency)));
  };
  EXPECT_EQ(issue("1000", "TZS"), "CURRENCY_NOT_SUPPORTED");
  EXPECT_EQ(issue("1000", "XQQ"), "INVALID_CURRENCY_CODE");
  EXPECT_EQ(issue("1000.50", "HUF"), "DECIMALS_NOT_SUPPORTED");
  EXPECT_EQ(issue("1000.00", "JPY"), "DECIMALS_NOT_SUPPORTED");
  EXPECT_EQ(issue("10.001", "USD"), "DECIMAL_PRECISION");
  EXPECT_EQ(issue("0.00", "USD"), "CANNOT_BE_ZERO_OR_NEGATIVE");
  EXPECT_EQ(issue("-1.00", "USD"), "CANNOT_BE_ZERO_OR_NEGATIVE");
  EXPECT_EQ(issue("99999999999999999999", "USD"), "MAX_VALUE_EXCEEDED");
  EXPECT_EQ(issue("1e3", "USD"), "INVALID_PARAMETER_SYNTAX");
  EXPECT_EQ(issue("10.5", "USD"), "");
  EXPECT_EQ(issue("1000", "TWD"), "");
}

TEST(PaypalOrders, AForintHasNoDecimalsOnTheWireAndTwoInTheLedger) {
  PaypalDesk desk;
  auto made = desk.paypal("POST", "/v2/checkout/orders",
                          PaypalDesk::order_body("CAPTURE", "1000", "x", "HUF"));
  EXPECT_EQ(made["purchase_units"].at(0).at("amount").at("value").as_string(), "1000");
  EXPECT_EQ(desk.payer(made.text("id")), 200);
  EXPECT_EQ(desk.act_on_order(made.text("id"), "capture").status(), 201);
  EXPECT_EQ(desk.effects(), Effects{"charge 1000.00"});
}

TEST(PaypalOrders, TheBreakdownMustAddUp) {
  PaypalDesk desk;
  auto body = PaypalDesk::order_body("CAPTURE", "12.00");
  auto& unit = body["purchase_units"].at(0).as_object();
  unit["amount"].as_object()["breakdown"] =
      json::object{{"item_total", PaypalDesk::amount("10.00")},
                   {"shipping", PaypalDesk::amount("3.00")},
                   {"discount", PaypalDesk::amount("1.00")}};
  unit["items"] = json::array{json::object{
      {"name", "Book"}, {"quantity", "2"}, {"unit_amount", PaypalDesk::amount("5.00")}}};
  const auto made = desk.paypal("POST", "/v2/checkout/orders", body);
  EXPECT_EQ(made.status(), 201);
  EXPECT_EQ(made["purchase_units"].at(0).at("items").at(0).at("name").as_string(), "Book");
  unit["items"].at(0).as_object()["quantity"] = "3";
  EXPECT_EQ(PaypalDesk::issue(desk.paypal("POST", "/v2/checkout/orders", body)),
            "ITEM_TOTAL_MISMATCH");
  unit.erase("items");
  unit["amount"].as_object()["value"] = "12.01";
  EXPECT_EQ(PaypalDesk::issue(desk.paypal("POST", "/v2/checkout/orders", body)), "AMOUNT_MISMATCH");
}

TEST(PaypalOrders, AnInvoiceIdPaysOnce) {
  PaypalDesk desk;
  auto body = PaypalDesk::order_body("CAPTURE");
  body["purchase_units"].at(0).as_object()["invoice_id"] = "INV-1";
  const auto first = desk.paypal("POST", "/v2/checkout/orders", body).text("id");
  const auto second = desk.paypal("POST", "/v2/checkout/orders", body).text("id");
  EXPECT_FALSE(second.empty()) << "two orders may try; only one is paid";
  EXPECT_EQ(desk.payer(first), 200);
  EXPECT_EQ(desk.payer(second), 200);
  EXPECT_EQ(desk.act_on_order(first, "capture").status(), 201);
  EXPECT_EQ(PaypalDesk::issue(desk.act_on_order(second, "capture")), "DUPLICATE_INVOICE_ID");
  EXPECT_EQ(PaypalDesk::issue(desk.paypal("POST", "/v2/checkout/orders", body)),
            "DUPLICATE_INVOICE_ID");
  EXPECT_EQ(desk.effects(), Effects{"charge 10.00"});
}

TEST(PaypalOrders, APatchChangesWhatIsStillOpen) {
  PaypalDesk desk;
  const auto id = desk.order("CAPTURE");
  const std::string unit = "/purchase_units/@reference_id=='default'/";
  const json::array patch{
      json::object{
          {"op", "replace"}, {"path", unit + "amount"}, {"value", PaypalDesk::amount("7.00")}},
      json::object{{"op", "add"}, {"path", unit + "invoice_id"}, {"value", "INV-9"}},
      json::object{{"op", "remove"}, {"path", unit + "description"}}};
  EXPECT_EQ(desk.paypal("PATCH", "/v2/checkout/orders/" + id, patch).status(), 204);
  const auto shown = desk.show("checkout/orders", id)["purchase_units"].at(0);
  EXPECT_EQ(shown.at("amount").at("value").as_string(), "7.00");
  EXPECT_EQ(shown.at("invoice_id").as_string(), "INV-9");
  EXPECT_FALSE(shown.as_object().contains("description"));
  EXPECT_EQ(PaypalDesk::issue(desk.paypal(
                "PATCH", "/v2/checkout/orders/" + id,
                json::array{json::object{{"op", "add"}, {"path", "/status"}, {"value", "PAID"}}})),
            "INVALID_JSON_POINTER_FORMAT");
  EXPECT_EQ(desk.payer(id), 200);
  EXPECT_EQ(desk.act_on_order(id, "capture").status(), 201);
  EXPECT_EQ(PaypalDesk::issue(desk.paypal("PATCH", "/v2/checkout/orders/" + id, patch)),
            "ORDER_COMPLETED_OR_VOIDED");
  EXPECT_EQ(desk.effects(), Effects{"charge 7.00"});
}

TEST(PaypalOrders, ASourceInOneStepNeedsARequestId) {
  PaypalDesk desk;
  auto body = PaypalDesk::order_body("CAPTURE");
  body["payment_source"] = json::object{{"card", json::object{{"number", "4111111111111111"}}}};
  const auto without = desk.paypal("POST", "/v2/checkout/orders", body);
  EXPECT_EQ(without.status(), 400);
  EXPECT_EQ(PaypalDesk::issue(without), "PAYPAL_REQUEST_ID_REQUIRED");
  EXPECT_EQ(PaypalDesk::issue(desk.paypal("POST", "/v2/checkout/orders", body, "k-1")),
            "PAYMENT_SOURCE_CANNOT_BE_USED");
}

TEST(PaypalOrders, ASourceCanBeConfirmedLater) {
  PaypalDesk desk;
  auto body = PaypalDesk::order_body("CAPTURE");
  const json::object source{{"payment_source", body["payment_source"]}};
  body.erase("payment_source");
  const auto id = desk.paypal("POST", "/v2/checkout/orders", body).text("id");
  const auto confirmed = desk.act_on_order(id, "confirm-payment-source");
  EXPECT_EQ(PaypalDesk::issue(confirmed), "MISSING_REQUIRED_PARAMETER");
  const auto done =
      desk.paypal("POST", "/v2/checkout/orders/" + id + "/confirm-payment-source", source);
  EXPECT_EQ(done.status(), 200);
  EXPECT_EQ(done.text("status"), "PAYER_ACTION_REQUIRED");
  EXPECT_FALSE(link(done, "payer-action").empty());
}

TEST(PaypalOrders, AnApprovalThatIsNotUsedIsReversed) {
  PaypalDesk desk;
  const auto box = desk.mailbox();
  const auto id = desk.order("AUTHORIZE");
  desk.now += 2h;
  EXPECT_EQ(desk.payer(id), 200);
  EXPECT_EQ(box->types(), Types{"CHECKOUT.ORDER.APPROVED"});
  desk.now += 2h;  // past the order's own time, within that of the approval
  EXPECT_EQ(desk.sandbox()->pass_time(), desk.now + 1h);
  EXPECT_EQ(desk.show("checkout/orders", id).text("status"), "APPROVED");
  desk.now += 1h;
  (void)desk.sandbox()->pass_time();
  EXPECT_EQ(box->types(), Types{"CHECKOUT.PAYMENT-APPROVAL.REVERSED"});
  EXPECT_EQ(box->last().at("resource").at("order_id").as_string(), id);
  EXPECT_EQ(PaypalDesk::issue(desk.act_on_order(id, "authorize")), "ORDER_EXPIRED");
  EXPECT_TRUE(desk.effects().empty());
}

TEST(PaypalOrders, AnOrderThatNobodyApprovesEndsInSilence) {
  PaypalDesk desk;
  const auto box = desk.mailbox();
  const auto id = desk.order("CAPTURE");
  EXPECT_EQ(desk.payer(id, "ignore"), 200);
  desk.now += 3h;
  EXPECT_EQ(desk.show("checkout/orders", id).text("status"), "VOIDED");
  EXPECT_EQ(desk.payer(id), 409) << "the page is no longer open";
  EXPECT_TRUE(box->types().empty());
}

TEST(PaypalOrders, ThePageLeadsBackToTheShop) {
  PaypalDesk desk;
  const auto id = desk.order("CAPTURE");
  const auto page = desk.call("GET", "/paypal/checkoutnow?token=" + id);
  EXPECT_EQ(page.status(), 200);
  EXPECT_NE(page.outgoing.response.body.find("10.00 USD"), std::string::npos);
  const auto cancelled = desk.call("POST", "/paypal/checkoutnow/cancel?token=" + id);
  EXPECT_EQ(cancelled.header("location"), "https://shop.example/no?token=" + id);
  EXPECT_EQ(desk.show("checkout/orders", id).text("status"), "PAYER_ACTION_REQUIRED")
      << "who cancels may come again";
  const auto agreed = desk.call("POST", "/paypal/checkoutnow/approve?token=" + id);
  EXPECT_EQ(agreed.status(), 302);
  EXPECT_EQ(agreed.header("location"),
            "https://shop.example/ok?a=1&token=" + id + "&PayerID=QYR5Z8XDVJNXQ");
  EXPECT_EQ(desk.show("checkout/orders", id).text("status"), "APPROVED");
  EXPECT_EQ(desk.call("GET", "/paypal/checkoutnow/approve?token=" + id).status(), 405)
      << "following a link approves nothing";
  EXPECT_EQ(desk.call("GET", "/paypal/checkoutnow?token=nobody").status(), 404);
}

TEST(PaypalOrders, AUrlThatIsNotPlainIsRefused) {
  PaypalDesk desk;
  for (const std::string url : {"javascript:alert(1)", "https://a.example/\r\nSet-Cookie: a=b",
                                "https://a.example/\"><script>"}) {
    auto body = PaypalDesk::order_body("CAPTURE");
    body["payment_source"].at("paypal").at("experience_context").as_object()["return_url"] = url;
    EXPECT_EQ(desk.paypal("POST", "/v2/checkout/orders", body).status(), 400) << url;
  }
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
