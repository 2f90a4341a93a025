#include "gateway/sandbox/stripe/disputes.hpp"

#include <algorithm>
#include <array>

#include "gateway/sandbox/stripe/amounts.hpp"
#include "gateway/sandbox/stripe/events.hpp"
#include "gateway/sandbox/stripe/render.hpp"

namespace cambist::gateway::sandbox::stripe {
namespace json = boost::json;
namespace {

// Card networks give one to four weeks to answer.
constexpr std::chrono::hours answer_within{9 * 24};

// Source: facts/stripe.md section 5.
constexpr std::array<std::string_view, 15> reasons{"bank_cannot_process",
                                                   "check_returned",
                                                   "credit_not_processed",
                                                   "customer_initiated",
                                                   "debit_not_authorized",
                                                   "duplicate",
                                                   "fraudulent",
                                                   "general",
                                                   "incorrect_account_details",
                                                   "insufficient_funds",
                                                   "noncompliant",
                                                   "product_not_received",
                                                   "product_unacceptable",
                                                   "subscription_canceled",
                                                   "unrecognized"};

std::string_view network_code(std::string_view reason) {
  if (reason == "fraudulent") return "10.4";
  if (reason == "product_not_received") return "13.1";
  if (reason == "product_unacceptable") return "13.3";
  if (reason == "duplicate") return "12.6";
  return "13.7";
}

std::int64_t disputable(const Charge& charge) noexcept {
  return charge.captured_amount - charge.refunded_amount - charge.charged_back;
}

Dispute& open(Bench& bench, Charge& charge, std::int64_t amount, std::string_view reason,
              bool inquiry) {
  const ByItself nobody{bench};
  const auto now = bench.world.now();
  Dispute made;
  made.id = make_id("du_", bench.world.random);
  made.intent = charge.intent;
  made.charge = charge.id;
  made.amount = amount;
  made.currency = charge.currency;
  made.reason = reason;
  made.inquiry = inquiry;
  made.status = inquiry ? DisputeStatus::warning_needs_response : DisputeStatus::needs_response;
  made.created = now;
  made.due_by = now + answer_within;
  charge.disputed = true;
  if (!inquiry) {
    // The bank takes the money first and asks afterwards.
    made.withdrawal = make_id("txn_", bench.world.random);
    charge.charged_back += amount;
    bench.books.balance[std::string{charge.currency.code()}] -= amount;
  }
  auto& dispute = bench.books.disputes.add(std::move(made));
  announce(bench, "charge.dispute.created", dispute);
  if (!inquiry) announce(bench, "charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

json::object for_ledger(Bench& bench, const Dispute& dispute) {
  const auto* intent = bench.books.intents.find(dispute.intent);
  const auto money = to_money(dispute.amount, dispute.currency);
  return json::object{
      {"provider", "stripe"},
      {"id", dispute.id},
      {"object", dispute.intent},
      {"payment", intent == nullptr ? std::string_view{} : payment_of(intent->metadata)},
      {"amount", json::object{{"value", to_decimal(money)}, {"currency", money.currency.code()}}},
      {"status", to_string(dispute.status)},
      {"inquiry", dispute.inquiry}};
}

json::array balance_transactions(const Dispute& dispute, std::string_view currency) {
  json::array list;
  const auto add = [&](const std::string& id, std::int64_t amount, std::string_view category) {
    if (id.empty()) return;
    list.push_back(json::object{{"id", id},
                                {"object", "balance_transaction"},
                                {"amount", amount},
                                {"currency", currency},
                                {"fee", 0},
                                {"net", amount},
                                {"reporting_category", category},
                                {"source", dispute.id},
                                {"type", "adjustment"}});
  };
  add(dispute.withdrawal, -dispute.amount, "dispute");
  add(dispute.reinstatement, dispute.amount, "dispute_reversal");
  return list;
}

}  // namespace

void dispute_by_method(Bench& bench, Charge& charge) {
  const auto& method = *charge.method;
  const bool inquiry = method.afterwards == Afterwards::inquiry;
  if (!inquiry && method.afterwards != Afterwards::dispute) return;
  // Several disputes share what was captured; the first takes what cannot be shared.
  const auto each = charge.captured_amount / method.disputes;
  const auto first = charge.captured_amount - each * (method.disputes - 1);
  for (int i = 0; i < method.disputes; ++i) {
    const auto amount = i == 0 ? first : each;
    if (amount > 0) open(bench, charge, amount, method.dispute_reason, inquiry);
  }
}

Result<json::object> open_dispute(Bench& bench, const DisputeOrder& order) {
  const auto* intent = bench.books.intents.find(order.object);
  auto* charge = intent == nullptr ? nullptr : bench.books.charges.find(intent->latest_charge);
  if (intent == nullptr) return Error{ErrorCode::not_found, "no such payment intent", "object"};
  const auto* reason =
      std::find(reasons.begin(), reasons.end(), order.reason.empty() ? "fraudulent" : order.reason);
  if (reason == reasons.end())
    return Error{ErrorCode::invalid_request, "Stripe knows no such reason", "reason"};
  const auto left = charge == nullptr ? 0 : disputable(*charge);
  if (left <= 0) {
    return Error{ErrorCode::illegal_transition,
                 "nothing is captured that is neither refunded nor charged back"};
  }
  const auto amount = order.amount ? to_wire(*order.amount) : std::optional{left};
  if (!amount || (order.amount && order.amount->currency != charge->currency)) {
    return Error{ErrorCode::invalid_request, "the amount must be one of the payment's own currency",
                 "amount"};
  }
  if (*amount > left) {
    return Error{ErrorCode::amount_too_large, "not so much is captured and still there", "amount"};
  }
  return for_ledger(bench, open(bench, *charge, *amount, *reason, order.inquiry));
}

Result<json::object> close_dispute(Bench& bench, std::string_view id, bool won) {
  auto* dispute = bench.books.disputes.find(id);
  if (dispute == nullptr) return Error{ErrorCode::not_found, "no such dispute"};
  if (dispute->closed())
    return Error{ErrorCode::illegal_transition, "this dispute is closed already"};
  decide(bench, *dispute, won);
  return for_ledger(bench, *dispute);
}

void list_for_ledger(Bench& bench, std::string_view payment, json::array& out) {
  auto& disputes = bench.books.disputes;
  for (std::size_t i = 0; i < disputes.size(); ++i) {
    auto shown = for_ledger(bench, disputes.at(i));
    if (payment.empty() || shown.at("payment").as_string() == payment)
      out.push_back(std::move(shown));
  }
}

void decide(Bench& bench, Dispute& dispute, bool won) {
  if (dispute.inquiry) {
    dispute.status = DisputeStatus::warning_closed;
    return announce(bench, "charge.dispute.closed", dispute);
  }
  dispute.status = won ? DisputeStatus::won : DisputeStatus::lost;
  if (won) {
    dispute.reinstatement = make_id("txn_", bench.world.random);
    if (auto* charge = bench.books.charges.find(dispute.charge))
      charge->charged_back -= dispute.amount;
    bench.books.balance[std::string{dispute.currency.code()}] += dispute.amount;
  }
  announce(bench, "charge.dispute.closed", dispute);
  if (won) announce(bench, "charge.dispute.funds_reinstated", dispute);
}

json::object render(Bench& bench, const Dispute& dispute, const Expansion& expand) {
  const auto* charge = bench.books.charges.find(dispute.charge);
  std::string currency{dispute.currency.code()};
  std::transform(currency.begin(), currency.end(), currency.begin(),
                 [](char c) { return static_cast<char>(c | 0x20); });
  json::object evidence;
  for (const auto& [key, value] : dispute.evidence) evidence[key] = value;
  json::object metadata;
  for (const auto& [key, value] : dispute.metadata) metadata[key] = value;
  const auto seconds = [](TimePoint time) { return to_micros(time) / 1'000'000; };
  json::object shown{{"id", dispute.id},
                     {"object", "dispute"},
                     {"amount", dispute.amount},
                     {"balance_transactions", balance_transactions(dispute, currency)},
                     {"charge", dispute.charge},
                     {"created", seconds(dispute.created)},
                     {"currency", currency},
                     {"enhanced_eligibility_types", json::array{}},
                     {"evidence", std::move(evidence)},
                     {"intended_submission_method", nullptr},
                     {"livemode", false},
                     {"metadata", std::move(metadata)},
                     {"network_reason_code", network_code(dispute.reason)},
                     {"payment_intent", dispute.intent},
                     {"reason", dispute.reason},
                     {"status", to_string(dispute.status)}};
  shown["is_charge_refundable"] =
      charge != nullptr && charge->charged_back == 0 && disputable(*charge) > 0;
  shown["evidence_details"] = json::object{
      {"due_by", seconds(dispute.due_by)},
      {"enhanced_eligibility", json::object{}},
      {"has_evidence", !dispute.evidence.empty()},
      {"past_due", bench.world.now() > dispute.due_by},
      {"submission_count", dispute.submissions},
      {"submission_method", dispute.submissions > 0 ? json::value("manual") : nullptr}};
  shown["payment_method_details"] = json::object{
      {"type", "card"},
      {"card", json::object{{"brand", charge == nullptr ? "visa" : charge->method->brand},
                            {"case_type", dispute.inquiry ? "inquiry" : "chargeback"},
                            {"network_reason_code", network_code(dispute.reason)}}}};
  if (charge != nullptr && expand.has("charge"))
    shown["charge"] = render(bench, *charge, expand.below("charge"));
  if (const auto* intent = bench.books.intents.find(dispute.intent);
      intent != nullptr && expand.has("payment_intent"))
    shown["payment_intent"] = render(bench, *intent, Expansion{});
  return shown;
}

}  // namespace cambist::gateway::sandbox::stripe
