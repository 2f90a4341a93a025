#include "actors/journal/journal_actor.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "actors/guarded.hpp"
#include "protocols/core/failpoint.hpp"

namespace cambist::actors::journal {
namespace {

using WrittenPromise = caf::typed_response_promise<Written>;

struct Waiting {
  Write write;
  WrittenPromise promise;
};

Written unavailable(std::string detail) {
  return Written{Error{ErrorCode::unavailable, std::move(detail)}};
}

/// Parent: the root. Failures of the store are answers; its own failure is the whole tree's.
class JournalActor final : public Guarded<writer_actor> {
 public:
  JournalActor(caf::actor_config& config, Params params)
      : Guarded(config, "journal", params.telemetry),
        params_(std::move(params)),
        journal_(params_.store->open_journal()) {
    if (!journal_) throw std::runtime_error("the store has a writer already");
  }

 protected:
  behavior_type make_behavior() override {
    delayed_send(self(), params_.forget_every, Forget{});
    return {
        [this](Write& write) -> caf::result<Written> { return take(write); },
        [this](Flush) {
          armed_ = false;
          commit_all();
        },
        [this](Forget) { forget(); },
        [this](Finish) {
          commit_all();
          quit();
        },
    };
  }

  void stopped() override {
    for (Waiting& waiting : queue_) {
      if (waiting.promise.pending())
        waiting.promise.deliver(unavailable("the journal has stopped"));
    }
    queue_.clear();
    journal_.reset();
  }

 private:
  caf::result<Written> take(Write& write) {
    if (queue_.size() >= params_.queue_max) {
      return Written{Error{ErrorCode::overloaded, "too many writes are waiting"}};
    }
    auto promise = make_response_promise<Written>();
    queue_.push_back(Waiting{std::move(write), promise});
    if (queue_.size() >= params_.batch_max) {
      commit_all();
    } else if (!armed_) {
      armed_ = true;
      send(self(), Flush{});
    }
    return promise;
  }

  void commit_all() {
    while (!queue_.empty()) commit_batch();
  }

  void commit_batch() {
    std::vector<storage::Entry> batch;
    const std::size_t count = std::min(queue_.size(), params_.batch_max);
    batch.reserve(count);
    for (std::size_t i = 0; i < count; ++i) batch.push_back(std::move(queue_[i].write.entry));
    publish_queue_time(queue_.front().write.sent);

    failpoint("journal.before_batch");
    const TimePoint started = params_.now();
    std::vector<storage::AppendResult> results = write_all(batch);
    failpoint("journal.batch_written");
    const bool ok = std::none_of(results.begin(), results.end(), [](const auto& result) {
      return std::holds_alternative<Error>(result);
    });
    params_.healthy->store(ok, std::memory_order_relaxed);
    telemetry().journal_committed(count, params_.now() - started, ok);

    for (std::size_t i = 0; i < count; ++i) {
      // Out of the queue before it is answered: whoever is answered may write again.
      Waiting waiting = std::move(queue_.front());
      queue_.pop_front();
      waiting.promise.deliver(Written{std::move(results[i])});
    }
    failpoint("journal.answered");
    telemetry().queue_depth("journal", queue_.size());
  }

  /// The first of the queue is the oldest, but for writers that sent at the same moment. What
  /// waited in the mailbox while an earlier batch was written counts: only the sender knows when it
  /// began.
  void publish_queue_time(std::chrono::nanoseconds sent) {
    if (sent.count() == 0) return;
    const auto waited = system().clock().now().time_since_epoch() - sent;
    params_.queue_us->store(std::chrono::floor<Duration>(waited).count(),
                            std::memory_order_relaxed);
  }

  /// An exception of the store is its failure to answer: nobody knows what became of the batch.
  std::vector<storage::AppendResult> write_all(const std::vector<storage::Entry>& batch) {
    std::string why = "the store did not answer";
    try {
      auto results = journal_->write(batch);
      if (results.size() == batch.size()) return results;
    } catch (const std::exception& error) {
      why = error.what();
    }
    spdlog::error("journal_failed appends={} error=\"{}\"", batch.size(), why);
    // The text may name what a client should not see.
    return {batch.size(), Error{ErrorCode::unavailable, "the payment store cannot be written now"}};
  }

  void forget() {
    const TimePoint now = params_.now();
    const std::size_t slice = params_.forget_slice;
    bool more = drop("keys", [&] { return journal_->expire_keys(now, slice); });
    more = drop("history", [&] { return journal_->forget(now - params_.kept_for, slice); }) || more;
    // A full slice says that there are more; writes go in between.
    delayed_send(self(), more ? std::chrono::milliseconds{100} : params_.forget_every, Forget{});
  }

  /// True when there may be more to drop.
  template <class Drop>
  bool drop(const char* what, Drop one_slice) {
    try {
      const Result<std::size_t> dropped = one_slice();
      if (dropped) return *dropped >= params_.forget_slice;
      spdlog::warn("not_forgotten what={} error=\"{}\"", what, dropped.error().detail);
    } catch (const std::exception& error) {
      spdlog::warn("not_forgotten what={} error=\"{}\"", what, error.what());
    }
    return false;
  }

  Params params_;
  std::unique_ptr<storage::Journal> journal_;
  std::deque<Waiting> queue_{};
  bool armed_ = false;  // a Flush is on its way
};

}  // namespace

writer_actor spawn(caf::actor_system& system, Params params, bool detached) {
  return detached ? system.spawn<JournalActor, caf::detached>(std::move(params))
                  : system.spawn<JournalActor>(std::move(params));
}

}  // namespace cambist::actors::journal
