#include "gateway/sandbox/webhooks/destination.hpp"

#include "protocols/http/url.hpp"

namespace cambist::gateway::sandbox::webhooks {
namespace {

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

/// Where it goes: the merchant's own URL, or ours with the provider's name and secret path.
void address(http::Request& request, const Letter& letter, const Destination& destination,
             const std::vector<Secret>& secrets) {
  request.origin = destination.origin;
  request.target = destination.path + "/" + std::string{letter.provider};
  if (letter.secret_path) {
    request.target += "/" + std::string{secrets.front().reveal()};
    if (!letter.path.empty()) request.target += "/" + letter.path;
  }
  if (letter.url.empty()) return;
  const auto scheme = letter.url.find("://");
  const auto slash = scheme == std::string::npos ? scheme : letter.url.find('/', scheme + 3);
  request.origin = letter.url.substr(0, slash);
  request.target = slash == std::string::npos ? "/" : letter.url.substr(slash);
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
  request.headers = {{"Content-Type", "application/json; charset=utf-8"},
                     {"Accept", "*/*"},
                     {"User-Agent", "cambist-sandbox"}};
  std::vector<Secret> forger;
  forger.emplace_back(std::string{forgers_secret});
  const auto found = destination.secrets.find(letter.provider);
  const auto& secrets =
      letter.forgery == Forgery::wrong_secret || found == destination.secrets.end() ? forger
                                                                                    : found->second;
  address(request, letter, destination, secrets);
  if (letter.seal) {
    for (auto& header : letter.seal(letter.body, secrets, now))
      request.headers.push_back(std::move(header));
  }
  request.body = letter.body;
  if (letter.forgery == Forgery::changed_body && letter.forged_at < request.body.size())
    request.body[letter.forged_at] = letter.forged_byte;
  return request;
}

}  // namespace cambist::gateway::sandbox::webhooks
