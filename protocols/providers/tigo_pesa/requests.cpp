#include "protocols/providers/tigo_pesa/requests.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <boost/json.hpp>

#include "protocols/http/syntax.hpp"
#include "protocols/provider/json_reader.hpp"
#include "protocols/providers/tigo_pesa/reference.hpp"

namespace cambist::tigo_pesa {
namespace json = boost::json;
namespace {

using provider::Call;
using provider::OperationKind;

http::Request draft(const Account& account, std::string_view path) {
  http::Request request;
  request.method = "POST";
  request.origin = account.base.origin;
  request.target = account.base.prefix + std::string{path};
  request.headers = {{"Accept", "application/json"}, {"Cache-Control", "no-cache"}};
  return request;
}

http::Request draft_json(const Account& account, std::string_view path, const json::object& body) {
  auto request = draft(account, path);
  request.headers.push_back({"Content-Type", "application/json"});
  // Beside the token: the same credentials once more, in the clear.
  request.headers.push_back({"Username", account.username});
  request.headers.push_back({"Password", std::string{account.password.reveal()}});
  request.body = json::serialize(body);
  return request;
}

std::string form_value(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = http::is_alpha(c) || http::is_digit(c) || c == '-' || c == '.' || c == '_';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += hex[byte >> 4U];
      out += hex[byte & 15U];
    }
  }
  return out;
}

}  // namespace

Result<http::Request> build_request(const Account& account, const Call& call) {
  if (const auto kind = check_kind(call, "Tigo Pesa"); !kind) return kind.error();
  if (call.inquiry) {
    return Error{ErrorCode::unsupported_by_provider,
                 "Tigo cannot be asked: its callback tells, or its settlement report."};
  }
  const auto phone = phone_of(call.method, market);
  if (!phone) return phone.error();
  const auto amount = whole_units(call.amount, account.amounts);
  if (!amount) return amount.error();
  std::string reference = reference_id(account.biller_code, call.operation);
  if (call.kind == OperationKind::charge) {
    return draft_json(account, account.push_path,
                      {{"CustomerMSISDN", *phone},
                       {"BillerMSISDN", account.biller_msisdn},
                       {"Amount", *amount},
                       {"Remarks", call.payment.to_string()},
                       {"ReferenceID", std::move(reference)}});
  }
  if (account.refund_path.empty())
    return Error{ErrorCode::unsupported_by_provider, "Refunds are not switched on."};
  if (!provider::is_json_word(call.capture_object) ||
      !provider::is_json_word(call.provider_payment_id)) {
    return Error{ErrorCode::internal, "the call names no transaction of Tigo", "capture_object"};
  }
  return draft_json(account, account.refund_path,
                    {{"CustomerMSISDN", *phone},
                     {"ChannelMSISDN", account.channel_msisdn},
                     {"ChannelPIN", account.channel_pin.reveal()},
                     {"Amount", *amount},
                     {"MFSTransactionID", call.capture_object},
                     {"ReferenceID", std::move(reference)},
                     {"PurchaseReferenceID", call.provider_payment_id}});
}

http::Request build_token_request(const Account& account) {
  auto request = draft(account, account.token_path);
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  request.body = "username=" + form_value(account.username) +
                 "&password=" + form_value(account.password.reveal()) + "&grant_type=password";
  return request;
}

Result<provider::Token> read_token(const http::Response& response) {
  if (response.status == 400 || response.status == 401 || response.status == 403)
    return Error{ErrorCode::unauthenticated, "Tigo refused the account's username and password"};
  const auto body = provider::read_json_object(response.body);
  std::string token = body ? provider::json_text(*body, "access_token") : std::string{};
  const auto lifetime = body ? provider::json_whole(*body, "expires_in") : std::nullopt;
  const bool usable =
      !token.empty() && token.size() <= 4'096 &&
      std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
  constexpr std::int64_t longest = 31'536'000;  // a year
  if (response.status != 200 || !usable || !lifetime || *lifetime < 1 || *lifetime > longest)
    return Error{ErrorCode::unavailable, "Tigo's answer holds no access token"};
  return provider::Token{Secret{std::move(token)}, std::chrono::seconds{*lifetime},
                         std::chrono::seconds{0}};
}

}  // namespace cambist::tigo_pesa
