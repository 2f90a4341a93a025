#include "actors/scheduler/scheduler.hpp"

#include <deque>
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

/// Parent: the root, which starts it again; it then pages through the open payments once more. It
/// keeps nothing that matters: every timer is in the store.
class Scheduler final : public Guarded<scheduler_actor> {
 public:
  Scheduler(caf::actor_config& config, Params params)
      : Guarded(config, "scheduler", params.telemetry),
        params_(std::move(params)),
        woken_(params_.rewake) {}

 protected:
  behavior_type make_behavior() override {
    send(self(), NextPage{});
    delayed_send(self(), params_.poll, Poll{});
    return {
        [this](Poll) {
          delayed_send(self(), params_.poll, Poll{});
          woken_.forget_old(mono());
          look_for_due();
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
              for (const storage::DueTimer& open : *found) page_.push_back(open.payment);
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
    while (!page_.empty() && wake(page_.front())) page_.pop_front();
  }

  // --- what comes due
  // -----------------------------------------------------------------------------

  void look_for_due() {
    if (reading_) return;  // ends by its answer or by its timeout
    const std::size_t limit = params_.page + woken_.size();
    reading_ = true;
    request(params_.reader, params_.read_max,
            make_read([now = params_.now(), limit](storage::Reader& reader) {
              return reader.due_timers(now, limit);
            }))
        .then(
            [this](const ReadDone& read) {
              reading_ = false;
              const auto& found = value_of<Result<Due>>(read);
              if (!found) return;
              telemetry().queue_depth("timers_due", found->size());
              for (const storage::DueTimer& due : *found) {
                if (woken_.contains(due.payment)) continue;  // on its way
                if (!wake(due.payment)) return;
              }
            },
            [this](const caf::error& why) {
              reading_ = false;
              spdlog::warn("timers_not_read error=\"{}\"", system().render(why));
            });
  }

  /// False when as many as allowed are being seen to.
  bool wake(const PaymentId& payment) {
    Ticket ticket = params_.wakes->try_enter();
    if (!ticket) return false;
    failpoint("timer.due");
    woken_.add(payment, mono());
    send(params_.payments, Wake{payment, std::move(ticket)});
    return true;
  }

  Params params_;
  std::optional<PaymentId> after_{};
  std::deque<PaymentId> page_{};
  std::size_t woken_at_start_ = 0;
  bool reading_ = false;
  RecentWakes woken_;
};

}  // namespace

scheduler_actor spawn(caf::actor_system& system, Params params) {
  return system.spawn<Scheduler>(std::move(params));
}

}  // namespace cambist::actors::scheduler
