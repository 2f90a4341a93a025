// Money that comes by itself: a payment waits for transfers, which may be several, too little, too
// much, too late, and may be taken back. What completes it approves it; whatever nobody expected is
// recorded, and is a task for the operators. Nothing here is refused for good.
#include <utility>

#include "protocols/bank/matcher.hpp"
#include "protocols/core/digest.hpp"
#include "protocols/core/overloaded.hpp"
#include "protocols/payment/decide.hpp"

namespace cambist::payment {
namespace {

using bank::Meaning;
using provider::TransferKind;

/// Made of the time, like every id, and of what the task is about: decided twice, it is the same.
TaskId task_for(const Payment& payment, AttentionKind kind, const std::string& transfer,
                TimePoint now) {
  const Sha256 digest =
      sha256(payment.id.to_string() + "/" + std::string{to_string(kind)} + "/" + transfer);
  TaskId task;
  const auto millis = static_cast<std::uint64_t>(to_micros(now)) / 1000;
  for (std::size_t i = 0; i < 6; ++i)
    task.bytes[i] = static_cast<std::uint8_t>(millis >> (8 * (5 - i)) & 0xffU);
  for (std::size_t i = 6; i < 16; ++i) task.bytes[i] = digest[i];
  // Version 7 and variant 10 of RFC 9562.
  task.bytes[6] = static_cast<std::uint8_t>(0x70U | (task.bytes[6] & 0x0fU));
  task.bytes[8] = static_cast<std::uint8_t>(0x80U | (task.bytes[8] & 0x3fU));
  return task;
}

std::string shown(const Money& amount) {
  return to_decimal(amount) + " " + std::string{amount.currency.code()};
}

bank::EntryKind entry_kind(TransferKind kind) noexcept {
  if (kind == TransferKind::reversal) return bank::EntryKind::reversal;
  if (kind == TransferKind::returned) return bank::EntryKind::returned;
  return bank::EntryKind::credit;
}

bool told_before(const Payment& payment, const provider::TransferSeen& seen) {
  if (!payment.transfers) return false;
  for (const Transfer& known : payment.transfers->seen) {
    if (known.id == seen.transfer && known.kind == seen.kind) return true;
  }
  return false;
}

/// Nullopt while something is being undone: how that ends decides what the money is.
std::optional<bank::Standing> standing_of(const Payment& payment) {
  using Answer = std::optional<bank::Standing>;
  return std::visit(Overloaded{
                        [](const Starting& s) -> Answer {
                          if (s.operation.kind == provider::OperationKind::charge)
                            return bank::Standing::open;
                          return bank::Standing::complete;
                        },
                        [](const AwaitingAction& s) -> Answer {
                          if (s.operation.kind == provider::OperationKind::charge)
                            return bank::Standing::open;
                          return bank::Standing::complete;
                        },
                        [](const Voiding&) -> Answer { return std::nullopt; },
                        [](const Fencing&) -> Answer { return std::nullopt; },
                        [](const Compensating&) -> Answer { return std::nullopt; },
                        [](const Voided&) -> Answer { return bank::Standing::ended; },
                        [](const Failed&) -> Answer { return bank::Standing::ended; },
                        [](const Expired&) -> Answer { return bank::Standing::ended; },
                        [](const auto&) -> Answer { return bank::Standing::complete; },
                    },
                    payment.state);
}

struct Asked {
  AttentionKind kind;
  Money amount;
  std::string detail;
};

/// What of a transfer's meaning needs people, if anything does.
std::optional<Asked> asked_of(const bank::Match& match, const provider::TransferSeen& seen,
                              const Payment& payment) {
  const std::string status{to_string(status_of(payment))};
  switch (match.meaning) {
    case Meaning::overpaid:
      return Asked{AttentionKind::overpayment, match.excess,
                   "The payer sent " + shown(match.excess) + " more than was due."};
    case Meaning::duplicate_payment:
      return Asked{
          AttentionKind::duplicate_payment, seen.amount,
          "The payer sent " + shown(seen.amount) + " for a payment that is " + status + "."};
    case Meaning::late:
      return Asked{
          AttentionKind::late_payment, seen.amount,
          "The payer sent " + shown(seen.amount) + " for a payment that is " + status + "."};
    case Meaning::reversal:
      return Asked{
          AttentionKind::reversal, seen.amount,
          "The bank took back " + shown(seen.amount) + " of a payment that is " + status + "."};
    case Meaning::returned:
      return Asked{AttentionKind::refund_returned, seen.amount,
                   "A transfer of " + shown(seen.amount) + " to the payer came back."};
    case Meaning::currency_differs:
      return Asked{AttentionKind::currency_differs, seen.amount,
                   "The payer sent " + shown(seen.amount) + " for a payment of " +
                       shown(payment.details.amount) + "."};
    default:
      return std::nullopt;
  }
}

}  // namespace

Result<Decision> decide_transfer(const Payment& payment, const provider::TransferSeen& seen,
                                 const std::string& notice, const Moment& moment) {
  if (seen.transfer.empty() || seen.amount.minor <= 0 || told_before(payment, seen))
    return Decision{};
  const auto standing = standing_of(payment);
  if (!standing) {
    return Error{ErrorCode::operation_in_progress,
                 "Something of the payment is being undone; what the money is shows after that."};
  }
  const bank::Match match = bank::weigh({*standing, payment.details.amount, unapplied(payment)},
                                        entry_kind(seen.kind), seen.amount);
  std::vector<Fact> facts{
      TransferReceived{seen.transfer, seen.kind, seen.amount, seen.payer, notice}};
  const bool pays = match.meaning == Meaning::completes || match.meaning == Meaning::overpaid;
  if (pays) {
    facts.emplace_back(OperationApproved{
        running(payment)->id, {payment.details.amount, {}, seen.transfer, {}, {}}, {}});
  }
  if (auto asked = asked_of(match, seen, payment)) {
    facts.emplace_back(
        AttentionNeeded{task_for(payment, asked->kind,
                                 seen.transfer + std::string{to_string(seen.kind)}, moment.now),
                        asked->kind, asked->amount, std::move(asked->detail), seen.transfer});
  }
  return pays ? record(payment, std::move(facts), moment.now)
              : record_beside(payment, std::move(facts), moment.now);
}

AttentionNeeded attention(const Payment& payment, AttentionKind kind, const Money& amount,
                          std::string detail, const std::string& subject, TimePoint now) {
  return {task_for(payment, kind, subject, now), kind, amount, std::move(detail), {}};
}

std::optional<AttentionNeeded> left_over(const Payment& payment, TimePoint now) {
  const auto* state = std::get_if<Voiding>(&payment.state);
  const Money received = unapplied(payment);
  if (state == nullptr || !state->awaiting || received.minor <= 0) return std::nullopt;
  return AttentionNeeded{task_for(payment, AttentionKind::underpayment, {}, now),
                         AttentionKind::underpayment,
                         received,
                         "The payment ended with " + shown(received) + " of " +
                             shown(payment.details.amount) + " received.",
                         {}};
}

Result<Decision> decide_resolution(const Payment& payment, const ResolveAttention& command,
                                   const Moment& moment) {
  const Attention* attention = find_attention(payment, command.task);
  if (attention == nullptr || !attention->open)
    return Error{ErrorCode::illegal_transition, "There is no such task, or it is closed."};
  return record_beside(payment, {AttentionResolved{command.task, command.reason, command.by}},
                       moment.now);
}

}  // namespace cambist::payment
