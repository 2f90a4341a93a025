// What the state of one of Stripe's objects means for the operation that a call belongs to.
#pragma once

#include "protocols/provider/adapter.hpp"
#include "protocols/provider/verdict.hpp"
#include "protocols/providers/stripe/objects.hpp"

namespace cambist::stripe {

/// Where an object was read.
enum class Source {
  reply,     // the 2xx answer to the very request that does it
  question,  // a look-up
  conflict   // inside an error: Stripe refused because of the object's state
};

/// The verdict on authorize, charge, capture or void.
/// Shape: NotExecuted means that the object shows no trace of the operation; the caller decides
/// what that is
///        worth where it was read. Never Progressed.
[[nodiscard]] provider::Verdict judge_intent(const provider::Call& call, const Intent& intent,
                                             Source source);

[[nodiscard]] provider::Verdict judge_refund(const provider::Call& call, const Refund& refund);

/// The decline that `problem` reports.
[[nodiscard]] provider::Declined declined(const Problem& problem, const Intent* intent);

/// An answer that nobody can act upon: outcome unknown. `outage` as in provider::Unknown.
[[nodiscard]] provider::Unknown not_understood(bool outage);

}  // namespace cambist::stripe
