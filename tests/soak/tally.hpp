// What the clients of a soak have seen: how they were answered, what they were promised, and where
// an answer contradicts another. Thread safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "tests/support/invariants.hpp"
#include "tests/support/service.hpp"

namespace cambist::soak {

using Steady = std::chrono::steady_clock;

/// Shape: `answers` by kind of request ("create", "capture", …) and status, 0: no answer.
/// `arrived` payments were due by the clock, `crowded_out` of them found no client free, ever.
/// `gave_up` counts requests that never had an answer, however often they were sent.
struct Counts {
  std::map<std::string, std::map<int, std::uint64_t>> answers;
  std::uint64_t requests = 0;
  std::uint64_t accepted = 0;
  std::uint64_t arrived = 0;
  std::uint64_t crowded_out = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t gave_up = 0;
};

class Tally {
 public:
  void arrived(bool found_room);
  void answered(const std::string& kind, int status);
  void abandoned();
  /// The first of them are told on stderr.
  void gave_up(const std::string& request, const test::ApiResponse& last);
  /// An answer with a payment in it, whatever its status: from now on it must be there.
  void told(const test::ApiResponse& answer);
  /// A payment that was answered with a 2xx for the first time. `sent` is when it was asked for.
  void accepted(Steady::time_point sent);
  void disagreed(test::Violation violation);

  /// From now on the first payment that is asked for later than this counts as `first_taken`.
  void server_starts();
  [[nodiscard]] std::optional<Steady::time_point> first_taken() const;
  [[nodiscard]] std::uint64_t accepted_so_far() const;

  [[nodiscard]] Counts counts() const;
  [[nodiscard]] std::vector<test::Promised> promises() const;
  [[nodiscard]] std::vector<test::Violation> disagreements() const;

 private:
  mutable std::mutex mutex_;
  Counts counts_;
  std::map<std::string, test::Promised> promises_;  // one for each payment, the highest sums
  std::vector<test::Violation> disagreements_;
  Steady::time_point started_{};
  std::optional<Steady::time_point> first_taken_;
};

/// The payment in an answer: the body itself, or beside a problem; nullptr without one.
[[nodiscard]] const boost::json::value* payment_in(const boost::json::value& body);

}  // namespace cambist::soak
