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

/// A dispute that the cardholder's bank opens. `amount` none: all that is captured and not
/// refunded.
struct DisputeOrder {
  std::string object;
  std::optional<Money> amount{};
  std::string reason{};  // empty: the provider's usual one
  bool inquiry = false;  // the bank only asks; no money moves
};

/// What a person can do at the provider's own pages, past the API.
enum class DashboardAct : std::uint8_t { capture, cancel, refund };

/// What the payer did, seen from outside (`/sandbox/payer/{provider}/{object}/…`).
enum class PayerAnswer { done, unknown_object, not_waiting };

/// `ignore` leaves it to time: a prompt expires, a page stays open.
enum class PayerAct : std::uint8_t { approve, decline, ignore };

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
  /// The payer finishes, refuses or ignores what `object` is waiting for.
  [[nodiscard]] virtual PayerAnswer payer(std::string_view object, PayerAct act) = 0;
  // A provider without disputes, or without pages where a person can act, leaves these as they are.

  /// Opens a dispute of a payment; the answer is what `list_disputes` shows of it.
  /// Errors: not_found, illegal_transition, amount_too_large, invalid_request with `field`.
  [[nodiscard]] virtual Result<boost::json::object> open_dispute(const DisputeOrder& order);
  /// The bank decides.
  /// Errors: not_found, illegal_transition for one that is closed.
  [[nodiscard]] virtual Result<boost::json::object> close_dispute(std::string_view dispute,
                                                                  bool won);
  /// Appends {provider, id, object, payment, amount, status, inquiry} for each, oldest first;
  /// `payment` empty: for all payments.
  virtual void list_disputes(std::string_view payment, boost::json::array& out);
  /// Does something to a payment without an API call or an idempotency key.
  /// Errors: as of `open_dispute`; unavailable when the ledger is full.
  [[nodiscard]] virtual Result<void> dashboard(std::string_view object, DashboardAct act,
                                               std::optional<Money> amount);
  virtual void reset() = 0;
  /// Does what time alone does: holds end, refunds settle. The answer is when there is something
  /// to do again.
  virtual std::optional<TimePoint> pass_time(TimePoint now) = 0;
  /// The webhook of an event that is still kept, as it was first sent.
  [[nodiscard]] virtual std::optional<webhooks::Letter> event_letter(std::string_view event) = 0;
  /// Those of all events that are kept, oldest first.
  virtual void each_event(const std::function<void(webhooks::Letter)>& take) = 0;
};

/// Every emulator of this build, made anew for `world`, in the order of the providers' registry.
[[nodiscard]] std::vector<std::unique_ptr<Emulator>> make_emulators(World& world);
/// Their names, which live as long as the program.
[[nodiscard]] std::vector<std::string> emulator_names();

}  // namespace cambist::gateway::sandbox
