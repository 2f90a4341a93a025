// An adapter as the provider actor calls it: what it throws stops here, and never costs a call its
// answer.
#pragma once

#include <string>

#include "actors/ports.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::actors::account {

/// Errors: what the adapter says, or internal when it threw.
[[nodiscard]] Result<http::Request> build_request(const provider::Adapter& adapter,
                                                  const provider::Call& call);

/// The verdict on a call that left, and what the timeline shows of it. Total: an adapter that
/// throws has not understood the answer, so the outcome is unknown.
[[nodiscard]] provider::Verdict read_outcome(const provider::Adapter& adapter,
                                             const provider::Call& call, const HttpOutcome& outcome,
                                             provider::Exchange& exchange);

}  // namespace cambist::actors::account
