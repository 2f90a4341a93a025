#include "storage/postgres/careful.hpp"

#include "protocols/core/overloaded.hpp"
#include "storage/append_rules.hpp"
#include "storage/record_check.hpp"

namespace cambist::storage::postgres {
namespace {

constexpr const char* find_key =
    "SELECT payment FROM idempotency_keys WHERE tenant = $1 AND key = $2";
// Held until the commit: what the check has seen is then still true.
constexpr const char* find_webhook =
    "SELECT tenant, status FROM webhook_events WHERE id = $1 FOR UPDATE";
constexpr const char* find_payment =
    "SELECT version FROM payments WHERE tenant = $1 AND id = $2 FOR UPDATE";
constexpr const char* find_first_event =
    "SELECT 1 FROM payment_events WHERE payment = $1 AND sequence = 1";
constexpr const char* find_event =
    "SELECT 1 FROM webhook_events WHERE provider = $1 AND event = $2";
constexpr const char* find_endpoint =
    "SELECT tenant FROM webhook_endpoints WHERE id = $1 FOR UPDATE";

KnownWebhook known_webhook(Rows& rows) {
  return {TenantId{rows.text(0)}, is_final(rows.text(1))};
}

/// What the tables hold, as the check of records asks for it.
class Stored final : public Known {
 public:
  Stored(Connection& connection, std::optional<Failure>& failure)
      : connection_(connection), failure_(failure) {}
  std::optional<KnownWebhook> webhook(WebhookId id) override {
    if (!first(find_webhook, Parameters{id})) return std::nullopt;
    return known_webhook(connection_.answers().front());
  }
  bool has_event(const std::string& provider, const std::string& event) override {
    return first(find_event, Parameters{provider, event});
  }
  std::optional<TenantId> owner(EndpointId id) override {
    if (!first(find_endpoint, Parameters{id})) return std::nullopt;
    return TenantId{connection_.answers().front().text(0)};
  }

 private:
  bool first(const char* sql, const Parameters& parameters) {
    if (failure_) return false;
    failure_ = connection_.run(sql, parameters);
    return !failure_ && connection_.answers().front().next();
  }

  Connection& connection_;
  std::optional<Failure>& failure_;
};

}  // namespace

std::optional<AppendResult> CarefulWriter::write(const Entry& entry) {
  failure_.reset();
  auto result =
      std::visit(Overloaded{[this](const Append& append) { return write_step(append); },
                            [this](const Records& records) { return write_records(records); }},
                 entry);
  return failure_ ? std::nullopt : std::move(result);
}

std::optional<AppendResult> CarefulWriter::write_step(const Append& append) {
  if (auto refused = refusal(append); refused || failure_) return refused;
  wave_.add(Entry{append});
  wave_.send(connection_);
  if (!done()) return std::nullopt;
  return Appended{append.expected_version + append.events.size()};
}

/// In the order of the port: a taken key before a settled webhook before the version.
std::optional<AppendResult> CarefulWriter::refusal(const Append& append) {
  const auto* const claim = std::get_if<KeyClaim>(&append.key);
  // One round trip for all that can be asked.
  if (claim != nullptr) connection_.send(find_key, Parameters{append.tenant, claim->key});
  if (append.webhook) connection_.send(find_webhook, Parameters{append.webhook->id});
  connection_.send(find_payment, Parameters{append.tenant, append.payment});
  connection_.send(find_first_event, Parameters{append.payment});
  if (!done()) return std::nullopt;

  auto answer = connection_.answers().begin();
  if (claim != nullptr) {
    if (answer->next()) return DuplicateKey{answer->id<PaymentId>(0)};
    ++answer;
  }
  if (append.webhook) {
    if (!answer->next()) return no_such_webhook();
    const auto known = known_webhook(*answer);
    if (known.tenant != append.tenant) return no_such_webhook();
    if (known.final) return AlreadyThere{};
    ++answer;
  }
  const bool is_there = answer->next();
  const auto version = is_there ? static_cast<std::uint64_t>(answer->integer(0)) : 0;
  if (version != append.expected_version) return Conflict{};
  // New to this tenant and yet it has events: it belongs to another.
  const bool is_anothers = !is_there && (++answer)->next();
  if (is_anothers && !append.events.empty()) return Conflict{};
  return std::nullopt;
}

std::optional<AppendResult> CarefulWriter::write_records(const Records& records) {
  Stored stored{connection_, failure_};
  RecordCheck check{stored};
  for (const auto& record : records.rows) {
    auto refused = check.refusal(record);
    if (refused || failure_) return refused;
  }
  // Each by itself: one of them may be about what the one before it has made.
  for (const auto& record : records.rows) {
    wave_.add(record);
    wave_.send(connection_);
  }
  if (!done()) return std::nullopt;
  return Appended{0};
}

bool CarefulWriter::done() {
  failure_ = connection_.finish();
  return !failure_;
}

}  // namespace cambist::storage::postgres
