// A step of the payment on its way to the journal, and what follows once it is durable.
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/payment/payment_impl.hpp"
#include "actors/payment/record.hpp"
#include "protocols/core/failpoint.hpp"
#include "protocols/core/overloaded.hpp"
#include "protocols/core/planted.hpp"

namespace cambist::actors::live {
namespace {

/// The operation that the fact begins, at whichever provider; nullptr when it begins none.
payment::Operation* started_by(payment::Fact& fact) {
  if (auto* started = std::get_if<payment::OperationStarted>(&fact)) return &started->operation;
  if (auto* moved = std::get_if<payment::FailedOver>(&fact)) return &moved->next;
  return nullptr;
}

}  // namespace

/// Writes a decision. `asker` is whose request it answers, should it answer one; `claim` takes a
/// client's key; `webhook` is what it is the effect of.
void PaymentActor::commit(payment::Decision decision, const Owner& asker, storage::KeyChange claim,
                          std::optional<storage::WebhookUpdate> webhook) {
  choose_ids(decision);
  Commit step;
  step.answered = asker;
  step.after = evolve_all(payment_, decision.events);
  step.owner = owner_;
  for (const payment::Event& event : decision.events) {
    step.owner = owner_after(std::move(step.owner), event.fact);
  }
  std::string shown = api::render(step.after);
  step.outcome = outcome_of(asker, decision.events, step.after, shown, perhaps_told());
  const auto* asked = client();
  step.by_operator = asked != nullptr && by_operator(asked->perform.command);
  storage::KeyChange key = std::holds_alternative<std::monostate>(claim)
                               ? key_change(asker, step.outcome)
                               : std::move(claim);
  step.frees_key = std::holds_alternative<storage::KeyRelease>(key);
  if (auto* taken = std::get_if<storage::KeyClaim>(&key); taken && step.outcome.settled) {
    taken->status = step.outcome.answer->status;
    taken->body = step.outcome.answer->body;
  }
  auto append = make_append(payment_, step.after, decision.events, params_->policy, params_->random,
                            std::move(key), std::move(shown),
                            asked ? asked->perform.context.request_id : std::string{});
  append.webhook = std::move(webhook);
  step.tasks_change = tasks_change(append.tasks);
  step.events = std::move(decision.events);
  step.effects = std::move(decision.effects);
  commit_ = std::make_unique<Commit>(std::move(step));
  if (commit_->outcome.answer && planted("answer_before_commit")) {
    answer_client(*commit_->outcome.answer);
    answer_waiter(*commit_->outcome.answer);
  }
  if (asked != nullptr && planted("call_before_intent")) {
    payment_.details = commit_->after.details;
    payment_.provider = commit_->after.provider;
    auto effects = commit_->effects;
    run(effects);
  }
  write(std::move(append));
}

/// What the provider will call the payment, where that is ours to choose: it is durable before the
/// call leaves, so that a callback finds its payment although the call's answer was lost.
void PaymentActor::choose_ids(payment::Decision& decision) const {
  if (decision.events.empty()) return;
  const auto* created = std::get_if<payment::PaymentCreated>(&decision.events.front().fact);
  const std::string& usual = created ? created->details.provider : payment_.provider;
  for (payment::Event& event : decision.events) {
    payment::Operation* started = started_by(event.fact);
    if (started == nullptr) continue;
    const std::string& name = started->provider;
    const auto adapter = params_->adapters.find(name.empty() ? usual : name);
    if (adapter == params_->adapters.end()) continue;
    for (payment::Effect& effect : decision.effects) {
      provider::Call& call = std::get<payment::CallProvider>(effect).call;
      if (call.operation != started->id) continue;
      std::string chosen = adapter->second->provider_payment_id_for(call);
      if (chosen.empty()) continue;
      started->provider_payment_id = chosen;
      call.provider_payment_id = std::move(chosen);
    }
  }
}

/// Whether the client of the running operation may have been answered 202: by us, or by an actor
/// before us. Nobody else says so to a request with a key.
bool PaymentActor::perhaps_told() const {
  return client() == nullptr && !waiter_;
}

void PaymentActor::write(storage::Append append) {
  Ticket ticket = params_->journal_gate->try_enter();
  if (!ticket) {
    if (std::holds_alternative<NoticeWork>(*current_)) {
      tell(Delivered::Outcome::later, "The server is at its limit.");
      return next();
    }
    if (client() == nullptr) return end("journal_full");  // nobody to refuse: rebuilt later
    answer_client(api::problem({ErrorCode::overloaded, "The server is at its limit."},
                               client()->perform.context.request_id, 1));
    return next();
  }
  busy_for(params_->journal_timeout);
  if (client() != nullptr) failpoint("payment.before_intent");
  request(params_->journal, caf::infinite, Write{std::move(append), std::move(ticket), mono()})
      .then(
          [this](Written& outcome) {
            written(outcome);
            pump();
            settle_down();
          },
          [this](const caf::error&) { end("journal_down"); });
}

void PaymentActor::written(Written& outcome) {
  if (std::holds_alternative<storage::Appended>(outcome.result)) return committed();
  if (std::holds_alternative<storage::DuplicateKey>(outcome.result)) {
    // The request was here before. Nothing was written, so nothing of this attempt is left.
    return look_up_key(std::nullopt);
  }
  if (std::holds_alternative<storage::AlreadyThere>(outcome.result)) {
    // The webhook had its effect before. Nothing was written: what this actor holds is still right.
    tell(Delivered::Outcome::applied, "before");
    return next();
  }
  // Another writer was faster, or nobody knows what became of the append: what this actor holds may
  // be stale.
  end(std::holds_alternative<storage::Conflict>(outcome.result) ? "conflict" : "journal_failed");
}

void PaymentActor::committed() {
  Commit step = std::move(*commit_);
  const bool moved = !step.events.empty();
  const payment::Payment before = std::exchange(payment_, std::move(step.after));
  owner_ = step.owner;
  if (moved) later_.reset();  // what is owed now is in this decision
  std::visit(Overloaded{[](const ClientWork&) { failpoint("payment.intent_durable"); },
                        [](const NoticeWork&) { failpoint("webhook.applied"); },
                        [](const VerdictWork&) { failpoint("payment.verdict_durable"); },
                        [](const WakeWork&) { failpoint("timer.durable"); }},
             *current_);
  if (moved) report(before, step);
  answer_asker(step);
  if (std::holds_alternative<VerdictWork>(*current_)) told_ = false;
  if (std::holds_alternative<NoticeWork>(*current_) && !flight_) told_ = !step.effects.empty();
  run(step.effects);
  next();
}

/// Whoever asked for the step is told: a client, its request that waits, or a webhook's stream.
void PaymentActor::answer_asker(Commit& step) {
  if (const auto* notice = std::get_if<NoticeWork>(&*current_)) {
    const bool told_news = notice->asked || !step.events.empty();
    tell(told_news ? Delivered::Outcome::applied : Delivered::Outcome::ignored);
  }
  if (step.by_operator) {
    answer_client(api::payment_answer(200, payment_));
    if (step.outcome.answer) answer_waiter(*std::move(step.outcome.answer));
    return;
  }
  if (client() != nullptr && !step.outcome.answer) {
    if (waiter_) answer_waiter(api::payment_answer(202, payment_));
    waiter_ = Waiter{client()->promise, client()->arrived + params_->reply_max};
  } else if (client() != nullptr) {
    answer_client(*std::move(step.outcome.answer));
  } else if (step.outcome.answer) {
    answer_waiter(*std::move(step.outcome.answer));
  }
}

void PaymentActor::report(const payment::Payment& before, const Commit& step) {
  const std::string& provider = payment_.provider;
  const auto status = payment::status_of(payment_);
  if (const auto* asked = client()) {
    telemetry().intent_queued(std::chrono::floor<Duration>(mono() - asked->arrived));
  }
  if (step.tasks_change != 0) telemetry().tasks_open(step.tasks_change);
  if (const auto known = now_known(before, payment_, step.events)) {
    const bool by_webhook = told_ || std::holds_alternative<NoticeWork>(*current_);
    const char* how = known->by_operator ? "operator" : by_webhook ? "webhook" : "inquiry";
    telemetry().unknown_resolved(payment::provider_of(before, known->operation), how,
                                 known->unknown_for);
  }
  if (before.version == 0 || payment::status_of(before) != status) {
    telemetry().payment_moved(payment::to_string(status), provider);
    if (spdlog::should_log(spdlog::level::info))
      spdlog::info("payment_moved payment={} status={} provider={} version={}", id_.to_string(),
                   payment::to_string(status), provider, payment_.version);
  }
  for (const payment::Event& event : step.events) {
    if (const auto* moved = std::get_if<payment::FailedOver>(&event.fact))
      telemetry().failed_over(moved->from, moved->to);
    if (const auto* late = std::get_if<payment::LateSuccess>(&event.fact))
      telemetry().late_success(late->provider);
  }
  for (std::size_t i = before.history.size(); i < payment_.history.size(); ++i) {
    const payment::Operation& operation = payment_.history[i];
    telemetry().operation_settled(provider::to_string(operation.kind), operation.provider,
                                  payment::to_string(operation.status),
                                  step.events.back().at - operation.started_at);
  }
}

}  // namespace cambist::actors::live
