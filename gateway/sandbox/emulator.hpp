// What every provider emulator is given, and what it offers the sandbox in return.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/inbound/server.hpp"
#include "gateway/sandbox/faults.hpp"
#include "gateway/sandbox/ledger.hpp"
#include "gateway/sandbox/webhooks/letter.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox {

/// Shared by all emulators of one sandbox. Whoever holds the sandbox's lock may use it.
struct World {
  Clock now;
  Random random;
  std::string public_url;
  Ledger ledger;
  Faults faults;
  std::shared_ptr<webhooks::Mailer> mailer{};  // none: events are made and kept, but not sent
};

/// What the payer did, seen from outside (`/sandbox/payer/{provider}/{object}/…`).
enum class PayerAnswer { done, unknown_object, not_waiting };

/// One provider. Not thread safe: the sandbox calls it under its lock, and nothing here blocks.
class Emulator {
 public:
  Emulator() = default;
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;
  virtual ~Emulator() = default;

  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  /// For the index at `GET /sandbox`: "POST /v1/payment_intents", without the provider's prefix.
  [[nodiscard]] virtual std::vector<std::string> routes() const = 0;
  /// `target` is the request's target without the provider's prefix; it starts with '/'.
  [[nodiscard]] virtual inbound::Outgoing handle(const http::Request& request,
                                                 std::string_view target) = 0;
  /// The payer finishes (or refuses) what `object` is waiting for.
  [[nodiscard]] virtual PayerAnswer payer(std::string_view object, bool approve) = 0;
  virtual void reset() = 0;
  /// Does what time alone does: holds end, refunds settle. The answer is when there is something
  /// to do again.
  virtual std::optional<TimePoint> pass_time(TimePoint now) = 0;
  /// The webhook of an event that is still kept, as it was first sent.
  [[nodiscard]] virtual std::optional<webhooks::Letter> event_letter(std::string_view event) = 0;
  /// Those of all events that are kept, oldest first.
  virtual void each_event(const std::function<void(webhooks::Letter)>& take) = 0;
};

}  // namespace cambist::gateway::sandbox
