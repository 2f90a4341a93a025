// Compiled as the planted program sees it; in every other program nobody asks.
#ifndef CAMBIST_PLANTED_FAULTS
#define CAMBIST_PLANTED_FAULTS
#endif
#include "tests/support/planted.hpp"

#include <algorithm>
#include <array>
#include <atomic>

#include "protocols/core/planted.hpp"

namespace cambist::test {
namespace {

constexpr std::array<PlantedFault, 17> faults{{
    {"accepted_without_intent", "I2",
     "A request whose first write was not confirmed in time is answered 202 instead of 503."},
    {"answer_before_commit", "I2 I8",
     "The client gets its answer before the verdict is durable: a crash in between loses it."},
    {"call_before_intent", "I3",
     "The call leaves for the provider before the operation is durable."},
    {"conflicting_command_while_unknown", "I1 I5 I7",
     "A cancel is admitted while nobody knows what became of a capture."},
    {"failover_on_unknown", "I1",
     "A call without an answer is made once more at once, under a new key."},
    {"idempotency_fingerprint_ignored", "I8",
     "Another request with a used key is given the first one's answer."},
    {"key_answer_not_stored", "I8",
     "The answer is not kept under its key: whoever asks again is told to wait for ever."},
    {"ledger_posting_missing_in_partial_capture", "I4",
     "A capture of less than is held posts the release of the hold and not the money received."},
    {"new_key_on_retry", "I1", "Every attempt of an operation has a provider key of its own."},
    {"not_executed_is_failed", "I7",
     "That the provider knows nothing of an operation yet is taken for its end, though the call "
     "may "
     "still be on its way."},
    {"outbox_out_of_order", "I10",
     "The next event of a payment is sent before the one before it is delivered."},
    {"refund_race", "I1 I4 I5",
     "A second refund is admitted while the first is under way, and the first is forgotten."},
    {"timeout_is_failed", "I7", "No answer in time is taken for a refusal."},
    {"timer_lost_on_crash", "I7",
     "What is due later is known to the actor alone: no durable timer is set."},
    {"version_check_skipped", "I5 I9",
     "The store appends although the stream has gone on without the writer."},
    {"webhook_marked_before_effect", "I4 I6",
     "A webhook is marked as applied before its effect: what comes in between loses it."},
    {"webhook_not_deduplicated", "I6 I4",
     "A webhook that is delivered twice is stored twice, and a refund that it tells counts twice."},
}};

std::string_view alive;  // chosen before the first actor runs
thread_local bool awake = true;
std::atomic<std::uint64_t> hits{0};

}  // namespace

std::span<const PlantedFault> planted_faults() noexcept {
  return faults;
}

bool plant(std::string_view name) {
  const auto* const found =
      std::find_if(faults.begin(), faults.end(), [&](const auto& one) { return one.name == name; });
  alive = found == faults.end() ? std::string_view{} : found->name;
  hits = 0;
  return name.empty() || found != faults.end();
}

std::uint64_t planted_hits() noexcept {
  return hits;
}

FaultsAsleep::FaultsAsleep() noexcept : before_(awake) {
  awake = false;
}

FaultsAsleep::~FaultsAsleep() {
  awake = before_;
}

}  // namespace cambist::test

namespace cambist {

bool planted(std::string_view name) noexcept {
  if (!test::awake || name != test::alive) return false;
  test::hits.fetch_add(1, std::memory_order_relaxed);
  return true;
}

}  // namespace cambist
