// What runs have come by: every kind of fault at every status of a payment, every step of the
// machines. A place that no run comes by is no place that a run has proved anything about.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/payment/payment.hpp"
#include "tests/support/books.hpp"

namespace cambist::sim {

/// What goes wrong in the world, by the name that the report uses.
enum class Fault : std::uint8_t {
  // a call of ours at the provider; the first twelve are the sandbox's own
  timeout_before,
  timeout_after,
  reset_before,
  reset_mid_body,
  http_500,
  http_500_after,
  http_502_html,
  http_503,
  http_429,
  slow,
  truncated_json,
  wrong_type,
  provider_unreachable,
  call_doubled,  // arrives twice
  call_late,     // arrives after we have stopped waiting
  provider_outage,
  // a webhook of the provider's
  webhook_doubled,
  webhook_reordered,
  webhook_delayed,
  webhook_dropped,
  webhook_forged,
  webhook_lost,  // or its answer
  // our store
  append_refused,
  append_unanswered,  // written, and the answer is lost
  read_refused,
  store_stalled,
  store_down,
  // our process
  crash,
  crash_before_commit,
  crash_after_commit,
  restart,  // in order
  actor_killed,
  actor_threw,
  clock_jumped,
  // clients and merchants
  client_request_lost,
  client_answer_lost,
  client_request_doubled,
  merchant_failed,
  merchant_wire,
  // people
  breaker_operated,
  webhooks_replayed,
  dashboard_act,
  dispute,
  count_,
};
constexpr auto faults_count = static_cast<std::size_t>(Fault::count_);
constexpr std::size_t statuses_count = 11;
[[nodiscard]] std::string_view to_string(Fault fault) noexcept;
/// "Captured", as payment.hpp names it.
[[nodiscard]] std::string_view state_name(const payment::State& state) noexcept;

/// Counts of one run, or of many together.
class Reach {
 public:
  void fault(Fault fault, payment::Status status, std::uint64_t times = 1) {
    met_[static_cast<std::size_t>(fault)][static_cast<std::size_t>(status)] += times;
  }
  void breaker(std::string_view from, std::string_view to) {
    ++breaker_[{std::string{from}, std::string{to}}];
  }
  /// Every step of every payment, as its events tell it.
  void steps(const test::Books& books);
  void add(const Reach& other);

  /// A table of faults and statuses, the steps of both machines, and everything that was expected
  /// and not met.
  [[nodiscard]] std::string report() const;
  /// What was expected and not met: "fault x status" or "state + fact"; without what cannot be.
  [[nodiscard]] std::vector<std::string> missing() const;

 private:
  [[nodiscard]] std::string unexpected() const;
  using Pairs = std::map<std::pair<std::string, std::string>, std::uint64_t>;
  std::array<std::array<std::uint64_t, statuses_count>, faults_count> met_{};
  Pairs statuses_;  // from status to status
  Pairs facts_;     // state, fact
  Pairs breaker_;
};

}  // namespace cambist::sim
