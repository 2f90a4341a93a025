#include "gateway/sandbox/paypal/events.hpp"

#include <boost/json.hpp>

#include "gateway/sandbox/paypal/render.hpp"
#include "gateway/sandbox/paypal/signature.hpp"
#include "gateway/sandbox/webhooks/destination.hpp"
#include "gateway/sandbox/webhooks/post_office.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

// Source: facts/paypal.md section 9.
json::object envelope(const Bench& bench, const Event& event, std::string_view resource_type,
                      json::object resource) {
  const auto self = api_url(bench) + "/v1/notifications/webhooks-events/" + event.id;
  json::array links{
      json::object{{"href", self}, {"rel", "self"}, {"method", "GET"}},
      json::object{{"href", self + "/resend"}, {"rel", "resend"}, {"method", "POST"}}};
  return json::object{{"id", event.id},
                      {"event_version", "1.0"},
                      {"create_time", to_rfc3339(bench.world.now())},
                      {"resource_type", resource_type},
                      {"resource_version", "2.0"},
                      {"event_type", event.type},
                      {"summary", event.type},
                      {"resource", std::move(resource)},
                      {"links", std::move(links)}};
}

webhooks::Letter blank_letter(const Bench& bench) {
  webhooks::Letter letter;
  letter.provider = "paypal";
  // Sealed later and elsewhere, so everything it needs goes with it.
  letter.seal = [url = api_url(bench) + std::string{certificate_path}](
                    std::string_view body, const std::vector<Secret>& secrets, TimePoint now) {
    const bool by_forger =
        secrets.size() == 1 && secrets.front().reveal() == webhooks::forgers_secret;
    return sign(body, url, now, by_forger);
  };
  return letter;
}

void tell(Bench& bench, std::string_view type, std::string_view resource_type,
          json::object resource) {
  Event event;
  event.id =
      "WH-" + make_id(id_size, bench.world.random) + "-" + make_id(id_size, bench.world.random);
  event.type = type;
  auto text = json::serialize(envelope(bench, event, resource_type, std::move(resource)));
  auto& kinds = bench.books.event_kinds;
  auto kind = kinds.find(type);
  if (kind == kinds.end()) kind = kinds.emplace(type, Resembling{text}).first;
  event.packed = kind->second.pack(text);
  auto letter = blank_letter(bench);
  letter.event = event.id;
  letter.type = type;
  letter.body = std::move(text);
  bench.books.events.add(std::move(event));
  webhooks::post_event(bench.world, std::move(letter));
}

}  // namespace

void announce(Bench& bench, std::string_view type, const Order& order) {
  tell(bench, type, "checkout-order", render(bench, order));
}

void announce(Bench& bench, std::string_view type, const Authorization& authorization) {
  tell(bench, type, "authorization", render(bench, authorization));
}

void announce(Bench& bench, std::string_view type, const Capture& capture) {
  tell(bench, type, "capture", render(bench, capture));
}

void announce(Bench& bench, std::string_view type, const Refund& refund) {
  tell(bench, type, "refund", render(bench, refund));
}

void announce(Bench& bench, std::string_view type, const Dispute& dispute) {
  tell(bench, type, "dispute", render(bench, dispute));
}

void announce_reversed_approval(Bench& bench, const Order& order) {
  json::object resource{{"order_id", order.id}};
  resource["purchase_units"] = json::array{json::object{{"reference_id", order.reference_id},
                                                        {"custom_id", order.custom_id},
                                                        {"invoice_id", order.invoice_id}}};
  resource["payment_source"] = json::object{{"paypal", json::object{}}};
  tell(bench, "CHECKOUT.PAYMENT-APPROVAL.REVERSED", "checkout-order", std::move(resource));
}

void announce_reversal(Bench& bench, const Capture& capture, const Money& amount) {
  Refund reversal;
  reversal.id = make_id(id_size, bench.world.random);
  reversal.order = capture.order;
  reversal.capture = capture.id;
  reversal.amount = amount;
  reversal.invoice_id = capture.invoice_id;
  reversal.refunded_before_minor = capture.refunded_minor;
  reversal.created = reversal.updated = bench.world.now();
  announce(bench, "PAYMENT.CAPTURE.REVERSED", reversal);
}

std::string told(const Books& books, const Event& event) {
  return books.event_kinds.at(event.type).unpack(event.packed);
}

webhooks::Letter letter_of(const Bench& bench, const Event& event) {
  auto letter = blank_letter(bench);
  letter.event = event.id;
  letter.type = event.type;
  letter.body = told(bench.books, event);
  return letter;
}

}  // namespace cambist::gateway::sandbox::paypal
