#include "gateway/sandbox/paypal/emulator.hpp"

#include "gateway/sandbox/distort.hpp"
#include "gateway/sandbox/paypal/access.hpp"
#include "gateway/sandbox/paypal/certificates.hpp"
#include "gateway/sandbox/paypal/dashboard.hpp"
#include "gateway/sandbox/paypal/disputes.hpp"
#include "gateway/sandbox/paypal/events.hpp"
#include "gateway/sandbox/paypal/payer.hpp"
#include "gateway/sandbox/paypal/render.hpp"
#include "gateway/sandbox/paypal/repeats.hpp"
#include "gateway/sandbox/paypal/routes.hpp"
#include "gateway/sandbox/paypal/signature.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace json = boost::json;
namespace {

constexpr std::string_view checkout = "/checkoutnow";
constexpr std::string_view tokens = "/sandbox/tokens";
constexpr std::string_view token_path = "/v1/oauth2/token";
constexpr std::size_t key_length_max = 108;
// Source: facts/paypal.md section 4.
constexpr std::chrono::hours orders_remembered{6};
constexpr std::chrono::hours payments_remembered{45 * 24};

class Paypal final : public Emulator {
 public:
  explicit Paypal(World& world) : bench_{world} {}

  std::string_view name() const noexcept override { return "paypal"; }
  std::vector<std::string> routes() const override;
  inbound::Outgoing handle(const http::Request& request, std::string_view target) override;
  PayerAnswer payer(std::string_view object, PayerAct act) override;
  void reset() override {
    bench_.books.clear();
    orders_.clear();
    payments_.clear();
  }
  Result<json::object> open_dispute(const DisputeOrder& order) override {
    return paypal::open_dispute(bench_, order);
  }
  Result<json::object> close_dispute(std::string_view dispute, bool won) override {
    return paypal::close_dispute(bench_, dispute, won);
  }
  void list_disputes(std::string_view payment, json::array& out) override {
    paypal::list_for_ledger(bench_, payment, out);
  }
  Result<void> dashboard(std::string_view object, DashboardAct act,
                         std::optional<Money> amount) override {
    return act_at_dashboard(bench_, object, act, amount);
  }
  std::optional<TimePoint> pass_time(TimePoint now) override { return settle_all(bench_, now); }
  std::optional<webhooks::Letter> event_letter(std::string_view event) override;
  void each_event(const std::function<void(webhooks::Letter)>& take) override;

 private:
  // One call on its way through.
  struct Exchange {
    const http::Request& request;
    std::string_view query;
    TimePoint now;
    std::string debug_id;
  };
  inbound::Outgoing give_token(const Exchange& exchange);
  inbound::Outgoing serve(const Exchange& exchange, std::string_view path);
  inbound::Outgoing run(const Exchange& exchange, const Match& match, const json::value& body);
  http::Response execute(const Exchange& exchange, const Match& match, const json::value& body,
                         const std::string& key);
  http::Response show(const Exchange& exchange, const Made& made, bool again);
  json::object render_made(const Made& made);
  http::Response respond(const Exchange& exchange, int status, const json::value& body) const;
  http::Response refuse_with(const Exchange& exchange, const Failure& failure);
  Repeats* memory_of(const Route& route) noexcept;

  Bench bench_;
  Repeats orders_{orders_remembered};
  Repeats payments_{payments_remembered};
};

std::string header_of(const http::Request& request, std::string_view name) {
  const auto* header = http::find(request.headers, name);
  return header == nullptr ? std::string{} : *header;
}

// {"mock_application_codes": "INSTRUMENT_DECLINED"}: the documented way to be refused.
std::optional<Failure> mocked(const http::Request& request) {
  const auto* header = http::find(request.headers, "paypal-mock-response");
  if (header == nullptr) return std::nullopt;
  boost::system::error_code failed;
  const auto document = json::parse(*header, failed);
  const auto* object = failed ? nullptr : document.if_object();
  const auto* code = object == nullptr ? nullptr : object->if_contains("mock_application_codes");
  const auto* text = code == nullptr ? nullptr : code->if_string();
  const auto issue = text == nullptr ? std::string_view{} : known_issue(*text);
  if (issue.empty()) return refuse("INVALID_PARAMETER_VALUE", "/PayPal-Mock-Response");
  return refuse(issue);
}

Failure unavailable(Fault fault) {
  return refuse(fault == Fault::http_429 ? "RATE_LIMIT_REACHED" : "SERVICE_UNAVAILABLE");
}

std::vector<std::string> Paypal::routes() const {
  std::vector<std::string> lines{"POST " + std::string{token_path}};
  for (const auto& route : paypal::routes())
    lines.push_back(std::string{route.method} + " " + std::string{route.path});
  lines.insert(
      lines.end(),
      {"GET " + std::string{certificate_path}, "GET /checkoutnow?token=:id",
       "POST /checkoutnow/approve?token=:id", "POST /checkoutnow/decline?token=:id",
       "POST /checkoutnow/cancel?token=:id", "GET /sandbox/tokens", "DELETE /sandbox/tokens"});
  return lines;
}

http::Response Paypal::respond(const Exchange& exchange, int status,
                               const json::value& body) const {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"},
                      {"Cache-Control", "max-age=0, no-cache, no-store, must-revalidate"},
                      {"PayPal-Debug-Id", exchange.debug_id}};
  if (!body.is_null()) response.body = json::serialize(body);
  return response;
}

