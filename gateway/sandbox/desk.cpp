#include "gateway/sandbox/desk.hpp"

#include <algorithm>

#include "gateway/sandbox/desk_answers.hpp"
#include "gateway/sandbox/form.hpp"

namespace cambist::gateway::sandbox {
namespace json = boost::json;
namespace {

// How many effects are written per hold of the lock: about a millisecond.
constexpr std::size_t effects_per_hold = 2'000;

http::Response show_ledger(Desk& desk, const Form& query) {
  for (const auto& [name, value] : query.fields()) {
    if (name != "payment" && name != "provider") {
      return bad_request(
          {ErrorCode::invalid_request, "the ledger is filtered by payment and provider", name});
    }
  }
  const auto* payment = query.find("payment");
  const auto* provider = query.find("provider");
  std::string body = "{\"effects\":[";
  bool first = true;
  for (std::size_t next = 0;;) {
    const std::lock_guard lock{desk.mutex};
    const auto& ledger = desk.world.ledger;
    const auto end = std::min(ledger.size(), next + effects_per_hold);
    if (next >= end) break;
    for (; next < end; ++next) {
      const auto effect = ledger.at(next);
      if ((payment != nullptr && effect.payment != *payment) ||
          (provider != nullptr && effect.provider != *provider))
        continue;
      if (!first) body.push_back(',');
      first = false;
      ledger.write_json(next, body);
    }
  }
  json::array disputes;
  {
    const std::lock_guard lock{desk.mutex};
    for (auto& emulator : desk.emulators) {
      if (provider != nullptr && emulator->name() != *provider) continue;
      emulator->list_disputes(payment == nullptr ? std::string_view{} : *payment, disputes);
    }
  }
  return respond(200, body + "],\"disputes\":" + json::serialize(disputes) + "}");
}

http::Response switch_faults(Desk& desk, const http::Request& request) {
  const std::lock_guard lock{desk.mutex};
  auto& faults = desk.world.faults;
  if (request.method == "PUT") {
    if (const auto done = faults.replace(request.body); !done) return bad_request(done.error());
  } else if (request.method != "GET") {
    return wrong_method("GET, PUT");
  }
  return respond(200, json::serialize(faults.show()));
}

http::Response reset(Desk& desk, const http::Request& request) {
  if (request.method != "POST") return wrong_method("POST");
  const std::lock_guard lock{desk.mutex};
  for (auto& emulator : desk.emulators) emulator->reset();
  desk.world.ledger.clear();
  desk.world.faults.clear();
  if (desk.world.mailer) desk.world.mailer->clear();
  return respond(200, "{\"reset\":true}");
}

http::Response index(Desk& desk) {
  json::array providers;
  for (const auto& emulator : desk.emulators) {
    json::array routes;
    for (auto& route : emulator->routes()) routes.emplace_back(std::move(route));
    providers.push_back(json::object{{"name", emulator->name()},
                                     {"base", "/" + std::string{emulator->name()}},
                                     {"routes", std::move(routes)}});
  }
  json::array own{"GET /sandbox/ledger?payment=&provider=",
                  "GET /sandbox/faults",
                  "PUT /sandbox/faults",
                  "POST /sandbox/reset",
                  "POST /sandbox/disputes",
                  "POST /sandbox/disputes/{id}/close",
                  "POST /sandbox/dashboard/{provider}/{object}/{capture|cancel|refund}",
                  "GET /sandbox/webhooks",
                  "POST /sandbox/webhooks/resend",
                  "POST /sandbox/payer/{provider}/{object}/{approve|decline|ignore}"};
  return respond(200, json::serialize(json::object{{"providers", std::move(providers)},
                                                   {"routes", std::move(own)}}));
}

}  // namespace

http::Response respond(int status, std::string body, std::string_view type) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", std::string{type}}, {"Cache-Control", "no-store"}};
  response.body = std::move(body);
  return response;
}

http::Response problem(int status, std::string_view title, const Error& error) {
  json::object document{{"type", "about:blank"},
                        {"title", title},
                        {"status", status},
                        {"code", to_string(error.code)},
                        {"detail", error.detail}};
  if (!error.field.empty()) document["field"] = error.field;
  return respond(status, json::serialize(document), "application/problem+json");
}

http::Response refused(const Error& error) {
  switch (error.code) {
    case ErrorCode::not_found:
      return problem(404, "Not Found", error);
    case ErrorCode::illegal_transition:
    case ErrorCode::amount_too_large:
      return problem(409, "Conflict", error);
    case ErrorCode::unavailable:
      return problem(503, "Service Unavailable", error);
    default:
      return bad_request(error);
  }
}

http::Response wrong_method(std::string_view allowed) {
  auto response =
      problem(405, "Method Not Allowed",
              {ErrorCode::method_not_allowed, "this path takes " + std::string{allowed}});
  response.headers.push_back({"Allow", std::string{allowed}});
  return response;
}

Result<json::object> read_object(std::string_view body,
                                 std::initializer_list<std::string_view> known) {
  if (body.empty()) return json::object{};
  boost::system::error_code failed;
  auto document = json::parse(body, failed);
  if (failed) return Error{ErrorCode::malformed_json, "the body is not JSON: " + failed.message()};
  auto* object = document.if_object();
  if (object == nullptr) return Error{ErrorCode::invalid_request, "the body must be an object"};
  for (const auto& [key, member] : *object) {
    if (std::find(known.begin(), known.end(), std::string_view{key}) == known.end()) {
      return Error{ErrorCode::invalid_request, std::string{key} + " is not known",
                   std::string{key}};
    }
  }
  return std::move(*object);
}

Emulator* find_emulator(Desk& desk, std::string_view name) {
  for (auto& emulator : desk.emulators) {
    if (emulator->name() == name) return emulator.get();
  }
  return nullptr;
}

http::Response no_such_path() {
  return problem(404, "Not Found",
                 {ErrorCode::not_found, "no such path; GET /sandbox lists what there is"});
}

http::Response serve_desk(Desk& desk, const http::Request& request) {
  const std::string_view target = request.target;
  const auto mark = target.find('?');
  const auto path = target.substr(0, mark);
  constexpr std::string_view payer = "/sandbox/payer/";
  if (path.starts_with(payer)) return act_as_payer(desk, request, path.substr(payer.size()));
  constexpr std::string_view dashboard = "/sandbox/dashboard/";
  if (path.starts_with(dashboard))
    return act_at_dashboard(desk, request, path.substr(dashboard.size()));
  constexpr std::string_view disputes = "/sandbox/disputes";
  if (path == disputes) return open_dispute(desk, request);
  if (path.starts_with("/sandbox/disputes/"))
    return close_dispute(desk, request, path.substr(disputes.size() + 1));
  if (path == "/sandbox/webhooks") return show_webhooks(desk, request);
  if (path == "/sandbox/webhooks/resend") return resend_webhooks(desk, request);
  if (path == "/sandbox/faults") return switch_faults(desk, request);
  if (path == "/sandbox/reset") return reset(desk, request);
  if (path != "/sandbox" && path != "/sandbox/" && path != "/sandbox/ledger") return no_such_path();
  if (request.method != "GET") return wrong_method("GET");
  if (path != "/sandbox/ledger") return index(desk);
  const auto query =
      Form::decode(mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1));
  if (!query) return bad_request(query.error());
  return show_ledger(desk, *query);
}

}  // namespace cambist::gateway::sandbox
