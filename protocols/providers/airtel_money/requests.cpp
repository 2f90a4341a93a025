#include "protocols/providers/airtel_money/requests.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <boost/json.hpp>

#include "protocols/provider/json_reader.hpp"
#include "protocols/providers/airtel_money/reference.hpp"

namespace cambist::airtel_money {
namespace json = boost::json;
namespace {

using provider::Call;
using provider::OperationKind;

http::Request draft(const Account& account, std::string_view method, std::string_view path) {
  http::Request request;
  request.method = method;
  request.origin = account.base.origin;
  request.target = account.base.prefix + std::string{path};
  request.headers = {{"Accept", "*/*"}};
  return request;
}

void put_body(http::Request& request, const json::object& body) {
  request.headers.push_back({"Content-Type", "application/json"});
  request.body = json::serialize(body);
}

void put_country(http::Request& request, const Account& account) {
  request.headers.push_back({"X-Country", std::string{country}});
  request.headers.push_back({"X-Currency", std::string{account.amounts.currency.code()}});
}

Result<http::Request> build_push(const Account& account, const Call& call) {
  const auto amount = whole_units(call.amount, account.amounts);
  if (!amount) return amount.error();
  const auto phone = phone_of(call.method, market);
  if (!phone) return phone.error();
  constexpr std::size_t country_code = 3;
  const std::string_view currency = account.amounts.currency.code();
  auto request = draft(account, "POST", "/merchant/v1/payments/");
  put_country(request, account);
  put_body(request,
           {{"reference", payer_reference(call.reference, call.payment)},
            {"subscriber", json::object{{"country", country},
                                        {"currency", currency},
                                        {"msisdn", phone->substr(country_code)}}},
            {"transaction", json::object{{"amount", *amount},
                                         {"country", country},
                                         {"currency", currency},
                                         {"id", transaction_id(call.payment, call.operation)}}}});
  return request;
}

Result<http::Request> build_refund(const Account& account, const Call& call) {
  if (call.inquiry) {
    return Error{ErrorCode::unsupported_by_provider,
                 "Airtel does not tell what became of a refund; its portal does."};
  }
  if (!provider::is_json_word(call.capture_object)) {
    return Error{ErrorCode::internal, "the call names no transaction of Airtel", "capture_object"};
  }
  auto request = draft(account, "POST", "/standard/v1/payments/refund");
  put_country(request, account);
  put_body(request, {{"transaction", json::object{{"airtel_money_id", call.capture_object}}}});
  return request;
}

}  // namespace

Result<http::Request> build_request(const Account& account, const Call& call) {
  if (const auto kind = check_kind(call, "Airtel Money"); !kind) return kind.error();
  if (call.kind == OperationKind::refund) return build_refund(account, call);
  if (!call.inquiry) return build_push(account, call);
  auto request = draft(account, "GET",
                       "/standard/v1/payments/" + transaction_id(call.payment, call.operation));
  put_country(request, account);
  return request;
}

http::Request build_token_request(const Account& account) {
  auto request = draft(account, "POST", "/auth/oauth2/token");
  put_body(request, {{"client_id", account.client_id},
                     {"client_secret", account.client_secret.reveal()},
                     {"grant_type", "client_credentials"}});
  return request;
}

Result<provider::Token> read_token(const http::Response& response) {
  const auto body = provider::read_json_object(response.body);
  if (response.status == 400 || response.status == 401 || response.status == 403) {
    return Error{ErrorCode::unauthenticated, "Airtel refused the account's client_id and secret"};
  }
  std::string token = body ? provider::json_text(*body, "access_token") : std::string{};
  const auto lifetime = body ? provider::json_whole(*body, "expires_in") : std::nullopt;
  const bool usable =
      !token.empty() && token.size() <= 4'096 &&
      std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
  // Nobody gives a token for longer than a year; what says so is not understood.
  constexpr std::int64_t longest = 31'536'000;
  if (response.status != 200 || !usable || !lifetime || *lifetime < 1 || *lifetime > longest) {
    return Error{ErrorCode::unavailable, "Airtel's answer holds no access token"};
  }
  return provider::Token{Secret{std::move(token)}, std::chrono::seconds{*lifetime},
                         std::chrono::seconds{0}};
}

}  // namespace cambist::airtel_money
