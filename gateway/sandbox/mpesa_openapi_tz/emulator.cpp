#include "gateway/sandbox/mpesa_openapi_tz/emulator.hpp"

#include <utility>

#include "gateway/sandbox/distort.hpp"
#include "gateway/sandbox/mpesa_openapi_tz/access.hpp"
#include "gateway/sandbox/mpesa_openapi_tz/codes.hpp"
#include "gateway/sandbox/mpesa_openapi_tz/endpoints.hpp"

namespace cambist::gateway::sandbox::mpesa_openapi_tz {
namespace {

namespace json = boost::json;

constexpr std::string_view session_path = "getSession/";
constexpr std::string_view market = "vodacomTZN";
constexpr std::string_view conversation_name = "input_ThirdPartyConversationID";

http::Response respond(int status, const json::object& body) {
  return {status, {{"Content-Type", "application/json"}}, json::serialize(body)};
}

// The door's own words: no response code, for no call got further.
http::Response turned_away(int status, std::string_view why) {
  return respond(status, {{"output_error", why}});
}

http::Response respond(const Reply& reply, std::string_view conversation) {
  const auto& code = code_of(reply.code);
  json::object body{{"output_ResponseCode", code.code}, {"output_ResponseDesc", code.description}};
  if (!reply.conversation.empty()) body["output_ConversationID"] = reply.conversation;
  if (!conversation.empty()) body["output_ThirdPartyConversationID"] = conversation;
  for (const auto& [key, value] : reply.more) body[key] = value;
  return respond(reply.status == 0 ? code.status : reply.status, body);
}

http::Response internal_error() {
  return respond(Reply{"INS-1", 500, {}, {}}, {});
}

http::Response refusal_of(Fault fault) {
  return fault == Fault::http_429 ? turned_away(429, "Too many requests")
                                  : turned_away(503, "Service unavailable");
}

class Mpesa final : public Emulator {
 public:
  explicit Mpesa(World& world) : bench_{world} {}

  std::string_view name() const noexcept override { return provider_name; }
  std::vector<std::string> routes() const override;
  inbound::Outgoing handle(const http::Request& request, std::string_view target) override;
  PayerAnswer payer(std::string_view object, PayerAct act) override;
  void reset() override { bench_.books = Books{}; }
  std::optional<TimePoint> pass_time(TimePoint now) override { return settle_all(bench_, now); }
  std::optional<webhooks::Letter> event_letter(std::string_view event) override {
    const auto* found = bench_.books.events.find(event);
    return found == nullptr ? std::nullopt : std::optional{letter_of(*found)};
  }
  void each_event(const std::function<void(webhooks::Letter)>& take) override {
    auto& events = bench_.books.events;
    for (std::size_t i = 0; i < events.size(); ++i) take(letter_of(events.at(i)));
  }

 private:
  inbound::Outgoing give_session(const http::Request& request);
  inbound::Outgoing serve(const Route& route, const Params& params);
  /// Does `execute` as the fault lets it through.
  template <class Execute>
  inbound::Outgoing through_faults(Operation operation, bool replayed, const Execute& execute);
  [[nodiscard]] bool is_known(std::string_view conversation) {
    return bench_.books.transactions.find(conversation) != nullptr ||
           bench_.books.questions.find(conversation) != nullptr;
  }

  Bench bench_;
};

std::vector<std::string> Mpesa::routes() const {
  const std::string prefix = "/{sandbox|openapi}/ipg/v2/" + std::string{market} + "/";
  std::vector<std::string> lines{"GET " + prefix + std::string{session_path}};
  for (const auto& route : mpesa_openapi_tz::routes())
    lines.push_back(std::string{route.method} + " " + prefix + std::string{route.path});
  return lines;
}

inbound::Outgoing Mpesa::handle(const http::Request& request, std::string_view target) {
  settle_all(bench_, bench_.world.now());
  const auto mark = target.find('?');
  auto path = target.substr(0, mark);
  const auto query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  bool found = false;
  for (const std::string_view environment : {"/sandbox/ipg/v2/", "/openapi/ipg/v2/"}) {
    if (found || !path.starts_with(environment)) continue;
    path.remove_prefix(environment.size());
    found = true;
  }
  if (!found) return {.response = turned_away(404, "No such path")};
  if (!path.starts_with(market) || path.substr(market.size(), 1) != "/")
    return {.response = respond(Reply{"INS-998"}, {})};
  path.remove_prefix(market.size() + 1);
  if (http::find(request.headers, "Origin") == nullptr)
    return {.response = turned_away(401, "Origin is not allowed")};
  if (path == session_path && request.method == "GET") return give_session(request);

  for (const auto& route : mpesa_openapi_tz::routes()) {
    if (route.path != path || route.method != request.method) continue;
    if (!knows_session(bench_, request))
      return {.response = turned_away(401, "Session is not valid")};
    const auto params =
        route.method == "GET" ? Params::from_query(query) : Params::from_json(request.body);
    if (!params) return {.response = respond(Reply{"INS-21"}, {})};
    return serve(route, *params);
  }
  return {.response = turned_away(404, "No such path")};
}

template <class Execute>
inbound::Outgoing Mpesa::through_faults(Operation operation, bool replayed,
                                        const Execute& execute) {
  const auto hit = bench_.world.faults.take(
      FaultCall{.provider = provider_name, .operation = operation, .replayed = replayed},
      bench_.world.random);
  if (!hit) return {.response = execute()};
  if (keeps_call_away(hit->fault)) return keep_away(*hit, refusal_of(hit->fault));
  if (hit->fault == Fault::http_500) return distort(*hit, internal_error());
  auto answer = execute();
  return distort(*hit, hit->fault == Fault::http_500_after ? internal_error() : std::move(answer));
}

inbound::Outgoing Mpesa::give_session(const http::Request& request) {
  if (!knows_key(bench_, request)) return {.response = turned_away(401, "API key is not valid")};
  return through_faults(Operation::token, false, [&] {
    return respond(200, {{"output_ResponseCode", "INS-0"},
                         {"output_ResponseDesc", "Request processed successfully"},
                         {"output_SessionID", make_session(bench_, request)}});
  });
}

inbound::Outgoing Mpesa::serve(const Route& route, const Params& params) {
  const auto conversation = params[conversation_name];
  const bool known = is_known(conversation);
  return through_faults(route.operation, known, [&] {
    if (known) return respond(Reply{"INS-10"}, conversation);
    if (route.operation != Operation::inquire && bench_.world.ledger.full())
      return turned_away(503, "The sandbox's ledger of effects is full; reset the sandbox.");
    return respond(route.serve(bench_, params), conversation);
  });
}

PayerAnswer Mpesa::payer(std::string_view object, PayerAct act) {
  settle_all(bench_, bench_.world.now());
  auto* transaction = bench_.books.find(object);
  if (transaction == nullptr) return PayerAnswer::unknown_object;
  if (transaction->kind != Kind::push || transaction->status != Status::pending)
    return PayerAnswer::not_waiting;
  if (act != PayerAct::ignore) answer_prompt(bench_, *transaction, act == PayerAct::approve);
  return PayerAnswer::done;
}

}  // namespace

std::unique_ptr<Emulator> make_emulator(World& world) {
  return std::make_unique<Mpesa>(world);
}

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz
