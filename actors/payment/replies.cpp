#include "actors/payment/replies.hpp"

#include "protocols/core/overloaded.hpp"
#include "protocols/core/planted.hpp"

namespace cambist::actors::live {
namespace {

/// The operation a fact is about, as it stands after it: the running one, or the last that was
/// settled.
const payment::Operation* operation_of(const payment::Payment& after, const OperationId& id) {
  if (const auto* running = payment::running(after); running != nullptr && running->id == id) {
    return running;
  }
  for (auto it = after.history.rbegin(); it != after.history.rend(); ++it) {
    if (it->id == id) return &*it;
  }
  return nullptr;
}

/// 201 for what makes a payment, 200 for what changes one.
int success_status(const Owner& owner, const OperationId& id, const payment::Payment& after) {
  const payment::Operation* operation = operation_of(after, id);
  const bool first =
      operation != nullptr && (operation->kind == provider::OperationKind::authorize ||
                               operation->kind == provider::OperationKind::charge);
  return first && !owner.confirm ? 201 : 200;
}

}  // namespace

Outcome outcome_of(const Owner& owner, std::span<const payment::Event> events,
                   const payment::Payment& after, const std::string& shown, bool told) {
  if (events.empty()) return {};
  const auto payment_answer = [&](int status) {
    return api::stored_payment_answer(status, shown, after.id);
  };
  const auto payment_with = [&](const OperationId& id) {
    return Outcome{payment_answer(success_status(owner, id, after)), true};
  };
  const auto failure = [&](const provider::Failure& why, bool declined) {
    return Outcome{api::failure_answer(why, declined, after, owner.origin.request_id, told), true};
  };
  // What a breaker did comes before the answer, what follows from it (a task, another schedule)
  // behind.
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    const auto answer = std::visit(
        Overloaded{
            [&](const payment::OperationApproved& f) { return payment_with(f.operation); },
            [&](const payment::ActionWasRequired& f) { return payment_with(f.operation); },
            [&](const payment::OperationDeclined& f) { return failure(f.declined.failure, true); },
            [&](const payment::OperationRefused& f) { return failure(f.refused.failure, false); },
            // Accepted, and the provider takes its time: the client need not wait, the key does.
            [&](const payment::OperationPending&) {
              return Outcome{payment_answer(202), false};
            },
            [](const auto&) { return Outcome{}; },
        },
        event->fact);
    if (answer.answer) return answer;
  }
  // A schedule is answered by itself: nobody has to be asked.
  if (std::holds_alternative<payment::CaptureScheduled>(events.back().fact))
    return Outcome{payment_answer(200), true};
  return {};
}

storage::KeyChange key_change(const Owner& owner, const Outcome& outcome) {
  if (owner.origin.key.empty() || !outcome.settled || !outcome.answer) return {};
  if (planted("key_answer_not_stored")) return {};
  constexpr int unavailable = 503;
  if (outcome.answer->status == unavailable) return storage::KeyRelease{owner.origin.key};
  return storage::KeyAnswer{owner.origin.key, outcome.answer->status, outcome.answer->body};
}

api::Answer answer_from_key(const std::optional<storage::KeyRecord>& record,
                            const Sha256& fingerprint, std::string_view request_id) {
  const bool same = record && record->fingerprint == fingerprint;
  if (record && !same && !planted("idempotency_fingerprint_ignored")) {
    return api::problem({ErrorCode::idempotency_key_reused,
                         "The idempotency key was used for another request.", "idempotency_key"},
                        request_id);
  }
  if (record && record->completed) return api::replay(record->status, record->body);
  return api::problem({ErrorCode::idempotency_in_progress,
                       "The first request with this idempotency key is still being processed."},
                      request_id, 1);
}

}  // namespace cambist::actors::live
