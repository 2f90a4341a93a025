// A bank where payers transfer money to the merchant's account: it knows what is paid and nothing
// of what is due, tells by signed callbacks, and writes statements.
#pragma once

#include <memory>

#include "gateway/sandbox/emulator.hpp"

namespace cambist::gateway::sandbox::bank_transfer {

[[nodiscard]] std::unique_ptr<Emulator> make_emulator(World& world);

}  // namespace cambist::gateway::sandbox::bank_transfer
