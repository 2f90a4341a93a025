#include "actors/payment/owner.hpp"

#include "protocols/core/overloaded.hpp"

namespace cambist::actors::live {

Owner owner_after(Owner owner, const payment::Fact& fact) {
  return std::visit(
      Overloaded{
          [](const payment::OperationStarted& f) {
            return Owner{f.operation.origin, false};
          },
          [](const payment::ActionConfirmed& f) {
            return Owner{f.origin, true};
          },
          // These are what the request is answered with: whatever follows is nobody's answer.
          [](const payment::ActionWasRequired&) { return Owner{}; },
          [](const payment::OperationApproved&) { return Owner{}; },
          [](const payment::OperationDeclined&) { return Owner{}; },
          [](const payment::OperationRefused&) { return Owner{}; },
          // Everything else leaves the answer to what follows, or has nothing to do with it.
          [&](const payment::PaymentCreated&) { return owner; },
          [&](const payment::StepCompleted&) { return owner; },
          [&](const payment::AttemptFailed&) { return owner; },
          [&](const payment::OperationPending&) { return owner; },
          [&](const payment::AuthorizationExpired&) { return owner; },
          [&](const payment::CaptureScheduled&) { return owner; },
          [&](const payment::OperationEscalated&) { return owner; },
          [&](const payment::OperatorDecided&) { return owner; },
          [&](const payment::BreakerNoticed&) { return owner; },
          [&](const payment::AuthorizationEndedAtProvider&) { return owner; },
          [&](const payment::CapturedAtProvider&) { return owner; },
          [&](const payment::RefundedAtProvider&) { return owner; },
          [&](const payment::RefundReversed&) { return owner; },
          [&](const payment::DisputeChanged&) { return owner; },
          [&](const payment::OutcomeReported&) { return owner; },
          [&](const payment::Routed&) { return owner; },
          // The client goes on waiting, for whatever comes of it elsewhere.
          [&](const payment::AttemptFenced&) { return owner; },
          [&](const payment::FenceFailed&) { return owner; },
          [](const payment::FailedOver& f) {
            return Owner{f.next.origin, false};
          },
          [&](const payment::LateSuccess&) { return owner; },
          [](const payment::CompensationStarted&) { return Owner{}; },
          [&](const payment::TransferReceived&) { return owner; },
          [&](const payment::AttentionNeeded&) { return owner; },
          [&](const payment::AttentionResolved&) { return owner; },
      },
      fact);
}

void sign(std::span<payment::Event> events, const payment::Origin& origin) {
  for (payment::Event& event : events) {
    if (auto* started = std::get_if<payment::OperationStarted>(&event.fact)) {
      started->operation.origin = origin;
    } else if (auto* confirmed = std::get_if<payment::ActionConfirmed>(&event.fact)) {
      confirmed->origin = origin;
    }
  }
}

}  // namespace cambist::actors::live
