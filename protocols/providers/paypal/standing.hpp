// What the judges have in common: what the status of one effect says. Only they include this.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/provider/adapter.hpp"
#include "protocols/provider/verdict.hpp"
#include "protocols/providers/paypal/objects.hpp"
#include "protocols/providers/paypal/plan.hpp"

namespace cambist::paypal {

enum class Standing : std::uint8_t { done, pending, declined, ended, unknown };
/// `kind`: of the operation whose effects are looked at.
[[nodiscard]] Standing standing_of(std::string_view status, provider::OperationKind kind) noexcept;

/// Stated as it was asked for, or not stated.
[[nodiscard]] bool may_equal(const std::optional<Money>& stated, const Money& asked) noexcept;
[[nodiscard]] bool is_ours(std::string_view stated, std::string_view ours) noexcept;

/// What one effect, which is known to be this operation's, means for it.
[[nodiscard]] provider::Verdict judge_own(const provider::Call& call, const std::string& order,
                                          const Effect& effect);

/// An authorize or charge, by its order.
[[nodiscard]] provider::Verdict judge_start(const provider::Call& call, const Plan& plan,
                                            const AccountSettings& account, const Order& order);

// What comes later.

[[nodiscard]] provider::Verdict judge_capture(const provider::Call& call, const Plan& plan,
                                              const Order& order);
[[nodiscard]] provider::Verdict judge_refund(const provider::Call& call, const Order& order);
/// Giving up an order that was never authorized. PayPal has no call for it: it takes no money by
/// itself, and we never ask it to (README.md, decision 3).
[[nodiscard]] provider::Verdict judge_given_up(const provider::Call& call, const Order& order);
[[nodiscard]] provider::Verdict judge_void(const provider::Call& call, const Plan& plan,
                                           const Effect& hold);

}  // namespace cambist::paypal
