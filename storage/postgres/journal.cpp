#include "storage/postgres/journal.hpp"

#include <algorithm>
#include <set>

#include "protocols/core/failpoint.hpp"
#include "storage/append_rules.hpp"
#include "storage/postgres/batch.hpp"
#include "storage/postgres/careful.hpp"
#include "storage/postgres/forget.hpp"
#include "storage/postgres/probe.hpp"
#include "storage/postgres/traces.hpp"

namespace cambist::storage::postgres {
namespace {

/// What became of one attempt at a batch.
enum class Attempt : std::uint8_t {
  answered,
  refused,   // rolled back: something in it cannot be written
  repeated,  // surely rolled back, and not for its own sake: once more may go well
};

class PostgresJournal final : public Journal {
 public:
  explicit PostgresJournal(std::shared_ptr<Core> core) : core_(std::move(core)) {}
  PostgresJournal(const PostgresJournal&) = delete;
  PostgresJournal& operator=(const PostgresJournal&) = delete;
  ~PostgresJournal() override { core_->journal_open = false; }

  std::vector<AppendResult> write(std::span<const Entry> entries) override {
    Batch batch{entries};
    if (!batch.entries().empty()) write(batch);
    return batch.take();
  }
  Result<std::size_t> forget(TimePoint before, std::size_t limit) override {
    return postgres::forget(connection_, before, limit);
  }
  Result<std::size_t> expire_keys(TimePoint now, std::size_t limit) override {
    return postgres::expire_keys(connection_, now, limit);
  }
  Result<void> probe(Probe how) override { return postgres::probe(connection_, how); }

 private:
  void write(Batch& batch) {
    const bool plain = std::all_of(batch.entries().begin(), batch.entries().end(),
                                   [](const Entry* entry) { return is_plain(*entry); });
    const bool alone = batch.entries().size() == 1;
    auto ended = plain ? twice([&] { return at_once(batch); }) : Attempt::refused;
    if (ended == Attempt::refused) ended = twice([&] { return with_care(batch); });
    if (ended == Attempt::answered || (alone && ended == Attempt::repeated)) return;
    // One entry cannot be written, now (its row is locked) or by any means; the others can.
    for (std::size_t i = 0; i < batch.entries().size(); ++i) {
      Batch single{{batch.entries()[i], 1}};
      // A second time, because another process may have come between the look and the writing.
      if (with_care(single) == Attempt::refused &&
          twice([&] { return with_care(single); }) == Attempt::refused) {
        single.answer(0, cannot_hold(*batch.entries()[i]));
      }
      batch.answer(i, single.result(0));
    }
  }

  /// At most one repetition; whatever was not refused leaves an answer.
  template <class Try>
  Attempt twice(Try attempt) {
    const auto first = attempt();
    return first == Attempt::repeated ? attempt() : first;
  }

  /// The whole batch in one round trip.
  Attempt at_once(Batch& batch) {
    if (!ready(batch)) return Attempt::answered;
    std::vector<std::size_t> received;
    const auto send = [&] {
      if (const auto place = wave_.send(connection_)) received.push_back(*place);
    };
    for (const auto* entry : batch.entries()) {
      if (!wave_.fits(*entry)) send();
      wave_.add(*entry);
    }
    send();
    batch.answer_written();
    failpoint("store.before_commit");
    if (const auto failure = connection_.finish()) return failed(batch, *failure);
    failpoint("store.committed");
    answer_copies(batch, received);
    return Attempt::answered;
  }

  /// Which webhooks were there already: those that the statements did not list.
  void answer_copies(Batch& batch, const std::vector<std::size_t>& places) {
    if (places.empty()) return;
    std::set<WebhookId> made;
    for (const auto place : places) {
      auto& rows = connection_.answers()[place];
      while (rows.next()) made.insert(rows.id<WebhookId>(0));
    }
    for (std::size_t i = 0; i < batch.entries().size(); ++i) {
      const auto* const row = lone_webhook(*batch.entries()[i]);
      if (row != nullptr && made.erase(row->id) == 0) batch.answer(i, AlreadyThere{});
    }
  }

