// Authorizations: shown, captured in one or more parts, renewed, given back.
#include "gateway/sandbox/paypal/complete.hpp"
#include "gateway/sandbox/paypal/endpoints.hpp"
#include "gateway/sandbox/paypal/reader.hpp"
#include "gateway/sandbox/paypal/units.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace {

constexpr int captures_max = 10;

std::optional<Failure> cannot_be_captured(const Authorization& authorization) {
  switch (authorization.status) {
    case AuthorizationStatus::voided:
      return refuse(authorization.expired ? "AUTHORIZATION_EXPIRED" : "AUTHORIZATION_VOIDED");
    case AuthorizationStatus::denied:
      return refuse("AUTHORIZATION_DENIED");
    case AuthorizationStatus::pending:
      return refuse("PENDING_AUTHORIZATION");
    case AuthorizationStatus::captured:
      return refuse("AUTHORIZATION_ALREADY_CAPTURED");
    case AuthorizationStatus::created:
    case AuthorizationStatus::partially_captured:
      break;
  }
  if (authorization.captures >= captures_max) return refuse("MAX_CAPTURE_COUNT_EXCEEDED");
  return std::nullopt;
}

}  // namespace

Outcome show_authorization(Bench& bench, const Call& call) {
  if (bench.books.authorizations.find(call.id) == nullptr) return missing(call.id);
  return Made{What::authorization, std::string{call.id}, 200};
}

Outcome capture_authorization(Bench& bench, const Call& call) {
  auto* authorization = bench.books.authorizations.find(call.id);
  auto* order = authorization == nullptr ? nullptr : bench.books.orders.find(authorization->order);
  if (order == nullptr) return missing(call.id);
  Reader reader{call.body};
  const auto given = reader.money(reader.root(), "amount");
  const bool final_capture = reader.flag(reader.root(), "final_capture", false);
  auto invoice = reader.text(reader.root(), "invoice_id", invoice_id_max);
  (void)reader.text(reader.root(), "note_to_payer", 255);
  (void)reader.text(reader.root(), "soft_descriptor", soft_descriptor_max);
  if (auto failure = reader.failure()) return *failure;
  if (auto failure = cannot_be_captured(*authorization)) return *failure;
  const Money left{authorization->amount.minor - authorization->captured_minor,
                   authorization->amount.currency};
  const auto amount = given.value_or(left);
  if (amount.currency != left.currency)
    return refuse("AUTH_CAPTURE_CURRENCY_MISMATCH", "/amount/currency_code");
  if (amount.minor > left.minor) return refuse("MAX_CAPTURE_AMOUNT_EXCEEDED", "/amount/value");
  const bool own = invoice.empty() || invoice == order->invoice_id;
  if (!own && !invoice_is_free(bench.books, invoice, {}))
    return refuse("DUPLICATE_INVOICE_ID", "/invoice_id", invoice);
  CaptureOrder asked;
  asked.authorization = authorization;
  asked.amount = amount;
  asked.final_capture = final_capture;
  asked.invoice_id = own ? order->invoice_id : invoice;
  asked.key = call.key;
  const auto& made = take(bench, *order, std::move(asked), call.now);
  if (!own) claim_invoice(bench.books, invoice, made.id);
  return Made{What::capture, made.id, 201};
}

Outcome reauthorize(Bench& bench, const Call& call) {
  auto* old = bench.books.authorizations.find(call.id);
  auto* order = old == nullptr ? nullptr : bench.books.orders.find(old->order);
  if (order == nullptr) return missing(call.id);
  Reader reader{call.body};
  const auto given = reader.money(reader.root(), "amount");
  if (auto failure = reader.failure()) return *failure;
  if (auto failure = cannot_be_captured(*old)) return *failure;
  if (old->status != AuthorizationStatus::created) return refuse("REAUTHORIZATION_NOT_SUPPORTED");
  if (call.now < old->created + honor_period) return refuse("REAUTHORIZATION_TOO_SOON");
  const auto amount = given.value_or(old->amount);
  if (amount.currency != old->amount.currency)
    return refuse("AUTH_CAPTURE_CURRENCY_MISMATCH", "/amount/currency_code");
  if (amount.minor > order->amount.minor)
    return refuse("REAUTHORIZATION_NOT_SUPPORTED", "/amount/value");
  // One hold follows the other: to the ledger the first is given back when the second begins.
  old->status = AuthorizationStatus::voided;
  old->updated = call.now;
  record(bench, *order, EffectKind::void_authorization, old->id, old->amount, call.key, false);
  const auto& made = hold(bench, *order, amount, old->expires, call.key, call.now);
  const auto id = made.id;
  // Adding may have evicted the oldest of all.
  if (auto* still = bench.books.authorizations.find(call.id)) still->replaced_by = id;
  return Made{What::authorization, id, 201};
}

Outcome void_authorization(Bench& bench, const Call& call) {
  auto* authorization = bench.books.authorizations.find(call.id);
  auto* order = authorization == nullptr ? nullptr : bench.books.orders.find(authorization->order);
  if (order == nullptr) return missing(call.id);
  if (authorization->status == AuthorizationStatus::voided)
    return refuse(authorization->expired ? "AUTHORIZATION_EXPIRED" : "PREVIOUSLY_VOIDED");
  if (authorization->status == AuthorizationStatus::captured) return refuse("PREVIOUSLY_CAPTURED");
  if (!authorization->holds()) return refuse("CANNOT_BE_VOIDED");
  release(bench, *order, *authorization, call.key, call.now);
  return Made{What::authorization, authorization->id, 204};
}

}  // namespace cambist::gateway::sandbox::paypal
