// Where an event becomes letters: the webhook faults happen here, drawn from the sandbox's own
// random source, so that the same calls always make the same letters.
#pragma once

#include "gateway/sandbox/emulator.hpp"
#include "gateway/sandbox/webhooks/letter.hpp"

namespace cambist::gateway::sandbox::webhooks {

/// Posts the letter of a new event as the fault rules let it through: once, two or three times,
/// later, behind others, not at all, or together with a forgery. Nothing happens without a mailer.
void post_event(World& world, Letter letter);

}  // namespace cambist::gateway::sandbox::webhooks
