// An adapter as the provider actor calls it: what it throws stops here, and never costs a call its
// answer.
#pragma once

#include <optional>
#include <string>

#include "actors/ports.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::actors::account {

/// Errors: what the adapter says, or internal when it threw.
[[nodiscard]] Result<http::Request> build_request(const provider::Adapter& adapter,
                                                  const provider::Call& call);

/// The verdict on a call that needs nobody's answer; nullopt for all that is sent.
[[nodiscard]] std::optional<provider::Verdict> answer_locally(const provider::Adapter& adapter,
                                                              const provider::Call& call);

// --- access tokens
// -------------------------------------------------------------------------------------------------
[[nodiscard]] Result<http::Request> build_token_request(const provider::Adapter& adapter,
                                                        TimePoint now);
/// Errors: unauthenticated when our credentials were refused; unavailable.
[[nodiscard]] Result<provider::Token> read_token(const provider::Adapter& adapter,
                                                 const HttpOutcome& outcome);
/// False: the request may not be sent.
[[nodiscard]] bool attach_token(const provider::Adapter& adapter, http::Request& request,
                                const Secret& token);
[[nodiscard]] bool token_refused(const provider::Adapter& adapter, const HttpOutcome& outcome);

/// The verdict on a call that left, and what the timeline shows of it. Total: an adapter that
/// throws has not understood the answer, so the outcome is unknown.
[[nodiscard]] provider::Verdict read_outcome(const provider::Adapter& adapter,
                                             const provider::Call& call, const HttpOutcome& outcome,
                                             provider::Exchange& exchange);

}  // namespace cambist::actors::account
