#include "gateway/sandbox/stripe/attempt.hpp"
#include "gateway/sandbox/stripe/endpoints.hpp"
#include "gateway/sandbox/stripe/params.hpp"

namespace cambist::gateway::sandbox::stripe {

Failure unexpected_state(const Intent& intent, std::string_view verb) {
  auto failure = invalid("payment_intent_unexpected_state", "",
                         "This PaymentIntent's status is " + std::string{to_string(intent.status)} +
                             ", so it cannot be " + std::string{verb} + ".");
  failure.intent = intent.id;
  failure.stored = true;
  return failure;
}

Outcome confirm_intent(Bench& bench, const Call& call) {
  auto* intent = bench.books.intents.find(call.id);
  if (intent == nullptr) return missing(404, "payment_intent", call.id, "intent");
  settle_time(bench, *intent, call.now);
  Params params{call.form};
  params.only({"payment_method", "return_url", "off_session", "error_on_requires_action",
               "capture_method", "setup_future_usage", "receipt_email", "use_stripe_sdk",
               "mandate_data[**]", "client_secret", "payment_method_types[*]",
               "payment_method_options[card][request_three_d_secure]",
               "payment_method_options[card][request_multicapture]"});
  const auto method_id = params.text("payment_method");
  const auto return_url = params.url("return_url");
  const auto off_session = params.boolean("off_session");
  const auto error_on_action = params.boolean("error_on_requires_action");
  const auto capture = params.choice("capture_method", {"automatic", "automatic_async", "manual"});
  const auto request_3ds = params.choice("payment_method_options[card][request_three_d_secure]",
                                         {"automatic", "any", "challenge"});
  const auto multicapture = params.choice("payment_method_options[card][request_multicapture]",
                                          {"if_available", "never"});
  const auto future = params.choice("setup_future_usage", {"on_session", "off_session"});
  const auto email = params.text("receipt_email");
  const auto* method = method_id ? find_test_method(*method_id) : intent->method;
  if (method_id && method == nullptr)
    params.refuse(missing(400, "PaymentMethod", *method_id, "payment_method"));
  if (params.failure()) return *params.failure();

  const bool open = intent->status == IntentStatus::requires_payment_method ||
                    intent->status == IntentStatus::requires_confirmation ||
                    intent->status == IntentStatus::requires_action;
  if (!open) return unexpected_state(*intent, "confirmed");
  if (method == nullptr) {
    auto failure =
        invalid("payment_intent_unexpected_state", "payment_method",
                "You cannot confirm this PaymentIntent because it's missing a payment method.");
    failure.intent = intent->id;
    failure.stored = true;
    return failure;
  }
  intent->method = method;
  if (return_url) intent->return_url = *return_url;
  if (capture) intent->capture_method = *capture;
  if (request_3ds) intent->request_3ds = *request_3ds;
  if (multicapture) intent->multicapture = *multicapture == "if_available";
  if (future) intent->setup_future_usage = *future;
  if (email) intent->receipt_email = *email;
  if (auto failure = attempt(bench, *intent,
                             {.key = call.key,
                              .off_session = off_session.value_or(false),
                              .error_on_requires_action = error_on_action.value_or(false)},
                             call.now)) {
    return *failure;
  }
  return render(bench, *intent, call.expand);
}

}  // namespace cambist::gateway::sandbox::stripe
