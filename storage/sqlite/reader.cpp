#include "storage/sqlite/reader.hpp"

#include <algorithm>
#include <limits>

#include "storage/sqlite/reader_sql.hpp"

namespace cambist::storage::sqlite {
namespace {

/// The connection and its statements, made together.
struct Session {
  explicit Session(Database opened) : database(std::move(opened)) {}

  Database database;
  Statement events = database.prepare(sql::events);
  Statement payment = database.prepare(sql::payment);
  Statement of_tenant = database.prepare(sql::payments_of_tenant);
  Statement of_status = database.prepare(sql::payments_of_status);
  Statement of_reference = database.prepare(sql::payments_of_reference);
  Statement of_customer = database.prepare(sql::payments_of_customer);
  Statement key = database.prepare(sql::key);
  Statement operations = database.prepare(sql::operations);
  Statement ledger = database.prepare(sql::ledger);
  Statement balances = database.prepare(sql::balances);
  Statement open_payments = database.prepare(sql::open_payments);
  Statement due_timers = database.prepare(sql::due_timers);
  Statement api_keys = database.prepare(sql::api_keys);
};

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

DueTimer due_timer(Rows& rows) {
  return {TenantId{rows.text(0)}, rows.id<PaymentId>(1), rows.time(2)};
}

std::int64_t limit_of(std::size_t limit) {
  constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(std::min(limit, most));
}

/// Every row as `read` makes it, or the error that befell the run.
template <class Read>
auto all(Rows& rows, std::string_view what, Read read)
    -> Result<std::vector<decltype(read(rows))>> {
  std::vector<decltype(read(rows))> found;
  while (rows.next()) found.push_back(read(rows));
  if (rows.code() != SQLITE_OK) return unavailable(what, rows.code());
  return found;
}

class SqliteReader final : public Reader {
 public:
  explicit SqliteReader(std::shared_ptr<Core> core) : core_(std::move(core)) {}

  Result<std::vector<StoredEvent>> events(PaymentId payment) override {
    if (auto error = connect()) return *std::move(error);
    auto rows = session_->events.run(payment);
    return all(rows, "cannot read a payment's events", [](Rows& row) {
      return StoredEvent{static_cast<std::uint64_t>(row.integer(0)),
                         {.id = row.id<EventId>(1),
                          .at = row.time(2),
                          .type = row.text(3),
                          .schema_version = static_cast<int>(row.integer(4)),
                          .json = row.text(5)}};
    });
  }

  Result<std::optional<PaymentRow>> payment(const TenantId& tenant, PaymentId payment) override {
    if (auto error = connect()) return *std::move(error);
    auto rows = session_->payment.run(tenant, payment);
    return first(all(rows, "cannot read a payment", payment_row));
  }

  Result<std::vector<PaymentRow>> payments(const PaymentQuery& query) override {
    if (auto error = connect()) return *std::move(error);
    // Longer than any id and no smaller: before it comes everything.
    std::array<std::uint8_t, 17> end{};
    end.fill(0xff);
    auto& list = !query.reference.empty()     ? session_->of_reference
                 : !query.customer_id.empty() ? session_->of_customer
                 : !query.status.empty()      ? session_->of_status
                                              : session_->of_tenant;
    const auto run = [&](const auto& before) {
      auto rows = list.run(query.tenant, before, query.status, query.reference, query.customer_id,
                           query.provider, query.created_from.value_or(TimePoint::min()),
                           query.created_to.value_or(TimePoint::max()), limit_of(query.limit));
      return all(rows, "cannot list payments", payment_row);
    };
    return query.before ? run(*query.before) : run(end);
  }

  Result<std::optional<KeyRecord>> key(const TenantId& tenant, std::string_view key) override {
    if (auto error = connect()) return *std::move(error);
    auto rows = session_->key.run(tenant, key);
    return first(all(rows, "cannot read an idempotency key", [&](Rows& row) {
      return KeyRecord{.key = std::string{key},
                       .payment = row.id<PaymentId>(0),
                       .fingerprint = row.digest(1),
                       .completed = row.integer(2) != 0,
                       .status = static_cast<int>(row.integer(3)),
                       .body = row.text(5),
                       .expires_at = row.time(4)};
    }));
  }

