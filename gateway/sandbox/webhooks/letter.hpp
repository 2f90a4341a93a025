// What leaves the emulators by itself: one webhook on its way, and the port that carries it. The
// emulators decide what is sent; whoever implements `Mailer` decides when, so that a simulation can
// deliver by itself.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "protocols/core/secret.hpp"
#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway::sandbox::webhooks {

/// How a letter lies about its sender. `changed_body`: signed rightly, then one byte is another;
/// `wrong_secret`: signed with a secret that nobody shares.
enum class Forgery : std::uint8_t { none, changed_body, wrong_secret };

/// The headers that sign a body: made anew for each attempt.
using SealHeaders = std::function<http::Headers(std::string_view body,
                                                const std::vector<Secret>& secrets, TimePoint now)>;

/// One webhook to send. Faults are decided when it is made, so a letter is all there is to know.
/// Shape: `provider` and `type` live as long as the program; `body` is signed as it stands, and a
///        forger then writes `forged_byte` at `forged_at`. `behind`: so many other letters of the
///        provider go first. `dropped`: not sent at all, only shown.
struct Letter {
  std::string_view provider;
  std::string event;
  std::string_view type;
  std::string body;
  std::chrono::milliseconds delay{0};
  int behind = 0;
  bool dropped = false;
  Forgery forgery = Forgery::none;
  std::size_t forged_at = 0;
  char forged_byte = '0';
  SealHeaders seal{};  // none: the provider signs nothing
  /// Sent to ".../{provider}/{first secret}/{path}" instead of ".../{provider}": providers without
  /// signatures share a secret path with the merchant.
  bool secret_path = false;
  std::string path{};
  /// Sent to this URL and no other: where the merchant named one for the payment itself.
  std::string url{};
};

/// Carries letters. Called under the sandbox's lock: it must neither block nor call back.
class Mailer {
 public:
  Mailer() = default;
  Mailer(const Mailer&) = delete;
  Mailer& operator=(const Mailer&) = delete;
  virtual ~Mailer() = default;
  virtual void post(Letter letter) = 0;
  /// Forgets every letter and all counts.
  virtual void clear() = 0;
  /// For `GET /sandbox/webhooks`.
  [[nodiscard]] virtual boost::json::object show() const = 0;
};

}  // namespace cambist::gateway::sandbox::webhooks
