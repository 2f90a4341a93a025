// What a provider tells by itself, by a webhook: verified, read, and in our words. A notice is a
// hint: it may come twice, late, or out of order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"
#include "protocols/provider/verdict.hpp"

namespace cambist::provider {

/// Of no consequence for a payment, or of a type we do not know.
struct Irrelevant {
  friend bool operator==(const Irrelevant&, const Irrelevant&) = default;
};
/// Something happened to the payment: if an operation is not settled, the provider is asked about
/// it now.
/// Shape: `amount` and `provider_object` (a receipt) are what an unsigned callback says of it: not
///        believed, but an amount that differs from the operation's keeps it from being approved.
///        `names_payment`: a payment that has no `provider_payment_id` yet is asked about by the
///        notice's, because the answer that would have named it may be lost for good.
struct Happened {
  std::optional<Money> amount{};
  std::string provider_object{};
  bool names_payment = false;
  std::string operation{};  // ours that it is about, as it travelled; empty: whichever runs
  friend bool operator==(const Happened&, const Happened&) = default;
};
/// How the charge ended, told by a provider that cannot be asked: its word is the outcome, as far
/// as its amount is ours. Shape: `amount` zero: it names none, which only a failure may. `failure`
/// is why it failed.
struct ChargeSeen {
  bool succeeded = false;
  Money amount;
  std::string provider_object{};
  Failure failure{};
  friend bool operator==(const ChargeSeen&, const ChargeSeen&) = default;
};
/// The payment is canceled at the provider, for ever, and nothing was captured. `expired`: by time,
/// not by somebody.
struct AuthorizationEnded {
  bool expired = false;
  friend bool operator==(const AuthorizationEnded&, const AuthorizationEnded&) = default;
};
/// The payment is captured at the provider, for ever; `total` is all that was received.
struct CaptureSeen {
  Money total;
  friend bool operator==(const CaptureSeen&, const CaptureSeen&) = default;
};
enum class RefundStatus : std::uint8_t { pending, succeeded, failed };
/// A refund as it stands at the provider.
/// Shape: `operation` is our operation as it travelled in metadata; empty for one that somebody
/// else made. `definite`: the provider cannot be asked, or answers only by callbacks: its word is
/// the outcome of the operation it names, and an amount of zero is one that it did not name.
struct RefundSeen {
  std::string refund;
  std::string operation{};
  Money amount;
  RefundStatus status = RefundStatus::pending;
  std::string reason{};  // the provider's word for why it failed
  bool definite = false;
  friend bool operator==(const RefundSeen&, const RefundSeen&) = default;
};
enum class DisputeStatus : std::uint8_t { open, under_review, won, lost };
/// "open", "under_review", "won", "lost".
[[nodiscard]] std::string_view to_string(DisputeStatus status) noexcept;
[[nodiscard]] std::optional<DisputeStatus> dispute_status(std::string_view name) noexcept;
/// A dispute as it stands at the provider. `inquiry`: only a question of the bank, no money has
/// moved.
struct DisputeSeen {
  std::string dispute;
  Money amount;
  std::string reason{};
  DisputeStatus status = DisputeStatus::open;
  bool inquiry = false;
  std::optional<TimePoint> evidence_due_by{};
  friend bool operator==(const DisputeSeen&, const DisputeSeen&) = default;
};
enum class TransferKind : std::uint8_t {
  credit,    // money of the payer came in
  reversal,  // such money was taken back
  returned,  // money that we had sent the payer came back
};
/// "credit", "reversal", "returned".
[[nodiscard]] std::string_view to_string(TransferKind kind) noexcept;
[[nodiscard]] std::optional<TransferKind> transfer_kind(std::string_view name) noexcept;
/// Money moved at the bank, seen by whoever may say so. A payment may come in several transfers,
/// and a transfer may have any amount.
/// Shape: `transfer` is the bank's own id of it.
struct TransferSeen {
  Money amount;
  std::string transfer;
  TransferKind kind = TransferKind::credit;
  TimePoint booked_at{};
  std::string payer{};
  friend bool operator==(const TransferSeen&, const TransferSeen&) = default;
};
using News = std::variant<Irrelevant, Happened, ChargeSeen, AuthorizationEnded, CaptureSeen,
                          RefundSeen, DisputeSeen, TransferSeen>;

/// Shape: `id` is the provider's own event id, by which duplicates are known; `type` its own word;
/// `payment` our payment
///        id as it travelled in metadata, or empty; `object` the id of what the event is about.
struct Notice {
  std::string id;
  std::string type;
  TimePoint created_at{};
  bool livemode = false;
  std::string payment{};
  std::string provider_payment_id{};
  std::string object{};
  News news{};
  friend bool operator==(const Notice&, const Notice&) = default;
};

}  // namespace cambist::provider
