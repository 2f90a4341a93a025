#include "gateway/sandbox/stripe/events.hpp"

#include "gateway/sandbox/stripe/endpoints.hpp"
#include "gateway/sandbox/stripe/listing.hpp"
#include "gateway/sandbox/stripe/signature.hpp"
#include "gateway/sandbox/webhooks/post_office.hpp"

namespace cambist::gateway::sandbox::stripe {
namespace json = boost::json;
namespace {

constexpr std::string_view version = "2026-10-28.endive";

json::value or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return json::string{text};
}

// Source: facts/stripe.md section 10, "Envelope".
json::object envelope(const Bench& bench, const Event& event, json::object object,
                      json::object previous) {
  json::object data{{"object", std::move(object)}};
  if (!previous.empty()) data["previous_attributes"] = std::move(previous);
  json::object request{{"id", nullptr}, {"idempotency_key", nullptr}};
  if (bench.cause) {
    request["id"] = or_null(bench.cause->request);
    request["idempotency_key"] = or_null(bench.cause->key);
  }
  return json::object{{"id", event.id},
                      {"object", "event"},
                      {"api_version", version},
                      {"created", to_micros(event.created) / 1'000'000},
                      {"data", std::move(data)},
                      {"livemode", false},
                      {"pending_webhooks", bench.world.mailer ? 1 : 0},
                      {"request", std::move(request)},
                      {"type", event.type}};
}

webhooks::Letter blank_letter() {
  webhooks::Letter letter;
  letter.provider = "stripe";
  letter.seal = [](std::string_view body, const std::vector<Secret>& secrets, TimePoint now) {
    return http::Headers{{"Stripe-Signature", signature(secrets, body, now)}};
  };
  return letter;
}

void tell(Bench& bench, std::string_view type, json::object object, json::object previous) {
  Event event;
  event.id = make_id("evt_", bench.world.random);
  event.type = type;
  event.created = bench.world.now();
  auto text = json::serialize(envelope(bench, event, std::move(object), std::move(previous)));
  auto& kinds = bench.books.event_kinds;
  auto kind = kinds.find(type);
  // The first of a type is the reference; making one costs a hundred times what packing does.
  if (kind == kinds.end()) kind = kinds.emplace(type, Resembling{text}).first;
  event.packed = kind->second.pack(text);
  webhooks::Letter letter = blank_letter();
  letter.event = event.id;
  letter.type = type;
  letter.body = std::move(text);
  bench.books.events.add(std::move(event));
  webhooks::post_event(bench.world, std::move(letter));
}

// "charge.*" stands for all that begin so.
bool fits_type(std::string_view type, std::string_view wanted) {
  if (wanted.ends_with('*')) return type.starts_with(wanted.substr(0, wanted.size() - 1));
  return type == wanted;
}

}  // namespace

void announce(Bench& bench, std::string_view type, const Intent& intent) {
  tell(bench, type, render(bench, intent, Expansion{}), {});
}

void announce(Bench& bench, std::string_view type, const Charge& charge) {
  tell(bench, type, render(bench, charge, Expansion{}), {});
}

void announce(Bench& bench, std::string_view type, const Refund& refund, json::object previous) {
  tell(bench, type, render(bench, refund, Expansion{}), std::move(previous));
}

void announce(Bench& bench, std::string_view type, const Dispute& dispute, json::object previous) {
  tell(bench, type, render(bench, dispute, Expansion{}), std::move(previous));
}

std::string told(const Books& books, const Event& event) {
  return books.event_kinds.at(event.type).unpack(event.packed);
}

webhooks::Letter letter_of(const Books& books, const Event& event) {
  webhooks::Letter letter = blank_letter();
  letter.event = event.id;
  letter.type = event.type;
  letter.body = told(books, event);
  return letter;
}

json::object render(Bench& bench, const Event& event, const Expansion&) {
  return json::parse(told(bench.books, event)).as_object();
}

Outcome retrieve_event(Bench& bench, const Call& call) {
  const auto* event = bench.books.events.find(call.id);
  if (event == nullptr) return missing(404, "event", call.id, "id");
  return render(bench, *event, call.expand);
}

Outcome list_events(Bench& bench, const Call& call) {
  Params params{call.form};
  params.only({"limit", "starting_after", "ending_before", "created[*]", "type", "types[*]"});
  const auto type = params.text("type");
  const auto types = call.form.below("types");
  if (type && !types.empty())
    params.refuse(
        invalid("", "types", "You may only specify one of these parameters: type, types."));
  return list_page(bench, call, params, bench.books.events, "/v1/events", [&](const Event& event) {
    return (!type || fits_type(event.type, *type)) &&
           (types.empty() || std::any_of(types.begin(), types.end(), [&](const auto& wanted) {
              return fits_type(event.type, wanted.second);
            }));
  });
}

}  // namespace cambist::gateway::sandbox::stripe
