#include <algorithm>

#include "gateway/sandbox/stripe/amounts.hpp"
#include "gateway/sandbox/stripe/attempt.hpp"
#include "gateway/sandbox/stripe/endpoints.hpp"
#include "gateway/sandbox/stripe/events.hpp"
#include "gateway/sandbox/stripe/listing.hpp"

namespace cambist::gateway::sandbox::stripe {
namespace {

constexpr std::size_t description_length_max = 1'000;
constexpr std::size_t suffix_length_max = 22;

// What create and update share. The method is set only when the parameters are all right.
void read_common(Bench& bench, Params& params, Intent& intent) {
  if (auto text = params.text("description", description_length_max))
    intent.description = std::move(*text);
  if (auto text = params.text("receipt_email")) intent.receipt_email = std::move(*text);
  if (auto text = params.text("transfer_group")) intent.transfer_group = std::move(*text);
  if (auto suffix = params.text("statement_descriptor_suffix", suffix_length_max)) {
    if (suffix->find_first_of("<>\\'\"*") != std::string::npos) {
      params.refuse(invalid("", "statement_descriptor_suffix",
                            "The statement descriptor must not have < > \\ ' \" *"));
    }
    intent.statement_suffix = std::move(*suffix);
  }
  if (params.has("statement_descriptor")) {
    params.refuse(invalid("", "statement_descriptor",
                          "statement_descriptor is not supported for card payments; use "
                          "statement_descriptor_suffix."));
  }
  if (const auto customer = params.text("customer"); customer) {
    if (!customer->empty() && bench.books.customers.find(*customer) == nullptr) {
      params.refuse(missing(400, "customer", *customer, "customer"));
    }
    intent.customer = *customer;
  }
  if (const auto usage = params.choice("setup_future_usage", {"on_session", "off_session", ""})) {
    intent.setup_future_usage = *usage;
  }
  if (const auto how = params.choice("payment_method_options[card][request_three_d_secure]",
                                     {"automatic", "any", "challenge"})) {
    intent.request_3ds = *how;
  }
  if (const auto how = params.choice("payment_method_options[card][request_multicapture]",
                                     {"if_available", "never"})) {
    intent.multicapture = *how == "if_available";
  }
  if (const auto id = params.text("payment_method"); id && !id->empty()) {
    intent.method = find_test_method(*id);
    if (intent.method == nullptr)
      params.refuse(missing(400, "PaymentMethod", *id, "payment_method"));
  }
  params.merge_metadata(intent.metadata);
}

void read_method_types(Params& params, const Form& form, Intent& intent) {
  const auto types = form.below("payment_method_types");
  const auto other = std::find_if(types.begin(), types.end(),
                                  [](const auto& type) { return type.second != "card"; });
  if (other != types.end()) {
    params.refuse(invalid("payment_method_unactivated", "payment_method_types",
                          "This account takes the payment method type card only."));
  }
  const auto automatic = params.boolean("automatic_payment_methods[enabled]");
  const auto redirects =
      params.choice("automatic_payment_methods[allow_redirects]", {"always", "never"});
  if (automatic == true && !types.empty()) {
    params.refuse(
        invalid("", "automatic_payment_methods",
                "You may only specify one of these parameters: automatic_payment_methods, "
                "payment_method_types."));
  }
  intent.automatic_methods = automatic.value_or(types.empty());
  intent.redirects_allowed = redirects != "never";
}

}  // namespace

Outcome create_intent(Bench& bench, const Call& call) {
  Params params{call.form};
  params.only({"amount",
               "currency",
               "capture_method",
               "confirm",
               "confirmation_method",
               "payment_method",
               "payment_method_types[*]",
               "automatic_payment_methods[enabled]",
               "automatic_payment_methods[allow_redirects]",
               "customer",
               "off_session",
               "setup_future_usage",
               "return_url",
               "error_on_requires_action",
               "description",
               "receipt_email",
               "statement_descriptor",
               "statement_descriptor_suffix",
               "transfer_group",
               "use_stripe_sdk",
               "shipping[**]",
               "payment_method_options[card][request_three_d_secure]",
               "payment_method_options[card][request_multicapture]"});
  Intent intent;
  (void)params.required("amount");
  const auto amount = params.integer("amount");
  const auto code = params.required("currency");
  const auto currency = supported_currency(code);
  if (!currency) {
    params.refuse(invalid("", "currency",
                          "Invalid currency: " + std::string{code.substr(0, 16)} +
                              ". It must be a three-letter ISO 4217 code that Stripe supports."));
  }
  if (amount && currency) {
    if (auto failure = check_amount(*amount, *currency)) params.refuse(std::move(*failure));
    intent.amount = *amount;
    intent.currency = *currency;
  }
  if (const auto how =
          params.choice("capture_method", {"automatic", "automatic_async", "manual"})) {
    intent.capture_method = *how;
  }
  if (const auto how = params.choice("confirmation_method", {"automatic", "manual"}))
    intent.confirmation_method = *how;
  read_method_types(params, call.form, intent);
  read_common(bench, params, intent);
  const bool confirm = params.boolean("confirm").value_or(false);
  const auto off_session = params.boolean("off_session");
  const auto error_on_action = params.boolean("error_on_requires_action");
  if (auto url = params.url("return_url")) intent.return_url = std::move(*url);
  for (const auto name : {"off_session", "return_url", "error_on_requires_action"}) {
    if (!confirm && params.has(name)) {
      params.refuse(
          invalid("", name, std::string{name} + " can only be set when confirm is true."));
    }
  }
  if (confirm && intent.method == nullptr) {
    params.refuse(
        invalid("parameter_missing", "payment_method",
                "You cannot confirm this PaymentIntent because it's missing a payment method."));
  }
  if (params.failure()) return *params.failure();

  intent.id = make_id("pi_", bench.world.random);
  intent.secret = make_id("", bench.world.random);
  intent.created = call.now;
  intent.status = intent.method == nullptr ? IntentStatus::requires_payment_method
                                           : IntentStatus::requires_confirmation;
  auto& kept = bench.books.intents.add(std::move(intent));
  announce(bench, "payment_intent.created", kept);
  if (confirm) {
    if (auto failure = attempt(bench, kept,
                               {.key = call.key,
                                .off_session = off_session.value_or(false),
                                .error_on_requires_action = error_on_action.value_or(false)},
                               call.now)) {
      return *failure;
    }
  }
  return render(bench, kept, call.expand);
}

Outcome retrieve_intent(Bench& bench, const Call& call) {
  Params params{call.form};
  params.only({"client_secret"});
  if (params.failure()) return *params.failure();
  auto* intent = bench.books.intents.find(call.id);
  if (intent == nullptr) return missing(404, "payment_intent", call.id, "intent");
  settle_time(bench, *intent, call.now);
  return render(bench, *intent, call.expand);
}

Outcome update_intent(Bench& bench, const Call& call) {
  auto* intent = bench.books.intents.find(call.id);
  if (intent == nullptr) return missing(404, "payment_intent", call.id, "intent");
  settle_time(bench, *intent, call.now);
  Params params{call.form};
  params.only({"amount", "currency", "payment_method", "payment_method_types[*]", "customer",
               "setup_future_usage", "description", "receipt_email", "statement_descriptor",
               "statement_descriptor_suffix", "transfer_group",
               "payment_method_options[card][request_three_d_secure]",
               "payment_method_options[card][request_multicapture]"});
  Intent changed = *intent;
  read_common(bench, params, changed);
  if (const auto code = params.text("currency")) {
    const auto currency = supported_currency(*code);
    if (!currency)
      params.refuse(invalid("", "currency", "Invalid currency: " + code->substr(0, 16)));
    changed.currency = currency.value_or(changed.currency);
  }
  changed.amount = params.integer("amount").value_or(changed.amount);
  if (auto failure = check_amount(changed.amount, changed.currency))
    params.refuse(std::move(*failure));
  if (params.failure()) return *params.failure();

  const bool confirmed = intent->status == IntentStatus::requires_capture ||
                         intent->status == IntentStatus::succeeded ||
                         intent->status == IntentStatus::canceled;
  // Once money is held or moved only what describes the payment may change.
  const bool descriptive =
      std::none_of(call.form.fields().begin(), call.form.fields().end(), [](const auto& field) {
        return field.first != "description" && field.first != "receipt_email" &&
               field.first != "transfer_group" && !field.first.starts_with("metadata") &&
               !field.first.starts_with("expand[");
      });
  if (confirmed && !descriptive) return unexpected_state(*intent, "updated with these parameters");
  if (changed.status == IntentStatus::requires_payment_method && changed.method != nullptr) {
    changed.status = IntentStatus::requires_confirmation;
  }
  *intent = std::move(changed);
  return render(bench, *intent, call.expand);
}

Outcome list_intents(Bench& bench, const Call& call) {
  Params params{call.form};
  params.only({"limit", "starting_after", "ending_before", "customer", "created[*]"});
  const auto customer = params.text("customer");
  return list_page(bench, call, params, bench.books.intents, "/v1/payment_intents",
                   [&](const Intent& intent) { return !customer || intent.customer == *customer; });
}

}  // namespace cambist::gateway::sandbox::stripe
