#include "actors/payment/record.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "protocols/core/overloaded.hpp"
#include "protocols/core/planted.hpp"
#include "protocols/payment/announce.hpp"
#include "protocols/payment/codec.hpp"
#include "protocols/payment/ledger.hpp"

namespace cambist::actors::live {
namespace {

/// The operation a fact speaks of, if it speaks of one.
std::optional<OperationId> operation_in(const payment::Fact& fact) {
  return std::visit(Overloaded{
                        [](const payment::OperationStarted& f) -> std::optional<OperationId> {
                          return f.operation.id;
                        },
                        [](const payment::CompensationStarted& f) -> std::optional<OperationId> {
                          return f.operation.id;
                        },
                        [](const auto& f) -> std::optional<OperationId> {
                          if constexpr (requires { f.operation; }) {
                            if (!f.operation.empty()) return f.operation;
                          }
                          return std::nullopt;
                        },
                    },
                    fact);
}

storage::OperationRow row_of(const payment::Operation& operation) {
  return {.id = operation.id,
          .kind = std::string{provider::to_string(operation.kind)},
          .status = std::string{payment::to_string(operation.status)},
          .amount = operation.amount,
          .attempts = operation.attempts,
          .idempotency_key = operation.idempotency_key,
          .provider_object = operation.provider_object,
          .started_at = operation.started_at};
}

/// Every operation that `after` has in another shape than `before`.
std::vector<storage::OperationRow> changed_operations(const payment::Payment& before,
                                                      const payment::Payment& after) {
  std::vector<storage::OperationRow> rows;
  const auto add_if_changed = [&](const payment::Operation& operation) {
    const auto* was = payment::running(before);
    if (was == nullptr || !(*was == operation)) rows.push_back(row_of(operation));
  };
  for (std::size_t i = before.history.size(); i < after.history.size(); ++i) {
    add_if_changed(after.history[i]);
  }
  if (const auto* running = payment::running(after)) add_if_changed(*running);
  // Refused already, though it goes to the history only with its fence.
  if (const auto* fencing = std::get_if<payment::Fencing>(&after.state);
      fencing != nullptr && fencing->attempt &&
      !std::holds_alternative<payment::Fencing>(before.state))
    add_if_changed(*fencing->attempt);
  return rows;
}

storage::TaskRow task_row(const payment::Payment& payment, const payment::Operation& operation) {
  storage::TaskRow row;
  row.id = payment::task_of(operation.id);
  row.kind = "unknown_outcome";
  row.payment = payment.id;
  row.operation = operation.id;
  row.operation_kind = provider::to_string(operation.kind);
  row.amount = operation.amount;
  row.provider = operation.provider;
  if (operation.escalation) {
    row.detail = operation.escalation->reason;
    row.created_at = operation.escalation->at;
  }
  return row;
}

storage::TaskRow opened_task(const payment::Payment& after) {
  storage::TaskRow row = task_row(after, *payment::running(after));
  row.status = "open";
  return row;
}

storage::TaskRow decided_task(const payment::Payment& before, const payment::Event& event,
                              const payment::OperatorDecided& fact) {
  storage::TaskRow row = task_row(before, *payment::running(before));
  if (row.created_at == TimePoint{}) row.created_at = event.at;  // decided before it was called for
  row.status = "resolved";
  row.outcome = fact.succeeded ? "succeeded" : "failed";
  row.reason = fact.reason;
  row.resolved_by = fact.by;
  row.resolved_at = event.at;
  return row;
}

/// A task that no operation is behind, open or closed by what `event` says.
storage::TaskRow attention_row(const payment::Payment& payment,
                               const payment::Attention& attention) {
  storage::TaskRow row;
  row.id = attention.task;
  row.kind = payment::to_string(attention.kind);
  row.status = "open";
  row.payment = payment.id;
  row.amount = attention.amount;
  row.provider = payment.provider;
  row.detail = attention.detail;
  row.created_at = attention.at;
  return row;
}

storage::TaskRow attended_task(const payment::Payment& before, const payment::Event& event,
                               const payment::AttentionResolved& fact) {
  storage::TaskRow row = attention_row(before, *payment::find_attention(before, fact.task));
  row.status = "resolved";
  row.outcome = "reviewed";
  row.reason = fact.reason;
  row.resolved_by = fact.by;
  row.resolved_at = event.at;
  return row;
}

/// The operators' tasks that `event` opens or ends.
void add_tasks(std::vector<storage::TaskRow>& tasks, const payment::Payment& before,
               const payment::Event& event, const payment::Payment& after) {
  if (std::holds_alternative<payment::OperationEscalated>(event.fact)) {
    tasks.push_back(opened_task(after));
  } else if (const auto* decided = std::get_if<payment::OperatorDecided>(&event.fact)) {
    tasks.push_back(decided_task(before, event, *decided));
  } else if (const auto* needed = std::get_if<payment::AttentionNeeded>(&event.fact)) {
    tasks.push_back(attention_row(after, *payment::find_attention(after, needed->task)));
  } else if (const auto* seen_to = std::get_if<payment::AttentionResolved>(&event.fact)) {
    tasks.push_back(attended_task(before, event, *seen_to));
  }
  for (const payment::Operation& operation : payment::settled_tasks(before, after)) {
    storage::TaskRow row = task_row(after, operation);
    row.status = "resolved";
    row.outcome = "settled";
    row.reason = "The provider has told what became of it.";
    row.resolved_at = event.at;
    tasks.push_back(std::move(row));
  }
}

TaskId task_in(const payment::OperatorDecided& fact) {
  return payment::task_of(fact.operation);
}
TaskId task_in(const payment::AttentionResolved& fact) {
  return fact.task;
}

template <class F>
storage::AuditRow audit_row(const TenantId& tenant, const payment::Event& event, const F& fact,
                            std::string_view request_id, const Random& random) {
  storage::AuditRow row;
  row.id = AuditId::make(event.at, random);
  row.tenant = tenant;
  row.at = event.at;
  row.actor = fact.by;
  row.action = "task.resolve";
  row.object = task_in(fact).to_string();
  row.detail = payment::decision_detail(fact);
  row.request_id = request_id;
  return row;
}

storage::PaymentRow row_of(const payment::Payment& payment, std::string json) {
  return {.id = payment.id,
          .tenant = payment.tenant,
          .version = payment.version,
          .status = std::string{payment::to_string(payment::status_of(payment))},
          .amount = payment.details.amount,
          .captured_minor = payment::captured(payment).minor,
          .refunded_minor = payment::refunded(payment).minor,
          .provider = payment.provider,
          .provider_payment_id = payment.provider_payment_id,
          .reference = payment.details.reference,
          .customer_id = payment.details.customer_id,
          .open = payment::running(payment) != nullptr,
          .created_at = payment.created_at,
          .updated_at = payment.updated_at,
          .json = std::move(json)};
}

}  // namespace

payment::Payment evolve_all(payment::Payment payment, std::span<const payment::Event> events) {
  for (const payment::Event& event : events) payment = payment::evolve(std::move(payment), event);
  return payment;
}

storage::Append make_append(const payment::Payment& before, const payment::Payment& after,
                            std::span<const payment::Event> events, const payment::Policy& policy,
                            const Random& random, storage::KeyChange key, std::string shown,
                            std::string_view request_id) {
  storage::Append append;
  append.tenant = after.tenant;
  append.payment = after.id;
  append.expected_version = before.version;
  append.key = std::move(key);
  append.row = row_of(after, std::move(shown));
  append.operations = changed_operations(before, after);

  std::optional<OperationId> last;  // what speaks of no operation changes what the first one did
  if (!before.history.empty()) last = before.history.front().id;
  payment::Payment folded;  // between the first event and the last
  const payment::Payment* from = &before;
  for (const payment::Event& event : events) {
    const bool at_the_end = &event == &events.back();
    payment::Payment next = at_the_end ? payment::Payment{} : payment::evolve(*from, event);
    const payment::Payment& to = at_the_end ? after : next;
    auto encoded = payment::encode(event.fact);
    append.events.push_back({.id = EventId::make(event.at, random),
                             .at = event.at,
                             .type = std::move(encoded.type),
                             .schema_version = encoded.version,
                             .json = std::move(encoded.json)});
    const OperationId operation = operation_in(event.fact).value_or(last.value_or(OperationId{}));
    for (payment::Posting& posting : payment::postings(*from, event)) {
      append.ledger.push_back({operation, std::move(posting.account), posting.amount});
    }
    if (const auto* decided = std::get_if<payment::OperatorDecided>(&event.fact))
      append.audit.push_back(audit_row(after.tenant, event, *decided, request_id, random));
    if (const auto* seen_to = std::get_if<payment::AttentionResolved>(&event.fact))
      append.audit.push_back(audit_row(after.tenant, event, *seen_to, request_id, random));
    add_tasks(append.tasks, *from, event, to);
    for (payment::Announcement& told : payment::announcements(*from, event, to)) {
      append.outbox.push_back({EventId::make(event.at, random), std::move(told.type), after.id,
                               to.version, event.at, std::move(told.json)});
    }
    folded = std::move(next);
    from = &folded;
  }

  const auto due = payment::wake_at(after, policy);
  const auto reason = payment::wake_reason(after, policy);
  if (due != payment::wake_at(before, policy) ||
      (due && reason != payment::wake_reason(before, policy))) {
    if (due && planted("timer_lost_on_crash")) return append;
    append.timer = storage::TimerChange{due, std::string{reason}};
  }
  return append;
}

std::optional<NowKnown> now_known(const payment::Payment& before, const payment::Payment& after,
                                  std::span<const payment::Event> events) {
  const payment::Operation* was = payment::running(before);
  if (was == nullptr || !was->unknown_since || events.empty()) return std::nullopt;
  const payment::Operation* is = payment::running(after);
  if (is != nullptr && is->id == was->id && is->unknown_since) return std::nullopt;
  const bool by_operator = std::any_of(events.begin(), events.end(), [](const auto& event) {
    return std::holds_alternative<payment::OperatorDecided>(event.fact);
  });
  return NowKnown{was->id, was->kind, events.back().at - *was->unknown_since, by_operator};
}

std::ptrdiff_t tasks_change(std::span<const storage::TaskRow> tasks) {
  std::ptrdiff_t change = 0;
  for (const storage::TaskRow& task : tasks) change += task.status == "open" ? 1 : -1;
  return change;
}

}  // namespace cambist::actors::live