http::Response Paypal::refuse_with(const Exchange& exchange, const Failure& failure) {
  const auto* order = bench_.books.orders.find(failure.order);
  const auto page = order == nullptr ? std::string{} : payer_page(bench_, *order);
  return respond(exchange, failure.status, error_body(failure, exchange.debug_id, page));
}

Repeats* Paypal::memory_of(const Route& route) noexcept {
  if (route.memory == Memory::none) return nullptr;
  return route.memory == Memory::order ? &orders_ : &payments_;
}

inbound::Outgoing Paypal::handle(const http::Request& request, std::string_view target) {
  const auto mark = target.find('?');
  const auto path = target.substr(0, mark);
  const auto query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  constexpr std::size_t debug_id_size = 13;
  std::string debug_id = "f" + make_id(debug_id_size - 1, bench_.world.random);
  const Exchange exchange{request, query, bench_.world.now(), std::move(debug_id)};
  settle_all(bench_, exchange.now);  // so that its events come before those of this call
  if (path.starts_with(checkout)) {
    return {.response = checkout_page(bench_, request.method, path.substr(checkout.size()), query,
                                      exchange.now)};
  }
  if (path == tokens) return {.response = show_tokens(bench_, request.method, exchange.now)};
  if (path == certificate_path && request.method == "GET") {
    http::Response response;
    response.headers = {{"Content-Type", "application/x-pem-file"}};
    response.body = certificate_chain();
    return {.response = std::move(response)};
  }
  if (path == token_path && request.method == "POST") return give_token(exchange);
  return serve(exchange, path);
}

inbound::Outgoing Paypal::give_token(const Exchange& exchange) {
  const auto hit = bench_.world.faults.take(
      FaultCall{.provider = "paypal", .operation = Operation::token}, bench_.world.random);
  if (hit && keeps_call_away(hit->fault))
    return keep_away(*hit, refuse_with(exchange, unavailable(hit->fault)));
  const auto trouble = [&] { return refuse_with(exchange, refuse("INTERNAL_SERVER_ERROR")); };
  if (hit && hit->fault == Fault::http_500) return distort(*hit, trouble());
  auto response = issue_token(bench_, exchange.request, exchange.now);
  response.headers.push_back({"PayPal-Debug-Id", exchange.debug_id});
  if (hit && hit->fault == Fault::http_500_after) response = trouble();
  return hit ? distort(*hit, std::move(response))
             : inbound::Outgoing{.response = std::move(response)};
}

inbound::Outgoing Paypal::serve(const Exchange& exchange, std::string_view path) {
  const auto& request = exchange.request;
  if (auto response = check_token(bench_, request.headers, exchange.now)) {
    response->headers.push_back({"PayPal-Debug-Id", exchange.debug_id});
    return {.response = std::move(*response)};
  }
  const auto match = find_route(request.method, path);
  if (match.route == nullptr) return {.response = refuse_with(exchange, refuse("INVALID_URI"))};
  json::value body = json::object{};
  if (request.method != "GET" && !match.route->takes_any_body) {
    // A body that is empty still has to say what it is.
    if (!header_of(request, "content-type").starts_with("application/json"))
      return {.response = refuse_with(exchange, refuse("CONTENT_TYPE_UNSUPPORTED"))};
    boost::system::error_code failed;
    if (!request.body.empty()) body = json::parse(request.body, failed);
    if (failed) return {.response = refuse_with(exchange, refuse("MALFORMED_REQUEST_JSON", "/"))};
  }
  return run(exchange, match, body);
}

