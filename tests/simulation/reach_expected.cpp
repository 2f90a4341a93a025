#include "tests/simulation/reach_expected.hpp"

namespace cambist::sim {

bool can_meet(Fault, payment::Status) noexcept {
  return true;
}
const Expected& expected_statuses() {
  static const Expected expected{};
  return expected;
}
const Expected& expected_facts() {
  static const Expected expected{};
  return expected;
}
const Expected& expected_breaker() {
  static const Expected expected{
      {"closed", "open"}, {"open", "half_open"}, {"half_open", "closed"}, {"half_open", "open"}};
  return expected;
}

}  // namespace cambist::sim
