#include "protocols/providers/mpesa_openapi_tz/callbacks.hpp"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "protocols/provider/adapter.hpp"
#include "protocols/providers/mpesa_openapi_tz/adapter.hpp"
#include "protocols/providers/mpesa_openapi_tz/fields.hpp"
#include "protocols/providers/mpesa_openapi_tz/ids.hpp"

namespace cambist::mpesa_openapi_tz {
namespace {

Error wrong(std::string_view field, std::string detail) {
  return Error{ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

}  // namespace

Result<void> verify_callback(const AccountSettings& account, const http::Request& request) {
  if (account.webhook_secrets.empty())
    return Error{ErrorCode::not_found, "no webhook_secret is set for this account"};
  const auto token = provider::callback_path(request.target, name).token;
  bool genuine = false;
  for (const Secret& secret : account.webhook_secrets) genuine |= secret.equals(token);
  const auto& peers = account.allowed_peers;
  const bool expected =
      peers.empty() || std::find(peers.begin(), peers.end(), request.peer) != peers.end();
  if (!genuine || !expected)
    return Error{ErrorCode::unauthenticated, "the callback does not come from M-Pesa"};
  return {};
}

Result<provider::Notice> read_callback(std::string_view body, bool livemode) {
  const auto object = read_object(body);
  if (!object) return wrong("body", "is no JSON object");
  const std::string conversation = word(*object, "input_ThirdPartyConversationID");
  if (conversation.empty()) return wrong("input_ThirdPartyConversationID", "is missing or no word");
  const std::string code = word(*object, "input_ResultCode");
  if (code.empty()) return wrong("input_ResultCode", "is missing or no word");
  const std::string transaction = receipt(*object, "input_TransactionID");

  provider::Notice notice;
  // Theirs has no id of its own. The same result twice is one; another result is another.
  notice.id = conversation + "." + code + (transaction.empty() ? "" : "." + transaction);
  notice.type = "result";
  notice.livemode = livemode;
  notice.object = conversation;
  const auto payment = payment_in(conversation);
  if (!payment) return notice;  // Irrelevant
  notice.payment = payment->to_string();
  provider::Happened happened;
  if (code == "INS-0") happened.provider_object = transaction;
  notice.news = std::move(happened);
  return notice;
}

std::string acknowledge(std::string_view body) {
  const auto object = read_object(body);
  const auto echo = [&object](std::string_view key) {
    return object ? word(*object, key) : std::string{};
  };
  return boost::json::serialize(boost::json::object{
      {"output_OriginalConversationID", echo("input_OriginalConversationID")},
      {"output_ResponseCode", "0"},
      {"output_ResponseDesc", "Successfully Accepted Result"},
      {"output_ThirdPartyConversationID", echo("input_ThirdPartyConversationID")}});
}

}  // namespace cambist::mpesa_openapi_tz
