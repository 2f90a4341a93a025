#include "storage/memory/tables.hpp"

#include <algorithm>
#include <tuple>

#include "protocols/core/overloaded.hpp"
#include "protocols/core/planted.hpp"
#include "storage/append_rules.hpp"

namespace cambist::storage::memory {

AppendResult Tables::append(const Append& append) {
  if (auto error = malformed(append)) return *std::move(error);
  // A key that is taken is the better answer than a conflict: it names what the client asked for
  // before. So is a webhook that has had its effect.
  if (const auto* claim = std::get_if<KeyClaim>(&append.key)) {
    const auto taken = keys.find({append.tenant, claim->key});
    if (taken != keys.end()) return DuplicateKey{taken->second.payment};
  }
  if (append.webhook) {
    if (auto refused = webhooks.refusal(append.tenant, *append.webhook)) return *refused;
  }
  const auto found = payments.find(append.payment);
  if (found != payments.end() && found->second.row.tenant != append.tenant) return Conflict{};
  const std::uint64_t version = found == payments.end() ? 0 : found->second.row.version;
  if (version != append.expected_version && !planted("version_check_skipped")) return Conflict{};
  if (!has_free_ids(append)) return cannot_hold(append);

  if (!append.events.empty() || found != payments.end()) write(append, payments[append.payment]);
  write_key(append);
  return Appended{version + append.events.size()};
}

bool Tables::has_free_ids(const Append& append) const {
  std::set<EventId> events;
  for (const auto& row : append.outbox) {
    if (outgoing.has_event(append.tenant, row.id) || !events.insert(row.id).second) return false;
  }
  std::set<AuditId> rows;
  for (const auto& row : append.audit) {
    if (operators.has_audit(append.tenant, row.id) || !rows.insert(row.id).second) return false;
  }
  return true;
}

void Tables::write(const Append& append, Payment& payment) {
  if (!append.events.empty()) {
    by_provider[{payment.row.provider, payment.row.provider_payment_id}].erase(append.payment);
    by_provider[{append.row.provider, append.row.provider_payment_id}].insert(append.payment);
    payment.events.insert(payment.events.end(), append.events.begin(), append.events.end());
    payment.row = append.row;
    payment.row.id = append.payment;
    payment.row.tenant = append.tenant;
    payment.row.version = payment.events.size();
    by_tenant[append.tenant].insert(append.payment);
    if (append.row.open) {
      open.insert(append.payment);
    } else {
      open.erase(append.payment);
    }
  }
  for (const auto& operation : append.operations) write_operation(operation, payment);
  payment.ledger.insert(payment.ledger.end(), append.ledger.begin(), append.ledger.end());
  write_timer(append);
  write_beside(append);
}

void Tables::write_beside(const Append& append) {
  Undo unused;  // all that could refuse this was looked at before
  for (auto row : append.outbox) {
    row.payment = append.payment;
    outgoing.announce(append.tenant, row, unused);
  }
  for (auto row : append.tasks) {
    row.payment = append.payment;
    operators.put_task(append.tenant, row);
  }
  for (auto row : append.audit) {
    row.tenant = append.tenant;
    operators.put_audit(row, unused);
  }
  if (append.webhook) static_cast<void>(webhooks.update(*append.webhook, unused));
}

void Tables::write_operation(const OperationRow& operation, Payment& payment) {
  auto& rows = payment.operations;
  std::erase_if(rows, [&](const OperationRow& row) { return row.id == operation.id; });
  const auto before = [](const OperationRow& a, const OperationRow& b) {
    return std::tie(a.started_at, a.id) < std::tie(b.started_at, b.id);
  };
  rows.insert(std::upper_bound(rows.begin(), rows.end(), operation, before), operation);
}

void Tables::write_timer(const Append& append) {
  if (!append.timer) return;
  if (const auto old = timers.find(append.payment); old != timers.end()) {
    timers_due.erase({old->second.due, append.payment});
    timers.erase(old);
  }
  if (const auto due = append.timer->due) {
    timers.emplace(append.payment,
                   DueTimer{append.tenant, append.payment, *due, append.timer->kind});
    timers_due.emplace(*due, append.payment);
  }
}

void Tables::write_key(const Append& append) {
  if (const auto* claim = std::get_if<KeyClaim>(&append.key)) {
    KeyRecord record{.key = claim->key,
                     .payment = append.payment,
                     .fingerprint = claim->fingerprint,
                     .completed = claim->status != 0,
                     .status = claim->status,
                     .body = claim->body,
                     .expires_at = claim->expires_at};
    keys.emplace(KeyName{append.tenant, claim->key}, std::move(record));
    return;
  }
  // Only the payment that took a key answers or frees it, and only once.
  const auto mine = [&](const std::string& key) {
    const auto found = keys.find({append.tenant, key});
    const bool ours =
        found != keys.end() && found->second.payment == append.payment && !found->second.completed;
    return ours ? found : keys.end();
  };
  if (const auto* answer = std::get_if<KeyAnswer>(&append.key)) {
    if (const auto found = mine(answer->key); found != keys.end()) {
      found->second.completed = true;
      found->second.status = answer->status;
      found->second.body = answer->body;
    }
  } else if (const auto* release = std::get_if<KeyRelease>(&append.key)) {
    if (const auto found = mine(release->key); found != keys.end()) keys.erase(found);
  }
}

std::size_t Tables::expire_keys(TimePoint now, std::size_t limit) {
  std::vector<std::pair<TimePoint, KeyName>> expired;
  for (const auto& [name, record] : keys) {
    if (record.completed && record.expires_at <= now && !open.contains(record.payment)) {
      expired.emplace_back(record.expires_at, name);
    }
  }
  std::sort(expired.begin(), expired.end());
  if (expired.size() > limit) expired.resize(limit);
  for (const auto& [expires_at, name] : expired) keys.erase(name);
  return expired.size();
}

AppendResult Tables::write(const Records& records) {
  if (auto error = malformed(records)) return *std::move(error);
  Undo undo;
  for (const auto& record : records.rows) {
    if (auto refused = write(record, undo)) {
      undo.run();
      return *std::move(refused);
    }
  }
  return Appended{0};
}

std::optional<AppendResult> Tables::write(const Record& record, Undo& undo) {
  using Refusal = std::optional<AppendResult>;
  return std::visit(
      Overloaded{
          [&](const WebhookReceived& row) { return webhooks.receive(row, undo); },
          [&](const WebhookUpdate& row) { return webhooks.update(row, undo); },
          [&](const WebhookReplayed& row) { return webhooks.replay(row, undo); },
          [&](const EndpointPut& row) { return outgoing.put_endpoint(row, undo); },
          [&](const EndpointGone& row) { return outgoing.remove_endpoint(row, undo); },
          [&](const CursorMoved& row) { return outgoing.move_cursor(row, undo); },
          [&](const DeliveryPut& row) { return outgoing.put_delivery(row, undo); },
          [&](const AuditRow& row) -> Refusal {
            if (operators.has_audit(row.tenant, row.id)) return cannot_hold(Records{});
            operators.put_audit(row, undo);
            return std::nullopt;
          },
          [&](const Announced& row) -> Refusal {
            if (outgoing.has_event(row.tenant, row.row.id)) return cannot_hold(Records{});
            outgoing.announce(row.tenant, row.row, undo);
            return std::nullopt;
          },
      },
      record);
}

DueTimer Tables::timer_of(const Payment& payment) const {
  const auto found = timers.find(payment.row.id);
  if (found != timers.end()) return found->second;
  return {payment.row.tenant, payment.row.id, TimePoint{}};
}

std::optional<PaymentId> Tables::at_provider(std::string_view provider,
                                             std::string_view name) const {
  const auto found = by_provider.find({std::string{provider}, std::string{name}});
  if (name.empty() || found == by_provider.end() || found->second.empty()) return std::nullopt;
  return *found->second.rbegin();
}

}  // namespace cambist::storage::memory
