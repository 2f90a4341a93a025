#include "gateway/api/exchange.hpp"

#include "gateway/log.hpp"

namespace cambist::gateway {
namespace {

constexpr std::string_view no_route = "none";

// Methods that a client makes up must not become labels.
std::string_view known_method(std::string_view method) {
  for (const std::string_view known :
       {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    if (method == known) return known;
  }
  return "other";
}

}  // namespace

http::Headers standard_headers(std::string content_type, const std::string& request_id) {
  return {{"Content-Type", std::move(content_type)},
          {"X-Request-Id", request_id},
          {"Cache-Control", "no-store"},
          {"X-Content-Type-Options", "nosniff"}};
}

Exchange::Exchange(std::shared_ptr<Core> shared, http::Request given, inbound::Responder responder)
    : core(std::move(shared)),
      request(std::move(given)),
      request_id(request_id_of(request.headers, core->params.now(), core->params.random)),
      trace(trace_of(request.headers, core->params.random)),
      responder_(std::move(responder)),
      started_(core->params.ticks()) {
  const std::size_t mark = request.target.find('?');
  path = request.target.substr(0, mark);
  if (mark != std::string::npos) query = request.target.substr(mark + 1);
  match = gateway::match(request.method, path);
}

Exchange::~Exchange() {
  if (!answered_.load()) refuse({ErrorCode::internal, "the request was lost"});
}

bool Exchange::admit(std::uint32_t share) {
  if (core->in_flight.fetch_add(1) >= std::uint64_t{core->params.in_flight_max} * share) {
    core->in_flight.fetch_sub(1);
    shed_ = true;
    return false;
  }
  admitted_ = true;
  core->params.metrics->requests_in_flight(1);
  return true;
}

bool Exchange::enter_queue() {
  QueueGate& queue = *core->params.queue;
  const bool webhook = match.route->id == RouteId::receive_webhook;
  if (!(webhook ? queue.admit_webhook()
                : queue.admit_command(match.route->id != RouteId::create_payment))) {
    core->params.metrics->shed(webhook ? "webhook" : "command");
    shed_ = true;
    return false;
  }
  queued_at_ = core->params.ticks();
  return true;
}

// An answer with the payment in it tells that the command was written; a refusal or the answer of
// an earlier request, that it was not.
void Exchange::leave_queue(const http::Response& response, bool replayed) {
  if (queued_at_.count() < 0) return;
  if (match.route->id == RouteId::receive_webhook) {
    return core->params.queue->webhook_left(response.status == 200,
                                            core->params.ticks() - queued_at_);
  }
  const bool wrote = !replayed && (response.status < 300 ||
                                   response.body.find(R"("payment":{)") != std::string::npos);
  core->params.queue->command_left(wrote);
}

void Exchange::answer(api::Answer answer) {
  http::Response response;
  response.status = answer.status;
  response.headers = standard_headers(
      answer.problem ? "application/problem+json" : "application/json", request_id);
  response.body = std::move(answer.body);
  if (!answer.location.empty()) response.headers.push_back({"Location", answer.location});
  if (answer.replayed) response.headers.push_back({"Idempotent-Replayed", "true"});
  if (answer.retry_after_s)
    response.headers.push_back({"Retry-After", std::to_string(*answer.retry_after_s)});
  finish(std::move(response), answer.replayed);
}

void Exchange::refuse(const Error& error, std::optional<int> retry_after_s) {
  answer(api::problem(error, request_id, retry_after_s));
}

void Exchange::show(std::string body, std::string content_type, int status) {
  finish({status, standard_headers(std::move(content_type), request_id), std::move(body)}, false);
}

void Exchange::give_up_after(std::chrono::milliseconds limit, Error error) {
  unless_answered(limit, [weak = weak_from_this(), error = std::move(error)] {
    if (const auto self = weak.lock()) self->refuse(error);
  });
}

void Exchange::unless_answered(std::chrono::milliseconds limit, std::function<void()> action) {
  Timers& timers = *core->params.timers;
  timers.cancel(timer_.exchange(timers.after(limit, std::move(action))));
  // Answered on another thread meanwhile: it may have looked before there was anything to cancel.
  if (answered_) timers.cancel(timer_.exchange(0));
}

void Exchange::finish(http::Response response, bool replayed) {
  if (answered_.exchange(true)) return;
  if (const auto timer = timer_.exchange(0); timer != 0) core->params.timers->cancel(timer);
  leave_queue(response, replayed);
  if (!kept_key.empty()) {
    const std::string* location = http::find(response.headers, "Location");
    core->kept_answers.answered(kept_key, {response.status, response.body,
                                           location == nullptr ? std::string{} : *location});
  }
  if (admitted_) {
    core->in_flight.fetch_sub(1);
    core->params.metrics->requests_in_flight(-1);
  }
  response.headers.push_back({"traceparent", trace.header()});
  for (auto& header : extra) response.headers.push_back(std::move(header));

  const std::string_view route = match.route == nullptr ? no_route : match.route->path;
  const std::string_view method = known_method(request.method);
  const auto elapsed = std::chrono::duration_cast<Duration>(core->params.ticks() - started_);
  core->params.metrics->request_handled(route, method, response.status, elapsed);
  const bool probe = match.route != nullptr && match.route->open && response.status < 400;
  // What is shed is counted (README.md, decision 15): a line for each would take what is left.
  const LogLevel level = probe || shed_           ? spdlog::level::debug
                         : response.status >= 500 ? spdlog::level::warn
                                                  : spdlog::level::info;
  log_event(level, "request",
            {{"request_id", request_id},
             {"trace_id", trace.trace_id},
             {"method", method},
             {"route", route},
             {"status", static_cast<std::int64_t>(response.status)},
             {"duration_ms", static_cast<double>(elapsed.count()) / 1'000.0},
             {"tenant", principal.tenant.value},
             {"payment_id", payment},
             {"replayed", replayed ? std::string_view{"true"} : std::string_view{}}});
  responder_({std::move(response)});
  responder_ = nullptr;
}

}  // namespace cambist::gateway
