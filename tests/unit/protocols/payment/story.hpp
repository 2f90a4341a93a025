// One payment as a test tells it: commands go in, events are folded, effects are kept, time moves
// by hand.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "protocols/payment/ledger.hpp"
#include "protocols/payment/machine.hpp"

namespace cambist::payment {

inline Money usd(std::int64_t minor) {
  return {minor, Currency::parse("USD").value()};
}
inline Money eur(std::int64_t minor) {
  return {minor, Currency::parse("EUR").value()};
}

inline provider::Approved approved(Money amount, std::string object = {}) {
  return {amount, "pi_1", std::move(object), {"visa", "4242"}, std::nullopt};
}
inline provider::Declined declined() {
  return {{provider::FailureCode::insufficient_funds, "Not enough funds.", "insufficient_funds"},
          false,
          "pi_1",
          {}};
}
inline provider::Refused refused(bool repeatable = true,
                                 std::optional<std::chrono::seconds> retry_after = {}) {
  return {{provider::FailureCode::provider_down, "The provider is down.", {}},
          true,
          repeatable,
          retry_after};
}
inline provider::Unknown unknown(std::optional<std::chrono::seconds> retry_after = {}) {
  return {{provider::FailureCode::timeout, "No answer.", {}}, true, retry_after};
}
inline provider::ActionRequired action_required(std::optional<TimePoint> expires_at = {}) {
  return {{"redirect", "https://bank.example/3ds", "", expires_at}, "pi_1", {}};
}

inline provider::RefundSeen refund_seen(
    Money amount, std::string refund = "re_x",
    provider::RefundStatus status = provider::RefundStatus::succeeded) {
  return {std::move(refund), "", amount, status, ""};
}
inline provider::DisputeSeen dispute_seen(
    Money amount, provider::DisputeStatus status = provider::DisputeStatus::open) {
  return {"du_1", amount, "fraudulent", status, false, std::nullopt};
}

class Story {
 public:
  explicit Story(CaptureMethod capture = CaptureMethod::manual, Money amount = usd(10'000)) {
    details.amount = amount;
    details.capture = capture;
    details.provider = "stripe";
    details.method = {"card", "pm_card_visa", {}};
    details.reference = "order-7";
  }

  // --- commands ---
  Result<Decision> tell(const Command& command) {
    auto decision = decide(payment, command, policy, now, roll);
    if (!decision) return decision;
    for (const Event& event : decision->events) {
      for (const Posting& posting : postings(payment, event)) ledger.push_back(posting);
      payment = evolve(payment, event);
      events.push_back(event);
    }
    // A decision that changes nothing cancels nothing: what was under way still is.
    if (!decision->events.empty()) effects = decision->effects;
    return decision;
  }
  Result<Decision> create() {
    return tell(Create{next_id<PaymentId>(), default_tenant(), details, operation_id()});
  }
  Result<Decision> capture(std::optional<Money> amount = {}, bool final_capture = true) {
    return tell(Capture{amount, final_capture, operation_id()});
  }
  Result<Decision> cancel() { return tell(Cancel{"requested_by_customer", operation_id()}); }
  Result<Decision> refund(std::optional<Money> amount = {}) {
    return tell(Refund{amount, "requested_by_customer", operation_id()});
  }
  Result<Decision> confirm() { return tell(Confirm{}); }
  /// The answer to the call that is under way.
  Result<Decision> answer(provider::Verdict verdict) {
    return tell(answer_to(call(), std::move(verdict)));
  }
  Result<Decision> fire() { return tell(TimerFired{}); }
  /// The provider tells by itself.
  Result<Decision> hear(provider::News news) { return tell(notice(std::move(news))); }
  Result<Decision> schedule(std::optional<TimePoint> at) { return tell(ScheduleCapture{at}); }
  /// A provider that the payment has left tells by itself.
  Result<Decision> hear_from(const std::string& provider, provider::News news,
                             const std::string& object = "") {
    Notified told = notice(std::move(news));
    told.provider = provider;
    told.notice.provider_payment_id = object;
    return tell(told);
  }
  /// The operators have found out what became of the running operation.
  Result<Decision> resolve(bool succeeded) {
    return tell(ResolveOperation{operation().id, succeeded, "", "Seen in the dashboard.", "ops"});
  }

  static Notified notice(provider::News news) {
    provider::Notice notice;
    notice.id = "evt_1";
    notice.type = "something.happened";
    notice.provider_payment_id = "pi_1";
    notice.news = std::move(news);
    return {std::move(notice)};
  }

  static ProviderAnswered answer_to(const provider::Call& call, provider::Verdict verdict) {
    return {call.operation, call.attempt, call.inquiry, std::move(verdict), {}};
  }

  // --- what there is ---
  [[nodiscard]] const provider::Call& call() const {
    if (effects.empty()) throw std::logic_error("no call is under way");
    return std::get<CallProvider>(effects.front()).call;
  }
  [[nodiscard]] TimePoint call_at() const {
    return std::get<CallProvider>(effects.front()).not_before;
  }
  [[nodiscard]] Status status() const { return status_of(payment); }
  template <class S>
  [[nodiscard]] const S& state() const {
    return std::get<S>(payment.state);
  }
  template <class S>
  [[nodiscard]] bool is() const {
    return std::holds_alternative<S>(payment.state);
  }
  [[nodiscard]] const Operation& operation() const {
    const Operation* operation = running(payment);
    if (operation == nullptr) throw std::logic_error("no operation runs");
    return *operation;
  }
  template <class F>
  [[nodiscard]] const F& last() const {
    return std::get<F>(events.back().fact);
  }
  [[nodiscard]] std::int64_t balance(const std::string& account) const {
    std::int64_t sum = 0;
    for (const Posting& posting : ledger)
      sum += posting.account == account ? posting.amount.minor : 0;
    return sum;
  }
  template <class I>
  I next_id() {
    I id;
    id.bytes[15] = static_cast<std::uint8_t>(++ids_);
    id.bytes[14] = static_cast<std::uint8_t>(ids_ >> 8);
    return id;
  }
  OperationId operation_id() { return next_id<OperationId>(); }

  // --- how far a story has come ---
  /// Begun at stripe, with others to take over.
  static Story routed(CaptureMethod capture = CaptureMethod::automatic,
                      std::vector<std::string> alternatives = {"paypal", "mpesa"}) {
    Story story{capture};
    story.details.alternatives = std::move(alternatives);
    (void)story.create();
    return story;
  }
  /// Stripe has made something of a routed payment before it refuses.
  static Story fencing(CaptureMethod capture = CaptureMethod::automatic) {
    Story story = routed(capture);
    (void)story.answer(provider::Progressed{"pi_1", 1});
    (void)story.answer(payment::refused(false));
    return story;
  }
  /// Refused by stripe, and gone through at paypal.
  static Story at_paypal(CaptureMethod capture = CaptureMethod::automatic) {
    Story story = routed(capture);
    (void)story.answer(payment::refused(false));
    provider::Approved yes = payment::approved(story.details.amount);
    yes.provider_payment_id = "pp_1";
    (void)story.answer(yes);
    return story;
  }
  static Story authorized(Money amount = usd(10'000)) {
    Story story{CaptureMethod::manual, amount};
    (void)story.create();
    (void)story.answer(payment::approved(amount));
    return story;
  }
  static Story captured(Money amount = usd(10'000)) {
    Story story{CaptureMethod::automatic, amount};
    (void)story.create();
    (void)story.answer(payment::approved(amount));
    return story;
  }
  static Story awaiting() {
    Story story{CaptureMethod::automatic};
    (void)story.create();
    (void)story.answer(action_required());
    return story;
  }

  Details details;
  Policy policy{};
  TimePoint now = parse_rfc3339("2026-11-21T12:00:00Z").value();
  double roll = 0.5;  // the middle: no jitter
  Payment payment{};
  std::vector<Event> events;
  std::vector<Effect> effects;
  std::vector<Posting> ledger;

 private:
  int ids_ = 0;
};

#define EXPECT_REFUSED(outcome, expected_code, expected_field) \
  do {                                                         \
    const auto refused_outcome = (outcome);                    \
    ASSERT_FALSE(refused_outcome);                             \
    EXPECT_EQ(refused_outcome.error().code, expected_code);    \
    EXPECT_EQ(refused_outcome.error().field, expected_field);  \
    EXPECT_FALSE(refused_outcome.error().detail.empty());      \
  } while (false)

}  // namespace cambist::payment
