#include "gateway/sandbox/paypal/access.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "gateway/sandbox/form.hpp"
#include "protocols/core/base64.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

http::Response answer(int status, const json::object& body) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = json::serialize(body);
  return response;
}

http::Response oauth_error(int status, std::string_view error, std::string_view description) {
  return answer(status, json::object{{"error", error}, {"error_description", description}});
}

// The rest of a header that begins with a scheme, in either case.
std::optional<std::string_view> after_scheme(const http::Headers& headers,
                                             std::string_view scheme) {
  const auto* header = http::find(headers, "authorization");
  if (header == nullptr || header->size() <= scheme.size()) return std::nullopt;
  const bool same = std::equal(scheme.begin(), scheme.end(), header->begin(), [](char a, char b) {
    return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b | 0x20) : b);
  });
  return same ? std::optional{std::string_view{*header}.substr(scheme.size())} : std::nullopt;
}

bool knows_client(const http::Headers& headers) {
  const auto basic = after_scheme(headers, "basic ");
  const auto credentials = basic ? from_base64(*basic) : std::nullopt;
  if (!credentials) return false;
  const auto colon = credentials->find(':');
  if (colon == std::string::npos) return false;
  const auto id = std::string_view{*credentials}.substr(0, colon);
  const auto secret = std::string_view{*credentials}.substr(colon + 1);
  const auto good = [](std::string_view part) { return !part.empty() && part != unknown_client; };
  return good(id) && good(secret);
}

}  // namespace

http::Response issue_token(Bench& bench, const http::Request& request, TimePoint now) {
  if (!knows_client(request.headers))
    return oauth_error(401, "invalid_client", "Client Authentication failed");
  const auto form = Form::decode(request.body);
  const auto* grant = form ? form->find("grant_type") : nullptr;
  if (grant == nullptr) return oauth_error(400, "invalid_request", "grant_type is missing");
  if (*grant != "client_credentials")
    return oauth_error(400, "unsupported_grant_type", "Grant type is not supported");
  IssuedToken made;
  made.id = "A21AA" + make_id(75, bench.world.random);
  made.expires = now + token_lifetime;
  ++bench.books.tokens_issued;
  const auto& kept = bench.books.tokens.add(std::move(made));
  return answer(200, json::object{{"scope",
                                   "https://uri.paypal.com/services/payments/realtimepayment "
                                   "https://uri.paypal.com/services/disputes/read-seller "
                                   "https://uri.paypal.com/services/disputes/update-seller "
                                   "https://uri.paypal.com/services/applications/webhooks"},
                                  {"access_token", kept.id},
                                  {"token_type", "Bearer"},
                                  {"app_id", "APP-80W284485P519543T"},
                                  {"expires_in", static_cast<std::int64_t>(token_lifetime.count())},
                                  {"nonce", to_rfc3339(now) + make_id(22, bench.world.random)}});
}

std::optional<http::Response> check_token(Bench& bench, const http::Headers& headers,
                                          TimePoint now) {
  const auto bearer = after_scheme(headers, "bearer ");
  const auto* known = bearer ? bench.books.tokens.find(*bearer) : nullptr;
  if (known != nullptr && now < known->expires) return std::nullopt;
  if (!bearer) {
    return answer(401, json::object{{"name", "AUTHENTICATION_FAILURE"},
                                    {"message",
                                     "Authentication failed due to invalid authentication "
                                     "credentials or a missing Authorization header."},
                                    {"links", json::array{}}});
  }
  return oauth_error(401, "invalid_token",
                     known == nullptr ? "The token passed in was not found in the system"
                                      : "Access Token has expired");
}

http::Response show_tokens(Bench& bench, std::string_view method, TimePoint now) {
  auto& tokens = bench.books.tokens;
  if (method == "DELETE") tokens.clear();
  std::int64_t live = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) live += now < tokens.at(i).expires ? 1 : 0;
  return answer(200, json::object{{"issued", bench.books.tokens_issued}, {"live", live}});
}

}  // namespace cambist::gateway::sandbox::paypal
