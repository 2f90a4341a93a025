#include "storage/memory/reader.hpp"

#include <map>
#include <utility>

namespace cambist::storage::memory {
namespace {

bool matches(const PaymentRow& row, const PaymentQuery& query) {
  const auto same = [](const std::string& wanted, const std::string& actual) {
    return wanted.empty() || wanted == actual;
  };
  return same(query.status, row.status) && same(query.reference, row.reference) &&
         same(query.customer_id, row.customer_id) && same(query.provider, row.provider) &&
         (!query.created_from || row.created_at >= *query.created_from) &&
         (!query.created_to || row.created_at < *query.created_to);
}

class MemoryReader final : public Reader {
 public:
  explicit MemoryReader(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

  Result<std::vector<StoredEvent>> events(PaymentId payment) override {
    const std::lock_guard lock{shared_->mutex};
    std::vector<StoredEvent> found;
    if (const auto* row = find(payment)) {
      for (const auto& event : row->events) found.push_back({found.size() + 1, event});
    }
    return found;
  }

  Result<std::optional<PaymentRow>> payment(const TenantId& tenant, PaymentId payment) override {
    const std::lock_guard lock{shared_->mutex};
    const auto* found = find(payment);
    if (found == nullptr || found->row.tenant != tenant) return std::optional<PaymentRow>{};
    return std::optional{found->row};
  }

  Result<std::vector<PaymentRow>> payments(const PaymentQuery& query) override {
    const std::lock_guard lock{shared_->mutex};
    std::vector<PaymentRow> page;
    const auto ids = shared_->tables.by_tenant.find(query.tenant);
    if (ids == shared_->tables.by_tenant.end()) return page;
    auto id = query.before ? ids->second.lower_bound(*query.before) : ids->second.end();
    while (id != ids->second.begin() && page.size() < query.limit) {
      const auto& row = find(*--id)->row;
      if (matches(row, query)) page.push_back(row);
    }
    return page;
  }

  Result<std::optional<KeyRecord>> key(const TenantId& tenant, std::string_view key) override {
    const std::lock_guard lock{shared_->mutex};
    const auto found = shared_->tables.keys.find({tenant, std::string{key}});
    if (found == shared_->tables.keys.end()) return std::optional<KeyRecord>{};
    return std::optional{found->second};
  }

  Result<std::vector<OperationRow>> operations(PaymentId payment) override {
    const std::lock_guard lock{shared_->mutex};
    const auto* found = find(payment);
    return found == nullptr ? std::vector<OperationRow>{} : found->operations;
  }

  Result<std::vector<LedgerRow>> ledger(PaymentId payment) override {
    const std::lock_guard lock{shared_->mutex};
    const auto* found = find(payment);
    return found == nullptr ? std::vector<LedgerRow>{} : found->ledger;
  }

  Result<std::vector<Balance>> balances(const TenantId& tenant) override {
    const std::lock_guard lock{shared_->mutex};
    std::map<std::pair<std::string, Currency>, Money> sums;
    const auto ids = shared_->tables.by_tenant.find(tenant);
    if (ids == shared_->tables.by_tenant.end()) return std::vector<Balance>{};
    for (const auto& id : ids->second) {
      for (const auto& posting : find(id)->ledger) {
        auto& sum = sums.try_emplace({posting.account, posting.amount.currency},
                                     Money{0, posting.amount.currency})
                        .first->second;
        auto total = add(sum, posting.amount);
        if (!total) return Error{ErrorCode::unavailable, "a ledger balance is out of range"};
        sum = *total;
      }
    }
    std::vector<Balance> balances;
    for (const auto& [key, sum] : sums) balances.push_back({key.first, sum});
    return balances;
  }

  Result<std::vector<DueTimer>> open_payments(std::optional<PaymentId> after,
                                              std::size_t limit) override {
    const std::lock_guard lock{shared_->mutex};
    const auto& open = shared_->tables.open;
    std::vector<DueTimer> page;
    auto id = after ? open.upper_bound(*after) : open.begin();
    for (; id != open.end() && page.size() < limit; ++id) {
      page.push_back(shared_->tables.timer_of(*find(*id)));
    }
    return page;
  }

  Result<std::vector<DueTimer>> due_timers(TimePoint now, std::size_t limit) override {
    const std::lock_guard lock{shared_->mutex};
    std::vector<DueTimer> page;
    for (const auto& [due, payment] : shared_->tables.timers_due) {
      if (due > now || page.size() == limit) break;
      page.push_back(shared_->tables.timers.at(payment));
    }
    return page;
  }

  Result<std::optional<PaymentId>> payment_at_provider(
      std::string_view provider, std::string_view provider_payment_id) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.at_provider(provider, provider_payment_id);
  }

  Result<std::optional<PaymentId>> payment_of_event(std::string_view provider,
                                                    std::string_view event) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.webhooks.payment_of_event(provider, event);
  }
  Result<std::optional<WebhookRow>> webhook(const TenantId& tenant, WebhookId id) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.webhooks.find(tenant, id);
  }
  Result<std::vector<WebhookRow>> webhooks(const WebhookQuery& query) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.webhooks.list(query);
  }
  Result<std::vector<WebhookRow>> due_webhooks(std::string_view provider, TimePoint now,
                                               std::size_t limit) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.webhooks.due(provider, now, limit);
  }
  Result<std::vector<WebhookCount>> webhook_counts(const TenantId& tenant,
                                                   TimePoint since) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.webhooks.counts(tenant, since);
  }
  Result<std::vector<EndpointRow>> endpoints(const std::optional<TenantId>& tenant) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.outgoing.endpoints(tenant);
  }
  Result<std::vector<StoredOutbox>> outbox(const TenantId& tenant, std::uint64_t after,
                                           std::size_t limit) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.outgoing.outbox(tenant, after, limit);
  }
  Result<std::optional<StoredOutbox>> outbox_event(const TenantId& tenant, EventId id) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.outgoing.event(tenant, id);
  }
  Result<std::vector<DeliveryRow>> deliveries(const DeliveryQuery& query) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.outgoing.deliveries(query);
  }
  Result<std::vector<DeliveryRow>> deliveries_after(EndpointId endpoint,
                                                    std::uint64_t cursor) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.outgoing.deliveries_after(endpoint, cursor);
  }
  Result<std::vector<TaskRow>> tasks(const TaskQuery& query) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.operators.tasks(query);
  }
  Result<std::optional<TaskRow>> task(const TenantId& tenant, TaskId id) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.operators.task(tenant, id);
  }
  Result<std::vector<AuditRow>> audit(const TenantId& tenant, std::optional<AuditId> before,
                                      std::size_t limit) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.operators.audit(tenant, before, limit);
  }

  Result<std::vector<ApiKeyRow>> api_keys() override {
    const std::lock_guard lock{shared_->mutex};
    std::vector<ApiKeyRow> rows;
    for (const auto& [id, row] : shared_->tables.api_keys) rows.push_back(row);
    return rows;
  }

 private:
  const Payment* find(PaymentId payment) const {
    const auto found = shared_->tables.payments.find(payment);
    return found == shared_->tables.payments.end() ? nullptr : &found->second;
  }

  std::shared_ptr<Shared> shared_;
};

}  // namespace

std::unique_ptr<Reader> make_reader(std::shared_ptr<Shared> shared) {
  return std::make_unique<MemoryReader>(std::move(shared));
}

}  // namespace cambist::storage::memory
