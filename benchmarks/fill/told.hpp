// A payment as the machine tells it: commands go in, facts are folded and kept.
#pragma once

#include <stdexcept>
#include <vector>

#include "protocols/payment/machine.hpp"

namespace cambist::fill {

/// The payment as it is told, with all that was recorded.
struct Told {
  payment::Payment payment{};
  std::vector<payment::Event> events{};
  std::vector<payment::Effect> effects{};
  payment::Policy policy{};

  void tell(const payment::Command& command, TimePoint at) {
    auto decision = payment::decide(payment, command, policy, at, 0.5);
    if (!decision) throw std::logic_error("the machine refused: " + decision.error().detail);
    for (const auto& event : decision->events) {
      payment = payment::evolve(std::move(payment), event);
      events.push_back(event);
    }
    effects = std::move(decision->effects);
  }

  /// The provider says yes to the call that is owed.
  void approve(TimePoint at) {
    const auto& call = std::get<payment::CallProvider>(effects.front()).call;
    const payment::ProviderAnswered answer{
        .operation = call.operation,
        .attempt = call.attempt,
        .inquiry = false,
        .verdict = provider::Approved{.amount = call.amount,
                                      .provider_payment_id = "bench_" + payment.id.to_string(),
                                      .provider_object = {},
                                      .method = {"visa", "4242"}}};
    tell(answer, at);
  }
};

/// An amount, a card and a merchant's reference: what the load generator sends too.
inline payment::Details details_of(std::string provider, std::string reference, Money amount) {
  payment::Details details;
  details.amount = amount;
  details.capture = payment::CaptureMethod::manual;
  details.provider = std::move(provider);
  details.method = {"card", "tok_bench", {}};
  details.reference = std::move(reference);
  return details;
}

}  // namespace cambist::fill
