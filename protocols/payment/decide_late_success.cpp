// A provider that the payment has left tells of money for the attempt that was given up there. The
// payment stays what it is; the money is asked about where nobody vouches for it, then let go or
// returned by itself, and the operators are told.
#include <algorithm>
#include <utility>

#include "protocols/core/overloaded.hpp"
#include "protocols/payment/decide.hpp"

namespace cambist::payment {
namespace {

using provider::OperationKind;

/// The attempt that was given up at `provider`, or nullptr.
const Operation* attempt_at(const Payment& payment, std::string_view provider) {
  const auto found =
      std::find_if(payment.history.rbegin(), payment.history.rend(), [&](const Operation& settled) {
        return settled.provider == provider && begins_payment(settled);
      });
  return found == payment.history.rend() ? nullptr : &*found;
}

/// What the attempt had made there was made void: a mere hint about it is old news.
bool is_fenced(const Payment& payment, std::string_view provider) {
  return std::any_of(payment.history.begin(), payment.history.end(), [&](const Operation& settled) {
    return settled.provider == provider && settled.kind == OperationKind::void_authorization &&
           settled.status == OperationStatus::succeeded;
  });
}

const Late* late_at(const Payment& payment, std::string_view provider) {
  const auto found = std::find_if(payment.late.begin(), payment.late.end(),
                                  [&](const Late& late) { return late.provider == provider; });
  return found == payment.late.end() ? nullptr : &*found;
}

/// The attempt once more, only to ask what became of it.
Operation question(const Operation& attempt, const Late& late, TimePoint now) {
  Operation operation = attempt;
  operation.status = OperationStatus::unknown;
  operation.provider_payment_id = late.provider_payment_id;
  ++operation.attempts;  // what was answered before answers nothing now
  operation.inquire = true;
  operation.next_attempt_at = now;
  operation.inquiries = 0;
  operation.failures = 0;
  operation.origin = {};
  operation.by_itself = true;
  operation.escalated = false;
  operation.escalation.reset();
  operation.unknown_since = operation.resumed_at = now;
  operation.moved.reset();
  operation.reported.reset();
  operation.updated_at = now;
  return operation;
}

Operation remedy(const Payment& payment, const Operation& attempt, const Late& late,
                 TimePoint now) {
  const bool held = late.stage == Late::Stage::certain && attempt.kind == OperationKind::authorize;
  const auto kind = held ? OperationKind::void_authorization : OperationKind::refund;
  Operation operation =
      begin(payment.id, derived_operation(payment), kind, late.amount, late.amount, now);
  operation.provider = late.provider;
  operation.provider_payment_id = late.provider_payment_id;
  operation.reason = "late_success";
  operation.by_itself = true;
  return operation;
}

}  // namespace

Decision decide_late_notice(const Payment& payment, const Notified& notified,
                            const Moment& moment) {
  const provider::Notice& notice = notified.notice;
  const Operation* attempt = attempt_at(payment, notified.provider);
  if (attempt == nullptr) return {};
  if (!notice.provider_payment_id.empty() && !attempt->provider_payment_id.empty() &&
      notice.provider_payment_id != attempt->provider_payment_id) {
    return {};
  }
  LateSuccess fact{attempt->id, notified.provider, notice.provider_payment_id, attempt->amount,
                   false,       notice.id};
  if (fact.provider_payment_id.empty()) fact.provider_payment_id = attempt->provider_payment_id;
  const Late* known = late_at(payment, notified.provider);
  const bool news = std::visit(
      Overloaded{
          [&](const provider::Happened&) {
            return known == nullptr && !is_fenced(payment, notified.provider);
          },
          [&](const provider::ChargeSeen& seen) {
            return seen.succeeded && known == nullptr && !is_fenced(payment, notified.provider);
          },
          [&](const provider::CaptureSeen& seen) {
            if (seen.total.minor <= 0 || seen.total.currency != attempt->amount.currency)
              return false;
            fact.amount = seen.total;
            fact.certain = true;
            return known == nullptr || known->stage == Late::Stage::suspected ||
                   known->stage == Late::Stage::certain;
          },
          // It ended there as it was meant to, or is about what we returned ourselves.
          [](const auto&) { return false; },
      },
      notice.news);
  if (!news) return {};
  std::vector<Fact> facts;
  // What runs elsewhere comes first: until it has ended nothing is done here, but people know.
  if (running(payment) != nullptr && awaiting(payment) == nullptr) {
    facts.emplace_back(
        attention(payment, AttentionKind::late_payment, fact.amount,
                  notified.provider +
                      " tells of money of an attempt that had been given up. It is seen to "
                      "once what runs at " +
                      payment.provider + " has ended.",
                  notified.provider, moment.now));
  }
  facts.insert(facts.begin(), Fact{std::move(fact)});
  return record_beside(payment, std::move(facts), moment.now);
}

Decision compensate(const Payment& payment, const Moment& moment) {
  const auto due = std::find_if(payment.late.begin(), payment.late.end(),
                                [](const Late& late) { return late.stage != Late::Stage::over; });
  if (due == payment.late.end()) return {};
  const Operation* attempt = attempt_at(payment, due->provider);
  if (attempt == nullptr) return {};
  if (due->stage == Late::Stage::suspected) {
    return record(payment, {CompensationStarted{question(*attempt, *due, moment.now)}}, moment.now);
  }
  Operation operation = remedy(payment, *attempt, *due, moment.now);
  OperationEscalated called{
      operation.id, due->provider + " has " + to_decimal(due->amount) + " " +
                        std::string{due->amount.currency.code()} +
                        " of an attempt that had been given up. It is being returned by itself."};
  return record(payment, {CompensationStarted{std::move(operation)}, std::move(called)},
                moment.now);
}

}  // namespace cambist::payment
