// Drives one server: one thread, epoll, keep-alive connections, each with one request at a time.
// Closed loop: a connection starts its next payment when the last one ended. Open loop: payments
// start by the clock, and those that find no connection free wait, which counts.
#pragma once

#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "benchmarks/load/plan.hpp"
#include "benchmarks/load/schedule.hpp"
#include "benchmarks/load/tally.hpp"

namespace cambist::load {

class Driver {
 public:
  /// `start` is the time 0 of the run; the window opens `plan.warm` later.
  Driver(const Plan& plan, Clock::time_point start);
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;
  ~Driver();
  /// Runs to the end of the window, then for what an open loop still waits for (10 s at most).
  [[nodiscard]] Tally run();

 private:
  struct Link;
  [[nodiscard]] Nanoseconds now() const;
  [[nodiscard]] bool in_window(Nanoseconds when) const noexcept;
  [[nodiscard]] bool open_loop() const noexcept { return plan_.rate > 0; }
  [[nodiscard]] bool may_start() const noexcept;
  [[nodiscard]] bool finished(Nanoseconds when) const noexcept;
  [[nodiscard]] Nanoseconds sleep_until(Nanoseconds when) const noexcept;

  void connect(Link& link);
  void revive(Nanoseconds when);
  void admit_arrivals(Nanoseconds when);
  void next_payment(Link& link, Nanoseconds when);
  void begin_payment(Link& link, Nanoseconds intended);
  void begin_request(Link& link);
  void on_event(Link& link, std::uint32_t events);
  void flush(Link& link);
  void receive(Link& link);
  void answered(Link& link, const Answer& answer);
  void fail(Link& link, std::string_view why, bool broken);
  void listen_for(Link& link, std::uint32_t events);

  const Plan& plan_;
  Clock::time_point start_;
  Nanoseconds opens_;
  Nanoseconds closes_;
  Descriptor epoll_;
  std::vector<std::unique_ptr<Link>> links_;
  std::vector<Link*> free_;                             // connected, nothing to do (open loop)
  std::deque<std::pair<Nanoseconds, Link*>> reviving_;  // to connect again, and when
  Schedule schedule_;
  Backlog backlog_;
  std::size_t busy_ = 0;
  Tally tally_;
};

}  // namespace cambist::load
