#include "storage/memory/store.hpp"

#include "protocols/core/overloaded.hpp"
#include "storage/memory/reader.hpp"

namespace cambist::storage::memory {
namespace {

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
      results.push_back(std::visit(
          Overloaded{[&](const Append& append) { return shared_->tables.append(append); },
                     [&](const Records& records) { return shared_->tables.write(records); }},
          entry));
    }
    return results;
  }

  Result<std::size_t> forget(TimePoint before, std::size_t limit) override {
    const std::lock_guard lock{shared_->mutex};
    auto& tables = shared_->tables;
    return tables.webhooks.forget(before, limit) + tables.outgoing.forget(before, limit);
  }

  Result<std::size_t> expire_keys(TimePoint now, std::size_t limit) override {
    const std::lock_guard lock{shared_->mutex};
    return shared_->tables.expire_keys(now, limit);
  }

 private:
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
  std::unique_ptr<Reader> open_reader() override { return make_reader(shared_); }
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
