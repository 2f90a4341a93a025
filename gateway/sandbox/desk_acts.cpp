// What others than the merchant do at a provider: the payer, the bank, and whoever uses the
// provider's dashboard.
#include "gateway/sandbox/desk_answers.hpp"

namespace cambist::gateway::sandbox {
namespace json = boost::json;

namespace {

struct Target {
  std::string_view provider;
  std::string_view object;
  std::string_view action;
};

// "{provider}/{object}/{action}".
std::optional<Target> read_target(std::string_view path) {
  const auto first = path.find('/');
  const auto second = first == std::string_view::npos ? first : path.find('/', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return Target{path.substr(0, first), path.substr(first + 1, second - first - 1),
                path.substr(second + 1)};
}

Error unknown_object() {
  return {ErrorCode::not_found, "no such provider or object"};
}

// {"value": "1.00", "currency": "USD"}; absent is nothing.
Result<std::optional<Money>> read_amount(const json::object& body) {
  const auto* given = body.if_contains("amount");
  if (given == nullptr) return std::optional<Money>{};
  const Error wrong{ErrorCode::invalid_request,
                    R"(amount must be {"value": "1.00", "currency": "USD"})", "amount"};
  const auto* amount = given->if_object();
  const auto* value = amount == nullptr ? nullptr : amount->if_contains("value");
  const auto* code = amount == nullptr ? nullptr : amount->if_contains("currency");
  if (value == nullptr || code == nullptr || !value->is_string() || !code->is_string())
    return wrong;
  const auto currency = Currency::parse(std::string{code->as_string()});
  if (!currency) return wrong;
  const auto money = parse_money(std::string{value->as_string()}, *currency);
  if (!money || money->minor < 1) return wrong;
  return std::optional{*money};
}

std::string text_of(const json::object& body, std::string_view name) {
  const auto* member = body.if_contains(name);
  return member != nullptr && member->is_string() ? std::string{member->as_string()}
                                                  : std::string{};
}

}  // namespace

http::Response act_as_payer(Desk& desk, const http::Request& request, std::string_view path) {
  const auto target = read_target(path);
  std::optional<PayerAct> act;
  if (target && target->action == "approve") act = PayerAct::approve;
  if (target && target->action == "decline") act = PayerAct::decline;
  if (target && target->action == "ignore") act = PayerAct::ignore;
  if (!act) return no_such_path();
  if (request.method != "POST") return wrong_method("POST");
  const std::lock_guard lock{desk.mutex};
  auto* emulator = find_emulator(desk, target->provider);
  if (emulator == nullptr) return refused(unknown_object());
  switch (emulator->payer(target->object, *act)) {
    case PayerAnswer::done:
      return respond(200, json::serialize(json::object{{"provider", target->provider},
                                                       {"object", target->object},
                                                       {"payer", target->action}}));
    case PayerAnswer::not_waiting:
      return refused({ErrorCode::illegal_transition, "this object does not wait for the payer"});
    case PayerAnswer::unknown_object:
      break;
  }
  return refused(unknown_object());
}

http::Response act_at_dashboard(Desk& desk, const http::Request& request, std::string_view path) {
  const auto target = read_target(path);
  std::optional<DashboardAct> act;
  if (target && target->action == "capture") act = DashboardAct::capture;
  if (target && target->action == "cancel") act = DashboardAct::cancel;
  if (target && target->action == "refund") act = DashboardAct::refund;
  if (!act) return no_such_path();
  if (request.method != "POST") return wrong_method("POST");
  const auto body = read_object(request.body, {"amount"});
  if (!body) return bad_request(body.error());
  const auto amount = read_amount(*body);
  if (!amount) return bad_request(amount.error());
  const std::lock_guard lock{desk.mutex};
  auto* emulator = find_emulator(desk, target->provider);
  if (emulator == nullptr) return refused(unknown_object());
  if (const auto done = emulator->dashboard(target->object, *act, *amount); !done)
    return refused(done.error());
  return respond(200, json::serialize(json::object{{"provider", target->provider},
                                                   {"object", target->object},
                                                   {"dashboard", target->action}}));
}

http::Response open_dispute(Desk& desk, const http::Request& request) {
  if (request.method != "POST") return wrong_method("POST");
  const auto body =
      read_object(request.body, {"provider", "object", "amount", "reason", "inquiry"});
  if (!body) return bad_request(body.error());
  const auto amount = read_amount(*body);
  if (!amount) return bad_request(amount.error());
  const auto* inquiry = body->if_contains("inquiry");
  if (inquiry != nullptr && !inquiry->is_bool()) {
    return bad_request({ErrorCode::invalid_request, "inquiry must be true or false", "inquiry"});
  }
  const DisputeOrder order{text_of(*body, "object"), *amount, text_of(*body, "reason"),
                           inquiry != nullptr && inquiry->as_bool()};
  const std::lock_guard lock{desk.mutex};
  auto* emulator = find_emulator(desk, text_of(*body, "provider"));
  if (emulator == nullptr) return refused(unknown_object());
  const auto opened = emulator->open_dispute(order);
  return opened ? respond(201, json::serialize(*opened)) : refused(opened.error());
}

// `path` is "{id}/close".
http::Response close_dispute(Desk& desk, const http::Request& request, std::string_view path) {
  constexpr std::string_view close = "/close";
  if (!path.ends_with(close)) return no_such_path();
  path.remove_suffix(close.size());
  if (path.empty() || path.find('/') != std::string_view::npos) return no_such_path();
  if (request.method != "POST") return wrong_method("POST");
  const auto body = read_object(request.body, {"status"});
  if (!body) return bad_request(body.error());
  const auto status = text_of(*body, "status");
  if (status != "won" && status != "lost")
    return bad_request({ErrorCode::invalid_request, "status must be won or lost", "status"});
  const std::lock_guard lock{desk.mutex};
  for (auto& emulator : desk.emulators) {
    const auto closed = emulator->close_dispute(path, status == "won");
    if (closed) return respond(200, json::serialize(*closed));
    if (closed.error().code != ErrorCode::not_found) return refused(closed.error());
  }
  return refused({ErrorCode::not_found, "no such dispute"});
}

}  // namespace cambist::gateway::sandbox
