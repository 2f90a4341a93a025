#include "storage/memory/tables.hpp"

#include <algorithm>
#include <tuple>

#include "storage/append_rules.hpp"

namespace cambist::storage::memory {

AppendResult Tables::append(const Append& append) {
  if (auto error = malformed(append)) return *std::move(error);
  // A key that is taken is the better answer than a conflict: it names what the client asked for
  // before.
  if (const auto* claim = std::get_if<KeyClaim>(&append.key)) {
    const auto taken = keys.find({append.tenant, claim->key});
    if (taken != keys.end()) return DuplicateKey{taken->second.payment};
  }
  const auto found = payments.find(append.payment);
  if (found != payments.end() && found->second.row.tenant != append.tenant) return Conflict{};
  const std::uint64_t version = found == payments.end() ? 0 : found->second.row.version;
  if (version != append.expected_version) return Conflict{};

  if (!append.events.empty() || found != payments.end()) write(append, payments[append.payment]);
  write_key(append);
  return Appended{version + append.events.size()};
}

void Tables::write(const Append& append, Payment& payment) {
  if (!append.events.empty()) {
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
    timers.emplace(append.payment, DueTimer{append.tenant, append.payment, *due});
    timers_due.emplace(*due, append.payment);
  }
}

void Tables::write_key(const Append& append) {
  if (const auto* claim = std::get_if<KeyClaim>(&append.key)) {
    KeyRecord record{.key = claim->key,
                     .payment = append.payment,
                     .fingerprint = claim->fingerprint,
                     .completed = false,
                     .status = 0,
                     .body = {},
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

TimePoint Tables::due_of(PaymentId payment) const {
  const auto found = timers.find(payment);
  return found == timers.end() ? TimePoint{} : found->second.due;
}

}  // namespace cambist::storage::memory
