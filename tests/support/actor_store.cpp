#include "tests/support/actor_store.hpp"

#include <stdexcept>
#include <utility>

namespace cambist::test {
namespace {

using namespace storage;

bool take(std::atomic<int>& count) {
  if (count.load() <= 0) return false;
  --count;
  return true;
}

Error broken() {
  return {ErrorCode::unavailable, "the disk is gone"};
}

class FaultyJournal final : public Journal {
 public:
  FaultyJournal(std::unique_ptr<Journal> inner, std::shared_ptr<StoreFaults> faults)
      : inner_(std::move(inner)), faults_(std::move(faults)) {}

  std::vector<AppendResult> write(std::span<const Entry> batch) override {
    ++faults_->appends;
    if (batch.size() > faults_->largest_batch) faults_->largest_batch = batch.size();
    if (faults_->down || take(faults_->refuse_appends))
      return std::vector<AppendResult>(batch.size(), broken());
    if (take(faults_->throw_in_append)) throw std::runtime_error("journal fell over");
    if (const auto foreign = std::exchange(faults_->foreign, std::nullopt)) {
      if (!std::holds_alternative<Appended>(inner_->append({&*foreign, 1}).at(0))) {
        throw std::logic_error("the foreign append does not fit");
      }
    }
    auto results = inner_->write(batch);
    if (take(faults_->forget_appends)) return std::vector<AppendResult>(batch.size(), broken());
    return results;
  }
  Result<std::size_t> forget(TimePoint before, std::size_t limit) override {
    return inner_->forget(before, limit);
  }
  Result<std::size_t> expire_keys(TimePoint now, std::size_t limit) override {
    return inner_->expire_keys(now, limit);
  }
  Result<void> probe(Probe how) override {
    ++faults_->probes;
    if (faults_->down) return broken();
    return inner_->probe(how);
  }

 private:
  std::unique_ptr<Journal> inner_;
  std::shared_ptr<StoreFaults> faults_;
};

class FaultyReader final : public Reader {
 public:
  FaultyReader(std::unique_ptr<Reader> inner, std::shared_ptr<StoreFaults> faults)
      : inner_(std::move(inner)), faults_(std::move(faults)) {}

  Result<std::vector<StoredEvent>> events(PaymentId payment) override {
    if (take(faults_->throw_in_reads)) throw std::runtime_error("reader fell over");
    if (take(faults_->refuse_reads)) return broken();
    auto events = inner_->events(payment);
    if (events && !events->empty() && take(faults_->corrupt_events)) (*events)[0].event.json = "{";
    return events;
  }
  Result<std::optional<PaymentRow>> payment(const TenantId& tenant, PaymentId payment) override {
    return inner_->payment(tenant, payment);
  }
  Result<std::vector<PaymentRow>> payments(const PaymentQuery& query) override {
    return inner_->payments(query);
  }
  Result<std::optional<KeyRecord>> key(const TenantId& tenant, std::string_view key) override {
    return inner_->key(tenant, key);
  }
  Result<std::vector<OperationRow>> operations(PaymentId payment) override {
    return inner_->operations(payment);
  }
  Result<std::vector<LedgerRow>> ledger(PaymentId payment) override {
    return inner_->ledger(payment);
  }
  Result<std::vector<Balance>> balances(const TenantId& tenant) override {
    return inner_->balances(tenant);
  }
  Result<std::vector<DueTimer>> open_payments(std::optional<PaymentId> after,
                                              std::size_t limit) override {
    return inner_->open_payments(after, limit);
  }
  Result<std::vector<DueTimer>> due_timers(TimePoint now, std::size_t limit) override {
    return inner_->due_timers(now, limit);
  }
  Result<std::optional<PaymentId>> payment_at_provider(std::string_view provider,
                                                       std::string_view id) override {
    if (take(faults_->refuse_lookups)) return broken();
    return inner_->payment_at_provider(provider, id);
  }
  Result<std::optional<PaymentId>> payment_of_event(std::string_view provider,
                                                    std::string_view event) override {
    return inner_->payment_of_event(provider, event);
  }
  Result<std::optional<WebhookRow>> webhook(const TenantId& tenant, WebhookId id) override {
    return inner_->webhook(tenant, id);
  }
  Result<std::vector<WebhookRow>> webhooks(const WebhookQuery& query) override {
    return inner_->webhooks(query);
  }
  Result<std::vector<WebhookRow>> due_webhooks(std::string_view provider, TimePoint now,
                                               std::size_t limit) override {
    if (take(faults_->refuse_reads)) return broken();
    return inner_->due_webhooks(provider, now, limit);
  }
  Result<std::vector<WebhookCount>> webhook_counts(const TenantId& tenant,
                                                   TimePoint since) override {
    return inner_->webhook_counts(tenant, since);
  }
  Result<std::vector<EndpointRow>> endpoints(const std::optional<TenantId>& tenant) override {
    return inner_->endpoints(tenant);
  }
  Result<std::vector<StoredOutbox>> outbox(const TenantId& tenant, std::uint64_t after,
                                           std::size_t limit) override {
    return inner_->outbox(tenant, after, limit);
  }
  Result<std::optional<StoredOutbox>> outbox_event(const TenantId& tenant, EventId id) override {
    return inner_->outbox_event(tenant, id);
  }
  Result<std::vector<DeliveryRow>> deliveries(const DeliveryQuery& query) override {
    return inner_->deliveries(query);
  }
  Result<std::vector<DeliveryRow>> deliveries_after(EndpointId endpoint,
                                                    std::uint64_t cursor) override {
    return inner_->deliveries_after(endpoint, cursor);
  }
  Result<std::vector<TaskRow>> tasks(const TaskQuery& query) override {
    return inner_->tasks(query);
  }
  Result<std::optional<TaskRow>> task(const TenantId& tenant, TaskId id) override {
    return inner_->task(tenant, id);
  }
  Result<std::vector<AuditRow>> audit(const TenantId& tenant, std::optional<AuditId> before,
                                      std::size_t limit) override {
    return inner_->audit(tenant, before, limit);
  }
  Result<std::vector<ApiKeyRow>> api_keys() override { return inner_->api_keys(); }

 private:
  std::unique_ptr<Reader> inner_;
  std::shared_ptr<StoreFaults> faults_;
};

class FaultyStore final : public Store {
 public:
  FaultyStore(std::shared_ptr<Store> inner, std::shared_ptr<StoreFaults> faults)
      : inner_(std::move(inner)), faults_(std::move(faults)) {}
  std::unique_ptr<Journal> open_journal() override {
    return std::make_unique<FaultyJournal>(inner_->open_journal(), faults_);
  }
  std::unique_ptr<Reader> open_reader() override {
    return std::make_unique<FaultyReader>(inner_->open_reader(), faults_);
  }
  Result<void> put_api_key(const ApiKeyRow& key) override { return inner_->put_api_key(key); }

 private:
  std::shared_ptr<Store> inner_;
  std::shared_ptr<StoreFaults> faults_;
};

}  // namespace

std::shared_ptr<Store> make_faulty_store(std::shared_ptr<Store> inner,
                                         std::shared_ptr<StoreFaults> faults) {
  return std::make_shared<FaultyStore>(std::move(inner), std::move(faults));
}

}  // namespace cambist::test
