#include "actors/scheduler/scheduler.hpp"

#include <deque>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "actors/guarded.hpp"
#include "actors/reader/read.hpp"
#include "actors/scheduler/recent.hpp"
#include "protocols/core/failpoint.hpp"

namespace cambist::actors::scheduler {
namespace {

using Mono = std::chrono::nanoseconds;
using Due = std::vector<storage::DueTimer>;

/// What one look at the store has found.
struct Found {
  Result<Due> timers;
  std::vector<std::string> streams;
};

/// Those of `providers` that have webhooks due, or of which it cannot be told.
std::vector<std::string> with_due(storage::Reader& reader,
                                  const std::vector<std::string>& providers, TimePoint now) {
  std::vector<std::string> due;
  for (const std::string& provider : providers) {
    const auto first = reader.due_webhooks(provider, now, 1);
    if (!first || !first->empty()) due.push_back(provider);
  }
  return due;
}

/// Parent: the root, which starts it again; it then pages through the open payments once more. It
/// keeps nothing that matters: every timer is in the store.
class Scheduler final : public Guarded<scheduler_actor> {
 public:
  Scheduler(caf::actor_config& config, Params params)
      : Guarded(config, "scheduler", params.telemetry),
        params_(std::move(params)),
        woken_(params_.rewake, params_.rewake_max) {}

 protected:
  behavior_type make_behavior() override {
    send(self(), NextPage{});
    delayed_send(self(), params_.poll, Poll{});
    return {
        [this](Poll) {
          delayed_send(self(), params_.poll, Poll{});
          woken_.forget_old(mono());
          load();
        },
        [this](const Fire& fire) {
          if (fire.load == loads_) fire_due();
        },
        [this](NextPage) { next_page(); },
    };
  }

 private:
  [[nodiscard]] Mono mono() { return system().clock().now().time_since_epoch(); }

  // --- what was open at start
  // ---------------------------------------------------------------------

  void next_page() {
    wake_waiting();
    if (!page_.empty()) return later();  // too many are being seen to
    request(params_.reader, params_.read_max,
            make_read([after = after_, limit = params_.page](storage::Reader& reader) {
              return reader.open_payments(after, limit);
            }))
        .then(
            [this](const ReadDone& read) {
              const auto& found = value_of<Result<Due>>(read);
              if (!found) return later();
              for (const storage::DueTimer& open : *found) page_.push_back(open);
              if (!found->empty()) after_ = found->back().payment;
              woken_at_start_ += found->size();
              wake_waiting();
              if (found->size() >= params_.page || !page_.empty()) return later();
              if (woken_at_start_ > 0)
                spdlog::info("open_payments_woken count={}", woken_at_start_);
            },
            [this](const caf::error&) { later(); });
  }

  void later() { delayed_send(self(), params_.page_pause, NextPage{}); }

  void wake_waiting() {
    while (!page_.empty() && wake(page_.front().payment, page_.front().due)) page_.pop_front();
  }

  // --- what comes due
  // -----------------------------------------------------------------------------

  /// What is due before the next poll has loaded again: an index range at the store, a page here.
  void load() {
    if (reading_) return;  // ends by its answer or by its timeout
    reading_ = true;
    const TimePoint until = params_.now() + params_.poll;
    // Those that were woken and are still on their way come first: they must not fill the page.
    const std::size_t limit = params_.page + woken_.size();
    request(params_.reader, params_.read_max,
            make_read([until, limit, now = params_.now(),
                       streams = params_.streams](storage::Reader& reader) {
              return Found{reader.due_timers(until, limit), with_due(reader, streams, now)};
            }))
        .then(
            [this, limit](const ReadDone& read) {
              reading_ = false;
              auto& found = value_of<Found>(read);
              for (std::string& provider : found.streams)
                send(params_.webhooks, WebhooksDue{std::move(provider)});
              if (found.timers) loaded(std::move(*found.timers), limit);
            },
            [this](const caf::error& why) {
              reading_ = false;
              spdlog::warn("timers_not_read error=\"{}\"", system().render(why));
            });
  }

  /// The store is right: what was loaded before, and has not been fired, is in it again, or not any
  /// more.
  void loaded(Due found, std::size_t limit) {
    telemetry().queue_depth("timers_due", found.size());
    ++loads_;
    more_ = found.size() >= limit;
    soon_.assign(std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    fire_due();
  }

  /// Fires what is due in the order of due, each at its moment by the wall clock: one that has
  /// jumped back makes the rest wait for a later load.
  void fire_due() {
    while (!soon_.empty()) {
      const storage::DueTimer& timer = soon_.front();
      const Duration wait = timer.due - params_.now();
      if (wait > params_.poll) return;
      if (wait > Duration{0}) return fire_in(wait);
      if (!woken_.contains(timer.payment, timer.due, mono())) {
        failpoint("timer.due");
        // As many as allowed are being seen to: the first that is done makes room.
        if (!wake(timer.payment, timer.due)) return fire_in(params_.page_pause);
        telemetry().timer_fired(timer.kind, -wait);
        failpoint("timer.woken");
      }
      soon_.pop_front();
    }
    if (std::exchange(more_, false)) load();
  }

  void fire_in(Duration wait) { delayed_send(self(), wait, Fire{loads_}); }

  /// False when as many as allowed are being seen to.
  bool wake(const PaymentId& payment, TimePoint due) {
    Ticket ticket = params_.wakes->try_enter();
    if (!ticket) return false;
    woken_.add(payment, due, mono());
    send(params_.payments, Wake{payment, std::move(ticket)});
    return true;
  }

  Params params_;
  std::optional<PaymentId> after_{};
  std::deque<storage::DueTimer> page_{};
  std::size_t woken_at_start_ = 0;
  std::deque<storage::DueTimer> soon_{};  // loaded and not fired, in the order of due
  std::uint64_t loads_ = 0;
  bool more_ = false;  // the store had more than a page
  bool reading_ = false;
  RecentWakes woken_;
};

}  // namespace

scheduler_actor spawn(caf::actor_system& system, Params params) {
  return system.spawn<Scheduler>(std::move(params));
}

}  // namespace cambist::actors::scheduler
