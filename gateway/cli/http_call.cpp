#include "gateway/cli/http_call.hpp"

#include <future>

#include "protocols/core/overloaded.hpp"

namespace cambist::gateway::cli {

Result<Peer> parse_peer(std::string_view url) {
  const Error bad{ErrorCode::invalid_request,
                  "\"" + std::string{url} + "\" is not a URL such as http://127.0.0.1:8080"};
  const bool secure = url.starts_with("https://");
  if (!secure && !url.starts_with("http://")) return bad;
  const auto rest = url.substr(secure ? 8 : 7);
  const auto slash = rest.find('/');
  auto authority = std::string{rest.substr(0, slash)};
  if (authority.empty() || authority.find_first_of("@?# ") != std::string::npos) return bad;
  auto prefix = slash == std::string_view::npos ? std::string{} : std::string{rest.substr(slash)};
  while (prefix.ends_with('/')) prefix.pop_back();
  const auto bracket = authority.find(']');
  if (authority.find(':', bracket == std::string::npos ? 0 : bracket) == std::string::npos) {
    authority += secure ? ":443" : ":80";
  }
  return Peer{(secure ? "https://" : "http://") + authority, std::move(prefix)};
}

Result<http::Response> call(actors::HttpClient& client, http::Request request,
                            std::chrono::milliseconds timeout) {
  auto promise = std::make_shared<std::promise<actors::HttpOutcome>>();
  auto outcome = promise->get_future();
  const auto where = request.origin;
  client.send(std::move(request), timeout,
              [promise](actors::HttpOutcome done) { promise->set_value(std::move(done)); });
  // The client answers within `timeout`; the second on top only covers a client that broke that
  // promise.
  if (outcome.wait_for(timeout + std::chrono::seconds{1}) != std::future_status::ready) {
    return Error{ErrorCode::unavailable, "no answer from " + where};
  }
  return std::visit(Overloaded{
                        [](http::Response response) -> Result<http::Response> { return response; },
                        [&](const http::TransportFailure& failure) -> Result<http::Response> {
                          return Error{ErrorCode::unavailable,
                                       "no answer from " + where + " (" + failure.reason + ")"};
                        },
                    },
                    outcome.get());
}

}  // namespace cambist::gateway::cli
