// What PayPal's tests share: a desk with a token, and orders on their way.
#pragma once

#include "protocols/core/base64.hpp"
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {

using Types = std::vector<std::string>;

class PaypalDesk : public Desk {
 public:
  PaypalDesk() { renew_token(); }

  Answer ask_token(const std::string& client = "client", const std::string& secret = "secret",
                   const std::string& form = "grant_type=client_credentials") {
    return call("POST", "/paypal/v1/oauth2/token", form,
                {{"Authorization", "Basic " + to_base64(client + ":" + secret)},
                 {"Content-Type", "application/x-www-form-urlencoded"}});
  }
  void renew_token() { token_ = ask_token().text("access_token"); }

  /// A call with the token; `key` is the PayPal-Request-Id.
  Answer paypal(const std::string& method, const std::string& path, const json::value& body = {},
                const std::string& key = {}, http::Headers more = {}) {
    http::Headers headers{{"Authorization", "Bearer " + token_},
                          {"Content-Type", "application/json"},
                          {"Prefer", "return=representation"}};
    if (!key.empty()) headers.push_back({"PayPal-Request-Id", key});
    for (auto& header : more) headers.insert(headers.begin(), std::move(header));
    return call(method, "/paypal" + path, body.is_null() ? "" : json::serialize(body),
                std::move(headers));
  }

  static json::object amount(const std::string& value, const std::string& currency = "USD") {
    return {{"currency_code", currency}, {"value", value}};
  }
  static json::object order_body(const std::string& intent, const std::string& value = "10.00",
                                 const std::string& description = "Two chairs",
                                 const std::string& currency = "USD") {
    json::object unit{
        {"custom_id", "pay_1"}, {"description", description}, {"amount", amount(value, currency)}};
    json::object context{{"return_url", "https://shop.example/ok?a=1"},
                         {"cancel_url", "https://shop.example/no"}};
    return {{"intent", intent},
            {"purchase_units", json::array{std::move(unit)}},
            {"payment_source",
             json::object{{"paypal", json::object{{"experience_context", std::move(context)}}}}}};
  }
  std::string order(const std::string& intent, const std::string& value = "10.00",
                    const std::string& description = "Two chairs") {
    return paypal("POST", "/v2/checkout/orders", order_body(intent, value, description)).text("id");
  }
  int payer(const std::string& order, const std::string& act = "approve") {
    return call("POST", "/sandbox/payer/paypal/" + order + "/" + act).status();
  }
  std::string approved(const std::string& intent, const std::string& value = "10.00",
                       const std::string& description = "Two chairs") {
    const auto id = order(intent, value, description);
    EXPECT_EQ(payer(id), 200);
    return id;
  }
  Answer act_on_order(const std::string& id, const std::string& verb, const std::string& key = {}) {
    return paypal("POST", "/v2/checkout/orders/" + id + "/" + verb, json::object{}, key);
  }
  /// An order that is held; the authorization's id.
  std::string authorization(const std::string& value = "10.00",
                            const std::string& description = "Two chairs") {
    return held(approved("AUTHORIZE", value, description));
  }
  std::string held(const std::string& order) {
    return payment(act_on_order(order, "authorize"), "authorizations");
  }
  /// An order that is paid; the capture's id.
  std::string captured(const std::string& value = "10.00",
                       const std::string& description = "Two chairs") {
    return payment(act_on_order(approved("CAPTURE", value, description), "capture"), "captures");
  }
  static std::string payment(const Answer& answer, const char* kind) {
    EXPECT_EQ(answer.status(), 201) << json::serialize(answer.body);
    return std::string{
        answer["purchase_units"].at(0).at("payments").at(kind).at(0).at("id").as_string()};
  }
  Answer act_on(const std::string& kind, const std::string& id, const std::string& verb,
                const json::value& body = json::object{}, const std::string& key = {}) {
    return paypal("POST", "/v2/payments/" + kind + "/" + id + "/" + verb, body, key);
  }
  Answer show(const std::string& kind, const std::string& id) {
    return paypal("GET", "/v2/" + kind + "/" + id);
  }
  static std::string issue(const Answer& answer) {
    const auto* details =
        answer.body.is_object() ? answer.body.as_object().if_contains("details") : nullptr;
    return details == nullptr ? std::string{} : std::string{details->at(0).at("issue").as_string()};
  }
  void fault(const std::string& operation, const std::string& name, const std::string& more = "") {
    EXPECT_EQ(faults(R"({"provider":"paypal","operation":")" + operation + R"(","fault":")" + name +
                     R"(","count":1)" + more + "}")
                  .status(),
              200);
  }

 private:
  std::string token_;
};

}  // namespace cambist::gateway::sandbox::test
