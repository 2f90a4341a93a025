#include "tests/simulation/troubled_store.hpp"

#include <utility>

namespace cambist::sim {
namespace {

using namespace storage;

Error broken() {
  return {ErrorCode::unavailable, "the disk is gone"};
}

class TroubledJournal final : public Journal {
 public:
  TroubledJournal(std::unique_ptr<Journal> inner, std::shared_ptr<StoreTroubles> troubles,
                  std::shared_ptr<const Life> life)
      : inner_(std::move(inner)), troubles_(std::move(troubles)), life_(std::move(life)) {}

  std::vector<AppendResult> write(std::span<const Entry> batch) override {
    std::vector<AppendResult> nothing(batch.size(), broken());
    if (life_->over || troubles_->down) return nothing;
    const auto trouble = troubles_->on_write(batch);
    if (trouble == Fault::append_refused) return nothing;
    if (trouble == Fault::crash_before_commit) {
      troubles_->crash();
      return nothing;
    }
    auto results = inner_->write(batch);
    troubles_->written(batch, results);
    if (trouble == Fault::crash_after_commit) troubles_->crash();
    return trouble == Fault::append_unanswered ? nothing : results;
  }
  Result<std::size_t> forget(TimePoint before, std::size_t limit) override {
    if (life_->over || troubles_->down) return broken();
    return inner_->forget(before, limit);
  }
  Result<std::size_t> expire_keys(TimePoint now, std::size_t limit) override {
    if (life_->over || troubles_->down) return broken();
    return inner_->expire_keys(now, limit);
  }
  Result<void> probe(Probe how) override {
    if (life_->over || troubles_->down) return broken();
    return inner_->probe(how);
  }

 private:
  std::unique_ptr<Journal> inner_;
  std::shared_ptr<StoreTroubles> troubles_;
  std::shared_ptr<const Life> life_;
};

class TroubledReader final : public Reader {
 public:
  TroubledReader(std::unique_ptr<Reader> inner, std::shared_ptr<StoreTroubles> troubles,
                 std::shared_ptr<const Life> life)
      : inner_(std::move(inner)), troubles_(std::move(troubles)), life_(std::move(life)) {}

