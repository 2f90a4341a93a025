// What the emulated Stripe account holds.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/sandbox/emulator.hpp"
#include "gateway/sandbox/resembling.hpp"
#include "gateway/sandbox/shelf.hpp"
#include "gateway/sandbox/stripe/test_methods.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox::stripe {

using Metadata = std::vector<std::pair<std::string, std::string>>;

enum class IntentStatus : std::uint8_t {
  requires_payment_method,
  requires_confirmation,
  requires_action,
  requires_capture,
  succeeded,
  canceled,
};
[[nodiscard]] std::string_view to_string(IntentStatus status) noexcept;

/// The last failed attempt. Shape: `code` empty means none; a decline made a charge, a failed
/// authentication none.
struct PaymentError {
  std::string_view type{};
  std::string_view code{};
  std::string_view decline_code{};
  std::string_view advice_code{};
  std::string_view network_decline_code{};
  std::string_view message{};
  std::string charge{};
  const TestMethod* method = nullptr;
};

/// A PaymentIntent. Amounts are wire amounts; views name literals.
struct Intent {
  std::string id;
  std::string secret;  // the part of the client secret after "_secret_"
  std::int64_t amount = 0;
  std::int64_t capturable = 0;
  std::int64_t received = 0;
  Currency currency;
  IntentStatus status = IntentStatus::requires_payment_method;
  std::string_view capture_method = "automatic_async";
  std::string_view confirmation_method = "automatic";
  std::string_view setup_future_usage{};
  std::string_view request_3ds{};
  std::string_view cancellation_reason{};
  bool multicapture = false;
  bool automatic_methods = false;
  bool redirects_allowed = true;
  bool off_session = false;
  const TestMethod* method = nullptr;
  std::string customer;
  std::string description;
  std::string receipt_email;
  std::string statement_suffix;
  std::string transfer_group;
  std::string return_url;
  std::string attempt_key;  // the idempotency key of the confirm that the payer now answers
  Metadata metadata;
  std::string latest_charge;
  PaymentError last_error;
  TimePoint created;
  std::optional<TimePoint> canceled_at;
  TimePoint capture_before;

  [[nodiscard]] bool manual() const noexcept { return capture_method == "manual"; }
};

/// One attempt to take money: an authorization, a payment or a failure.
struct Charge {
  std::string id;
  std::string intent;
  std::int64_t amount = 0;
  std::int64_t captured_amount = 0;
  std::int64_t refunded_amount = 0;
  Currency currency;
  const TestMethod* method = nullptr;
  const Decline* decline = nullptr;  // none: the bank said yes
  bool authenticated = false;
  bool captured = false;
  bool released = false;  // the hold was given back uncaptured
  bool disputed = false;
  std::int64_t charged_back = 0;  // by disputes that are not won
  std::string customer;
  std::string description;
  std::string statement_suffix;
  Metadata metadata;
  TimePoint created;
  TimePoint capture_before;
};

enum class RefundStatus : std::uint8_t { pending, succeeded, failed };

struct Refund {
  std::string id;
  std::string intent;
  std::string charge;
  std::int64_t amount = 0;
  Currency currency;
  RefundStatus status = RefundStatus::succeeded;
  Afterwards afterwards = Afterwards::nothing;
  std::string_view reason{};
  Metadata metadata;
  TimePoint created;
  std::size_t effect = 0;  // its place in the ledger
};

enum class DisputeStatus : std::uint8_t {
  warning_needs_response,
  warning_under_review,
  warning_closed,
  needs_response,
  under_review,
  won,
  lost,
};
[[nodiscard]] std::string_view to_string(DisputeStatus status) noexcept;

/// A dispute, or an inquiry of the bank that may become one: an inquiry moves no money.
struct Dispute {
  std::string id;
  std::string intent;
  std::string charge;
  std::int64_t amount = 0;
  Currency currency;
  std::string_view reason = "fraudulent";
  DisputeStatus status = DisputeStatus::needs_response;
  bool inquiry = false;
  Metadata evidence;
  Metadata metadata;
  int submissions = 0;
  TimePoint created;
  TimePoint due_by;
  std::string withdrawal;  // balance transactions; empty: none
  std::string reinstatement;

  [[nodiscard]] bool closed() const noexcept {
    return status == DisputeStatus::warning_closed || status == DisputeStatus::won ||
           status == DisputeStatus::lost;
  }
};

struct Customer {
  std::string id;
  std::string email;
  std::string name;
  std::string description;
  Metadata metadata;
  TimePoint created;
};

/// Something that happened, as it was told. Shape: `packed` is its JSON, packed by its type.
struct Event {
  std::string id;
  std::string_view type;
  TimePoint created;
  std::string packed;
};

/// What an object has to be looked at for, and when.
struct Due {
  TimePoint at;
  std::string id;
};

// A bank takes days; tests have seconds.
constexpr std::chrono::seconds refund_settles_after{10};

/// Everything in the account. Bounds: the oldest objects go first, long after a load test has
/// ended.
struct Books {
  Shelf<Intent> intents{1'000'000};
  Shelf<Charge> charges{2'000'000};
  Shelf<Refund> refunds{1'000'000};
  Shelf<Customer> customers{100'000};
  Shelf<Dispute> disputes{100'000};
  Shelf<Event> events{100'000};
  std::map<std::string_view, Resembling> event_kinds;  // by type: the first of it
  std::deque<Due> holds_due;                           // each lasts as long as the others
  std::deque<Due> refunds_due;
  std::map<std::string, std::int64_t, std::less<>> balance;  // wire amounts by currency

  void clear();
};

/// The call that something happens in. Shape: views of it; `key` may be empty.
struct Cause {
  std::string_view request;
  std::string_view key;
};

/// One object of the account and the world around it: what every endpoint works on.
struct Bench {
  World& world;
  Books books{};
  std::optional<Cause> cause{};  // none: Stripe, the payer or the bank acts by itself
  bool at_dashboard = false;     // what happens now is done at Stripe's own pages
};

/// "pi_" and 24 random letters and digits.
[[nodiscard]] std::string make_id(std::string_view prefix, const Random& random);
/// Writes an effect on `intent` to the ledger; `detail` is the charge or refund. Returns its place
/// there.
std::size_t record(Bench& bench, const Intent& intent, EffectKind kind, std::string_view detail,
                   std::int64_t wire, std::string_view key, TimePoint now);
/// The value of metadata[payment_id], or empty.
[[nodiscard]] std::string_view payment_of(const Metadata& metadata) noexcept;
/// What time alone has changed since the object was last looked at.
void settle_time(Bench& bench, Intent& intent, TimePoint now);
void settle_time(Bench& bench, Refund& refund, TimePoint now);
inline void settle_time(Bench&, Event&, TimePoint) {}
inline void settle_time(Bench&, Dispute&, TimePoint) {}
/// The same for every object that has waited long enough. The answer is when the next one has.
std::optional<TimePoint> settle_all(Bench& bench, TimePoint now);

}  // namespace cambist::gateway::sandbox::stripe
