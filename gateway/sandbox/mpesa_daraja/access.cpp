#include "gateway/sandbox/mpesa_daraja/access.hpp"

#include "protocols/core/base64.hpp"

namespace cambist::gateway::sandbox::mpesa_daraja {
namespace json = boost::json;
namespace {

constexpr std::chrono::seconds token_lifetime{3'599};
constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

}  // namespace

Outcome give_token(Bench& bench, const http::Request& request, std::string_view query,
                   TimePoint now) {
  const auto* header = http::find(request.headers, "authorization");
  if (header == nullptr || !header->starts_with("Basic "))
    return Failure{400, "400.008.01", "Invalid Authentication passed"};
  const auto pair = from_base64(std::string_view{*header}.substr(6));
  const auto colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos || colon == 0 || colon + 1 == pair->size())
    return Failure{400, "400.008.01", "Invalid Authentication passed"};
  if (query != "grant_type=client_credentials")
    return Failure{400, "400.008.02", "Invalid grant type passed"};
  const auto& token =
      bench.books.tokens.add({random_text(bench, 28, letters), now + token_lifetime});
  // A string, as the older answers have it.
  return json::object{{"access_token", token.id},
                      {"expires_in", std::to_string(token_lifetime.count())}};
}

std::optional<Failure> check_token(Bench& bench, const http::Headers& headers, TimePoint now) {
  const auto* header = http::find(headers, "authorization");
  if (header == nullptr || !header->starts_with("Bearer "))
    return Failure{404, "404.001.04", "Invalid Authentication Header"};
  const auto* token = bench.books.tokens.find(std::string_view{*header}.substr(7));
  if (token == nullptr || now >= token->expires_at)
    return Failure{404, "404.001.03", "Invalid Access Token"};
  return std::nullopt;
}

}  // namespace cambist::gateway::sandbox::mpesa_daraja