  Result<std::vector<StoredEvent>> events(PaymentId id) override {
    return read([&] { return inner_->events(id); });
  }
  Result<std::optional<PaymentRow>> payment(const TenantId& tenant, PaymentId id) override {
    return read([&] { return inner_->payment(tenant, id); });
  }
  Result<std::vector<PaymentRow>> payments(const PaymentQuery& query) override {
    return read([&] { return inner_->payments(query); });
  }
  Result<std::optional<KeyRecord>> key(const TenantId& tenant, std::string_view name) override {
    return read([&] { return inner_->key(tenant, name); });
  }
  Result<std::vector<OperationRow>> operations(PaymentId id) override {
    return read([&] { return inner_->operations(id); });
  }
  Result<std::vector<LedgerRow>> ledger(PaymentId id) override {
    return read([&] { return inner_->ledger(id); });
  }
  Result<std::vector<Balance>> balances(const TenantId& tenant) override {
    return read([&] { return inner_->balances(tenant); });
  }
  Result<std::vector<DueTimer>> open_payments(std::optional<PaymentId> after,
                                              std::size_t limit) override {
    return read([&] { return inner_->open_payments(after, limit); });
  }
  Result<std::vector<DueTimer>> due_timers(TimePoint now, std::size_t limit) override {
    return read([&] { return inner_->due_timers(now, limit); });
  }
  Result<std::optional<PaymentId>> payment_at_provider(std::string_view provider,
                                                       std::string_view id) override {
    return read([&] { return inner_->payment_at_provider(provider, id); });
  }
  Result<std::optional<PaymentId>> payment_of_event(std::string_view provider,
                                                    std::string_view event) override {
    return read([&] { return inner_->payment_of_event(provider, event); });
  }
  Result<std::optional<WebhookRow>> webhook(const TenantId& tenant, WebhookId id) override {
    return read([&] { return inner_->webhook(tenant, id); });
  }
  Result<std::vector<WebhookRow>> webhooks(const WebhookQuery& query) override {
    return read([&] { return inner_->webhooks(query); });
  }
  Result<std::vector<WebhookRow>> due_webhooks(std::string_view provider, TimePoint now,
                                               std::size_t limit) override {
    return read([&] { return inner_->due_webhooks(provider, now, limit); });
  }
  Result<std::vector<WebhookCount>> webhook_counts(const TenantId& tenant,
                                                   TimePoint since) override {
    return read([&] { return inner_->webhook_counts(tenant, since); });
  }
  Result<std::vector<EndpointRow>> endpoints(const std::optional<TenantId>& tenant) override {
    return read([&] { return inner_->endpoints(tenant); });
  }
  Result<std::vector<StoredOutbox>> outbox(const TenantId& tenant, std::uint64_t after,
                                           std::size_t limit) override {
    return read([&] { return inner_->outbox(tenant, after, limit); });
  }
  Result<std::optional<StoredOutbox>> outbox_event(const TenantId& tenant, EventId id) override {
    return read([&] { return inner_->outbox_event(tenant, id); });
  }
  Result<std::vector<DeliveryRow>> deliveries(const DeliveryQuery& query) override {
    return read([&] { return inner_->deliveries(query); });
  }
  Result<std::vector<DeliveryRow>> deliveries_after(EndpointId endpoint,
                                                    std::uint64_t cursor) override {
    return read([&] { return inner_->deliveries_after(endpoint, cursor); });
  }
  Result<std::vector<TaskRow>> tasks(const TaskQuery& query) override {
    return read([&] { return inner_->tasks(query); });
  }
  Result<std::optional<TaskRow>> task(const TenantId& tenant, TaskId id) override {
    return read([&] { return inner_->task(tenant, id); });
  }
  Result<std::vector<AuditRow>> audit(const TenantId& tenant, std::optional<AuditId> before,
                                      std::size_t limit) override {
    return read([&] { return inner_->audit(tenant, before, limit); });
  }
  Result<std::vector<ApiKeyRow>> api_keys() override {
    return read([&] { return inner_->api_keys(); });
  }

 private:
  template <class Ask>
  auto read(Ask ask) -> decltype(ask()) {
    if (life_->over || troubles_->down || troubles_->on_read()) return broken();
    return ask();
  }

  std::unique_ptr<Reader> inner_;
  std::shared_ptr<StoreTroubles> troubles_;
  std::shared_ptr<const Life> life_;
};

class TroubledStore final : public Store {
 public:
  TroubledStore(std::shared_ptr<Store> inner, std::shared_ptr<StoreTroubles> troubles,
                std::shared_ptr<const Life> life)
      : inner_(std::move(inner)), troubles_(std::move(troubles)), life_(std::move(life)) {}
  std::unique_ptr<Journal> open_journal() override {
    auto journal = inner_->open_journal();
    if (!journal) return nullptr;
    return std::make_unique<TroubledJournal>(std::move(journal), troubles_, life_);
  }
  std::unique_ptr<Reader> open_reader() override {
    return std::make_unique<TroubledReader>(inner_->open_reader(), troubles_, life_);
  }
  Result<void> put_api_key(const ApiKeyRow& key) override { return inner_->put_api_key(key); }

 private:
  std::shared_ptr<Store> inner_;
  std::shared_ptr<StoreTroubles> troubles_;
  std::shared_ptr<const Life> life_;
};

}  // namespace

std::shared_ptr<Store> make_troubled_store(std::shared_ptr<Store> inner,
                                           std::shared_ptr<StoreTroubles> troubles,
                                           std::shared_ptr<const Life> life) {
  return std::make_shared<TroubledStore>(std::move(inner), std::move(troubles), std::move(life));
}

}  // namespace cambist::sim
