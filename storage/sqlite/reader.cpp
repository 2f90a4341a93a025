#include "storage/sqlite/reader.hpp"

#include "storage/sqlite/reads.hpp"

namespace cambist::storage::sqlite {
namespace {

class SqliteReader final : public Reader {
 public:
  explicit SqliteReader(std::shared_ptr<Core> core) : core_(std::move(core)) {}

  Result<std::vector<StoredEvent>> events(PaymentId payment) override {
    return with([&](Session& session) { return reads::events(session, payment); });
  }
  Result<std::optional<PaymentRow>> payment(const TenantId& tenant, PaymentId payment) override {
    return with([&](Session& session) { return reads::payment(session, tenant, payment); });
  }
  Result<std::vector<PaymentRow>> payments(const PaymentQuery& query) override {
    return with([&](Session& session) { return reads::payments(session, query); });
  }
  Result<std::optional<PaymentId>> payment_at_provider(
      std::string_view provider, std::string_view provider_payment_id) override {
    return with([&](Session& session) {
      return reads::payment_at_provider(session, provider, provider_payment_id);
    });
  }
  Result<std::optional<KeyRecord>> key(const TenantId& tenant, std::string_view key) override {
    return with([&](Session& session) { return reads::key(session, tenant, key); });
  }
  Result<std::vector<OperationRow>> operations(PaymentId payment) override {
    return with([&](Session& session) { return reads::operations(session, payment); });
  }
  Result<std::vector<LedgerRow>> ledger(PaymentId payment) override {
    return with([&](Session& session) { return reads::ledger(session, payment); });
  }
  Result<std::vector<Balance>> balances(const TenantId& tenant) override {
    return with([&](Session& session) { return reads::balances(session, tenant); });
  }
  Result<std::vector<DueTimer>> open_payments(std::optional<PaymentId> after,
                                              std::size_t limit) override {
    return with([&](Session& session) { return reads::open_payments(session, after, limit); });
  }
  Result<std::vector<DueTimer>> due_timers(TimePoint now, std::size_t limit) override {
    return with([&](Session& session) { return reads::due_timers(session, now, limit); });
  }
  Result<std::vector<ApiKeyRow>> api_keys() override {
    return with([&](Session& session) { return reads::api_keys(session); });
  }
  Result<std::optional<PaymentId>> payment_of_event(std::string_view provider,
                                                    std::string_view event) override {
    return with(
        [&](Session& session) { return reads::payment_of_event(session, provider, event); });
  }
  Result<std::optional<WebhookRow>> webhook(const TenantId& tenant, WebhookId id) override {
    return with([&](Session& session) { return reads::webhook(session, tenant, id); });
  }
  Result<std::vector<WebhookRow>> webhooks(const WebhookQuery& query) override {
    return with([&](Session& session) { return reads::webhooks(session, query); });
  }
  Result<std::vector<WebhookRow>> due_webhooks(std::string_view provider, TimePoint now,
                                               std::size_t limit) override {
    return with(
        [&](Session& session) { return reads::due_webhooks(session, provider, now, limit); });
  }
  Result<std::vector<WebhookCount>> webhook_counts(const TenantId& tenant,
                                                   TimePoint since) override {
    return with([&](Session& session) { return reads::webhook_counts(session, tenant, since); });
  }
  Result<std::vector<EndpointRow>> endpoints(const std::optional<TenantId>& tenant) override {
    return with([&](Session& session) { return reads::endpoints(session, tenant); });
  }
  Result<std::vector<StoredOutbox>> outbox(const TenantId& tenant, std::uint64_t after,
                                           std::size_t limit) override {
    return with([&](Session& session) { return reads::outbox(session, tenant, after, limit); });
  }
  Result<std::optional<StoredOutbox>> outbox_event(const TenantId& tenant, EventId id) override {
    return with([&](Session& session) { return reads::outbox_event(session, tenant, id); });
  }
  Result<std::vector<DeliveryRow>> deliveries(const DeliveryQuery& query) override {
    return with([&](Session& session) { return reads::deliveries(session, query); });
  }
  Result<std::vector<DeliveryRow>> deliveries_after(EndpointId endpoint,
                                                    std::uint64_t cursor) override {
    return with(
        [&](Session& session) { return reads::deliveries_after(session, endpoint, cursor); });
  }
  Result<std::vector<TaskRow>> tasks(const TaskQuery& query) override {
    return with([&](Session& session) { return reads::tasks(session, query); });
  }
  Result<std::optional<TaskRow>> task(const TenantId& tenant, TaskId id) override {
    return with([&](Session& session) { return reads::task(session, tenant, id); });
  }
  Result<std::vector<AuditRow>> audit(const TenantId& tenant, std::optional<AuditId> before,
                                      std::size_t limit) override {
    return with([&](Session& session) { return reads::audit(session, tenant, before, limit); });
  }

 private:
  /// What `read` answers on the session, which is opened first when there is none.
  template <class Read>
  auto with(Read read) -> decltype(read(std::declval<Session&>())) {
    if (!session_) {
      auto database = Database::open(core_->file, Access::read);
      if (!database) return database.error();
      session_ = std::make_unique<Session>(*std::move(database));
    }
    return read(*session_);
  }

  std::shared_ptr<Core> core_;
  std::unique_ptr<Session> session_;  // goes before the lock
};

}  // namespace

std::unique_ptr<Reader> make_reader(std::shared_ptr<Core> core) {
  return std::make_unique<SqliteReader>(std::move(core));
}

}  // namespace cambist::storage::sqlite
