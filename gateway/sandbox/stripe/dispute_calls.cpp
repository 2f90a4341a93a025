// What the merchant does about a dispute: reads it, answers it with evidence, or accepts it.
#include <algorithm>
#include <array>

#include "gateway/sandbox/stripe/disputes.hpp"
#include "gateway/sandbox/stripe/endpoints.hpp"
#include "gateway/sandbox/stripe/events.hpp"
#include "gateway/sandbox/stripe/listing.hpp"

namespace cambist::gateway::sandbox::stripe {
namespace {

// Source: facts/stripe.md section 5.
constexpr std::size_t evidence_text_max = 150'000;
constexpr std::array<std::string_view, 27> evidence_keys{"access_activity_log",
                                                         "billing_address",
                                                         "cancellation_policy",
                                                         "cancellation_policy_disclosure",
                                                         "cancellation_rebuttal",
                                                         "customer_communication",
                                                         "customer_email_address",
                                                         "customer_name",
                                                         "customer_purchase_ip",
                                                         "customer_signature",
                                                         "duplicate_charge_documentation",
                                                         "duplicate_charge_explanation",
                                                         "duplicate_charge_id",
                                                         "product_description",
                                                         "receipt",
                                                         "refund_policy",
                                                         "refund_policy_disclosure",
                                                         "refund_refusal_explanation",
                                                         "service_date",
                                                         "service_documentation",
                                                         "shipping_address",
                                                         "shipping_carrier",
                                                         "shipping_date",
                                                         "shipping_documentation",
                                                         "shipping_tracking_number",
                                                         "uncategorized_file",
                                                         "uncategorized_text"};

Failure closed(const Dispute& dispute) {
  auto failure = invalid("", "",
                         "This dispute is already closed; its status is " +
                             std::string{to_string(dispute.status)} + ".");
  failure.stored = true;
  return failure;
}

// Lays the given evidence over what is there; the answer holds what each changed key was before.
boost::json::object merge_evidence(Params& params, const Form& form, Metadata& evidence) {
  boost::json::object before;
  for (const auto& [key, value] : form.below("evidence")) {
    if (std::find(evidence_keys.begin(), evidence_keys.end(), key) == evidence_keys.end()) {
      params.refuse(invalid("parameter_unknown", "evidence[" + key.substr(0, 64) + "]",
                            "Received unknown parameter: evidence[" + key.substr(0, 64) + "]"));
      return before;
    }
    const auto at = std::find_if(evidence.begin(), evidence.end(),
                                 [&](const auto& item) { return item.first == key; });
    before[key] = at == evidence.end() ? boost::json::value{} : boost::json::value(at->second);
    if (at != evidence.end()) evidence.erase(at);
    if (!value.empty()) evidence.emplace_back(key, value);
  }
  std::size_t size = 0;
  for (const auto& [key, value] : evidence) size += value.size();
  if (size > evidence_text_max) {
    params.refuse(
        invalid("", "evidence", "Evidence text can be up to 150,000 characters in total."));
  }
  return before;
}

void submit(Bench& bench, Dispute& dispute, boost::json::object previous) {
  previous["status"] = to_string(dispute.status);
  dispute.status =
      dispute.inquiry ? DisputeStatus::warning_under_review : DisputeStatus::under_review;
  ++dispute.submissions;
  announce(bench, "charge.dispute.updated", dispute, std::move(previous));
  // Source: facts/stripe.md section 9: two texts decide at once, all others wait for the bank.
  const ByItself bank{bench};
  for (const auto& [key, value] : dispute.evidence) {
    if (key != "uncategorized_text") continue;
    if (value == "winning_evidence") return decide(bench, dispute, true);
    if (value == "losing_evidence") return decide(bench, dispute, false);
  }
}

}  // namespace

Outcome retrieve_dispute(Bench& bench, const Call& call) {
  const auto* dispute = bench.books.disputes.find(call.id);
  if (dispute == nullptr) return missing(404, "dispute", call.id, "id");
  return render(bench, *dispute, call.expand);
}

Outcome list_disputes(Bench& bench, const Call& call) {
  Params params{call.form};
  params.only(
      {"limit", "starting_after", "ending_before", "payment_intent", "charge", "created[*]"});
  const auto intent = params.text("payment_intent");
  const auto charge = params.text("charge");
  return list_page(
      bench, call, params, bench.books.disputes, "/v1/disputes", [&](const Dispute& dispute) {
        return (!intent || dispute.intent == *intent) && (!charge || dispute.charge == *charge);
      });
}

Outcome update_dispute(Bench& bench, const Call& call) {
  auto* dispute = bench.books.disputes.find(call.id);
  if (dispute == nullptr) return missing(404, "dispute", call.id, "id");
  Params params{call.form};
  params.only({"evidence[*]", "submit"});
  const auto asked = params.boolean("submit");
  auto metadata = dispute->metadata;
  params.merge_metadata(metadata);
  auto evidence = dispute->evidence;
  auto before = merge_evidence(params, call.form, evidence);
  if (params.failure()) return *params.failure();
  const bool answers = !before.empty() || asked.has_value();
  if (answers && dispute->closed()) return closed(*dispute);
  dispute->metadata = std::move(metadata);
  dispute->evidence = std::move(evidence);
  boost::json::object previous;
  if (!before.empty()) previous["evidence"] = std::move(before);
  if (answers && asked.value_or(true) && !dispute->evidence.empty()) {
    submit(bench, *dispute, std::move(previous));
  } else if (!previous.empty()) {
    announce(bench, "charge.dispute.updated", *dispute, std::move(previous));
  }
  return render(bench, *dispute, call.expand);
}

Outcome accept_dispute(Bench& bench, const Call& call) {
  auto* dispute = bench.books.disputes.find(call.id);
  if (dispute == nullptr) return missing(404, "dispute", call.id, "id");
  Params params{call.form};
  params.only({});
  if (params.failure()) return *params.failure();
  if (dispute->closed()) return closed(*dispute);
  decide(bench, *dispute, false);
  return render(bench, *dispute, call.expand);
}

}  // namespace cambist::gateway::sandbox::stripe
