#include "gateway/sandbox/paypal/dashboard.hpp"

#include "gateway/sandbox/paypal/endpoints.hpp"
#include "gateway/sandbox/paypal/render.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

Error to_error(const Failure& failure) {
  const auto issue = failure.details.empty() ? std::string_view{} : failure.details.front().issue;
  if (failure.status == 404) return {ErrorCode::not_found, "no such order"};
  const bool about_amount =
      !failure.details.empty() && failure.details.front().field.starts_with("/amount");
  if (about_amount) return {ErrorCode::invalid_request, std::string{issue}, "amount"};
  return {ErrorCode::illegal_transition, std::string{issue}};
}

// The last capture that something is left of.
std::string_view refundable(Books& books, const Order& order) {
  for (auto id = order.captures.rbegin(); id != order.captures.rend(); ++id) {
    const auto* capture = books.captures.find(*id);
    const bool open = capture != nullptr && (capture->status == CaptureStatus::completed ||
                                             capture->status == CaptureStatus::partially_refunded);
    if (open) return *id;
  }
  return order.captures.empty() ? std::string_view{} : std::string_view{order.captures.back()};
}

}  // namespace

Result<void> act_at_dashboard(Bench& bench, std::string_view object, DashboardAct act,
                              std::optional<Money> amount) {
  const auto* order = bench.books.orders.find(object);
  if (order == nullptr) return Error{ErrorCode::not_found, "no such order"};
  if (bench.world.ledger.full())
    return Error{ErrorCode::unavailable, "the ledger of effects is full; reset the sandbox"};
  const auto id = std::string{act == DashboardAct::refund     ? refundable(bench.books, *order)
                              : order->authorizations.empty() ? std::string_view{}
                                                              : order->authorizations.back()};
  if (id.empty())
    return Error{ErrorCode::illegal_transition, "nothing is held, or taken, that this could be of"};
  json::object fields;
  if (amount) {
    if (act == DashboardAct::cancel)
      return Error{ErrorCode::invalid_request, "cancel takes no amount", "amount"};
    fields["amount"] = render_money(*amount);
  }
  if (act == DashboardAct::capture) fields["final_capture"] = true;
  const json::value body(std::move(fields));
  const Call call{body, {}, {}, id, {}, bench.world.now()};
  bench.at_dashboard = true;
  const auto outcome = act == DashboardAct::capture  ? capture_authorization(bench, call)
                       : act == DashboardAct::cancel ? void_authorization(bench, call)
                                                     : refund_capture(bench, call);
  bench.at_dashboard = false;
  if (const auto* failure = std::get_if<Failure>(&outcome)) return to_error(*failure);
  return {};
}

}  // namespace cambist::gateway::sandbox::paypal