inbound::Outgoing Paypal::run(const Exchange& exchange, const Match& match,
                              const json::value& body) {
  auto* memory = memory_of(*match.route);
  const auto key =
      memory == nullptr ? std::string{} : header_of(exchange.request, "paypal-request-id");
  if (key.size() > key_length_max)
    return {.response = refuse_with(exchange, refuse("INVALID_STRING_LENGTH"))};
  const auto scope = std::string{match.route->path} + "\n" + std::string{match.id} + "\n" + key;
  const auto* first = key.empty() ? nullptr : memory->find(scope, exchange.now);

  // Faults stand before what PayPal remembers, but for the 500s, which are part of executing.
  std::optional<Hit> hit;
  if (auto call = fault_call(match, body)) {
    call->replayed = first != nullptr;
    hit = bench_.world.faults.take(*call, bench_.world.random);
  }
  if (hit && keeps_call_away(hit->fault))
    return keep_away(*hit, refuse_with(exchange, unavailable(hit->fault)));
  const auto deliver = [&hit](http::Response response) {
    return hit ? distort(*hit, std::move(response))
               : inbound::Outgoing{.response = std::move(response)};
  };
  if (auto failure = mocked(exchange.request)) return deliver(refuse_with(exchange, *failure));
  if (first != nullptr) {
    const auto* made = std::get_if<Made>(first);
    return deliver(made != nullptr ? show(exchange, *made, true)
                                   : refuse_with(exchange, std::get<Failure>(*first)));
  }
  const auto trouble = [&] { return refuse_with(exchange, refuse("INTERNAL_SERVER_ERROR")); };
  if (hit && hit->fault == Fault::http_500) return deliver(trouble());
  auto response = execute(exchange, match, body, key.empty() ? key : scope);
  if (hit && hit->fault == Fault::http_500_after) response = trouble();
  return deliver(std::move(response));
}

http::Response Paypal::execute(const Exchange& exchange, const Match& match,
                               const json::value& body, const std::string& scope) {
  if (exchange.request.method != "GET" && bench_.world.ledger.full())
    return refuse_with(exchange, refuse("SERVICE_UNAVAILABLE"));
  auto* memory = memory_of(*match.route);
  const auto key =
      memory == nullptr ? std::string{} : header_of(exchange.request, "paypal-request-id");
  const Call call{body, exchange.request.body, exchange.query, match.id, key, exchange.now};
  auto outcome = match.route->serve(bench_, call);
  if (auto* failure = std::get_if<Failure>(&outcome)) {
    auto response = refuse_with(exchange, *failure);
    if (failure->stored && !scope.empty()) memory->keep(scope, std::move(*failure), exchange.now);
    return response;
  }
  if (auto* made = std::get_if<Made>(&outcome)) {
    auto response = show(exchange, *made, false);
    if (!scope.empty()) memory->keep(scope, std::move(*made), exchange.now);
    return response;
  }
  const auto& value = std::get<json::value>(outcome);
  return respond(exchange, value.is_null() ? 204 : 200, value);
}

json::object Paypal::render_made(const Made& made) {
  auto& books = bench_.books;
  const auto shown = [this](const auto* object) {
    return object == nullptr ? json::object{} : render(bench_, *object);
  };
  switch (made.what) {
    case What::order:
      return shown(books.orders.find(made.id));
    case What::authorization:
      return shown(books.authorizations.find(made.id));
    case What::capture:
      return shown(books.captures.find(made.id));
    case What::refund:
      return shown(books.refunds.find(made.id));
  }
  return {};
}

// A repeat tells what became of the first, with 200; whoever asks for nothing more gets the id,
// the status and the links.
http::Response Paypal::show(const Exchange& exchange, const Made& made, bool again) {
  const bool full =
      header_of(exchange.request, "prefer").find("return=representation") != std::string::npos;
  if (made.status == 204 && !full) return respond(exchange, 204, nullptr);
  auto object = render_made(made);
  if (object.empty()) return refuse_with(exchange, missing(made.id));
  const int status = again || made.status == 204 ? 200 : made.status;
  if (full || exchange.request.method == "GET") return respond(exchange, status, std::move(object));
  json::object minimal;
  for (const std::string_view name : {"id", "status", "links"}) {
    if (auto* member = object.if_contains(name)) minimal[name] = std::move(*member);
  }
  return respond(exchange, status, std::move(minimal));
}

PayerAnswer Paypal::payer(std::string_view object, PayerAct act) {
  const auto now = bench_.world.now();
  settle_all(bench_, now);
  auto* order = bench_.books.orders.find(object);
  if (order == nullptr) return PayerAnswer::unknown_object;
  if (!order->waits_for_payer()) return PayerAnswer::not_waiting;
  if (act != PayerAct::ignore) approve(bench_, *order, act == PayerAct::decline, now);
  return PayerAnswer::done;
}

std::optional<webhooks::Letter> Paypal::event_letter(std::string_view event) {
  const auto* found = bench_.books.events.find(event);
  if (found == nullptr) return std::nullopt;
  return letter_of(bench_, *found);
}

void Paypal::each_event(const std::function<void(webhooks::Letter)>& take) {
  auto& events = bench_.books.events;
  for (std::size_t i = 0; i < events.size(); ++i) take(letter_of(bench_, events.at(i)));
}

}  // namespace

std::unique_ptr<Emulator> make_emulator(World& world) {
  return std::make_unique<Paypal>(world);
}

}  // namespace cambist::gateway::sandbox::paypal
