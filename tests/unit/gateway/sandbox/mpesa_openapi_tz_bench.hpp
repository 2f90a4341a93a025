// The emulator of M-Pesa in Tanzania, called as the adapter calls it.
#pragma once

#include <string>
#include <string_view>

#include "protocols/providers/mpesa_openapi_tz/adapter.hpp"
#include "protocols/providers/mpesa_openapi_tz/ids.hpp"
#include "protocols/providers/mpesa_openapi_tz/sandbox_key.hpp"
#include "protocols/providers/mpesa_openapi_tz/session.hpp"
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {

class MpesaTz : public Desk {
 public:
  static constexpr std::string_view name = "mpesa_openapi_tz";

  static std::string sealed(std::string_view text) {
    static const auto key =
        cambist::mpesa_openapi_tz::PublicKey::parse(cambist::mpesa_openapi_tz::sandbox_public_key)
            .value();
    return "Bearer " + key.encrypt(text).value();
  }
  static http::Headers headers(std::string bearer) {
    return {{"Authorization", std::move(bearer)}, {"Origin", "*"}};
  }

  Answer ask_session(std::string_view key = "sk_test_sandbox") {
    return call("GET", "/mpesa_openapi_tz/sandbox/ipg/v2/vodacomTZN/getSession/", {},
                headers(sealed(key)));
  }
  /// A bearer that holds for the next calls.
  void open_session(std::string_view key = "sk_test_sandbox") {
    bearer = sealed(ask_session(key).text("output_SessionID"));
  }

  Answer send(std::string method, const std::string& path, std::string body) {
    return call(std::move(method), "/mpesa_openapi_tz/sandbox/ipg/v2/vodacomTZN/" + path,
                std::move(body), headers(bearer));
  }

  /// A push of 1,500 shillings; `more` replaces members, and an empty value takes one out.
  static json::object fields(const std::string& conversation, const Fields& more = {}) {
    json::object made{{"input_Amount", "1500"},
                      {"input_CustomerMSISDN", "255754000001"},
                      {"input_Country", "TZN"},
                      {"input_Currency", "TZS"},
                      {"input_ServiceProviderCode", "000000"},
                      {"input_TransactionReference", "M7Q0C5XW4TBY"},
                      {"input_ThirdPartyConversationID", conversation},
                      {"input_PurchasedItemsDesc", "Payment"}};
    for (const auto& [key, value] : more) {
      if (value.empty()) {
        made.erase(key);
      } else {
        made[key] = value;
      }
    }
    return made;
  }
  Answer push(const std::string& conversation, const Fields& more = {}) {
    return send("POST", "c2bPayment/singleStage/", json::serialize(fields(conversation, more)));
  }
  Answer push_to(const std::string& conversation, const std::string& msisdn) {
    return push(conversation, {{"input_CustomerMSISDN", msisdn}});
  }
  Answer pay_out(const std::string& conversation, Fields more = {}) {
    more.insert(more.begin(), {{"input_PurchasedItemsDesc", ""}, {"input_PaymentItemsDesc", "R"}});
    return send("POST", "b2cPayment/", json::serialize(fields(conversation, more)));
  }
  Answer reverse(const std::string& conversation, const std::string& receipt,
                 const std::string& amount = {}) {
    json::object body{{"input_TransactionID", receipt},
                      {"input_Country", "TZN"},
                      {"input_ServiceProviderCode", "000000"},
                      {"input_ThirdPartyConversationID", conversation}};
    if (!amount.empty()) body["input_ReversalAmount"] = amount;
    return send("PUT", "reversal/", json::serialize(body));
  }
  Answer query(const std::string& reference, std::string conversation = {}) {
    if (conversation.empty()) conversation = "question" + std::to_string(++questions_);
    return send("GET",
                "queryTransactionStatus/?input_QueryReference=" + reference +
                    "&input_ServiceProviderCode=000000&input_ThirdPartyConversationID=" +
                    conversation + "&input_Country=TZN",
                {});
  }
  std::string status(const std::string& reference) {
    return query(reference).text("output_ResponseTransactionStatus");
  }
  std::string receipt(const std::string& reference) {
    return query(reference).text("output_OriginalTransactionID");
  }
  int payer(const std::string& object, const std::string& act) {
    return call("POST", "/sandbox/payer/mpesa_openapi_tz/" + object + "/" + act).status();
  }

  /// A conversation as the adapter makes one.
  static std::string conversation(std::uint8_t payment, std::uint8_t operation) {
    PaymentId of;
    of.bytes[15] = payment;
    OperationId by;
    by.bytes[15] = operation;
    return cambist::mpesa_openapi_tz::conversation_of(of, by);
  }

  std::string bearer;

 private:
  int questions_ = 0;
};

inline std::string code(const Answer& answer) {
  const auto* found = answer.body.is_object()
                          ? answer.body.as_object().if_contains("output_ResponseCode")
                          : nullptr;
  return std::to_string(answer.status()) + " " +
         (found == nullptr ? std::string{} : std::string{found->as_string()});
}

}  // namespace cambist::gateway::sandbox::test