  /// One transaction as well, but with a look before each entry.
  Attempt with_care(Batch& batch) {
    if (!ready(batch)) return Attempt::answered;
    if (const auto failure = connection_.run("BEGIN")) return not_committed(batch, *failure);
    CarefulWriter writer{connection_, wave_};
    for (std::size_t i = 0; i < batch.entries().size(); ++i) {
      auto result = writer.write(*batch.entries()[i]);
      if (!result) {
        if (connection_.is_open()) (void)connection_.run("ROLLBACK");
        return not_committed(batch, writer.failure());
      }
      batch.answer(i, *std::move(result));
    }
    failpoint("store.before_commit");
    if (const auto failure = connection_.run("COMMIT")) return failed(batch, *failure);
    failpoint("store.committed");
    return Attempt::answered;
  }

  bool ready(Batch& batch) {
    if (const auto failure = connection_.open()) {
      batch.answer_all(unavailable("cannot reach the database", *failure));
      return false;
    }
    if (connection_.session() == session_) return true;
    session_ = connection_.session();
    backend_ = backend_of(connection_);
    return true;
  }

  /// After a failure before the commit was asked for.
  Attempt not_committed(Batch& batch, const Failure& failure) {
    if (failure.kind == FailureKind::refused) return Attempt::refused;
    batch.answer_all(unavailable("cannot write to the database", failure));
    return failure.kind == FailureKind::server ? Attempt::answered : Attempt::repeated;
  }

  /// After a failure that may have befallen the commit itself.
  Attempt failed(Batch& batch, const Failure& failure) {
    if (failure.kind != FailureKind::lost) return not_committed(batch, failure);
    const auto written = written_of(batch);
    auto outcome = Outcome::unknown;
    // What the session was doing is decided only when it is over.
    if (!connection_.open() && (!backend_ || is_over(connection_, *backend_))) {
      outcome = outcome_of(connection_, written);
    }
    if (outcome == Outcome::committed && answer_found(batch)) return Attempt::answered;
    batch.answer_all(unavailable("cannot commit to the database", failure));
    const bool safe = outcome == Outcome::rolled_back && backend_;
    return safe ? Attempt::repeated : Attempt::answered;
  }

  /// The entries that are in the database if the commit was.
  std::vector<const Entry*> written_of(const Batch& batch) const {
    std::vector<const Entry*> written;
    for (std::size_t i = 0; i < batch.entries().size(); ++i) {
      if (std::holds_alternative<Appended>(batch.result(i))) written.push_back(batch.entries()[i]);
    }
    return written;
  }

  /// False: the connection went again before every webhook was looked up.
  bool answer_found(Batch& batch) {
    for (std::size_t i = 0; i < batch.entries().size(); ++i) {
      if (!std::holds_alternative<Appended>(batch.result(i))) continue;
      const auto* const append = std::get_if<Append>(batch.entries()[i]);
      if (append != nullptr) {
        batch.answer(i, Appended{append->expected_version + append->events.size()});
      } else if (const auto* const row = lone_webhook(*batch.entries()[i])) {
        const auto there = has_webhook(connection_, row->id);
        if (!there) return false;
        if (!*there) batch.answer(i, AlreadyThere{});
      }
    }
    return true;
  }

  std::shared_ptr<Core> core_;
  Connection connection_{core_->options};
  Wave wave_;
  std::uint64_t session_ = 0;
  std::optional<Backend> backend_;
};

}  // namespace

std::unique_ptr<Journal> make_journal(std::shared_ptr<Core> core) {
  if (core->journal_open.exchange(true)) return nullptr;
  return std::make_unique<PostgresJournal>(std::move(core));
}

}  // namespace cambist::storage::postgres
