#include "storage/sqlite/journal.hpp"

#include <algorithm>
#include <limits>

#include "protocols/core/failpoint.hpp"
#include "storage/append_rules.hpp"
#include "storage/sqlite/forget.hpp"
#include "storage/sqlite/writer.hpp"

namespace cambist::storage::sqlite {
namespace {

constexpr const char* expire = R"(
  DELETE FROM idempotency_keys WHERE position IN (
    SELECT position FROM idempotency_keys
    WHERE completed = 1 AND expires_at <= ?1
      AND NOT EXISTS (SELECT 1 FROM payments WHERE payments.tenant = idempotency_keys.tenant
                      AND payments.id = idempotency_keys.payment AND payments.open = 1)
    ORDER BY expires_at, tenant, key LIMIT ?2))";

/// Whether a failed statement speaks against its own entry and not against the disk or the
/// database.
bool is_fault_of_entry(int code) {
  const int primary = code & 0xff;
  return primary == SQLITE_CONSTRAINT || primary == SQLITE_TOOBIG || primary == SQLITE_MISMATCH;
}

class SqliteJournal final : public Journal {
 public:
  explicit SqliteJournal(std::shared_ptr<Core> core) : core_(std::move(core)) {}
  SqliteJournal(const SqliteJournal&) = delete;
  SqliteJournal& operator=(const SqliteJournal&) = delete;
  ~SqliteJournal() override {
    const std::lock_guard lock{core_->mutex};
    core_->journal_open = false;
  }

  std::vector<AppendResult> write(std::span<const Entry> batch) override {
    if (batch.empty()) return {};
    const std::lock_guard lock{core_->mutex};
    std::vector<AppendResult> results;
    if (transact(batch, results)) return results;
    // One entry cannot be written by any means; the others can.
    results.clear();
    for (std::size_t i = 0; i < batch.size(); ++i) {
      std::vector<AppendResult> single;
      if (!transact(batch.subspan(i, 1), single)) {
        single = {cannot_hold(batch[i])};
      }
      results.push_back(std::move(single.front()));
    }
    return results;
  }

  Result<std::size_t> forget(TimePoint before, std::size_t limit) override {
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    const std::lock_guard lock{core_->mutex};
    Chain chain;
    chain.run(begin_);
    const auto gone = forgetting_.run(chain, before, std::min(limit, most));
    chain.run(commit_);
    if (chain.ok()) return gone;
    core_->writer.rollback();
    return unavailable("cannot forget what is old", chain.code());
  }

  Result<std::size_t> expire_keys(TimePoint now, std::size_t limit) override {
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    const std::lock_guard lock{core_->mutex};
    const int code = expire_.run(now, std::min(limit, most)).finish();
    if (code != SQLITE_OK) return unavailable("cannot expire idempotency keys", code);
    return static_cast<std::size_t>(core_->writer.changes());
  }

  Result<void> probe(Probe how) override {
    if (how == Probe::reach) return {};  // the disk tells nothing before it is written
    const std::lock_guard lock{core_->mutex};
    const int code = touch_.run().finish();
    if (code != SQLITE_OK) return unavailable("cannot write to the store", code);
    return {};
  }

 private:
  /// One transaction. False: rolled back, because an entry in it cannot be written.
  bool transact(std::span<const Entry> batch, std::vector<AppendResult>& results) {
    results.reserve(batch.size());
    int code = begin_.run().finish();
    for (std::size_t i = 0; code == SQLITE_OK && i < batch.size(); ++i) {
      if (auto result = writer_.write(batch[i])) {
        results.push_back(*std::move(result));
      } else {
        code = writer_.code();
      }
    }
    if (is_fault_of_entry(code)) {
      roll_back();
      return false;
    }
    if (code == SQLITE_OK) {
      failpoint("store.before_commit");
      code = commit_.run().finish();
      if (code == SQLITE_OK) {
        failpoint("store.committed");
        return true;
      }
      roll_back();
      look_up(batch, results, code);
      return true;
    }
    roll_back();
    results.assign(batch.size(), unavailable("cannot write to the store", code));
    return true;
  }

  void roll_back() {
    core_->writer.rollback();
    writer_.rolled_back();
  }

  /// After a commit that failed: the batch was one transaction, so one trace of it proves all of
  /// it. Without a trace everything is answered as unavailable.
  void look_up(std::span<const Entry> batch, std::vector<AppendResult>& results, int code) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (std::holds_alternative<Appended>(results[i]) && writer_.holds(batch[i])) return;
    }
    results.assign(batch.size(), unavailable("cannot commit to the store", code));
  }

  std::shared_ptr<Core> core_;
  Writer writer_{core_->writer};
  Statement begin_ = core_->writer.prepare("BEGIN IMMEDIATE");
  Statement commit_ = core_->writer.prepare("COMMIT");
  // A number that nobody reads: written as it was, it is a page like any other.
  Statement touch_ = core_->writer.prepare("PRAGMA user_version = 0");
  Statement expire_ = core_->writer.prepare(expire);
  Forgetting forgetting_{core_->writer};
};

}  // namespace

std::unique_ptr<Journal> make_journal(std::shared_ptr<Core> core) {
  const std::lock_guard lock{core->mutex};
  if (core->journal_open) return nullptr;
  auto journal = std::make_unique<SqliteJournal>(core);
  core->journal_open = true;
  return journal;
}

}  // namespace cambist::storage::sqlite
