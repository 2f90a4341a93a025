#include "protocols/providers/paypal/tokens.hpp"

#include <algorithm>
#include <string>

#include "protocols/core/base64.hpp"
#include "protocols/http/syntax.hpp"
#include "protocols/providers/paypal/fields.hpp"

namespace cambist::paypal {
namespace {

// About 9 hours are documented. What is longer than a month is no lifetime of a token.
constexpr std::int64_t lifetime_max_s = 31 * 24 * 3'600;

Error unusable() {
  return Error{ErrorCode::unavailable, "PayPal gave out no access token that can be used"};
}

// It becomes a header's value.
bool is_token(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 4'096 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

http::Request token_request(const AccountSettings& account) {
  const std::string both = account.client_id + ":" + std::string{account.secret_key.reveal()};
  http::Request request;
  request.method = "POST";
  request.origin = account.base.origin;
  request.target = account.base.prefix + "/v1/oauth2/token";
  request.headers = {{"Authorization", "Basic " + to_base64(both)},
                     {"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.body = "grant_type=client_credentials";
  return request;
}

Result<provider::Token> read_access_token(const http::Response& response) {
  const auto value = read_json(response.body);
  const auto* object = value ? value->if_object() : nullptr;
  if (response.status == 401) {
    return Error{ErrorCode::unauthenticated, "PayPal refused the client id or its secret"};
  }
  if (response.status != 200 || object == nullptr) return unusable();
  std::string token = text(*object, "access_token");
  const auto* expires = object->if_contains("expires_in");
  const bool lives = expires != nullptr && expires->is_int64() && expires->get_int64() > 0 &&
                     expires->get_int64() <= lifetime_max_s;
  if (!is_token(token) || !lives ||
      !http::equals_ignoring_case(text(*object, "token_type"), "Bearer")) {
    return unusable();
  }
  return provider::Token{Secret{std::move(token)}, std::chrono::seconds{expires->get_int64()},
                         std::chrono::seconds{0}};
}

}  // namespace cambist::paypal
