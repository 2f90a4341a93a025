// One blocking HTTP call, for the commands that are clients themselves.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "actors/ports.hpp"
#include "protocols/core/error.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway::cli {

/// A server as its URL names it.
/// Shape: `origin` "http://host:port", `prefix` the path before every target, without a slash at
/// the end.
struct Peer {
  std::string origin;
  std::string prefix;
};
/// Errors: invalid_request when `url` is not http[s]://host[:port][/path].
[[nodiscard]] Result<Peer> parse_peer(std::string_view url);

/// Sends and waits.
/// Errors: unavailable, with the reason, when no answer comes within `timeout`.
[[nodiscard]] Result<http::Response> call(actors::HttpClient& client, http::Request request,
                                          std::chrono::milliseconds timeout);

}  // namespace cambist::gateway::cli
