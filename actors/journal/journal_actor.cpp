#include "actors/journal/journal_actor.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "actors/guarded.hpp"
#include "protocols/core/failpoint.hpp"

namespace cambist::actors::journal {
namespace {

constexpr const char* cannot_write = "the payment store cannot be written now";

using WrittenPromise = caf::typed_response_promise<Written>;

struct Waiting {
  Write write;
  WrittenPromise promise;
};

Written unavailable(std::string detail) {
  return Written{Error{ErrorCode::unavailable, std::move(detail)}};
}

/// Parent: the root. Failures of the store are answers; its own failure is the whole tree's.
/// A store that is down is not written until it has passed a probe: whoever waits is told at once,
/// instead of each waiting for the same deadline after the other.
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
    delayed_send(self(), params_.examine_every, Examine{});
    return {
        [this](Write& write) -> caf::result<Written> { return take(write); },
        [this](Flush) {
          armed_ = false;
          commit_all();
        },
        [this](Forget) { forget(); },
        [this](Examine) {
          examine_when_idle();
          delayed_send(self(), params_.examine_every, Examine{});
        },
        [this](Finish) {
          commit_all();
          quit();
        },
    };
  }

  void stopped() override {
    answer_all("the journal has stopped");
    journal_.reset();
  }

 private:
  caf::result<Written> take(Write& write) {
    if (queue_.size() >= params_.queue_max) {
      return Written{Error{ErrorCode::overloaded, "too many writes are waiting"}};
    }
    if (!params_.health->up()) return unavailable(cannot_write);
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
    while (!queue_.empty() && params_.health->up()) {
      refuse_late();
      if (!queue_.empty()) commit_batch();
    }
    answer_all(cannot_write);
  }

  /// A step that becomes durable after its payment has given it up is one that nobody knows of.
  void refuse_late() {
    const auto now = system().clock().now().time_since_epoch();
    const auto late = [&](const Write& write) {
      return write.sent.count() != 0 && now - write.sent >= params_.wait_max;
    };
    if (!late(queue_.front().write)) return;  // the oldest, or nearly
    std::erase_if(queue_, [&](Waiting& waiting) {
      if (!late(waiting.write)) return false;
      waiting.promise.deliver(unavailable("the write waited too long"));
      return true;
    });
  }

  void answer_all(const char* why) {
    while (!queue_.empty()) {
      Waiting waiting = std::move(queue_.front());
      queue_.pop_front();
      if (waiting.promise.pending()) waiting.promise.deliver(unavailable(why));
    }
  }

  void commit_batch() {
    std::vector<storage::Entry> batch;
    const std::size_t count = std::min(queue_.size(), params_.batch_max);
    batch.reserve(count);
    for (std::size_t i = 0; i < count; ++i) batch.push_back(std::move(queue_[i].write.entry));
    publish_queue_time(queue_.front().write.sent);

    failpoint("journal.before_batch");
    const TimePoint started = params_.now();
    params_.health->begins(started);
    std::vector<storage::AppendResult> results = write_all(batch);
    failpoint("journal.batch_written");
    const auto failed = static_cast<std::size_t>(
        std::count_if(results.begin(), results.end(), [](const auto& result) {
          const auto* error = std::get_if<Error>(&result);
          return error != nullptr && error->code == ErrorCode::unavailable;
        }));
    telemetry().journal_committed(count, params_.now() - started, failed == 0);

    for (std::size_t i = 0; i < count; ++i) {
      // Out of the queue before it is answered: whoever is answered may write again.
      Waiting waiting = std::move(queue_.front());
      queue_.pop_front();
      waiting.promise.deliver(Written{std::move(results[i])});
    }
    failpoint("journal.answered");
    // One entry may be in somebody's way by itself; whether it is the store, only the store knows.
    if (failed == count) examine(storage::Probe::write);
    wrote_ = failed < count;
    params_.health->ended();
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
    return {batch.size(), Error{ErrorCode::unavailable, cannot_write}};
  }

  void examine_when_idle() {
    if (std::exchange(wrote_, false)) return;
    params_.health->begins(params_.now());
    // A connection that broke while nobody used it is no fault of the store's: the write tells.
    if (!params_.health->up() || !passes(storage::Probe::reach)) examine(storage::Probe::write);
    params_.health->ended();
  }

  void examine(storage::Probe how) {
    const bool up = passes(how);
    if (up != params_.health->up()) {
      if (up)
        spdlog::warn("store_up");
      else
        spdlog::error("store_down error=\"{}\"", probe_error_);
    }
    params_.health->is_up(up);
  }

  bool passes(storage::Probe how) {
    try {
      const auto probed = journal_->probe(how);
      if (probed) return true;
      probe_error_ = probed.error().detail;
    } catch (const std::exception& error) {
      probe_error_ = error.what();
    }
    return false;
  }

  void forget() {
    if (!params_.health->up()) {
      delayed_send(self(), params_.forget_every, Forget{});
      return;
    }
    const TimePoint now = params_.now();
    const std::size_t slice = params_.forget_slice;
    params_.health->begins(now);
    bool more = drop("keys", [&] { return journal_->expire_keys(now, slice); });
    more = drop("history", [&] { return journal_->forget(now - params_.kept_for, slice); }) || more;
    params_.health->ended();
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
  bool wrote_ = false;  // something, since the store was examined last
  std::string probe_error_{};
};

}  // namespace

writer_actor spawn(caf::actor_system& system, Params params, bool detached) {
  return detached ? system.spawn<JournalActor, caf::detached>(std::move(params))
                  : system.spawn<JournalActor>(std::move(params));
}

}  // namespace cambist::actors::journal
