// The POST routes: a body becomes a command, the command goes to its payment, and the client waits
// for the verdict no longer than the deadline.
#include <algorithm>

#include <boost/json.hpp>

#include "gateway/api/body.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/routes.hpp"
#include "protocols/api/keys.hpp"
#include "protocols/api/requests.hpp"

namespace cambist::gateway {
namespace {

namespace json = boost::json;

template <class T>
Result<payment::Command> as_command(Result<T> read) {
  if (!read) return read.error();
  return payment::Command{std::move(*read)};
}

Result<payment::Command> read_command(const Exchange& exchange, const json::object& body,
                                      PaymentId id) {
  const ApiParams& params = exchange.core->params;
  const auto operation = OperationId::make(params.now(), params.random);
  switch (exchange.match.route->id) {
    case RouteId::create_payment: {
      auto details = api::read_create(body, params.providers);
      if (!details) return details.error();
      return payment::Command{
          payment::Create{id, exchange.principal.tenant, std::move(*details), operation}};
    }
    case RouteId::capture_payment:
      return as_command(api::read_capture(body, operation));
    case RouteId::cancel_payment:
      return as_command(api::read_cancel(body, operation));
    case RouteId::refund_payment:
      return as_command(api::read_refund(body, operation));
    case RouteId::schedule_capture:
      return as_command(api::read_capture_schedule(body));
    default:
      return as_command(api::read_confirm(body));
  }
}

/// How a request without a key is known again: by what it would begin, or else by its name.
std::string trace_of(const payment::Command& command, const std::string& request_id) {
  const auto* operation = std::visit(
      [](const auto& one) -> const OperationId* {
        if constexpr (requires { one.operation; }) return &one.operation;
        return nullptr;
      },
      command);
  return operation != nullptr ? operation->to_string() : "\"request_id\":\"" + request_id + "\"";
}

bool is_durable(const Story& story, const std::string& trace) {
  return std::any_of(story.events.begin(), story.events.end(), [&](const auto& stored) {
    return stored.event.json.find(trace) != std::string::npos;
  });
}

// The payment says nothing. A request with a key is to be repeated: its payment may be giving the
// key back just now, and 202 would promise otherwise. One without a key may not be repeated: when
// what it asked for is durable the payment is shown as it is, and goes on without the client.
void answer_without_verdict(const ExchangePtr& exchange, PaymentId id, const std::string& trace) {
  const Error nothing{ErrorCode::unavailable,
                      "nothing can be said of the request yet; repeat it with the same "
                      "idempotency key"};
  if (trace.empty()) return exchange->refuse(nothing);
  const auto& params = exchange->core->params;
  exchange->give_up_after(params.read_deadline, nothing);
  const auto show = [exchange, id, nothing](Result<std::optional<storage::PaymentRow>> row) {
    if (!row || !*row) return exchange->refuse(nothing);
    exchange->answer(api::stored_payment_answer(202, std::move((*row)->json), id));
  };
  const auto look = [exchange, id, nothing, trace, show](Result<std::optional<Story>> story) {
    if (!story || !*story || !is_durable(**story, trace)) return exchange->refuse(nothing);
    exchange->core->params.bridge->payment(exchange->principal.tenant, id, show);
  };
  params.bridge->story(exchange->principal.tenant, id, look);
}

}  // namespace

void perform_command(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  const bool create = exchange->match.route->id == RouteId::create_payment;
  auto body = read_body(*exchange);
  if (!body) return exchange->refuse(body.error());
  auto id = create ? Result<PaymentId>{PaymentId::make(params.now(), params.random)}
                   : PaymentId::parse(exchange->match.id);
  if (!id) return exchange->refuse({ErrorCode::not_found, "there is no such payment"});
  auto command = read_command(*exchange, body->json, *id);
  if (!command) return exchange->refuse(command.error());
  if (const auto* made = std::get_if<payment::Create>(&*command);
      made != nullptr && body->key.empty() && !made->details.reference.empty()) {
    body->key = api::derived_key(exchange->principal.tenant, "create", made->details.reference);
  }
  exchange->payment = id->to_string();

  const std::string trace =
      body->key.empty() ? trace_of(*command, exchange->request_id) : std::string{};
  exchange->unless_answered(params.request_deadline,
                            [weak = std::weak_ptr<Exchange>{exchange}, payment = *id, trace] {
                              if (const auto waiting = weak.lock())
                                answer_without_verdict(waiting, payment, trace);
                            });
  params.bridge->perform(Command{*id, std::move(*command), exchange->principal.tenant,
                                 exchange->request_id, std::move(body->key), body->fingerprint},
                         [exchange, payment = *id, trace](Result<api::Answer> answer) {
                           if (!answer) return answer_without_verdict(exchange, payment, trace);
                           exchange->answer(std::move(*answer));
                         });
}

void explain_routing(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  const auto body = read_body(*exchange);
  if (!body) return exchange->refuse(body.error());
  auto details = api::read_create(body->json, params.providers);
  if (!details) return exchange->refuse(details.error());
  // The ids are never used: nothing is begun.
  const payment::Create wish{PaymentId::make(params.now(), params.random),
                             exchange->principal.tenant, std::move(*details),
                             OperationId::make(params.now(), params.random)};
  exchange->show(render_plan(params.bridge->route(wish)));
}

}  // namespace cambist::gateway
