#include <cstdint>
#include <map>
#include <string>

#include "storage/sqlite/reads.hpp"

namespace cambist::storage::sqlite::reads {
namespace {

PaymentRow payment_row(Rows& rows) {
  return PaymentRow{.id = rows.id<PaymentId>(0),
                    .tenant = TenantId{rows.text(1)},
                    .version = static_cast<std::uint64_t>(rows.integer(2)),
                    .status = rows.text(3),
                    .amount = rows.money(4, 5),
                    .captured_minor = rows.integer(6),
                    .refunded_minor = rows.integer(7),
                    .provider = rows.text(8),
                    .provider_payment_id = rows.text(9),
                    .reference = rows.text(10),
                    .customer_id = rows.text(11),
                    .open = rows.integer(12) != 0,
                    .created_at = rows.time(13),
                    .updated_at = rows.time(14),
                    .json = rows.text(15)};
}

/// As it was written: `Currency{}` too, which is none.
std::optional<Currency> currency_of(std::string_view code) {
  if (code == Currency{}.code()) return Currency{};
  const auto known = Currency::parse(code);
  return known ? std::optional{*known} : std::nullopt;
}

DueTimer due_timer(Rows& rows) {
  return {TenantId{rows.text(0)}, rows.id<PaymentId>(1), rows.time(2), rows.text(3)};
}

}  // namespace

Result<std::vector<StoredEvent>> events(Session& session, PaymentId payment) {
  return all(session.events.run(payment), "cannot read a payment's events", [](Rows& row) {
    return StoredEvent{static_cast<std::uint64_t>(row.integer(0)),
                       {.id = row.id<EventId>(1),
                        .at = row.time(2),
                        .type = row.text(3),
                        .schema_version = static_cast<int>(row.integer(4)),
                        .json = row.text(5)}};
  });
}

Result<std::optional<PaymentRow>> payment(Session& session, const TenantId& tenant,
                                          PaymentId payment) {
  return one(session.payment.run(tenant, payment), "cannot read a payment", payment_row);
}

Result<std::vector<PaymentRow>> payments(Session& session, const PaymentQuery& query) {
  auto& list = !query.reference.empty()     ? session.of_reference
               : !query.customer_id.empty() ? session.of_customer
               : !query.status.empty()      ? session.of_status
                                            : session.of_tenant;
  const PageStart before{query.before};
  return all(
      list.run(query.tenant, before.bytes(), query.status, query.reference, query.customer_id,
               query.provider, query.created_from.value_or(TimePoint::min()),
               query.created_to.value_or(TimePoint::max()), bounded(query.limit)),
      "cannot list payments", payment_row);
}

Result<std::optional<PaymentId>> payment_at_provider(Session& session, std::string_view provider,
                                                     std::string_view provider_payment_id) {
  return one(session.at_provider.run(provider, provider_payment_id),
             "cannot find a provider's payment", [](Rows& row) { return row.id<PaymentId>(0); });
}

Result<std::optional<KeyRecord>> key(Session& session, const TenantId& tenant,
                                     std::string_view key) {
  return one(session.key.run(tenant, key), "cannot read an idempotency key", [&](Rows& row) {
    return KeyRecord{.key = std::string{key},
                     .payment = row.id<PaymentId>(0),
                     .fingerprint = row.digest(1),
                     .completed = row.integer(2) != 0,
                     .status = static_cast<int>(row.integer(3)),
                     .body = row.text(5),
                     .expires_at = row.time(4)};
  });
}

Result<std::vector<OperationRow>> operations(Session& session, PaymentId payment) {
  return all(session.operations.run(payment), "cannot read a payment's operations", [](Rows& row) {
    return OperationRow{.id = row.id<OperationId>(0),
                        .kind = row.text(1),
                        .status = row.text(2),
                        .amount = row.money(3, 4),
                        .attempts = static_cast<int>(row.integer(5)),
                        .idempotency_key = row.text(6),
                        .provider_object = row.text(7),
                        .started_at = row.time(8)};
  });
}

Result<std::vector<LedgerRow>> ledger(Session& session, PaymentId payment) {
  return all(session.ledger.run(payment), "cannot read a payment's ledger", [](Rows& row) {
    return LedgerRow{row.id<OperationId>(0), row.text(1), row.money(2, 3)};
  });
}

Result<std::vector<Balance>> balances(Session& session, const TenantId& tenant) {
  constexpr const char* what = "cannot sum the ledger";
  std::map<std::string, std::int64_t> sums;  // by account, a NUL, and the currency's three letters
  std::string key;                           // kept, so that a posting allocates nothing
  auto rows = session.postings.run(tenant);
  while (rows.next()) {
    key.assign(rows.text_view(0)).push_back('\0');
    key.append(rows.text_view(1));
    auto& sum = sums[key];
    if (__builtin_add_overflow(sum, rows.integer(2), &sum)) {
      return Error{ErrorCode::unavailable, "a ledger balance is out of range"};
    }
  }
  if (rows.code() != SQLITE_OK) return unavailable(what, rows.code());
  std::vector<Balance> balances;
  for (const auto& [name, sum] : sums) {
    const auto end = name.rfind('\0');
    const auto currency = currency_of(std::string_view{name}.substr(end + 1));
    if (!currency) return unavailable(what, SQLITE_CORRUPT);
    balances.push_back({name.substr(0, end), Money{sum, *currency}});
  }
  return balances;
}

Result<std::vector<DueTimer>> open_payments(Session& session, std::optional<PaymentId> after,
                                            std::size_t limit) {
  const auto run = [&](const auto& start) {
    return all(session.open_payments.run(start, bounded(limit)), "cannot list open payments",
               due_timer);
  };
  return after ? run(*after) : run(std::array<std::uint8_t, 1>{});
}

Result<std::vector<DueTimer>> due_timers(Session& session, TimePoint now, std::size_t limit) {
  return all(session.due_timers.run(now, bounded(limit)), "cannot list due timers", due_timer);
}

Result<std::vector<ApiKeyRow>> api_keys(Session& session) {
  return all(session.api_keys.run(), "cannot read the API keys", [](Rows& row) {
    return ApiKeyRow{row.text(0), TenantId{row.text(1)}, row.digest(2), row.time(3)};
  });
}

}  // namespace cambist::storage::sqlite::reads
