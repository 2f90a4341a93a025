// What the provider actor reads off its breaker: whether the provider may be down, what a call did
// to it, and when to come again.
#pragma once

#include <chrono>

#include "protocols/breaker/breaker.hpp"

namespace cambist::actors::account {

/// A provider that answers is asked as often as there is something to ask; the retry budget is for
/// one that may be down: the last call met an outage, or a tenth of the window's did.
[[nodiscard]] bool may_be_down(const breaker::Breaker& breaker, const breaker::Policy& policy,
                               TimePoint now);

/// What a call did at the breaker, for the timeline of its payment: "opened", "closed", "probe", or
/// nothing. `before` is the state it met when it was answered.
[[nodiscard]] const char* mark_of(breaker::State before, breaker::State after, bool probe);

/// When a call that was turned away may come again; at least a second.
[[nodiscard]] std::chrono::seconds shut_for(const breaker::Breaker& breaker,
                                            const breaker::Policy& policy, TimePoint now);

}  // namespace cambist::actors::account
