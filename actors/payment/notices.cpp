// What providers tell by themselves, by webhooks. The payment marks the webhook in the commit of
// its effect, so that whatever crashes in between, it has its effect once.
#include <utility>

#include "actors/payment/payment_impl.hpp"
#include "actors/roll.hpp"
#include "protocols/core/planted.hpp"

namespace cambist::actors::live {

void PaymentActor::handle(NoticeWork& work) {
  using enum Delivered::Outcome;
  const bool missing = std::holds_alternative<payment::Nothing>(payment_.state);
  // Another provider's word about this payment is no word about it.
  const std::string& provider = work.notice.row.provider;
  if (missing || !payment::knows_provider(payment_, provider)) {
    tell(unknown_payment);
    return next();
  }
  auto decision = payment::decide(payment_, payment::Notified{work.notice.notice, provider},
                                  params_->policy, params_->now(), roll(params_->random));
  if (!decision) {
    tell(later, decision.error().detail);
    return next();
  }
  if (!decision->events.empty()) {
    if (planted("webhook_marked_before_effect")) return commit(std::move(*decision), owner_, {});
    return commit(std::move(*decision), owner_, {}, mark_of("applied"));
  }
  if (decision->effects.empty()) return mark(work.asked ? "applied" : "ignored");
  if (work.asked) return leave_unsettled(work);
  ask_first(work, decision->effects);
  next();
}

/// The provider was asked, and the operation is still open. A word that only bade us ask has done
/// its work; one that says more must not be lost, and is told again once the operation is settled.
void PaymentActor::leave_unsettled(const NoticeWork& work) {
  if (std::holds_alternative<provider::Happened>(work.notice.notice.news)) return mark("applied");
  tell(Delivered::Outcome::later, "What it is about is not settled yet; the provider was asked.");
  next();
}

/// What it made us ask is nothing that a restart would ask again: until the answer is durable, the
/// webhook stays due. A call that is under way already may have left before all this happened, so
/// after it the webhook is looked at anew.
void PaymentActor::ask_first(NoticeWork& work, std::vector<payment::Effect>& effects) {
  if (!flight_) {
    run(effects);
    work.asked = flight_ != nullptr;
    told_ = work.asked;
  }
  noticed_.push_back(std::move(work));
}

/// Nothing of the payment changes: only the webhook is settled.
void PaymentActor::mark(const char* status) {
  storage::Append append;
  append.tenant = payment_.tenant;
  append.payment = id_;
  append.expected_version = payment_.version;
  append.webhook = mark_of(status);
  Commit step;
  step.after = payment_;
  step.owner = owner_;
  commit_ = std::make_unique<Commit>(std::move(step));
  write(std::move(append));
}

storage::WebhookUpdate PaymentActor::mark_of(const char* status) const {
  const storage::WebhookRow& row = std::get<NoticeWork>(*current_).notice.row;
  return {.id = row.id,
          .status = status,
          .attempts = row.attempts + 1,
          .payment = id_,
          .at = params_->now()};
}

void PaymentActor::tell(Delivered::Outcome outcome, std::string detail) {
  auto* work = std::get_if<NoticeWork>(&*current_);
  if (work == nullptr || !work->promise.pending()) return;
  work->promise.deliver(Delivered{outcome, std::move(detail)});
}

}  // namespace cambist::actors::live
