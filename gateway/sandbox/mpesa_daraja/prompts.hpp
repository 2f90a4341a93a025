// M-Pesa Express: a prompt on a phone, what the payer does with it, and the question what became of
// it.
#pragma once

#include "gateway/sandbox/mpesa_daraja/answers.hpp"
#include "gateway/sandbox/mpesa_daraja/model.hpp"

namespace cambist::gateway::sandbox::mpesa_daraja {

/// Source: facts/mpesa.md A2.
[[nodiscard]] Outcome push(Bench& bench, Fields& fields, TimePoint now);
/// Source: facts/mpesa.md A4.
[[nodiscard]] Outcome query(Bench& bench, Fields& fields, TimePoint now);

/// The payer enters the PIN: money moves, unless the number's last digits say otherwise.
void accept(Bench& bench, Prompt& prompt, TimePoint now);
/// It ends without money.
void end(Bench& bench, Prompt& prompt, std::string_view result, TimePoint now);
/// Nobody has answered. A phone that answers late keeps its prompt.
void expire(Bench& bench, Prompt& prompt, TimePoint now);

}  // namespace cambist::gateway::sandbox::mpesa_daraja
