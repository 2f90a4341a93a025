#include "tests/simulation/front.hpp"

#include <memory>
#include <utility>

#include "tests/simulation/server.hpp"
#include "tests/simulation/world.hpp"

namespace cambist::sim {
namespace {

using std::chrono::milliseconds;

}  // namespace

http::Request api_request(std::string_view method, std::string target, std::string body,
                          const std::string& key) {
  http::Request request;
  request.method = method;
  request.target = std::move(target);
  request.headers = {{"host", "cambist.test"}, {"authorization", "Bearer " + std::string{api_key}}};
  if (!body.empty()) request.headers.push_back({"content-type", "application/json"});
  if (!key.empty()) request.headers.push_back({"idempotency-key", key});
  request.body = std::move(body);
  request.peer = "203.0.113.5";
  return request;
}

Front::Front(World& world) : world_(world), dice_(world.dice("front")) {}

void Front::ask(http::Request request, const std::string& payment, Tick patience,
                Answered answered) {
  ++asked_;
  auto& stage = world_.stage;
  auto open = std::make_shared<bool>(true);
  const Answered once = [open, answered = std::move(answered)](std::optional<http::Response> got) {
    if (std::exchange(*open, false)) answered(std::move(got));
  };
  stage.after(patience, [once] { once(std::nullopt); });
  if (!world_.quiet() && dice_.chance(world_.profile.client_lost)) {
    if (dice_.chance(500'000)) return world_.fault(Fault::client_request_lost, payment);
    world_.fault(Fault::client_answer_lost, payment);
    stage.after(milliseconds{dice_.between(1, 20)},
                [this, request, payment] { arrive(request, payment, [](const auto&) {}); });
    return;
  }
  stage.after(milliseconds{dice_.between(1, 20)},
              [this, request, payment, once] { arrive(request, payment, once); });
}

void Front::arrive(const http::Request& request, const std::string& payment,
                   const Answered& answered) {
  auto& stage = world_.stage;
  stage.trace.note(stage.tick(), "request", request.method + " " + request.target);
  world_.server->take(request, [this, payment, answered](std::optional<http::Response> response) {
    auto& at = world_.stage;
    at.trace.note(at.tick(), "response",
                  (response ? std::to_string(response->status) : "none") + " " + payment);
    if (response && response->status == 500)
      world_.broken("I2", payment, "a client was answered 500: " + response->body);
    at.after(milliseconds{dice_.between(1, 20)},
             [answered, response = std::move(response)] { answered(response); });
  });
}

}  // namespace cambist::sim
