#include "actors/payment/record.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "protocols/api/answers.hpp"
#include "protocols/core/overloaded.hpp"
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
  return rows;
}

}  // namespace

payment::Payment evolve_all(payment::Payment payment, std::span<const payment::Event> events) {
  for (const payment::Event& event : events) payment = payment::evolve(std::move(payment), event);
  return payment;
}

storage::PaymentRow row_of(const payment::Payment& payment) {
  return {.id = payment.id,
          .tenant = payment.tenant,
          .version = payment.version,
          .status = std::string{payment::to_string(payment::status_of(payment))},
          .amount = payment.details.amount,
          .captured_minor = payment::captured(payment).minor,
          .refunded_minor = payment::refunded(payment).minor,
          .provider = payment.details.provider,
          .provider_payment_id = payment.provider_payment_id,
          .reference = payment.details.reference,
          .customer_id = payment.details.customer_id,
          .open = payment::running(payment) != nullptr,
          .created_at = payment.created_at,
          .updated_at = payment.updated_at,
          .json = api::render(payment)};
}

storage::Append make_append(const payment::Payment& before, const payment::Payment& after,
                            std::span<const payment::Event> events, const payment::Policy& policy,
                            const Random& random, storage::KeyChange key) {
  storage::Append append;
  append.tenant = after.tenant;
  append.payment = after.id;
  append.expected_version = before.version;
  append.key = std::move(key);
  append.row = row_of(after);
  append.operations = changed_operations(before, after);

  payment::Payment folded = before;
  std::optional<OperationId> last;  // an expiry speaks of no operation; it undoes the first one
  if (!before.history.empty()) last = before.history.front().id;
  for (const payment::Event& event : events) {
    auto encoded = payment::encode(event.fact);
    append.events.push_back({.id = EventId::make(event.at, random),
                             .at = event.at,
                             .type = std::move(encoded.type),
                             .schema_version = encoded.version,
                             .json = std::move(encoded.json)});
    const OperationId operation = operation_in(event.fact).value_or(last.value_or(OperationId{}));
    for (payment::Posting& posting : payment::postings(folded, event)) {
      append.ledger.push_back({operation, std::move(posting.account), posting.amount});
    }
    folded = payment::evolve(std::move(folded), event);
  }

  const auto due = payment::wake_at(after, policy);
  if (due != payment::wake_at(before, policy)) append.timer = storage::TimerChange{due};
  return append;
}

}  // namespace cambist::actors::live
