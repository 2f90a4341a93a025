// When each letter is tried: the order, the retries, the bounds and the counts, without a clock, a
// thread or a socket. The sender drives it with the wall clock, a simulation with a virtual one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "gateway/sandbox/webhooks/letter.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::sandbox::webhooks {

struct ScheduleLimits {
  std::size_t letters_max = 100'000;
  std::size_t bytes_max = std::size_t{256} << 20U;  // of bodies that wait
  std::size_t in_flight_max = 16;
  std::size_t recent_max = 100;  // what `show` lists
};

/// Wait after the attempt-th failure: 1 s, 5 s, 30 s, 2 min, 10 min, then an hour.
/// Shape: `attempts` counts from 1.
[[nodiscard]] std::chrono::seconds retry_delay(int attempts) noexcept;

/// Not thread safe. When it is full the oldest letters that are not on the wire go.
class Schedule {
 public:
  explicit Schedule(ScheduleLimits limits = {}) : limits_{limits} {}

  /// One attempt to make; `settle` it by its id.
  struct Attempt {
    std::uint64_t id = 0;
    std::shared_ptr<const Letter> letter;
  };

  void post(Letter letter, TimePoint now);
  /// The letter that has been due the longest, if one is due and there is room on the wire.
  [[nodiscard]] std::optional<Attempt> take(TimePoint now);
  /// `result` is for people: "HTTP 503" or a reason. Only a 2xx is `delivered`.
  void settle(std::uint64_t id, bool delivered, std::string result, TimePoint now);
  /// When `take` has something; none while nothing waits or the wire is full.
  [[nodiscard]] std::optional<TimePoint> due_at() const;
  [[nodiscard]] boost::json::object show() const;
  void clear();

 private:
  struct Waiting {
    std::shared_ptr<const Letter> letter;
    TimePoint posted;
    TimePoint due;
    int behind = 0;
    int attempts = 0;
    bool on_wire = false;
  };
  struct Report {
    std::string event;
    std::string_view provider;
    std::string_view type;
    std::string_view status = "pending";
    std::string result;
    TimePoint posted;
    int attempts = 0;
    bool forged = false;
  };
  struct Counts {
    std::int64_t sent = 0, delivered = 0, failed = 0, pending = 0, dropped = 0, evicted = 0;
    std::int64_t forged_sent = 0, forged_accepted = 0;
  };
  using Entries = std::map<std::uint64_t, Waiting>;

  void let_go_those_behind(std::string_view provider, TimePoint now);
  void make_due(std::uint64_t id, Waiting& waiting, TimePoint due);
  void end(Entries::iterator entry, std::string_view status);
  void make_room();
  Report* report_of(std::uint64_t id) noexcept;

  ScheduleLimits limits_;
  Entries waiting_;                                    // by age
  std::set<std::pair<TimePoint, std::uint64_t>> due_;  // without those on the wire
  std::set<std::uint64_t> held_;
  std::size_t on_wire_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t next_id_ = 0;
  std::deque<Report> recent_;  // the last is that of `next_id_ - 1`
  Counts counts_;
};

}  // namespace cambist::gateway::sandbox::webhooks
