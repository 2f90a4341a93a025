// What the provider tells by itself: a hint, which may come twice, late or out of order. What tells
// nothing new decides nothing; what can only be told later is refused as operation_in_progress, so
// that the webhook is tried again and, should it never fit, is shown among the dead letters.
#include <algorithm>
#include <utility>

#include "protocols/core/overloaded.hpp"
#include "protocols/payment/decide.hpp"
#include "protocols/payment/moves.hpp"

namespace cambist::payment {
namespace {

using provider::DisputeStatus;
using provider::RefundStatus;

constexpr std::size_t attentions_max = 20;

Error later(std::string detail) {
  return {ErrorCode::operation_in_progress, std::move(detail)};
}

class News {
 public:
  News(const Payment& payment, const provider::Notice& notice, const Moment& moment)
      : payment_(payment), notice_(notice), moment_(moment), running_(running(payment)) {}

  Result<Decision> operator()(const provider::Irrelevant&) const { return Decision{}; }

  Result<Decision> operator()(const provider::Happened& told) const {
    const bool of_another = running_ != nullptr && !told.operation.empty() &&
                            told.operation != running_->id.to_string();
    if (running_ == nullptr || of_another) return after_the_end(told);
    // The answer that names the payment at the provider was lost: without its name nobody can ask.
    const bool named = told.names_payment && payment_.provider_payment_id.empty() &&
                       !notice_.provider_payment_id.empty();
    if (!named && !told.amount && told.provider_object.empty()) return ask();
    const bool known =
        !named && (!told.amount || running_->reported == told.amount) &&
        (told.provider_object.empty() || running_->provider_object == told.provider_object);
    if (known) return ask();
    std::vector<Fact> facts{OutcomeReported{running_->id, told.amount, told.provider_object,
                                            notice_.id,
                                            named ? notice_.provider_payment_id : std::string{}}};
    if (told.amount && *told.amount != running_->amount && !running_->escalation)
      facts.emplace_back(other_amount(*told.amount));
    Decision decision = record_beside(payment_, std::move(facts), moment_.now);
    Payment after = payment_;
    for (const Event& event : decision.events) after = evolve(std::move(after), event);
    decision.effects = {inquiry(after, *running(after), moment_.now)};
    return decision;
  }

  /// Nobody can be asked, so that the word itself decides: of what runs, and with its amount.
  Result<Decision> operator()(const provider::ChargeSeen& seen) const {
    if (running_ == nullptr) {
      if (!seen.succeeded) return Decision{};
      if (ended()) return nobodys(AttentionKind::late_payment, seen.amount, seen.provider_object);
      if (!charged_again(seen)) return Decision{};
      return nobodys(AttentionKind::duplicate_payment, seen.amount, seen.provider_object);
    }
    if (std::holds_alternative<Voiding>(payment_.state)) return later("It is being given up.");
    const bool here = running_->provider.empty() || running_->provider == payment_.provider;
    if (!begins_payment(*running_) || !here) return Decision{};
    const bool ours =
        seen.amount == running_->amount || (!seen.succeeded && seen.amount.minor == 0);
    // What named another amount before is the operators' by now.
    if (running_->reported && *running_->reported != running_->amount) return Decision{};
    if (!ours) {
      std::vector<Fact> facts{
          OutcomeReported{running_->id, seen.amount, seen.provider_object, notice_.id, {}}};
      if (!running_->escalation) facts.emplace_back(other_amount(seen.amount));
      return record_beside(payment_, std::move(facts), moment_.now);
    }
    if (!seen.succeeded) {
      return record(payment_,
                    {OperationDeclined{
                        running_->id, {seen.failure, false, notice_.provider_payment_id, {}}, {}}},
                    moment_.now);
    }
    provider::Approved approved;
    approved.amount = seen.amount;
    approved.provider_payment_id = notice_.provider_payment_id;
    approved.provider_object = seen.provider_object;
    if (running_->kind == provider::OperationKind::authorize)
      approved.authorization_expires_at = moment_.now + moment_.policy.authorization_lifetime;
    return record(payment_, {OperationApproved{running_->id, std::move(approved), {}}},
                  moment_.now);
  }

  Result<Decision> operator()(const provider::AuthorizationEnded& ended) const {
    if (running_ != nullptr) return ask();
    if (!std::holds_alternative<Authorized>(payment_.state)) return Decision{};
    return tell(AuthorizationEndedAtProvider{ended.expired, notice_.id});
  }

  Result<Decision> operator()(const provider::CaptureSeen& seen) const {
    if (running_ != nullptr) return ask();
    if (ended() && seen.total.minor > 0)
      return nobodys(AttentionKind::late_payment, seen.total, notice_.provider_payment_id);
    CapturedAtProvider fact{seen.total, notice_.id};
    if (received_by(payment_, fact).minor == 0) return Decision{};
    return tell(std::move(fact));
  }

