#include "gateway/sandbox/webhooks/destination.hpp"

#include "gateway/sandbox/stripe/signature.hpp"
#include "protocols/http/url.hpp"

namespace cambist::gateway::sandbox::webhooks {
namespace {

constexpr std::string_view forgers_secret = "whsec_nobody_shares_this_one";

std::vector<Secret> split(std::string_view list) {
  std::vector<Secret> secrets;
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto item = list.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) secrets.emplace_back(std::string{item});
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return secrets;
}

}  // namespace

Result<Destination> read_destination(std::string_view url, const Secrets& secrets) {
  const auto scheme = url.find("://");
  const auto slash = scheme == std::string_view::npos ? scheme : url.find('/', scheme + 3);
  Destination made;
  made.origin = std::string{url.substr(0, slash)};
  if (const auto origin = http::parse_origin(made.origin); !origin) {
    return Error{ErrorCode::invalid_request,
                 "webhooks go to http[s]://HOST[:PORT][/path]: " + origin.error().detail};
  }
  if (slash != std::string_view::npos) made.path = std::string{url.substr(slash)};
  while (made.path.ends_with('/')) made.path.pop_back();
  if (made.path.find_first_of("?# ") != std::string::npos) {
    return Error{ErrorCode::invalid_request,
                 "the URL of webhooks has a path and nothing behind it"};
  }
  for (const auto& [provider, list] : secrets) {
    if (auto read = split(list.reveal()); !read.empty())
      made.secrets.emplace(provider, std::move(read));
  }
  return made;
}

http::Request seal(const Letter& letter, const Destination& destination, TimePoint now) {
  http::Request request;
  request.method = "POST";
  request.origin = destination.origin;
  request.target = destination.path + "/" + std::string{letter.provider};
  request.headers = {{"Content-Type", "application/json; charset=utf-8"},
                     {"Accept", "*/*"},
                     {"User-Agent", "cambist-sandbox"}};
  std::vector<Secret> forger;
  forger.emplace_back(std::string{forgers_secret});
  const auto found = destination.secrets.find(letter.provider);
  const auto& secrets =
      letter.forgery == Forgery::wrong_secret || found == destination.secrets.end() ? forger
                                                                                    : found->second;
  // Stripe is the only provider yet; the next one adds its own scheme here.
  request.headers.push_back({"Stripe-Signature", stripe::signature(secrets, letter.body, now)});
  request.body = letter.body;
  if (letter.forgery == Forgery::changed_body && letter.forged_at < request.body.size())
    request.body[letter.forged_at] = letter.forged_byte;
  return request;
}

}  // namespace cambist::gateway::sandbox::webhooks
