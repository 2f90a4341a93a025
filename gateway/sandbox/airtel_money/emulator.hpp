// Airtel Money's collections as Cambist uses them, with payers told apart by their phone numbers.
#pragma once

#include <memory>

#include "gateway/sandbox/emulator.hpp"

namespace cambist::gateway::sandbox::airtel_money {

[[nodiscard]] std::unique_ptr<Emulator> make_emulator(World& world);

}  // namespace cambist::gateway::sandbox::airtel_money
