#include "storage/memory/store.hpp"

#include <algorithm>
#include <mutex>

#include "storage/memory/tables.hpp"

namespace cambist::storage::memory {
namespace {

/// What the store, its journal and its readers share: whichever goes last takes it along.
struct Shared {
  std::mutex mutex;
  Tables tables;
  bool journal_open = false;
};

class MemoryJournal final : public Journal {
 public:
  explicit MemoryJournal(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  MemoryJournal(const MemoryJournal&) = delete;
  MemoryJournal& operator=(const MemoryJournal&) = delete;
  ~MemoryJournal() override {
    const std::lock_guard lock{shared_->mutex};
    shared_->journal_open = false;
  }

  std::vector<AppendResult> write(std::span<const Entry> batch) override {
    // One lock for the batch: readers see all of it or nothing, as with a commit.
    const std::lock_guard lock{shared_->mutex};
    std::vector<AppendResult> results;
    results.reserve(batch.size());
    for (const auto& entry : batch) {
      if (const auto* append = std::get_if<Append>(&entry)) {
        results.push_back(shared_->tables.append(*append));
      } else {
        results.emplace_back(Error{ErrorCode::internal, "not kept by this store yet"});
      }
    }
    return results;
  }

  Result<std::size_t> forget(TimePoint, std::size_t) override { return std::size_t{0}; }

  Result<std::size_t> expire_keys(TimePoint now, std::size_t limit) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.expire_keys(now, limit);
  }

 private:
  std::shared_ptr<Shared> shared_;
};

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
      page.push_back({find(*id)->row.tenant, *id, shared_->tables.due_of(*id)});
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
    const std::lock_guard lock{shared_->mutex};
    std::vector<ApiKeyRow> rows;
    for (const auto& [id, row] : shared_->tables.api_keys) rows.push_back(row);
    return rows;
  }

 private:
  static Error unkept() { return {ErrorCode::internal, "not kept by this store yet"}; }
  const Payment* find(PaymentId payment) const {
    const auto found = shared_->tables.payments.find(payment);
    return found == shared_->tables.payments.end() ? nullptr : &found->second;
  }

  std::shared_ptr<Shared> shared_;
};

class MemoryStore final : public Store {
 public:
  std::unique_ptr<Journal> open_journal() override {
    const std::lock_guard lock{shared_->mutex};
    if (shared_->journal_open) return nullptr;
    shared_->journal_open = true;
    return std::make_unique<MemoryJournal>(shared_);
  }
  std::unique_ptr<Reader> open_reader() override { return std::make_unique<MemoryReader>(shared_); }
  Result<void> put_api_key(const ApiKeyRow& key) override {
    const std::lock_guard lock{shared_->mutex};
    shared_->tables.api_keys.insert_or_assign(key.id, key);
    return {};
  }

 private:
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace

std::unique_ptr<Store> make() {
  return std::make_unique<MemoryStore>();
}

}  // namespace cambist::storage::memory
