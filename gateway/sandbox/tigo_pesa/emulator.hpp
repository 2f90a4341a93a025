// Tigo Pesa's push USSD as Cambist uses it, with payers told apart by their phone numbers.
#pragma once

#include <memory>

#include "gateway/sandbox/emulator.hpp"

namespace cambist::gateway::sandbox::tigo_pesa {

[[nodiscard]] std::unique_ptr<Emulator> make_emulator(World& world);

}  // namespace cambist::gateway::sandbox::tigo_pesa
