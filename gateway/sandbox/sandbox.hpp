// The provider emulators behind one handler: the providers' own paths, the ledger of effects, the
// fault switches.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/inbound/server.hpp"
#include "gateway/sandbox/webhooks/letter.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox {

/// All state is in memory; thread safe.
class Sandbox {
 public:
  /// `public_url` is what redirects point at, for example "http://127.0.0.1:8081". Empty: the
  /// address in the request's Host header, for a server whose port is not known yet.
  static std::unique_ptr<Sandbox> make(Clock now, Random random, std::string public_url);
  Sandbox() = default;
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  virtual ~Sandbox() = default;
  /// Serves `/{provider}/…` and `/sandbox/…`.
  [[nodiscard]] virtual inbound::Handler handler() = 0;
  /// Serves one provider at the root of an address of its own, and all that `handler` serves beside
  /// it; nullptr-like when there is no such provider.
  [[nodiscard]] virtual inbound::Handler root_handler(std::string_view provider) = 0;
  [[nodiscard]] virtual std::vector<std::string> providers() const = 0;
  /// Events that are made from now on are posted to `mailer`; nullptr: to nobody.
  virtual void mail_to(std::shared_ptr<webhooks::Mailer> mailer) = 0;
  /// Does what time alone does at the providers, and says when it has something to do again. Each
  /// call of a provider does the same for itself.
  virtual std::optional<TimePoint> pass_time() = 0;
};

}  // namespace cambist::gateway::sandbox
