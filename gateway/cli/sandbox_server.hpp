// The emulators on their addresses: beside the server in `cambist serve`, alone in `cambist
// sandbox`.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "gateway/inbound/server.hpp"
#include "gateway/sandbox/sandbox.hpp"
#include "gateway/sandbox/webhooks/sender.hpp"
#include "protocols/core/error.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::cli {

/// "http://HOST:PORT" by which a client on this machine reaches what listens on `address` at
/// `port`.
[[nodiscard]] std::string local_url(const std::string& address, std::uint16_t port);

/// The webhook secrets of the providers that the sandbox stands in for. One whose address was set
/// to the real provider has none here: nothing that the sandbox says may pass for it.
[[nodiscard]] sandbox::webhooks::Secrets webhook_secrets(const config::Settings& settings,
                                                         const std::string& sandbox_url);

class SandboxServer {
 public:
  /// `roots` are (provider, HOST:PORT) pairs.
  /// Errors: invalid_request for a provider there is no emulator of; those of Server::start.
  [[nodiscard]] static Result<std::unique_ptr<SandboxServer>> start(
      const std::string& listen, const std::vector<std::pair<std::string, std::string>>& roots,
      Clock now, Random random);
  ~SandboxServer();

  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  [[nodiscard]] std::vector<std::string> providers() const { return sandbox_->providers(); }
  /// (provider, URL) of each root.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& roots() const noexcept {
    return roots_;
  }
  /// From now on webhooks go to `url` + "/" + provider, signed with all of a provider's secrets; a
  /// provider without one sends none. The last call counts.
  /// Errors: invalid_request for what is no URL.
  [[nodiscard]] Result<void> webhooks_to(const std::string& url,
                                         const sandbox::webhooks::Secrets& secrets);
  void drain(std::chrono::milliseconds deadline);

 private:
  SandboxServer() = default;
  void stop_webhooks();
  Clock now_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::shared_ptr<sandbox::webhooks::Sender> sender_;
  std::vector<std::unique_ptr<inbound::Server>> servers_;  // go before what they serve
  std::string url_;
  std::vector<std::pair<std::string, std::string>> roots_;
};

}  // namespace cambist::gateway::cli