  Result<Decision> operator()(const provider::RefundSeen& seen) const {
    const auto parsed = OperationId::parse(seen.operation);
    const OperationId named = parsed ? *parsed : OperationId{};
    if (running_ != nullptr && names_running(seen, named)) {
      if (seen.definite && running_->id == named) return settled_by(seen);
      return ask();
    }
    // Our own voids and partial captures may look like refunds there; a payment that took no money
    // has none.
    if (seen.refund.empty() || seen.status == RefundStatus::pending || ended()) return Decision{};
    const Operation* ours = find_refund(payment_, seen.refund, named);
    const OperationId operation = ours != nullptr ? ours->id : OperationId{};
    if (seen.status == RefundStatus::succeeded) return refunded(seen, ours, operation);
    return reversed(seen, operation);
  }

  Result<Decision> operator()(const provider::DisputeSeen& seen) const {
    if (seen.dispute.empty()) return Decision{};
    const Dispute* known = find_dispute(payment_, seen.dispute);
    if (known == nullptr && captured(payment_).minor == 0)
      return later("Nothing is captured yet that could be disputed.");
    DisputeChanged fact{seen.dispute, seen.amount,          seen.reason, seen.status,
                        seen.inquiry, seen.evidence_due_by, notice_.id};
    if (!moved_by(payment_, fact).forward) return Decision{};
    const bool closed = seen.status == DisputeStatus::won || seen.status == DisputeStatus::lost;
    if (known == nullptr && closed) {  // its beginning comes later, and then tells nothing new
      DisputeChanged opened = fact;
      opened.status = DisputeStatus::open;
      return record_beside(payment_, {Fact{std::move(opened)}, Fact{std::move(fact)}}, moment_.now);
    }
    return tell(std::move(fact));
  }

  Result<Decision> operator()(const provider::TransferSeen& seen) const {
    return decide_transfer(payment_, seen, notice_.id, moment_);
  }

 private:
  template <class F>
  Decision tell(F fact) const {
    return record_beside(payment_, {Fact{std::move(fact)}}, moment_.now);
  }

  /// What runs is asked about at once: the provider's own answer is worth more than its hint.
  Decision ask() const {
    if (running_ == nullptr) return {};
    return Decision{{}, {inquiry(payment_, *running_, moment_.now)}};
  }

  /// What it tells of is settled. Money that nobody here counts is for people to find out about.
  Result<Decision> after_the_end(const provider::Happened& told) const {
    if (!told.amount || told.amount->minor <= 0 || !ended()) return Decision{};
    return nobodys(AttentionKind::late_payment, *told.amount, told.provider_object);
  }

  /// Money that the provider tells of and nobody here counts. However often it is told: one task.
  Result<Decision> nobodys(AttentionKind kind, const Money& amount,
                           const std::string& object) const {
    std::string detail =
        "The provider tells of " + to_decimal(amount) + " " + std::string{amount.currency.code()};
    if (!object.empty()) detail += " (" + object + ")";
    detail += " for a payment that is " + std::string{to_string(status_of(payment_))} + " here.";
    if (payment_.transfers) {
      for (const Attention& known : payment_.transfers->attentions) {
        if (known.kind == kind && known.amount == amount && known.detail == detail)
          return Decision{};
      }
      // Some callbacks anybody may send who knows a URL: the rest is for the dead letters.
      if (payment_.transfers->attentions.size() >= attentions_max)
        return later("The payment has too many tasks.");
    }
    return tell(attention(payment_, kind, amount, std::move(detail), object, moment_.now));
  }

  /// Whether another charge than ours succeeded, by the provider's own id of it.
  [[nodiscard]] bool charged_again(const provider::ChargeSeen& seen) const {
    const auto& history = payment_.history;
    return !seen.provider_object.empty() &&
           std::any_of(history.begin(), history.end(), [&](const Operation& settled) {
             return settled.kind == provider::OperationKind::charge &&
                    settled.status == OperationStatus::succeeded &&
                    settled.provider == payment_.provider && !settled.provider_object.empty() &&
                    settled.provider_object != seen.provider_object;
           });
  }

  [[nodiscard]] OperationEscalated other_amount(const Money& told) const {
    return {running_->id, "The provider's callback names " + to_decimal(told) + " " +
                              std::string{told.currency.code()} + " instead of " +
                              to_decimal(running_->amount) + " " +
                              std::string{running_->amount.currency.code()} + "."};
  }

  /// The running refund as a provider tells of it that has no other way to tell.
  Result<Decision> settled_by(const provider::RefundSeen& seen) const {
    if (running_->kind != provider::OperationKind::refund || seen.status == RefundStatus::pending)
      return ask();
    // Late money that does not go back is the operators', who know of it.
    if (seen.status == RefundStatus::failed && std::holds_alternative<Compensating>(payment_.state))
      return later("The return of late money failed at the provider.");
    if (seen.status == RefundStatus::failed) {
      provider::Failure failure{provider::FailureCode::unknown,
                                "The provider did not make the refund.", seen.reason};
      return record(
          payment_,
          {OperationRefused{running_->id, {std::move(failure), false, false, std::nullopt}, {}}},
          moment_.now);
    }
    if (seen.amount.minor != 0 && seen.amount != running_->amount) return held(seen);
    provider::Approved approved;
    approved.amount = running_->amount;
    approved.provider_object = seen.refund;
    return record(payment_, {OperationApproved{running_->id, std::move(approved), {}}},
                  moment_.now);
  }

