#include "gateway/sandbox/mpesa_daraja/emulator.hpp"

#include <algorithm>
#include <array>

#include "gateway/sandbox/distort.hpp"
#include "gateway/sandbox/mpesa_daraja/access.hpp"
#include "gateway/sandbox/mpesa_daraja/callbacks.hpp"
#include "gateway/sandbox/mpesa_daraja/commands.hpp"
#include "gateway/sandbox/mpesa_daraja/prompts.hpp"

namespace cambist::gateway::sandbox::mpesa_daraja {
namespace {

struct Route {
  std::string_view path;
  Operation operation;
  Outcome (*serve)(Bench& bench, Fields& fields, TimePoint now);
};

constexpr std::string_view token_path = "/oauth/v1/generate";
constexpr std::array routes_table{
    Route{"/mpesa/stkpush/v1/processrequest", Operation::charge, &push},
    Route{"/mpesa/stkpushquery/v1/query", Operation::inquire, &query},
    Route{"/mpesa/reversal/v1/request", Operation::refund, &reverse},
    Route{"/mpesa/b2c/v1/paymentrequest", Operation::refund, &pay_v1},
    Route{"/mpesa/b2c/v3/paymentrequest", Operation::refund, &pay_v3},
    Route{"/mpesa/transactionstatus/v1/query", Operation::inquire, &ask_status},
};

class Daraja final : public Emulator {
 public:
  explicit Daraja(World& world) : bench_{world} {}

  std::string_view name() const noexcept override { return provider_name; }
  std::vector<std::string> routes() const override;
  inbound::Outgoing handle(const http::Request& request, std::string_view target) override;
  PayerAnswer payer(std::string_view object, PayerAct act) override;
  void reset() override { bench_.books.clear(); }
  std::optional<TimePoint> pass_time(TimePoint now) override;
  std::optional<webhooks::Letter> event_letter(std::string_view event) override;
  void each_event(const std::function<void(webhooks::Letter)>& take) override;

 private:
  /// One call as the fault rules let it through.
  template <class Serve>
  inbound::Outgoing run(Operation operation, const std::string& request_id, const Serve& serve);
  Outcome execute(const Route& route, const http::Request& request, TimePoint now);
  void bring_about(const Due& due, TimePoint now);

  Bench bench_;
};

std::vector<std::string> Daraja::routes() const {
  std::vector<std::string> lines{"GET " + std::string{token_path}};
  for (const auto& route : routes_table) lines.push_back("POST " + std::string{route.path});
  return lines;
}

template <class Serve>
inbound::Outgoing Daraja::run(Operation operation, const std::string& request_id,
                              const Serve& serve) {
  auto& world = bench_.world;
  const auto hit =
      world.faults.take(FaultCall{.provider = provider_name, .operation = operation}, world.random);
  if (hit && keeps_call_away(hit->fault)) {
    if (hit->fault == Fault::http_429) return keep_away(*hit, spike_arrest());
    const Failure down{503, "500.003.1001", "Service is currently unavailable"};
    return keep_away(*hit, respond(down, request_id));
  }
  const bool refused = hit && hit->fault == Fault::http_500;
  Outcome outcome = refused ? Outcome{internal_error()} : serve();
  if (hit && hit->fault == Fault::http_500_after) outcome = internal_error();
  auto response = respond(outcome, request_id);
  return hit ? distort(*hit, std::move(response))
             : inbound::Outgoing{.response = std::move(response)};
}

Outcome Daraja::execute(const Route& route, const http::Request& request, TimePoint now) {
  if (auto failure = check_token(bench_, request.headers, now)) return *failure;
  auto fields = Fields::read(request.body);
  if (!fields) return Failure{400, "400.002.05", "Invalid Request Payload"};
  if (route.operation == Operation::charge && bench_.world.ledger.full()) {
    return Failure{503, "500.003.02",
                   "The sandbox's ledger of effects is full; reset the sandbox."};
  }
  return route.serve(bench_, *fields, now);
}

inbound::Outgoing Daraja::handle(const http::Request& request, std::string_view target) {
  const TimePoint now = bench_.world.now();
  (void)pass_time(now);
  const std::string request_id = random_text(bench_, 8, "0123456789abcdef") + "-" +
                                 random_text(bench_, 12, "0123456789abcdef");
  const auto mark = target.find('?');
  const auto path = target.substr(0, mark);
  const auto wrong_verb = [&](std::string_view wanted) -> std::optional<inbound::Outgoing> {
    if (request.method == wanted) return std::nullopt;
    return inbound::Outgoing{
        .response = respond(Failure{405, "405.001", "Method Not Allowed"}, request_id)};
  };
  if (path == token_path) {
    if (auto wrong = wrong_verb("GET")) return *std::move(wrong);
    const auto asked =
        mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    return run(Operation::token, request_id,
               [&] { return give_token(bench_, request, asked, now); });
  }
  const auto* const route = std::find_if(routes_table.begin(), routes_table.end(),
                                         [&](const Route& known) { return known.path == path; });
  if (route == routes_table.end()) {
    return {.response = respond(Failure{404, "404.001.01", "Resource not found"}, request_id)};
  }
  if (auto wrong = wrong_verb("POST")) return *std::move(wrong);
  return run(route->operation, request_id, [&] { return execute(*route, request, now); });
}

PayerAnswer Daraja::payer(std::string_view object, PayerAct act) {
  const TimePoint now = bench_.world.now();
  (void)pass_time(now);
  auto* prompt = bench_.books.prompts.find(object);
  if (prompt == nullptr) return PayerAnswer::unknown_object;
  if (!prompt->result.empty()) return PayerAnswer::not_waiting;
  if (act == PayerAct::approve) accept(bench_, *prompt, now);
  if (act == PayerAct::decline) end(bench_, *prompt, "1032", now);
  return PayerAnswer::done;
}

void Daraja::bring_about(const Due& due, TimePoint now) {
  if (due.what == Due::What::command_ends) {
    if (auto* command = bench_.books.commands.find(due.id)) finish(bench_, *command, now);
    return;
  }
  auto* prompt = bench_.books.prompts.find(due.id);
  if (prompt == nullptr || !prompt->result.empty()) return;
  if (due.what == Due::What::prompt_ends) return end(bench_, *prompt, due.result, now);
  if (due.what == Due::What::prompt_is_paid) return accept(bench_, *prompt, now);
  expire(bench_, *prompt, now);
}

std::optional<TimePoint> Daraja::pass_time(TimePoint now) {
  auto& due = bench_.books.due;
  while (!due.empty() && due.begin()->first <= now) {
    const auto at = due.begin()->first;
    const auto next = std::move(due.begin()->second);
    due.erase(due.begin());
    bring_about(next, at);
  }
  return due.empty() ? std::nullopt : std::optional{due.begin()->first};
}

std::optional<webhooks::Letter> Daraja::event_letter(std::string_view event) {
  const auto* found = bench_.books.events.find(event);
  if (found == nullptr) return std::nullopt;
  return letter_of(*found);
}

void Daraja::each_event(const std::function<void(webhooks::Letter)>& take) {
  auto& events = bench_.books.events;
  for (std::size_t i = 0; i < events.size(); ++i) take(letter_of(events.at(i)));
}

}  // namespace

std::unique_ptr<Emulator> make_emulator(World& world) {
  return std::make_unique<Daraja>(world);
}

}  // namespace cambist::gateway::sandbox::mpesa_daraja
