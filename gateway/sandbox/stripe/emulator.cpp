#include "gateway/sandbox/stripe/emulator.hpp"

#include <algorithm>

#include "gateway/sandbox/distort.hpp"
#include "gateway/sandbox/replays.hpp"
#include "gateway/sandbox/stripe/access.hpp"
#include "gateway/sandbox/stripe/attempt.hpp"
#include "gateway/sandbox/stripe/dashboard.hpp"
#include "gateway/sandbox/stripe/disputes.hpp"
#include "gateway/sandbox/stripe/events.hpp"
#include "gateway/sandbox/stripe/payer.hpp"
#include "gateway/sandbox/stripe/routes.hpp"

namespace cambist::gateway::sandbox::stripe {
namespace {

constexpr std::string_view version_default = "2026-10-28.endive";
constexpr std::size_t key_length_max = 255;
// Source: facts/stripe.md section 2, "retention".
constexpr std::chrono::hours answers_kept{24};

struct Answer {
  int status = 200;
  std::string body;
  bool stored = true;
};

class Stripe final : public Emulator {
 public:
  explicit Stripe(World& world) : bench_{world} {}

  std::string_view name() const noexcept override { return "stripe"; }
  std::vector<std::string> routes() const override;
  inbound::Outgoing handle(const http::Request& request, std::string_view target) override;
  PayerAnswer payer(std::string_view object, PayerAct act) override;
  void reset() override {
    bench_.books.clear();
    replays_.clear();
  }
  Result<boost::json::object> open_dispute(const DisputeOrder& order) override {
    return stripe::open_dispute(bench_, order);
  }
  Result<boost::json::object> close_dispute(std::string_view dispute, bool won) override {
    return stripe::close_dispute(bench_, dispute, won);
  }
  void list_disputes(std::string_view payment, boost::json::array& out) override {
    stripe::list_for_ledger(bench_, payment, out);
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
    TimePoint now;
    std::string request_id;
  };
  inbound::Outgoing serve(const Exchange& exchange, std::string_view path, std::string_view query);
  inbound::Outgoing run(const Exchange& exchange, const Match& match, const Form& form);
  Answer execute(const Exchange& exchange, const Match& match, const Form& form,
                 std::string_view key);
  Answer to_answer(Failure failure);
  http::Response respond(const Exchange& exchange, const Answer& answer) const;
  inbound::Outgoing refuse(const Exchange& exchange, Failure failure) {
    return {.response = respond(exchange, to_answer(std::move(failure)))};
  }

