// Safaricom's Daraja, as far as payments and refunds go: prompts on phones, asynchronous commands,
// and callbacks to the URLs that the merchant names.
#pragma once

#include <memory>

#include "gateway/sandbox/emulator.hpp"

namespace cambist::gateway::sandbox::mpesa_daraja {

[[nodiscard]] std::unique_ptr<Emulator> make_emulator(World& world);

}  // namespace cambist::gateway::sandbox::mpesa_daraja
