// Whose answer an operation's verdict is: the client's request that waits for it, as the events
// remember it.
#pragma once

#include <span>

#include "protocols/payment/machine.hpp"

namespace cambist::actors::live {

/// Shape: without a key and a request id nobody waits, for example after the payer was asked to
/// act.
struct Owner {
  payment::Origin origin{};
  bool confirm = false;  // the request was a `/confirm`
};

/// The owner after `fact`, folded like the payment itself.
[[nodiscard]] Owner owner_after(Owner owner, const payment::Fact& fact);

/// Writes `origin` into the facts that begin an operation or take it up again.
void sign(std::span<payment::Event> events, const payment::Origin& origin);

/// Whether a command is an operator's decision rather than a merchant's request.
[[nodiscard]] inline bool by_operator(const payment::Command& command) noexcept {
  return std::holds_alternative<payment::ResolveOperation>(command) ||
         std::holds_alternative<payment::ResolveAttention>(command);
}

}  // namespace cambist::actors::live
