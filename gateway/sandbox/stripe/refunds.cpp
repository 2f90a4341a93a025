#include <algorithm>

#include "gateway/sandbox/stripe/amounts.hpp"
#include "gateway/sandbox/stripe/endpoints.hpp"
#include "gateway/sandbox/stripe/events.hpp"
#include "gateway/sandbox/stripe/listing.hpp"

namespace cambist::gateway::sandbox::stripe {
namespace {

// The charge that a refund is about, by charge or by payment intent.
Charge* find_target(Bench& bench, Params& params) {
  const auto charge_id = params.text("charge");
  const auto intent_id = params.text("payment_intent");
  if (!charge_id && !intent_id) {
    params.refuse(invalid("parameter_missing", "payment_intent",
                          "One of the following params should be provided for this request: "
                          "payment_intent or charge."));
    return nullptr;
  }
  if (intent_id) {
    const auto* intent = bench.books.intents.find(*intent_id);
    if (intent == nullptr) {
      params.refuse(missing(404, "payment_intent", *intent_id, "payment_intent"));
      return nullptr;
    }
    auto* charge = bench.books.charges.find(intent->latest_charge);
    if (charge_id && charge_id != intent->latest_charge) {
      params.refuse(invalid("", "charge", "The charge does not belong to the payment intent."));
    }
    if (intent->received == 0 || charge == nullptr) {
      auto failure = invalid("payment_intent_unexpected_state", "payment_intent",
                             "This PaymentIntent (" + intent->id +
                                 ") has no captured charge to refund; its status is " +
                                 std::string{to_string(intent->status)} + ".");
      failure.intent = intent->id;
      failure.stored = true;
      params.refuse(std::move(failure));
    }
    return charge;
  }
  auto* charge = bench.books.charges.find(*charge_id);
  if (charge == nullptr) params.refuse(missing(404, "charge", *charge_id, "charge"));
  return charge;
}

std::optional<Failure> check(const Charge& charge, std::optional<std::int64_t> asked) {
  Failure failure;
  failure.charge = charge.id;
  failure.stored = true;
  const auto left = charge.captured_amount - charge.refunded_amount;
  if (charge.captured_amount == 0) {
    failure.code = "charge_not_refundable";
    failure.message = "Charge " + charge.id + " has not been captured, so it cannot be refunded.";
  } else if (charge.charged_back > 0) {
    failure.code = "charge_disputed";
    failure.message = "Charge " + charge.id + " has been charged back; cannot issue a refund.";
  } else if (left == 0) {
    failure.code = "charge_already_refunded";
    failure.message = "Charge " + charge.id + " has already been refunded.";
  } else if (asked.value_or(left) > left) {
    failure.param = "amount";
    failure.message = "Refund amount (" + to_decimal(to_money(*asked, charge.currency)) +
                      ") is greater than unrefunded amount on charge (" +
                      to_decimal(to_money(left, charge.currency)) + ").";
    failure.stored = false;
  } else {
    return std::nullopt;
  }
  return failure;
}

}  // namespace

Outcome create_refund(Bench& bench, const Call& call) {
  Params params{call.form};
  params.only({"payment_intent", "charge", "amount", "reason"});
  const auto asked = params.integer("amount");
  if (asked && *asked < 1) {
    params.refuse(invalid("parameter_invalid_integer", "amount",
                          "This value must be greater than or equal to 1."));
  }
  const auto reason = params.choice("reason", {"duplicate", "fraudulent", "requested_by_customer"});
  Refund refund;
  params.merge_metadata(refund.metadata);
  if (params.failure()) return *params.failure();
  auto* charge = find_target(bench, params);
  if (charge != nullptr && asked) {
    if (auto failure = check_unit(*asked, charge->currency, "amount"))
      params.refuse(std::move(*failure));
  }
  if (params.failure()) return *params.failure();
  if (auto failure = check(*charge, asked)) return *failure;
  auto* intent = bench.books.intents.find(charge->intent);
  if (intent == nullptr) return missing(404, "payment_intent", charge->intent, "payment_intent");

  refund.id = make_id("re_", bench.world.random);
  refund.intent = charge->intent;
  refund.charge = charge->id;
  refund.amount = asked.value_or(charge->captured_amount - charge->refunded_amount);
  refund.currency = charge->currency;
  refund.reason = reason.value_or("");
  refund.created = call.now;
  const auto afterwards = charge->method->afterwards;
  if (afterwards == Afterwards::refund_pending || afterwards == Afterwards::refund_fails)
    refund.afterwards = afterwards;
  if (afterwards == Afterwards::refund_pending) refund.status = RefundStatus::pending;
  charge->refunded_amount += refund.amount;
  bench.books.balance[std::string{charge->currency.code()}] -= refund.amount;
  refund.effect =
      record(bench, *intent, EffectKind::refund, refund.id, refund.amount, call.key, call.now);
  const auto& kept = bench.books.refunds.add(std::move(refund));
  if (kept.afterwards != Afterwards::nothing)
    bench.books.refunds_due.push_back({kept.created + refund_settles_after, kept.id});
  announce(bench, "refund.created", kept);
  announce(bench, "charge.refunded", *charge);
  return render(bench, kept, call.expand);
}

Outcome retrieve_refund(Bench& bench, const Call& call) {
  auto* refund = bench.books.refunds.find(call.id);
  if (refund == nullptr) return missing(404, "refund", call.id, "id");
  settle_time(bench, *refund, call.now);
  return render(bench, *refund, call.expand);
}

Outcome list_refunds(Bench& bench, const Call& call) {
  Params params{call.form};
  params.only(
      {"limit", "starting_after", "ending_before", "payment_intent", "charge", "created[*]"});
  const auto intent = params.text("payment_intent");
  const auto charge = params.text("charge");
  return list_page(
      bench, call, params, bench.books.refunds, "/v1/refunds", [&](const Refund& refund) {
        return (!intent || refund.intent == *intent) && (!charge || refund.charge == *charge);
      });
}

}  // namespace cambist::gateway::sandbox::stripe
