// The answers a provider actor gives by itself, when there is none of the provider.
#pragma once

#include <optional>
#include <string>

#include "actors/messages.hpp"

namespace cambist::actors::account {

/// Why a call was not made. `reason` goes into the exchange: "circuit_open", "bulkhead_full", ...
struct NotSent {
  provider::FailureCode code = provider::FailureCode::provider_down;
  std::string message;
  std::string reason;
  bool repeatable = true;
  std::optional<std::chrono::seconds> retry_after{};
};

/// Surely not executed: Refused. A question that was not asked settles nothing: Unknown. Neither
/// counts as an outage of the provider.
[[nodiscard]] CallAnswer not_sent(const provider::Call& call, NotSent why, TimePoint now);

/// It left, and nobody can say what became of it. Does not count as an outage.
[[nodiscard]] provider::Verdict lost(std::string message);

/// An outage that is our own: the provider refused our credentials or our account.
[[nodiscard]] bool refuses_credentials(const provider::Verdict& verdict) noexcept;

/// "inquire", or the operation's kind.
[[nodiscard]] std::string_view kind_of(const provider::Call& call) noexcept;

}  // namespace cambist::actors::account
