// What a fault does to an answer, the same for every provider.
#pragma once

#include "gateway/inbound/server.hpp"
#include "gateway/sandbox/faults.hpp"

namespace cambist::gateway::sandbox {

/// Whether the call never reaches the provider's own code: no effect, nothing stored.
[[nodiscard]] bool keeps_call_away(Fault fault) noexcept;
/// The answer of a call that was kept away. `refusal` is the provider's own wording for http_503
/// and http_429.
[[nodiscard]] inbound::Outgoing keep_away(const Hit& hit, http::Response refusal);
/// The answer of a call that was executed, as the fault lets it through.
[[nodiscard]] inbound::Outgoing distort(const Hit& hit, http::Response answer);

}  // namespace cambist::gateway::sandbox
