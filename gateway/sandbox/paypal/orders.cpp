// Orders until the payer has approved them.
#include <algorithm>

#include "gateway/sandbox/paypal/endpoints.hpp"
#include "gateway/sandbox/paypal/reader.hpp"
#include "gateway/sandbox/paypal/units.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

using Place = Reader::Place;

// It goes into a header and a page, so it must be a plain URL.
std::string read_url(Reader& reader, const Place& place, std::string_view name) {
  auto url = reader.text(place, name, 2'048);
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) {
    return c > ' ' && c < '\x7f' &&
           std::string_view{"\"<>\\^`{|}"}.find(c) == std::string_view::npos;
  });
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  if (url.empty() || (plain && web)) return url;
  reader.refuse("INVALID_PARAMETER_SYNTAX", place.path + "/" + std::string{name});
  return {};
}

void read_context(Reader& reader, const Place& context, Order& order) {
  if (!context) return;
  order.return_url = read_url(reader, context, "return_url");
  order.cancel_url = read_url(reader, context, "cancel_url");
}

// The account takes PayPal's wallet, approved by the payer. Whatever else is paid with is done in
// one step, and that takes a request id.
void read_source(Reader& reader, const Place& place, std::string_view key, Order& order) {
  if (!place) return;
  const auto wallet = reader.below(place, "paypal");
  const bool one_step = !wallet || wallet.object->contains("vault_id") ||
                        wallet.object->contains("billing_agreement_id");
  if (one_step && key.empty()) return reader.refuse("PAYPAL_REQUEST_ID_REQUIRED", {});
  if (one_step) return reader.refuse("PAYMENT_SOURCE_CANNOT_BE_USED", place.path);
  order.wallet = true;
  read_context(reader, reader.below(wallet, "experience_context"), order);
}

void read_units(Reader& reader, Order& order) {
  constexpr std::size_t units_max = 10;
  reader.require(reader.root(), "purchase_units");
  const auto units = reader.list(reader.root(), "purchase_units", units_max);
  if (units.empty() && reader.root() && reader.root().object->contains("purchase_units"))
    reader.refuse("INVALID_ARRAY_MIN_ITEMS", "/purchase_units");
  if (units.empty()) return;
  if (units.size() > 1) reader.refuse("UNSUPPORTED_INTENT", "/purchase_units");
  read_unit(reader, units.front(), order);
}

}  // namespace

Outcome create_order(Bench& bench, const Call& call) {
  Reader reader{call.body};
  Order order;
  reader.require(reader.root(), "intent");
  const auto intent = reader.text(reader.root(), "intent", 32);
  if (!intent.empty() && intent != "CAPTURE" && intent != "AUTHORIZE")
    reader.refuse("INVALID_PARAMETER_VALUE", "/intent", intent);
  order.intent = intent == "AUTHORIZE" ? Intent::authorize : Intent::capture;
  read_units(reader, order);
  read_context(reader, reader.below(reader.root(), "application_context"), order);
  read_source(reader, reader.below(reader.root(), "payment_source"), call.key, order);
  if (auto failure = reader.failure()) return *failure;
  if (!invoice_is_free(bench.books, order.invoice_id, {}))
    return refuse("DUPLICATE_INVOICE_ID", "/purchase_units/0/invoice_id", order.invoice_id);
  order.id = make_id(id_size, bench.world.random);
  order.status = order.wallet ? OrderStatus::payer_action_required : OrderStatus::created;
  order.created = order.updated = call.now;
  order.open_until = call.now + order_lifetime;
  bench.books.orders_due.push_back(Due{order.open_until, order.id});
  const auto& kept = bench.books.orders.add(std::move(order));
  return Made{What::order, kept.id, 201};
}

Outcome show_order(Bench& bench, const Call& call) {
  if (bench.books.orders.find(call.id) == nullptr) return missing(call.id);
  return Made{What::order, std::string{call.id}, 200};
}

Outcome confirm_payment_source(Bench& bench, const Call& call) {
  auto* order = bench.books.orders.find(call.id);
  if (order == nullptr) return missing(call.id);
  if (order->expired) return refuse("ORDER_EXPIRED");
  if (!order->waits_for_payer()) return refuse("ORDER_COMPLETED_OR_VOIDED");
  Reader reader{call.body};
  Order changed = *order;
  reader.require(reader.root(), "payment_source");
  read_source(reader, reader.below(reader.root(), "payment_source"), call.key, changed);
  if (auto failure = reader.failure()) return *failure;
  changed.status = OrderStatus::payer_action_required;
  changed.updated = call.now;
  *order = std::move(changed);
  return Made{What::order, order->id, 200};
}

}  // namespace cambist::gateway::sandbox::paypal