  /// Another amount than was asked for went back. To ask would only bring the same word again.
  Decision held(const provider::RefundSeen& seen) const {
    if (running_->reported == seen.amount) return {};
    std::vector<Fact> facts{OutcomeReported{running_->id, seen.amount, {}, notice_.id, {}}};
    if (!running_->escalation) facts.emplace_back(other_amount(seen.amount));
    return record_beside(payment_, std::move(facts), moment_.now);
  }

  [[nodiscard]] bool ended() const {
    return std::holds_alternative<Voided>(payment_.state) ||
           std::holds_alternative<Failed>(payment_.state) ||
           std::holds_alternative<Expired>(payment_.state);
  }

  [[nodiscard]] bool names_running(const provider::RefundSeen& seen,
                                   const OperationId& named) const {
    if (!named.empty() && running_->id == named) return true;
    return running_->kind == provider::OperationKind::refund && !seen.refund.empty() &&
           running_->provider_object == seen.refund;
  }

  Result<Decision> refunded(const provider::RefundSeen& seen, const Operation* ours,
                            const OperationId& operation) const {
    if (ours != nullptr && ours->status == OperationStatus::succeeded) return Decision{};
    if (find_refund_note(payment_, seen.refund, operation) != nullptr) return Decision{};
    RefundedAtProvider fact{seen.refund, operation, seen.amount, notice_.id};
    if (refunded_by(payment_, fact).minor > 0) return tell(std::move(fact));
    const Money all = captured(payment_);
    if (seen.amount.minor <= 0 || seen.amount.currency != payment_.details.amount.currency)
      return Decision{};
    if (!settled_money()) return later("Nothing is captured yet that could be refunded.");
    if (seen.amount.minor > all.minor - refunded_total()) return Decision{};
    return later("What is captured is being refunded, or taken by a dispute.");
  }

  /// One that never counted is remembered too: a late word of its success then tells nothing.
  Result<Decision> reversed(const provider::RefundSeen& seen, const OperationId& operation) const {
    if (!settled_money()) return later("Nothing is captured yet that could be refunded.");
    if (const RefundNote* note = find_refund_note(payment_, seen.refund, operation);
        note != nullptr && note->reversed) {
      return Decision{};
    }
    return tell(RefundReversed{seen.refund, operation, seen.amount, seen.reason, notice_.id});
  }

  [[nodiscard]] std::int64_t refunded_total() const { return payment::refunded(payment_).minor; }
  [[nodiscard]] bool settled_money() const {
    return std::holds_alternative<Captured>(payment_.state) ||
           std::holds_alternative<Refunding>(payment_.state);
  }

  const Payment& payment_;
  const provider::Notice& notice_;
  const Moment& moment_;
  const Operation* running_;
};

/// Whether the provider of what is done about late money speaks of just that.
bool is_about(const Operation& operation, const Notified& notified) {
  if (operation.provider != notified.provider) return false;
  if (std::holds_alternative<provider::Happened>(notified.notice.news)) return true;
  const auto* seen = std::get_if<provider::RefundSeen>(&notified.notice.news);
  return seen != nullptr && operation.kind == provider::OperationKind::refund &&
         (seen->operation == operation.id.to_string() ||
          (!seen->refund.empty() && seen->refund == operation.provider_object));
}

}  // namespace

Result<Decision> decide_notice(const Payment& payment, const Notified& notified,
                               const Moment& moment) {
  // The actor answers for a payment that does not exist.
  if (std::holds_alternative<Nothing>(payment.state)) return Decision{};
  const provider::Notice& notice = notified.notice;
  const bool returning = std::holds_alternative<Compensating>(payment.state);
  if (!notified.provider.empty() && notified.provider != payment.provider) {
    if (!returning || !is_about(*running(payment), notified))
      return decide_late_notice(payment, notified, moment);
    return std::visit(News{payment, notice, moment}, notice.news);
  }
  // Of another payment at the provider, whatever it says of ours.
  if (!notice.provider_payment_id.empty() && !payment.provider_payment_id.empty() &&
      notice.provider_payment_id != payment.provider_payment_id) {
    return Decision{};
  }
  if (returning && !std::holds_alternative<provider::DisputeSeen>(notice.news)) {
    // What runs is at another provider, and answers none of this one's words.
    const bool nothing =
        std::holds_alternative<provider::Irrelevant>(notice.news) ||
        (std::holds_alternative<provider::Happened>(notice.news) && awaiting(payment) == nullptr);
    if (nothing) return Decision{};
    return later("Late money of another provider is being returned.");
  }
  return std::visit(News{payment, notice, moment}, notice.news);
}

}  // namespace cambist::payment
