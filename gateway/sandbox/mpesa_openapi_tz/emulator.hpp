// M-Pesa of Vodacom Tanzania (OpenAPI), as far as payments go.
#pragma once

#include <memory>

#include "gateway/sandbox/emulator.hpp"

namespace cambist::gateway::sandbox::mpesa_openapi_tz {

[[nodiscard]] std::unique_ptr<Emulator> make_emulator(World& world);

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz
