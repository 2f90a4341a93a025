// What the merchant can do about a dispute, by the API.
#include "gateway/sandbox/form.hpp"
#include "gateway/sandbox/paypal/disputes.hpp"
#include "gateway/sandbox/paypal/endpoints.hpp"
#include "gateway/sandbox/paypal/events.hpp"
#include "gateway/sandbox/paypal/render.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

constexpr std::size_t page_size = 50;

// The dispute in the path, if something can still be done about it.
std::variant<Dispute*, Failure> find_open(Bench& bench, const Call& call) {
  auto* dispute = bench.books.disputes.find(call.id);
  if (dispute == nullptr) return missing(call.id);
  if (dispute->status == DisputeStatus::resolved) return refuse("DISPUTE_ALREADY_RESOLVED");
  return dispute;
}

json::value links_of(Bench& bench, const Dispute& dispute) {
  return json::object{{"links", render(bench, dispute)["links"]}};
}

}  // namespace

Outcome list_disputes(Bench& bench, const Call& call) {
  const auto query = Form::decode(call.query);
  const auto* wanted = query ? query->find("disputed_transaction_id") : nullptr;
  json::array items;
  auto& disputes = bench.books.disputes;
  for (std::size_t i = disputes.size(); i-- > 0 && items.size() < page_size;) {
    const auto& dispute = disputes.at(i);
    if (wanted == nullptr || dispute.capture == *wanted) items.push_back(render(bench, dispute));
  }
  return json::value(json::object{{"items", std::move(items)}, {"links", json::array{}}});
}

Outcome show_dispute(Bench& bench, const Call& call) {
  const auto* dispute = bench.books.disputes.find(call.id);
  if (dispute == nullptr) return missing(call.id);
  return json::value(render(bench, *dispute));
}

// Evidence comes as multipart, and nobody here reads it: giving some puts PayPal on the move.
Outcome provide_evidence(Bench& bench, const Call& call) {
  auto found = find_open(bench, call);
  if (auto* failure = std::get_if<Failure>(&found)) return std::move(*failure);
  auto& dispute = *std::get<Dispute*>(found);
  if (call.raw.empty()) return refuse("MISSING_REQUIRED_PARAMETER", "/input");
  dispute.status = DisputeStatus::under_review;
  dispute.updated = call.now;
  announce(bench, "CUSTOMER.DISPUTE.UPDATED", dispute);
  return links_of(bench, dispute);
}

Outcome accept_claim(Bench& bench, const Call& call) {
  auto found = find_open(bench, call);
  if (auto* failure = std::get_if<Failure>(&found)) return std::move(*failure);
  auto& dispute = *std::get<Dispute*>(found);
  resolve(bench, dispute, false);
  return links_of(bench, dispute);
}

Outcome adjudicate(Bench& bench, const Call& call) {
  auto found = find_open(bench, call);
  if (auto* failure = std::get_if<Failure>(&found)) return std::move(*failure);
  auto& dispute = *std::get<Dispute*>(found);
  const auto* body = call.body.if_object();
  const auto* outcome = body == nullptr ? nullptr : body->if_contains("adjudication_outcome");
  const bool seller = outcome != nullptr && *outcome == "SELLER_FAVOR";
  if (!seller && (outcome == nullptr || *outcome != "BUYER_FAVOR"))
    return refuse("INVALID_PARAMETER_VALUE", "/adjudication_outcome");
  resolve(bench, dispute, seller);
  return links_of(bench, dispute);
}

}  // namespace cambist::gateway::sandbox::paypal