  Result<std::vector<OperationRow>> operations(PaymentId payment) override {
    if (auto error = connect()) return *std::move(error);
    auto rows = session_->operations.run(payment);
    return all(rows, "cannot read a payment's operations", [](Rows& row) {
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

  Result<std::vector<LedgerRow>> ledger(PaymentId payment) override {
    if (auto error = connect()) return *std::move(error);
    auto rows = session_->ledger.run(payment);
    return all(rows, "cannot read a payment's ledger", [](Rows& row) {
      return LedgerRow{row.id<OperationId>(0), row.text(1), row.money(2, 3)};
    });
  }

  Result<std::vector<Balance>> balances(const TenantId& tenant) override {
    if (auto error = connect()) return *std::move(error);
    auto rows = session_->balances.run(tenant);
    return all(rows, "cannot sum the ledger", [](Rows& row) {
      return Balance{row.text(0), row.money(1, 2)};
    });
  }

  Result<std::vector<DueTimer>> open_payments(std::optional<PaymentId> after,
                                              std::size_t limit) override {
    if (auto error = connect()) return *std::move(error);
    const auto run = [&](const auto& start) {
      auto rows = session_->open_payments.run(start, limit_of(limit));
      return all(rows, "cannot list open payments", due_timer);
    };
    return after ? run(*after) : run(std::array<std::uint8_t, 1>{});
  }

  Result<std::vector<DueTimer>> due_timers(TimePoint now, std::size_t limit) override {
    if (auto error = connect()) return *std::move(error);
    auto rows = session_->due_timers.run(now, limit_of(limit));
    return all(rows, "cannot list due timers", due_timer);
  }

  // --- not kept yet
  Result<std::optional<PaymentId>> payment_at_provider(std::string_view,
                                                       std::string_view) override {
    return unkept();
  }
  Result<std::optional<WebhookRow>> webhook(const TenantId&, WebhookId) override {
    return unkept();
  }
  Result<std::vector<WebhookRow>> webhooks(const WebhookQuery&) override { return unkept(); }
  Result<std::vector<WebhookRow>> due_webhooks(std::string_view, TimePoint, std::size_t) override {
    return unkept();
  }
  Result<std::vector<WebhookCount>> webhook_counts(const TenantId&, TimePoint) override {
    return unkept();
  }
  Result<std::vector<EndpointRow>> endpoints(const std::optional<TenantId>&) override {
    return unkept();
  }
  Result<std::vector<StoredOutbox>> outbox(const TenantId&, std::uint64_t, std::size_t) override {
    return unkept();
  }
  Result<std::optional<StoredOutbox>> outbox_event(const TenantId&, EventId) override {
    return unkept();
  }
  Result<std::vector<DeliveryRow>> deliveries(const DeliveryQuery&) override { return unkept(); }
  Result<std::vector<DeliveryRow>> deliveries_after(EndpointId, std::uint64_t) override {
    return unkept();
  }
  Result<std::vector<TaskRow>> tasks(const TaskQuery&) override { return unkept(); }
  Result<std::optional<TaskRow>> task(const TenantId&, TaskId) override { return unkept(); }
  Result<std::vector<AuditRow>> audit(const TenantId&, std::optional<AuditId>,
                                      std::size_t) override {
    return unkept();
  }

  Result<std::vector<ApiKeyRow>> api_keys() override {
    if (auto error = connect()) return *std::move(error);
    auto rows = session_->api_keys.run();
    return all(rows, "cannot read the API keys", [](Rows& row) {
      return ApiKeyRow{row.text(0), TenantId{row.text(1)}, row.digest(2), row.time(3)};
    });
  }

 private:
  static Error unkept() { return {ErrorCode::internal, "not kept by this store yet"}; }
  std::optional<Error> connect() {
    if (session_) return std::nullopt;
    auto database = Database::open(core_->file, Access::read);
    if (!database) return database.error();
    session_ = std::make_unique<Session>(*std::move(database));
    return std::nullopt;
  }

  template <class Row>
  static Result<std::optional<Row>> first(Result<std::vector<Row>> rows) {
    if (!rows) return rows.error();
    if (rows->empty()) return std::optional<Row>{};
    return std::optional<Row>{std::move(rows->front())};
  }

  std::shared_ptr<Core> core_;
  std::unique_ptr<Session> session_;  // goes before the lock
};

}  // namespace

std::unique_ptr<Reader> make_reader(std::shared_ptr<Core> core) {
  return std::make_unique<SqliteReader>(std::move(core));
}

}  // namespace cambist::storage::sqlite
