#include "storage/append_rules.hpp"

#include <algorithm>
#include <limits>

namespace cambist::storage {
namespace {

// Versions and positions are kept as signed 64 bit integers by every database.
constexpr auto number_max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

using Mistake = std::optional<Error>;

Error mistake(std::string detail, std::string field) {
  return Error{ErrorCode::internal, std::move(detail), std::move(field)};
}

const std::string* key_of(const KeyChange& change) {
  if (const auto* claim = std::get_if<KeyClaim>(&change)) return &claim->key;
  if (const auto* answer = std::get_if<KeyAnswer>(&change)) return &answer->key;
  if (const auto* release = std::get_if<KeyRelease>(&change)) return &release->key;
  return nullptr;
}

Mistake needs_tenant(const TenantId& tenant, const char* what) {
  if (!tenant.value.empty()) return std::nullopt;
  return mistake(std::string{what} + " needs a tenant", "tenant");
}

template <class Tag>
Mistake needs_id(const Id<Tag>& id, const char* what) {
  if (!id.empty()) return std::nullopt;
  return mistake(std::string{what} + " needs an id", "id");
}

Mistake either(Mistake first, Mistake second) {
  return first ? std::move(first) : std::move(second);
}

// A webhook that waits without a time would wait for ever, and one that is done would be done
// again.
Mistake wrong_status(const std::string& status, bool has_due) {
  if (!is_due(status) && !is_final(status) && status != "dead") {
    return mistake("a webhook has no status '" + status + "'", "status");
  }
  if (is_due(status) == has_due) return std::nullopt;
  return mistake("a webhook is due exactly while somebody must work on it", "due");
}

Mistake wrong(const WebhookReceived& received) {
  const auto& row = received.row;
  if (auto error = either(needs_tenant(row.tenant, "a webhook"), needs_id(row.id, "a webhook"))) {
    return error;
  }
  if (row.provider.empty()) return mistake("a webhook needs a provider", "provider");
  if (row.event.empty()) return mistake("a webhook needs the provider's event", "event");
  return wrong_status(row.status, row.due.has_value());
}

Mistake wrong(const WebhookUpdate& update) {
  return either(needs_id(update.id, "a webhook"),
                wrong_status(update.status, update.due.has_value()));
}

Mistake wrong(const WebhookReplayed& replayed) {
  return either(needs_tenant(replayed.tenant, "a webhook"), needs_id(replayed.id, "a webhook"));
}

Mistake wrong(const EndpointPut& put) {
  const auto& types = put.row.types;
  const auto unfit = [](const std::string& type) {
    return type.empty() || type.find('\n') != std::string::npos;
  };
  if (std::any_of(types.begin(), types.end(), unfit)) {
    return mistake("a type of events is one line of text", "types");
  }
  return either(needs_tenant(put.row.tenant, "an endpoint"), needs_id(put.row.id, "an endpoint"));
}

Mistake wrong(const EndpointGone& gone) {
  return either(needs_tenant(gone.tenant, "an endpoint"), needs_id(gone.id, "an endpoint"));
}

Mistake wrong_cursor(std::uint64_t cursor) {
  if (cursor <= number_max) return std::nullopt;
  return mistake("the cursor is out of range", "cursor");
}

Mistake wrong(const CursorMoved& moved) {
  return either(needs_id(moved.endpoint, "an endpoint"), wrong_cursor(moved.cursor));
}

Mistake wrong(const DeliveryPut& put) {
  const auto& row = put.row;
  if (row.position == 0 || row.position > number_max) {
    return mistake("a delivery needs the position of its event", "position");
  }
  if (row.status != "pending" && row.status != "delivered" && row.status != "failed") {
    return mistake("a delivery has no status '" + row.status + "'", "status");
  }
  return either(needs_id(row.endpoint, "an endpoint"), wrong_cursor(put.cursor.value_or(0)));
}

Mistake wrong(const AuditRow& row) {
  return either(needs_tenant(row.tenant, "an audit row"), needs_id(row.id, "an audit row"));
}

Mistake wrong(const OutboxRow& row) {
  if (row.type.empty()) return mistake("an event for merchants needs a type", "type");
  if (row.sequence > number_max) return mistake("the sequence is out of range", "sequence");
  return needs_id(row.id, "an event for merchants");
}

Mistake wrong(const Announced& announced) {
  return either(needs_tenant(announced.tenant, "an event for merchants"), wrong(announced.row));
}

Mistake wrong(const TaskRow& row) {
  if (row.status != "open" && row.status != "resolved") {
    return mistake("a task has no status '" + row.status + "'", "status");
  }
  return needs_id(row.id, "a task");
}

Mistake wrong_beside_the_payment(const Append& append) {
  for (const auto& row : append.outbox) {
    if (auto error = wrong(row)) return error;
  }
  for (const auto& row : append.tasks) {
    if (auto error = wrong(row)) return error;
  }
  for (const auto& row : append.audit) {
    if (auto error = needs_id(row.id, "an audit row")) return error;
  }
  return append.webhook ? wrong(*append.webhook) : std::nullopt;
}

}  // namespace

Mistake malformed(const Append& append) {
  if (append.tenant.value.empty()) return mistake("an append needs a tenant", "tenant");
  if (append.payment.empty()) return mistake("an append needs a payment", "payment");
  if (append.expected_version > number_max - append.events.size()) {
    return mistake("the version is out of range", "expected_version");
  }
  if (const auto* key = key_of(append.key); key != nullptr && key->empty()) {
    return mistake("an idempotency key cannot be empty", "key");
  }
  const bool writes_payment = !append.operations.empty() || !append.ledger.empty() ||
                              append.timer.has_value() || !append.outbox.empty() ||
                              !append.tasks.empty() || !append.audit.empty() ||
                              append.webhook.has_value();
  if (append.events.empty() && append.expected_version == 0 && writes_payment) {
    return mistake("a payment begins with an event", "events");
  }
  return wrong_beside_the_payment(append);
}

Mistake malformed(const Records& records) {
  for (const auto& record : records.rows) {
    auto error = std::visit([](const auto& row) { return wrong(row); }, record);
    if (error) return error;
  }
  return std::nullopt;
}

bool is_final(std::string_view status) {
  return status == "applied" || status == "ignored";
}

bool is_due(std::string_view status) {
  return status == "received" || status == "retrying" || status == "parked";
}

Error no_such_webhook() {
  return {ErrorCode::not_found, "no such webhook"};
}

Error no_such_endpoint() {
  return {ErrorCode::not_found, "no such endpoint"};
}

Error cannot_hold(const Entry& entry) {
  const bool step = std::holds_alternative<Append>(entry);
  return {ErrorCode::internal, step ? "the store cannot hold this step of the payment"
                                    : "the store cannot hold these records"};
}

}  // namespace cambist::storage
