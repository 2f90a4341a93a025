#include "gateway/sandbox/stripe/dashboard.hpp"

#include "gateway/sandbox/stripe/amounts.hpp"
#include "gateway/sandbox/stripe/endpoints.hpp"
#include "gateway/sandbox/stripe/events.hpp"

namespace cambist::gateway::sandbox::stripe {
namespace {

Error to_error(const Failure& failure) {
  if (failure.status == 404) return {ErrorCode::not_found, failure.message};
  const bool about_amount =
      failure.param.starts_with("amount") && failure.code != "amount_too_large";
  if (about_amount) return {ErrorCode::invalid_request, failure.message, "amount"};
  return {ErrorCode::illegal_transition, failure.message};
}

}  // namespace

Result<void> act_at_dashboard(Bench& bench, std::string_view object, DashboardAct act,
                              std::optional<Money> amount) {
  const auto* intent = bench.books.intents.find(object);
  if (intent == nullptr) return Error{ErrorCode::not_found, "no such payment intent"};
  if (bench.world.ledger.full())
    return Error{ErrorCode::unavailable, "the ledger of effects is full; reset the sandbox"};
  std::string fields;
  if (amount) {
    const auto wire = to_wire(*amount);
    if (amount->currency != intent->currency || !wire || act == DashboardAct::cancel) {
      return Error{ErrorCode::invalid_request,
                   "the amount must be one of the payment's own currency; cancel takes none",
                   "amount"};
    }
    fields =
        (act == DashboardAct::capture ? "amount_to_capture=" : "amount=") + std::to_string(*wire);
  }
  if (act == DashboardAct::refund)
    fields += (fields.empty() ? "" : "&") + ("payment_intent=" + intent->id);
  const auto form = Form::decode(fields);
  const Call call{*form, object, {}, bench.world.now(), Expansion{}};
  const ByItself nobody{bench};
  bench.at_dashboard = true;
  const auto outcome = act == DashboardAct::capture  ? capture_intent(bench, call)
                       : act == DashboardAct::cancel ? cancel_intent(bench, call)
                                                     : create_refund(bench, call);
  bench.at_dashboard = false;
  if (const auto* failure = std::get_if<Failure>(&outcome)) return to_error(*failure);
  return {};
}

}  // namespace cambist::gateway::sandbox::stripe
