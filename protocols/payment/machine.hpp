// The life of one payment as three pure functions. No clock, no randomness, no sockets: replaying
// the journal is calling evolve again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/core/error.hpp"
#include "protocols/payment/payment.hpp"
#include "protocols/provider/notice.hpp"
#include "protocols/provider/verdict.hpp"
#include "protocols/routing/plan.hpp"

namespace cambist::payment {

// --- commands: imperatives of clients, and reports of what happened
// ----------------------------------------

/// Shape: `considered` is why the provider in `details` was chosen; empty when nothing was.
struct Create {
  PaymentId id;
  TenantId tenant;
  Details details;
  OperationId operation;
  std::vector<routing::Considered> considered{};
};
struct Capture {
  std::optional<Money> amount;
  bool final_capture = true;
  OperationId operation;
};
struct Cancel {
  std::string reason;
  OperationId operation;
};
struct Refund {
  std::optional<Money> amount;
  std::string reason;
  OperationId operation;
};
/// The payer has acted, or says so: ask the provider what became of it.
struct Confirm {};
/// The provider's answer to the call with this operation, attempt and inquiry flag (as
/// `provider::Call` had them).
struct ProviderAnswered {
  OperationId operation;
  int attempt = 1;
  bool inquiry = false;
  provider::Verdict verdict;
  provider::Exchange exchange{};
};
/// A durable timer is due (an inquiry, an expiry, a call that nobody answered): do what is owed at
/// `now`. An inquiry that is due is given on each firing until it is answered; whoever runs effects
/// skips a call whose operation and attempt are already under way.
struct TimerFired {};
/// The provider told something by itself, by a verified webhook.
/// Errors of deciding it: operation_in_progress when it can only be told later.
/// Shape: `provider` is who told; empty: the one where the payment is.
struct Notified {
  provider::Notice notice;
  std::string provider{};
};
/// Capture the whole authorization by itself at `at`; nullopt takes an earlier schedule back.
struct ScheduleCapture {
  std::optional<TimePoint> at;
};
/// The operators have found out what became of an operation that stayed unknown.
/// Errors: illegal_transition when that operation is not unknown (any more).
struct ResolveOperation {
  OperationId operation;
  bool succeeded = false;
  std::string provider_object{};  // the provider's id of the effect, when they know it
  std::string reason;
  std::string by;
};
/// The operators have seen to a task that was about money and no running operation.
/// Errors: illegal_transition when there is no such task, or it is closed.
struct ResolveAttention {
  TaskId task;
  std::string reason;
  std::string by;
};
using Command = std::variant<Create, Capture, Cancel, Refund, Confirm, ProviderAnswered, TimerFired,
                             Notified, ScheduleCapture, ResolveOperation, ResolveAttention>;

// --- events: facts, past tense. Every one is durable before its effects run.
// --------------------------------

struct PaymentCreated {
  PaymentId id;
  TenantId tenant;
  Details details;
  friend bool operator==(const PaymentCreated&, const PaymentCreated&) = default;
};
struct OperationStarted {
  Operation operation;
  friend bool operator==(const OperationStarted&, const OperationStarted&) = default;
};
/// One call of a flow with several is done; `step` is the next.
struct StepCompleted {
  OperationId operation;
  int step = 1;
  std::string provider_payment_id{};
  provider::Exchange exchange{};
  std::string provider_object{};  // what the step made, when it is not the payment's own object
  friend bool operator==(const StepCompleted&, const StepCompleted&) = default;
};
struct OperationApproved {
  OperationId operation;
  provider::Approved approved;
  provider::Exchange exchange{};
  friend bool operator==(const OperationApproved&, const OperationApproved&) = default;
};
struct OperationDeclined {
  OperationId operation;
  provider::Declined declined;
  provider::Exchange exchange{};
  friend bool operator==(const OperationDeclined&, const OperationDeclined&) = default;
};
/// Surely not processed, and not tried again.
struct OperationRefused {
  OperationId operation;
  provider::Refused refused;
  provider::Exchange exchange{};
  friend bool operator==(const OperationRefused&, const OperationRefused&) = default;
};
/// An attempt settled nothing. `unknown` says the effect may have happened; the next call is due at
/// `next_at` and asks (`inquire`) or repeats with the same key.
struct AttemptFailed {
  OperationId operation;
  int attempt = 1;
  bool unknown = false;
  bool inquire = false;
  TimePoint next_at{};
  provider::Failure failure{};
  provider::Exchange exchange{};
  friend bool operator==(const AttemptFailed&, const AttemptFailed&) = default;
};
/// The provider will tell later; ask at `next_at` if it does not.
struct OperationPending {
  OperationId operation;
  std::string provider_payment_id{};
  std::string provider_object{};
  TimePoint next_at{};
  provider::Exchange exchange{};
  friend bool operator==(const OperationPending&, const OperationPending&) = default;
};
struct ActionWasRequired {
  OperationId operation;
  provider::ActionRequired required;
  provider::Exchange exchange{};
  friend bool operator==(const ActionWasRequired&, const ActionWasRequired&) = default;
};
/// `/confirm` was called: the provider is asked again.
struct ActionConfirmed {
  OperationId operation;
  Origin origin{};
  friend bool operator==(const ActionConfirmed&, const ActionConfirmed&) = default;
};
struct AuthorizationExpired {
  friend bool operator==(const AuthorizationExpired&, const AuthorizationExpired&) = default;
};
/// When the payment is captured by itself; nullopt: it is not (any more).
struct CaptureScheduled {
  std::optional<TimePoint> at{};
  friend bool operator==(const CaptureScheduled&, const CaptureScheduled&) = default;
};
/// The operators must find out what became of the operation. The provider is still asked.
struct OperationEscalated {
  OperationId operation;
  std::string reason{};
  friend bool operator==(const OperationEscalated&, const OperationEscalated&) = default;
};
/// The operators have found it out; what they found follows as a fact of its own.
struct OperatorDecided {
  OperationId operation;
  bool succeeded = false;
  std::string reason{};
  std::string by{};
  friend bool operator==(const OperatorDecided&, const OperatorDecided&) = default;
};
/// What a call of the operation met or did at the provider's circuit breaker.
/// Shape: `state` is the breaker's then: "open", "half_open" or "closed"; `cause` as in
///        `provider::Exchange::breaker`.
struct BreakerNoticed {
  OperationId operation;
  std::string provider{};
  std::string state{};
  std::string cause{};
  friend bool operator==(const BreakerNoticed&, const BreakerNoticed&) = default;
};

// What the provider told by itself. `notice` is its own event id.

struct AuthorizationEndedAtProvider {
  bool expired = false;
  std::string notice{};
  friend bool operator==(const AuthorizationEndedAtProvider&,
                         const AuthorizationEndedAtProvider&) = default;
};
/// Captured there by somebody else; `total` is all that was received.
struct CapturedAtProvider {
  Money total;
  std::string notice{};
  friend bool operator==(const CapturedAtProvider&, const CapturedAtProvider&) = default;
};
/// A refund that none of our operations counts.
/// Shape: `operation` is ours that had been settled as failed, or empty.
struct RefundedAtProvider {
  std::string refund;
  OperationId operation{};
  Money amount;
  std::string notice{};
  friend bool operator==(const RefundedAtProvider&, const RefundedAtProvider&) = default;
};
/// A refund has failed after all: its money is the merchant's again. One that never counted is only
/// remembered, so that a late word of its success changes nothing.
struct RefundReversed {
  std::string refund;
  OperationId operation{};  // ours, or empty
  Money amount;
  std::string reason{};
  std::string notice{};
  friend bool operator==(const RefundReversed&, const RefundReversed&) = default;
};
struct DisputeChanged {
  std::string dispute;
  Money amount;
  std::string reason{};
  provider::DisputeStatus status = provider::DisputeStatus::open;
  bool inquiry = false;
  std::optional<TimePoint> evidence_due_by{};
  std::string notice{};
  friend bool operator==(const DisputeChanged&, const DisputeChanged&) = default;
};
/// An unsigned callback told how a running operation ended. It is not believed, only asked about;
/// but an approval of another amount than it named is held for the operators.
/// Shape: `amount` and `provider_object` as far as it named them; `provider_payment_id` only for a
///        payment that had none, so that it can be asked about.
struct OutcomeReported {
  OperationId operation;
  std::optional<Money> amount{};
  std::string provider_object{};
  std::string notice{};
  std::string provider_payment_id{};  // named where the call's own answer was lost
  friend bool operator==(const OutcomeReported&, const OutcomeReported&) = default;
};
// Where the payment goes, and goes on.

/// Which provider was chosen, and why that one.
struct Routed {
  std::string provider{};
  std::vector<routing::Considered> considered{};
  friend bool operator==(const Routed&, const Routed&) = default;
};
/// The first operation was surely not processed, but something of it is at the provider: before
/// another is tried, `fence` makes it void.
struct AttemptFenced {
  OperationId operation;
  provider::Refused refused;
  provider::Exchange exchange{};
  Operation fence;
  friend bool operator==(const AttemptFenced&, const AttemptFenced&) = default;
};
/// What the first operation left could not be made void: perhaps it had its effect after all, so
/// that the payment stays where it is, and the provider is asked.
struct FenceFailed {
  OperationId operation;
  provider::Failure failure;
  provider::Exchange exchange{};
  friend bool operator==(const FenceFailed&, const FenceFailed&) = default;
};
/// The first operation was surely not processed, and is tried at the next provider.
/// Shape: `operation` is the one that was refused, there or before it was made void; `exchange` is
///        what settled it; `next` its successor.
struct FailedOver {
  OperationId operation;
  provider::Refused refused;
  provider::Exchange exchange{};
  std::string from{};
  std::string to{};
  std::string reason{};
  Operation next;
  friend bool operator==(const FailedOver&, const FailedOver&) = default;
};
/// A provider that the payment has left tells of money for the attempt that was given up there.
/// Shape: `certain` says that it told so itself; else it is asked first.
struct LateSuccess {
  OperationId operation;
  std::string provider{};
  std::string provider_payment_id{};
  Money amount;
  bool certain = false;
  std::string notice{};
  friend bool operator==(const LateSuccess&, const LateSuccess&) = default;
};
/// The money is asked about, let go or returned, by itself.
struct CompensationStarted {
  Operation operation;
  friend bool operator==(const CompensationStarted&, const CompensationStarted&) = default;
};
/// Money moved at the bank for this payment. It settles nothing by itself: what it completes
/// follows as an approval, what nobody expected as a task.
struct TransferReceived {
  std::string transfer;  // the bank's own id
  provider::TransferKind kind = provider::TransferKind::credit;
  Money amount;
  std::string payer{};
  std::string notice{};
  friend bool operator==(const TransferReceived&, const TransferReceived&) = default;
};
/// The operators must see to money that no running operation answers for.
/// Shape: `transfer` is the bank's id of what made it necessary, or empty.
struct AttentionNeeded {
  TaskId task;
  AttentionKind kind = AttentionKind::overpayment;
  Money amount;
  std::string detail{};
  std::string transfer{};
  friend bool operator==(const AttentionNeeded&, const AttentionNeeded&) = default;
};
struct AttentionResolved {
  TaskId task;
  std::string reason{};
  std::string by{};
  friend bool operator==(const AttentionResolved&, const AttentionResolved&) = default;
};
using Fact =
    std::variant<PaymentCreated, OperationStarted, StepCompleted, OperationApproved,
                 OperationDeclined, OperationRefused, AttemptFailed, OperationPending,
                 ActionWasRequired, ActionConfirmed, AuthorizationExpired, CaptureScheduled,
                 OperationEscalated, OperatorDecided, BreakerNoticed, AuthorizationEndedAtProvider,
                 CapturedAtProvider, RefundedAtProvider, RefundReversed, DisputeChanged,
                 OutcomeReported, Routed, AttemptFenced, FenceFailed, FailedOver, LateSuccess,
                 CompensationStarted, TransferReceived, AttentionNeeded, AttentionResolved>;

struct Event {
  TimePoint at;
  Fact fact;
  friend bool operator==(const Event&, const Event&) = default;
};

// --- effects: data; each runs only after its events are durable, and can run twice without harm
// ---------------

/// Send the running operation (or the question what became of it) to its provider, not before
/// `not_before`. Whoever is given this effect runs it, delays included; the durable timer
/// (`wake_at`) only stands behind it.
struct CallProvider {
  provider::Call call;
  TimePoint not_before;
};
using Effect = std::variant<CallProvider>;

/// Schedules and limits. Defaults are those of design.md.
struct Policy {
  int attempts_in_request_max = 3;  // then only the schedule of inquiries
  Duration repeat_delay_min = std::chrono::milliseconds{200};
  Duration repeat_delay_max = std::chrono::seconds{2};
  std::vector<Duration> inquiry_delays{std::chrono::seconds{2}, std::chrono::seconds{5},
                                       std::chrono::seconds{15},
                                       std::chrono::seconds{60}};  // then doubling
  Duration inquiry_delay_max = std::chrono::hours{1};
  Duration unknown_max = std::chrono::hours{24};  // then nothing is sent again, only asked, and
                                                  // the operators are called
  Duration call_grace =
      std::chrono::seconds{30};                   // a call without an answer for so long is unknown
  Duration action_wait = std::chrono::hours{24};  // the payer's time when no expiry is given; then
                                                  // the provider is asked, and the payment given up
  Duration authorization_lifetime = std::chrono::hours{24 * 7};  // when the provider gives no date
  Duration capture_retry_delay_min = std::chrono::minutes{1};    // of a scheduled capture that an
  Duration capture_retry_delay_max = std::chrono::hours{1};      // outage refused
};

struct Decision {
  std::vector<Event> events;
  std::vector<Effect> effects;
};

/// What a command means now.
/// Shape:  `roll` is uniform in [0, 1) for jitter, drawn by the caller from its random port.
/// Errors: illegal_transition, operation_in_progress, outcome_unknown, amount_too_large,
/// invalid_request
///         (`field` "amount.value" or "amount.currency"). A report that is stale or repeated is not
///         an error: it decides nothing.
[[nodiscard]] Result<Decision> decide(const Payment& payment, const Command& command,
                                      const Policy& policy, TimePoint now, double roll);
/// Total: a fact cannot be refused.
[[nodiscard]] Payment evolve(Payment payment, const Event& event);
/// What a restart must do again. A call that may have been sent is asked about first, never just
/// repeated. Shape: each call has `inquiry` set; its answer must say so in
/// `ProviderAnswered::inquiry`.
[[nodiscard]] std::vector<Effect> owed(const Payment& payment, const Policy& policy, TimePoint now);
/// When the payment must be woken if nothing else happens; nullopt when nothing is owed. It is the
/// earliest of all that is owed.
[[nodiscard]] std::optional<TimePoint> wake_at(const Payment& payment, const Policy& policy);
/// What for: "call_deadline", "repeat", "inquiry", "action_expiry", "authorization_expiry",
/// "scheduled_capture", "escalation"; empty when nothing is owed.
[[nodiscard]] std::string_view wake_reason(const Payment& payment, const Policy& policy);

/// The call that a create would make: what adapters are asked about before a provider is chosen.
[[nodiscard]] provider::Call opening_call(const Create& command, TimePoint now);
/// The call for the running operation of `payment`.
[[nodiscard]] provider::Call call_for(const Payment& payment, const Operation& operation);

}  // namespace cambist::payment
