// The emulators on their addresses: beside the server in `cambist serve`, alone in `cambist
// sandbox`.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/inbound/server.hpp"
#include "gateway/sandbox/sandbox.hpp"
#include "protocols/core/error.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::cli {

/// "http://HOST:PORT" by which a client on this machine reaches what listens on `address` at
/// `port`.
[[nodiscard]] std::string local_url(const std::string& address, std::uint16_t port);

class SandboxServer {
 public:
  /// `roots` are (provider, HOST:PORT) pairs.
  /// Errors: invalid_request for a provider there is no emulator of; those of Server::start.
  [[nodiscard]] static Result<std::unique_ptr<SandboxServer>> start(
      const std::string& listen, const std::vector<std::pair<std::string, std::string>>& roots,
      Clock now, Random random);
  ~SandboxServer();

  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  /// (provider, URL) of each root.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& roots() const noexcept {
    return roots_;
  }
  void drain(std::chrono::milliseconds deadline);

 private:
  SandboxServer() = default;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::vector<std::unique_ptr<inbound::Server>> servers_;  // go before what they serve
  std::string url_;
  std::vector<std::pair<std::string, std::string>> roots_;
};

}  // namespace cambist::gateway::cli
