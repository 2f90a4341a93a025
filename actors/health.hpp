// How the tree shows itself to the outside, as plain values: nothing of CAF is needed to read it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/core/time.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::actors {

/// One provider account as `GET /api/v1/providers` shows it.
struct ProviderHealth {
  std::string name;
  std::string breaker;               // "closed", "half_open", "open"
  bool held = false;                 // open until an operator resets it
  bool credentials_refused = false;  // ours, and nothing has been taken since
  std::optional<TimePoint> open_until;
  std::uint32_t consecutive_failures = 0;
  std::uint32_t window_calls = 0;
  std::uint32_t window_failures = 0;
  std::uint32_t in_flight = 0;
  std::uint32_t in_flight_max = 0;
  std::uint32_t queued = 0;
  std::uint32_t queued_max = 0;
  std::uint32_t queue_ms = 0;   // about how long a call that comes now waits
  double rate_limit_per_s = 0;  // never sent over a network
  provider::Capabilities capabilities;
};
struct ProvidersHealth {
  std::vector<ProviderHealth> providers;
};

/// A node of the supervision tree. For a kind with many children (payments) the children are
/// counted, not listed.
struct SupervisionNode {
  std::string name;
  std::string kind;
  std::string state;  // "running", "restarting", "stopped", "parked"
  std::uint32_t restarts = 0;
  std::string last_error;
  std::uint64_t mailbox_depth = 0;
  TimePoint since;
  std::uint64_t live_children = 0;
  std::vector<SupervisionNode> children;
};

}  // namespace cambist::actors
