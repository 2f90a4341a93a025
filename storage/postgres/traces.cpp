#include "storage/postgres/traces.hpp"

#include "protocols/core/overloaded.hpp"

namespace cambist::storage::postgres {
namespace {

constexpr const char* myself = R"(
  SELECT pid::int8, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid())";
// Waits until it is gone. A process id may be somebody else's by now; the time of its start is not.
constexpr const char* terminate = R"(
  SELECT pg_terminate_backend(pid, 1500) FROM pg_stat_activity
  WHERE pid = $1::int8 AND backend_start::text = $2)";
constexpr const char* find_event =
    "SELECT id FROM payment_events WHERE payment = $1 AND sequence = $2";
constexpr const char* find_outbox = "SELECT 1 FROM outbox WHERE tenant = $1 AND id = $2";
constexpr const char* find_audit = "SELECT 1 FROM audit_log WHERE tenant = $1 AND id = $2";
constexpr const char* find_webhook = "SELECT 1 FROM webhook_events WHERE id = $1";
constexpr const char* find_copy = "SELECT 1 FROM webhook_events WHERE provider = $1 AND event = $2";

class Search {
 public:
  explicit Search(Connection& connection) : connection_(connection) {}

  Outcome of(const Entry& entry) {
    return std::visit(Overloaded{[this](const Append& append) { return of(append); },
                                 [this](const Records& records) { return of(records); }},
                      entry);
  }

 private:
  Outcome of(const Append& append) {
    if (!append.events.empty()) {
      const auto next = append.expected_version + 1;
      if (connection_.run(find_event, Parameters{append.payment, next})) return Outcome::unknown;
      auto& rows = connection_.answers().front();
      const bool ours = rows.next() && rows.id<EventId>(0) == append.events.front().id;
      return ours ? Outcome::committed : Outcome::rolled_back;
    }
    if (!append.outbox.empty()) {
      return by(find_outbox, Parameters{append.tenant, append.outbox.front().id});
    }
    if (append.audit.empty()) return Outcome::unknown;
    return by(find_audit, Parameters{append.tenant, append.audit.front().id});
  }

  Outcome of(const Records& records) {
    for (const auto& record : records.rows) {
      const auto outcome =
          std::visit(Overloaded{
                         [this](const WebhookReceived& made) { return of(made.row); },
                         [this](const AuditRow& made) {
                           return by(find_audit, Parameters{made.tenant, made.id});
                         },
                         [this](const Announced& made) {
                           return by(find_outbox, Parameters{made.tenant, made.row.id});
                         },
                         [](const auto&) { return Outcome::unknown; },
                     },
                     record);
      if (outcome != Outcome::unknown) return outcome;
    }
    return Outcome::unknown;
  }

  // A copy that was there before says nothing about the batch.
  Outcome of(const WebhookRow& row) {
    const auto ours = by(find_webhook, Parameters{row.id});
    if (ours != Outcome::rolled_back) return ours;
    const auto copy = by(find_copy, Parameters{row.provider, row.event});
    return copy == Outcome::committed ? Outcome::unknown : copy;
  }

  Outcome by(const char* sql, const Parameters& parameters) {
    if (connection_.run(sql, parameters)) return Outcome::unknown;
    return connection_.answers().front().count() > 0 ? Outcome::committed : Outcome::rolled_back;
  }

  Connection& connection_;
};

}  // namespace

std::optional<Backend> backend_of(Connection& connection) {
  if (connection.run(myself)) return std::nullopt;
  auto& rows = connection.answers().front();
  if (!rows.next()) return std::nullopt;
  return Backend{rows.integer(0), rows.text(1)};
}

bool is_over(Connection& connection, const Backend& backend) {
  if (connection.run(terminate, Parameters{backend.pid, backend.started})) return false;
  auto& rows = connection.answers().front();
  return !rows.next() || rows.integer(0) != 0;
}

Outcome outcome_of(Connection& connection, const std::vector<const Entry*>& entries) {
  Search search{connection};
  for (const auto* entry : entries) {
    const auto outcome = search.of(*entry);
    if (outcome != Outcome::unknown || !connection.is_open()) return outcome;
  }
  return Outcome::unknown;
}

std::optional<bool> has_webhook(Connection& connection, WebhookId id) {
  if (connection.run(find_webhook, Parameters{id})) return std::nullopt;
  return connection.answers().front().count() > 0;
}

}  // namespace cambist::storage::postgres
