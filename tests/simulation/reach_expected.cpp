#include "tests/simulation/reach_expected.hpp"

#include <initializer_list>
#include <string_view>

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

struct From {
  std::string_view from;
  std::initializer_list<std::string_view> to;
};

Expected pairs(std::initializer_list<From> all) {
  Expected expected;
  for (const auto& [from, list] : all) {
    for (const auto to : list) expected.emplace(from, to);
  }
  return expected;
}

}  // namespace

bool can_meet(Fault fault, Status status) noexcept {
  // Nothing is asked of the provider about what has ended.
  if (fault <= Fault::provider_outage) return !is_end(status);
  // Nor is there anything left that somebody could do there, or that a bank could take back.
  if (fault == Fault::dashboard_act) return !is_end(status) && status != Status::partially_captured;
  if (fault == Fault::dispute) return has_money(status);
  return true;
}

// From settled to settled it goes by way of processing, unless the provider or time does it.
const Expected& expected_statuses() {
  static const Expected expected = pairs({
      {"pending", {"processing"}},
      {"processing",
       {"authorized", "captured", "expired", "failed", "partially_captured", "partially_refunded",
        "refunded", "requires_action", "voided"}},
      {"requires_action", {"authorized", "captured", "failed", "processing"}},
      {"authorized", {"captured", "expired", "processing", "voided"}},
      {"partially_captured", {"captured", "processing"}},
      {"captured", {"partially_refunded", "processing", "refunded"}},
      {"partially_refunded", {"captured", "processing", "refunded"}},
      // A bank may refuse a refund after it was called done.
      {"refunded", {"captured", "partially_refunded"}},
  });
  return expected;
}

const Expected& expected_facts() {
  static const Expected expected = pairs({
      {"Nothing", {"payment_created", "operation_started", "routed"}},
      {"Starting",
       {"action_was_required", "attempt_failed", "attempt_fenced", "breaker_noticed",
        "capture_scheduled", "failed_over", "operation_approved", "operation_declined",
        "operation_escalated", "operation_pending", "operation_refused", "operator_decided",
        "outcome_reported", "step_completed", "transfer_received"}},
      {"AwaitingAction",
       {"action_confirmed", "action_was_required", "attempt_failed", "breaker_noticed",
        "capture_scheduled", "operation_approved", "operation_declined", "operation_pending",
        "operation_started", "outcome_reported", "step_completed", "transfer_received"}},
      {"Authorized",
       {"authorization_ended_at_provider", "authorization_expired", "capture_scheduled",
        "captured_at_provider", "dispute_changed", "operation_started"}},
      {"Capturing",
       {"attempt_failed", "breaker_noticed", "dispute_changed", "operation_approved",
        "operation_declined", "operation_escalated", "operation_refused", "operator_decided",
        "step_completed"}},
      {"Voiding",
       {"attempt_failed", "breaker_noticed", "operation_approved", "operation_declined",
        "operation_escalated", "operation_refused", "operator_decided", "step_completed"}},
      {"Captured",
       {"attention_needed", "attention_resolved", "dispute_changed", "operation_started",
        "refund_reversed", "refunded_at_provider"}},
      {"Expired", {"attention_needed", "attention_resolved", "transfer_received"}},
      {"Fencing",
       {"attempt_failed", "breaker_noticed", "failed_over", "fence_failed", "operation_escalated"}},
      {"Refunding",
       {"attempt_failed", "breaker_noticed", "dispute_changed", "operation_approved",
        "operation_declined", "operation_escalated", "operation_pending", "operation_refused",
        "operator_decided", "outcome_reported", "refund_reversed", "refunded_at_provider",
        "step_completed"}},
  });
  return expected;
}

// An operator may open it from any state and close it from any.
const Expected& expected_breaker() {
  static const Expected expected = pairs({
      {"closed", {"open"}},
      {"open", {"closed", "half_open", "open"}},
      {"half_open", {"closed", "open"}},
  });
  return expected;
}

}  // namespace cambist::sim
