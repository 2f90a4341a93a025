// The asynchronous commands: accepted at once, done a little later, told to the ResultURL.
#pragma once

#include "gateway/sandbox/mpesa_daraja/answers.hpp"
#include "gateway/sandbox/mpesa_daraja/model.hpp"

namespace cambist::gateway::sandbox::mpesa_daraja {

// Source: facts/mpesa.md A7.
[[nodiscard]] Outcome reverse(Bench& bench, Fields& fields, TimePoint now);
[[nodiscard]] Outcome pay_v1(Bench& bench, Fields& fields, TimePoint now);
[[nodiscard]] Outcome pay_v3(Bench& bench, Fields& fields, TimePoint now);
[[nodiscard]] Outcome ask_status(Bench& bench, Fields& fields, TimePoint now);

/// Does it, and tells.
void finish(Bench& bench, Command& command, TimePoint now);

}  // namespace cambist::gateway::sandbox::mpesa_daraja
