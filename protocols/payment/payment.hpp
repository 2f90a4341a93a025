// What a payment is: the facts that never change, the operations it has had, and the state it is
// in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/core/ids.hpp"
#include "protocols/core/money.hpp"
#include "protocols/core/rare.hpp"
#include "protocols/core/time.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/provider/notice.hpp"
#include "protocols/provider/verdict.hpp"

namespace cambist::payment {

/// The statuses of the API, in the order of a payment's life.
enum class Status : std::uint8_t {
  pending,
  requires_action,
  processing,
  authorized,
  partially_captured,
  captured,
  voided,
  failed,
  expired,
  partially_refunded,
  refunded,
};
[[nodiscard]] std::string_view to_string(Status status) noexcept;
[[nodiscard]] std::optional<Status> parse_status(std::string_view name) noexcept;

enum class CaptureMethod : std::uint8_t { automatic, manual };

/// What the request fixed; never changes.
/// Shape: `provider` is the one it goes to first, `alternatives` those that take over, in order,
///        each only once the one before has surely not processed it.
struct Details {
  Money amount;
  CaptureMethod capture = CaptureMethod::automatic;
  std::string provider;
  provider::PaymentMethod method;
  std::string customer_id{};
  std::string reference{};
  std::string description{};
  std::string return_url{};
  provider::Metadata metadata{};
  std::optional<TimePoint> capture_at{};  // manual capture: captured by itself then
  std::vector<std::string> alternatives{};
  std::vector<std::string> required_features{};  // names of provider::Feature
  friend bool operator==(const Details&, const Details&) = default;
};

enum class OperationStatus : std::uint8_t { pending, succeeded, declined, refused, unknown };
[[nodiscard]] std::string_view to_string(OperationStatus status) noexcept;

/// The client's request that an operation answers. Durable with it, so that a verdict found after a
/// restart still completes the client's idempotency key. Filled in by the payment actor; the
/// machine only carries it.
struct Origin {
  std::string key{};  // the client's idempotency key; empty: none
  std::string request_id{};
  friend bool operator==(const Origin&, const Origin&) = default;
};

/// The operators were called about an operation.
struct Escalation {
  TimePoint at;
  std::string reason{};
  friend bool operator==(const Escalation&, const Escalation&) = default;
};

/// One side effect at a provider. `idempotency_key` never changes between attempts.
struct Operation {
  OperationId id;
  provider::OperationKind kind = provider::OperationKind::charge;
  OperationStatus status = OperationStatus::pending;
  Money amount;
  Money remaining;  // capturable or refundable before it; see provider::Call
  bool final_capture = true;
  std::string idempotency_key{};
  std::string provider_object{};
  std::string reason{};
  int step = 0;
  int attempts = 1;      // the number of the call under way or owed next, inquiries included
  bool inquire = false;  // the next call asks instead of doing
  bool confirmed = false;
  TimePoint started_at{};
  std::optional<TimePoint> next_attempt_at{};  // set while a repeat or an inquiry is owed
  Rare<provider::Failure> failure{};
  int failures = 0;             // calls of this step that settled nothing
  int inquiries = 0;            // inquiries put on the schedule so far
  TimePoint step_started_at{};  // the age of the step's idempotency key
  TimePoint updated_at{};       // its last event
  Origin origin{};
  bool by_itself = false;                    // nobody asked for it
  bool escalated = false;                    // a task for the operators is open for it
  Rare<Escalation> escalation{};             // when and why it was opened
  std::optional<TimePoint> unknown_since{};  // set while nobody knows its outcome, and kept then
  std::optional<TimePoint> resumed_at{};     // the payer's turn ended
  std::optional<Money> moved{};              // what an approval moved
  std::optional<Money> reported{};           // what an unsigned callback said had moved
  std::string provider{};                    // where it runs
  std::string provider_payment_id{};  // of authorize and charge: what they made there, or will
  bool unfenced = false;              // refused, and could not be taken back: only asked about
  friend bool operator==(const Operation&, const Operation&) = default;
};

// --- states: what the payment is. Each carries exactly the fields that are true in it.
// ----------------------

struct Nothing {  // no event yet
  friend bool operator==(const Nothing&, const Nothing&) = default;
};
/// The first operation (authorize or charge) is under way or unknown.
struct Starting {
  Operation operation;
  friend bool operator==(const Starting&, const Starting&) = default;
};
/// The payer must act; the first operation waits. The provider last said so at `since`; it is asked
/// again at `operation.next_attempt_at` or, when that is not set, once the action has expired.
struct AwaitingAction {
  Operation operation;
  provider::NextAction action;
  TimePoint since{};
  bool withdrawable = true;  // the provider can take the action back
  friend bool operator==(const AwaitingAction&, const AwaitingAction&) = default;
};
/// Money is held. `captured` is above zero after a capture that was not final.
struct Authorized {
  Money captured;
  std::optional<TimePoint> expires_at{};
  friend bool operator==(const Authorized&, const Authorized&) = default;
};
struct Capturing {
  Money captured;
  std::optional<TimePoint> expires_at{};
  Operation operation;
  friend bool operator==(const Capturing&, const Capturing&) = default;
};
/// What is given up is an authorization, or with `awaiting` an operation whose payer has not acted
/// yet.
struct Voiding {
  std::optional<TimePoint> expires_at{};
  Operation operation;
  Rare<AwaitingAction> awaiting{};
  friend bool operator==(const Voiding&, const Voiding&) = default;
};
/// Money has moved; nothing more can be captured.
struct Captured {
  Money captured;
  Money refunded;
  friend bool operator==(const Captured&, const Captured&) = default;
};
struct Refunding {
  Money captured;
  Money refunded;
  Operation operation;
  friend bool operator==(const Refunding&, const Refunding&) = default;
};
/// The first operation was refused, but has left something at the provider: that is made void
/// before another provider is tried.
/// Shape: `operation` is the void; `attempt` the first operation.
struct Fencing {
  Operation operation;
  Rare<Operation> attempt{};
  Rare<provider::Refused> refused{};
  friend bool operator==(const Fencing&, const Fencing&) = default;
};
struct Voided {
  friend bool operator==(const Voided&, const Voided&) = default;
};
struct Failed {
  provider::Failure failure;
  friend bool operator==(const Failed&, const Failed&) = default;
};
struct Expired {
  friend bool operator==(const Expired&, const Expired&) = default;
};

/// An earlier provider holds or took money for an attempt that had been given up: it is being found
/// out, or returned.
/// Shape: `rest` is what the payment is beside that, and stays.
struct Compensating {
  using Rest = std::variant<AwaitingAction, Authorized, Captured, Voided, Failed, Expired>;
  Rest rest;
  Operation operation;
  friend bool operator==(const Compensating&, const Compensating&) = default;
};

using State = std::variant<Nothing, Starting, AwaitingAction, Authorized, Capturing, Voiding,
                           Captured, Refunding, Voided, Failed, Expired, Fencing, Compensating>;

/// Money at a provider that the payment has left.
struct Late {
  enum class Stage : std::uint8_t {
    suspected,  // it is asked about
    certain,    // it is to be let go, or returned
    taken,      // it could not be let go: it is to be returned
    over,
  };
  std::string provider;
  std::string provider_payment_id{};
  Money amount;
  Stage stage = Stage::suspected;
  friend bool operator==(const Late&, const Late&) = default;
};

/// A dispute as the provider has told of it so far.
/// Shape: `posted` is what of it has been taken from the merchant in the ledger, zero for an
/// inquiry
///        and after it is won; `closed_at` is set once it is won or lost.
struct Dispute {
  std::string id;
  Money amount;
  std::string reason{};
  provider::DisputeStatus status = provider::DisputeStatus::open;
  bool inquiry = false;
  std::optional<TimePoint> evidence_due_by{};
  TimePoint opened_at{};
  std::optional<TimePoint> closed_at{};
  Money posted;
  friend bool operator==(const Dispute&, const Dispute&) = default;
};

/// What the provider has told of a refund beyond our own operations: one that somebody else made,
/// or one of ours that failed after it had succeeded.
/// Shape: `operation` is empty for somebody else's.
struct RefundNote {
  std::string refund;
  OperationId operation{};
  Money amount;
  bool reversed = false;
  friend bool operator==(const RefundNote&, const RefundNote&) = default;
};

/// Why the operators must look at money that came, or went, where no operation expected it.
enum class AttentionKind : std::uint8_t {
  underpayment,       // the payment ended with a part of what was due
  overpayment,        // more came than was due
  duplicate_payment,  // the payment was paid before
  late_payment,       // the payment had ended
  reversal,           // money that had come in was taken back
  refund_returned,    // money that was sent back to the payer came back to us
  currency_differs,
};
/// "underpayment", "overpayment", ...: the kinds of such tasks.
[[nodiscard]] std::string_view to_string(AttentionKind kind) noexcept;
[[nodiscard]] std::optional<AttentionKind> attention_kind(std::string_view name) noexcept;

/// Money that moved at the bank for this payment, by the bank's own id.
struct Transfer {
  std::string id;
  provider::TransferKind kind = provider::TransferKind::credit;
  Money amount;
  friend bool operator==(const Transfer&, const Transfer&) = default;
};
/// A task for the operators that no running operation answers.
struct Attention {
  TaskId task;
  AttentionKind kind = AttentionKind::overpayment;
  Money amount;
  std::string detail{};
  TimePoint at{};
  bool open = true;
  friend bool operator==(const Attention&, const Attention&) = default;
};
/// What a payment by transfers has beside its state.
/// Shape: `unapplied_minor` is what was received and is nobody's yet: below zero once more was
///        taken back than is left of it.
struct Transfers {
  std::vector<Transfer> seen{};
  std::int64_t unapplied_minor = 0;
  std::vector<Attention> attentions{};
  friend bool operator==(const Transfers&, const Transfers&) = default;
};

/// The payment as rebuilt from its events.
/// Shape: `history` holds the settled operations, oldest first; the running one is in `state`.
struct Payment {
  PaymentId id;
  TenantId tenant;
  std::uint64_t version = 0;  // events folded so far
  Details details;
  State state;
  std::string provider{};  // where it is now
  std::string provider_payment_id{};
  provider::MethodSummary method{};
  std::vector<Operation> history{};
  std::optional<TimePoint> capture_at{};  // all that is left is captured by itself then
  std::vector<Dispute> disputes{};        // in the order in which they were first told of
  std::vector<RefundNote> refund_notes{};
  std::vector<Late> late{};
  Rare<Transfers> transfers{};
  TimePoint created_at{};
  TimePoint updated_at{};
  friend bool operator==(const Payment&, const Payment&) = default;
};

/// Whether it is of the kind that makes the payment: authorize or charge.
[[nodiscard]] bool begins_payment(const Operation& operation) noexcept;
[[nodiscard]] Status status_of(const Payment& payment) noexcept;
[[nodiscard]] Money captured(const Payment& payment);
[[nodiscard]] Money refunded(const Payment& payment);
/// What a capture may still take: zero unless Authorized or Capturing.
[[nodiscard]] Money capturable(const Payment& payment);
/// What was received by transfers and has not become a part of what is captured.
[[nodiscard]] Money unapplied(const Payment& payment);
[[nodiscard]] const Attention* find_attention(const Payment& payment, const TaskId& task) noexcept;
/// What disputes have taken in the ledger and not given back: with `refunded` never above
/// `captured`.
[[nodiscard]] Money disputed(const Payment& payment);
/// The dispute that the API shows: the last that is open, or else the last; nullptr without any.
[[nodiscard]] const Dispute* dispute_shown(const Payment& payment) noexcept;
[[nodiscard]] const Dispute* find_dispute(const Payment& payment, std::string_view id) noexcept;
/// The operation that made the payment, authorize or charge, settled or not; nullptr before it.
[[nodiscard]] const Operation* first_operation(const Payment& payment) noexcept;
/// The payer's turn, also while late money of another provider is being returned; or nullptr.
[[nodiscard]] const AwaitingAction* awaiting(const Payment& payment) noexcept;
/// Why it failed, also while money of an earlier attempt is returned; nullptr when it has not.
[[nodiscard]] const Failed* failed(const Payment& payment) noexcept;
/// Where the call of this operation goes.
[[nodiscard]] const std::string& provider_of(const Payment& payment,
                                             const OperationId& operation) noexcept;
/// Whether the payment is, or has been, at this provider.
[[nodiscard]] bool knows_provider(const Payment& payment, std::string_view provider) noexcept;
/// The operation that is not settled yet, the one that waits for the payer included, or nullptr.
[[nodiscard]] const Operation* running(const Payment& payment) noexcept;
/// No command can change it any more: voided, failed, expired, or refunded in full.
[[nodiscard]] bool is_terminal(const Payment& payment) noexcept;

}  // namespace cambist::payment
