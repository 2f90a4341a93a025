// The sandbox's own paths below /sandbox: the ledger, the fault switches, the payer, the index, the
// reset.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "gateway/sandbox/emulator.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway::sandbox {

struct Desk {
  std::mutex& mutex;
  World& world;
  std::vector<std::unique_ptr<Emulator>>& emulators;
};

/// Takes the lock itself, and for long ledgers in pieces, so that payments go on meanwhile.
[[nodiscard]] http::Response serve_desk(Desk& desk, const http::Request& request);
[[nodiscard]] http::Response no_such_path();

}  // namespace cambist::gateway::sandbox
