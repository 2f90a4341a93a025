// The life of one payment as three pure functions. No clock, no randomness, no sockets: replaying the journal
// is calling evolve again.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocols/core/error.hpp"
#include "protocols/payment/payment.hpp"
#include "protocols/provider/verdict.hpp"

namespace cambist::payment {

// --- commands: imperatives of clients, and reports of what happened ----------------------------------------

struct Create { PaymentId id; TenantId tenant; Details details; OperationId operation; };
struct Capture { std::optional<Money> amount; bool final_capture = true; OperationId operation; };
struct Cancel { std::string reason; OperationId operation; };
struct Refund { std::optional<Money> amount; std::string reason; OperationId operation; };
/// The payer has acted, or says so: ask the provider what became of it.
struct Confirm {};
/// The provider's answer to attempt `attempt` of the running operation.
struct ProviderAnswered { OperationId operation; int attempt = 1; provider::Verdict verdict; provider::Exchange exchange; };
/// A durable timer is due (a repeat, an inquiry, an expiry): do what is owed at `now`.
struct TimerFired {};
using Command = std::variant<Create, Capture, Cancel, Refund, Confirm, ProviderAnswered, TimerFired>;

// --- events: facts, past tense. Every one is durable before its effects run. --------------------------------

struct PaymentCreated { PaymentId id; TenantId tenant; Details details; };
struct OperationStarted { Operation operation; };
/// One call of a flow with several is done; `step` is the next.
struct StepCompleted { OperationId operation; int step = 1; std::string provider_payment_id; provider::Exchange exchange; };
struct OperationApproved { OperationId operation; provider::Approved approved; provider::Exchange exchange; };
struct OperationDeclined { OperationId operation; provider::Declined declined; provider::Exchange exchange; };
/// Surely not processed, and not tried again.
struct OperationRefused { OperationId operation; provider::Refused refused; provider::Exchange exchange; };
/// An attempt settled nothing. `unknown` says the effect may have happened; the next call is due at `next_at`
/// and asks (`inquire`) or repeats with the same key.
struct AttemptFailed {
  OperationId operation;
  int attempt = 1;
  bool unknown = false;
  bool inquire = false;
  TimePoint next_at;
  provider::Failure failure;
  provider::Exchange exchange;
};
/// The provider will tell later; ask at `next_at` if it does not.
struct OperationPending { OperationId operation; std::string provider_payment_id; std::string provider_object; TimePoint next_at; provider::Exchange exchange; };
struct ActionWasRequired { OperationId operation; provider::ActionRequired required; provider::Exchange exchange; };
/// `/confirm` was called: the provider is asked again.
struct ActionConfirmed { OperationId operation; Origin origin{}; };
struct AuthorizationExpired {};
using Fact = std::variant<PaymentCreated, OperationStarted, StepCompleted, OperationApproved, OperationDeclined,
                          OperationRefused, AttemptFailed, OperationPending, ActionWasRequired, ActionConfirmed,
                          AuthorizationExpired>;

struct Event {
  TimePoint at;
  Fact fact;
};

// --- effects: data; each runs only after its events are durable, and can run twice without harm ---------------

/// Send the running operation (or the question what became of it) to its provider, not before `not_before`.
struct CallProvider { provider::Call call; TimePoint not_before; };
using Effect = std::variant<CallProvider>;

/// Schedules and limits. Defaults are those of design.md.
struct Policy {
  int attempts_in_request_max = 3;                                // then only the schedule of inquiries
  Duration repeat_delay_min = std::chrono::milliseconds{200};
  Duration repeat_delay_max = std::chrono::seconds{2};
  std::vector<Duration> inquiry_delays{std::chrono::seconds{2}, std::chrono::seconds{5}, std::chrono::seconds{15},
                                       std::chrono::seconds{60}};  // then doubling
  Duration inquiry_delay_max = std::chrono::hours{1};
  Duration unknown_max = std::chrono::hours{24};
  Duration authorization_lifetime = std::chrono::hours{24 * 7};   // when the provider gives no date
};

struct Decision {
  std::vector<Event> events;
  std::vector<Effect> effects;
};

/// What a command means now.
/// Shape:  `roll` is uniform in [0, 1) for jitter, drawn by the caller from its random port.
/// Errors: illegal_transition, operation_in_progress, outcome_unknown, amount_too_large, invalid_request
///         (`field` "amount.value" or "amount.currency"). A report that is stale or repeated is not an error:
///         it decides nothing.
[[nodiscard]] Result<Decision> decide(const Payment& payment, const Command& command, const Policy& policy,
                                      TimePoint now, double roll);
/// Total: a fact cannot be refused.
[[nodiscard]] Payment evolve(Payment payment, const Event& event);
/// What a restart, or a wake-up, must do again. A call that may have been sent is asked about first.
[[nodiscard]] std::vector<Effect> owed(const Payment& payment, const Policy& policy, TimePoint now);
/// When the payment must be woken if nothing else happens; nullopt when nothing is owed.
[[nodiscard]] std::optional<TimePoint> wake_at(const Payment& payment, const Policy& policy);

/// The call for the running operation of `payment`.
[[nodiscard]] provider::Call call_for(const Payment& payment, const Operation& operation);

}  // namespace cambist::payment
