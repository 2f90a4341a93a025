#include "tests/simulation/reach_expected.hpp"

namespace cambist::sim {
namespace {

using payment::Status;

bool is_end(Status status) noexcept {
  return status == Status::voided || status == Status::failed || status == Status::expired ||
         status == Status::refunded;
}

bool has_money(Status status) noexcept {
  return status == Status::partially_captured || status == Status::captured ||
         status == Status::partially_refunded || status == Status::processing;
}

}  // namespace

bool can_meet(Fault fault, Status status) noexcept {
  // Nothing is asked of the provider about what has ended.
  if (fault <= Fault::provider_outage) return !is_end(status);
  // Nor is there anything left that somebody could do there, or that a bank could take back.
  if (fault == Fault::dashboard_act) return !is_end(status);
  if (fault == Fault::dispute) return has_money(status);
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