  Bench bench_;
  Replays replays_{answers_kept};
};

Failure trouble(int status, std::string_view type, std::string_view code, std::string message) {
  Failure failure;
  failure.status = status;
  failure.type = type;
  failure.code = code;
  failure.message = std::move(message);
  return failure;
}

Failure stripe_500() {
  return trouble(500, "api_error", "", "An unknown error occurred");
}

std::optional<Failure> check_expansion(const Expansion& expand) {
  constexpr std::size_t depth_max = 4;
  for (const auto& path : expand.paths()) {
    if (static_cast<std::size_t>(std::count(path.begin(), path.end(), '.')) >= depth_max) {
      return invalid("", "expand", "You cannot expand more than 4 levels of a property.");
    }
    std::string_view rest = path;
    while (!rest.empty()) {
      const auto step = rest.substr(0, rest.find('.'));
      const bool known = step == "data" || step == "latest_charge" || step == "payment_method" ||
                         step == "charge" || step == "payment_intent" || step == "customer" ||
                         step == "balance_transaction";
      if (!known)
        return invalid("", "expand",
                       "This property cannot be expanded (" + path.substr(0, 64) + ").");
      rest.remove_prefix(std::min(step.size() + 1, rest.size()));
    }
  }
  return std::nullopt;
}

std::vector<std::string> Stripe::routes() const {
  std::vector<std::string> lines;
  for (const auto& route : stripe::routes())
    lines.push_back(std::string{route.method} + " " + std::string{route.path});
  lines.insert(lines.end(), {"GET /3ds/:id", "POST /3ds/:id/complete", "POST /3ds/:id/fail"});
  return lines;
}

Answer Stripe::to_answer(Failure failure) {
  auto error = error_fields(failure);
  if (const auto* intent = bench_.books.intents.find(failure.intent)) {
    error["payment_intent"] = render(bench_, *intent, Expansion{});
  }
  if (const auto* method = find_test_method(failure.payment_method)) {
    error["payment_method"] = render(*method);
    error["payment_method_type"] = "card";
  }
  return Answer{failure.status,
                boost::json::serialize(boost::json::object{{"error", std::move(error)}}),
                failure.stored};
}

http::Response Stripe::respond(const Exchange& exchange, const Answer& answer) const {
  http::Response response;
  response.status = answer.status;
  response.body = answer.body;
  const auto* version = http::find(exchange.request.headers, "stripe-version");
  response.headers = {
      {"Content-Type", "application/json"},
      {"Cache-Control", "no-cache, no-store"},
      {"Request-Id", exchange.request_id},
      {"Stripe-Version", version == nullptr ? std::string{version_default} : *version}};
  return response;
}

inbound::Outgoing Stripe::handle(const http::Request& request, std::string_view target) {
  Exchange exchange{request, bench_.world.now(), make_id("req_", bench_.world.random)};
  bench_.cause.reset();
  settle_all(bench_, exchange.now);  // so that its events come before those of this call
  const auto mark = target.find('?');
  const auto path = target.substr(0, mark);
  if (path.starts_with("/3ds/")) {
    return {.response = challenge_page(bench_, request.method, path.substr(5), exchange.now)};
  }
  return serve(exchange, path,
               mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1));
}

inbound::Outgoing Stripe::serve(const Exchange& exchange, std::string_view path,
                                std::string_view query) {
  const auto& request = exchange.request;
  if (auto failure = check_access(request.headers)) return refuse(exchange, std::move(*failure));
  const auto match = find_route(request.method, path);
  if (match.route == nullptr) {
    auto failure = invalid("", "",
                           "Unrecognized request URL (" + request.method.substr(0, 16) + ": " +
                               std::string{path.substr(0, 128)} + ").");
    failure.status = 404;
    return refuse(exchange, std::move(failure));
  }
  auto form = Form::decode(query);
  if (form && request.method == "POST") {
    const auto* type = http::find(request.headers, "content-type");
    if (!request.body.empty() && type != nullptr &&
        !type->starts_with("application/x-www-form-urlencoded")) {
      return refuse(exchange, invalid("", "",
                                      "Invalid request: the POST content type must be "
                                      "application/x-www-form-urlencoded."));
    }
    auto body = Form::decode(request.body);
    if (!body)
      return refuse(exchange, invalid("", "", "Invalid request: " + body.error().detail + "."));
    form->append(std::move(*body));
  }
  if (!form)
    return refuse(exchange, invalid("", "", "Invalid request: " + form.error().detail + "."));
  return run(exchange, match, *form);
}

inbound::Outgoing Stripe::run(const Exchange& exchange, const Match& match, const Form& form) {
  const auto* header = exchange.request.method == "POST"
                           ? http::find(exchange.request.headers, "idempotency-key")
                           : nullptr;
  const std::string key = header == nullptr ? std::string{} : *header;
  if (key.size() > key_length_max) {
    return refuse(exchange, trouble(400, "idempotency_error", "",
                                    "Idempotency keys can be up to 255 characters long."));
  }
  const auto* account = http::find(exchange.request.headers, "stripe-account");
  const std::string scope = (account == nullptr ? std::string{} : *account) + "\n" + key;
  const auto stored = key.empty() ? std::nullopt : replays_.find(scope, exchange.now);

  // Faults stand before the idempotency layer, but for the 500s, which are part of executing.
  std::optional<Hit> hit;
  if (auto call = fault_call(bench_, match, form)) {
    call->replayed = stored.has_value();
    hit = bench_.world.faults.take(*call, bench_.world.random);
  }
  if (hit && keeps_call_away(hit->fault)) {
    auto limited =
        trouble(429, "invalid_request_error", "rate_limit", "Too many requests in a short time.");
    auto down = trouble(503, "api_error", "", "Stripe is not available right now.");
    auto outgoing =
        refuse(exchange, hit->fault == Fault::http_429 ? std::move(limited) : std::move(down));
    if (hit->fault == Fault::http_429)
      outgoing.response.headers.push_back({"Stripe-Rate-Limited-Reason", "global-rate"});
    return keep_away(*hit, std::move(outgoing.response));
  }

  const auto fingerprint = form.fingerprint(
      exchange.request.method + " " + std::string{match.route->path} + " " + std::string{match.id});
  if (stored) {
    if (stored->fingerprint != fingerprint) {
      return refuse(
          exchange,
          trouble(400, "idempotency_error", "",
                  "Keys for idempotent requests can only be used with the same parameters they "
                  "were first used with. Try using a key other than the one you used."));
    }
    if (stored->busy_until > exchange.now) {
      return refuse(
          exchange,
          trouble(409, "idempotency_error", "idempotency_key_in_use",
                  "There is currently another in-progress request using this idempotency key."));
    }
    auto response = respond(exchange, Answer{stored->status, stored->body});
    response.headers.push_back({"Idempotency-Key", key});
    response.headers.push_back({"Idempotent-Replayed", "true"});
    response.headers.push_back({"Original-Request", stored->request_id});
    return hit ? distort(*hit, std::move(response))
               : inbound::Outgoing{.response = std::move(response)};
  }

  const bool refused_by_fault = hit && hit->fault == Fault::http_500;
  auto answer = refused_by_fault ? to_answer(stripe_500()) : execute(exchange, match, form, key);
  if (hit && hit->fault == Fault::http_500_after) answer = to_answer(stripe_500());
  answer.stored = answer.stored || answer.status == 500;
  if (!key.empty() && answer.stored) {
    const auto delay = hit && hit->fault == Fault::slow ? hit->delay : std::chrono::milliseconds{0};
    replays_.store(scope, std::string{match.route->path} + " " + std::to_string(answer.status),
                   StoredAnswer{fingerprint, answer.status, answer.body, exchange.request_id,
                                exchange.now, exchange.now + delay});
  }
  auto response = respond(exchange, answer);
  if (!key.empty()) response.headers.push_back({"Idempotency-Key", key});
  return hit ? distort(*hit, std::move(response))
             : inbound::Outgoing{.response = std::move(response)};
}

Answer Stripe::execute(const Exchange& exchange, const Match& match, const Form& form,
                       std::string_view key) {
  if (match.route->method == "POST" && bench_.world.ledger.full()) {
    return to_answer(trouble(503, "api_error", "",
                             "The sandbox's ledger of effects is full; reset the sandbox."));
  }
  std::vector<std::string> paths;
  for (auto& [index, path] : form.below("expand")) paths.push_back(path);
  const Call call{form, match.id, key, exchange.now, Expansion{std::move(paths)}};
  if (auto failure = check_expansion(call.expand)) return to_answer(std::move(*failure));
  bench_.cause = Cause{exchange.request_id, key};
  auto outcome = match.route->serve(bench_, call);
  bench_.cause.reset();
  if (auto* failure = std::get_if<Failure>(&outcome)) return to_answer(std::move(*failure));
  return Answer{200, boost::json::serialize(std::get<boost::json::object>(outcome))};
}

std::optional<webhooks::Letter> Stripe::event_letter(std::string_view event) {
  const auto* found = bench_.books.events.find(event);
  if (found == nullptr) return std::nullopt;
  return letter_of(bench_.books, *found);
}

void Stripe::each_event(const std::function<void(webhooks::Letter)>& take) {
  auto& events = bench_.books.events;
  for (std::size_t i = 0; i < events.size(); ++i) take(letter_of(bench_.books, events.at(i)));
}

PayerAnswer Stripe::payer(std::string_view object, PayerAct act) {
  auto* intent = bench_.books.intents.find(object);
  if (intent == nullptr) return PayerAnswer::unknown_object;
  if (intent->status != IntentStatus::requires_action) return PayerAnswer::not_waiting;
  if (act != PayerAct::ignore)
    finish_challenge(bench_, *intent, act == PayerAct::approve, bench_.world.now());
  return PayerAnswer::done;
}

}  // namespace

std::unique_ptr<Emulator> make_emulator(World& world) {
  return std::make_unique<Stripe>(world);
}

}  // namespace cambist::gateway::sandbox::stripe
