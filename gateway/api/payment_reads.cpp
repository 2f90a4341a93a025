// The GET routes on payments: one, many, and the whole story of one.
#include "gateway/api/list_query.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/routes.hpp"

namespace cambist::gateway {
namespace {

const Error no_payment{ErrorCode::not_found, "there is no such payment"};
const Error slow_store{ErrorCode::unavailable, "the store did not answer in time"};
Result<bool> apply(storage::PaymentQuery& query, std::string_view name, const std::string& value) {
  if (name == "status") {
    if (!payment::parse_status(value)) return wrong_parameter(name, "is no status of a payment");
    query.status = value;
  } else if (name == "reference") {
    query.reference = value;
  } else if (name == "customer_id") {
    query.customer_id = value;
  } else if (name == "provider") {
    if (!is_plain_word(value)) return wrong_parameter(name, "is no name of a provider");
    query.provider = value;
  } else if (name == "created_from" || name == "created_to") {
    const auto time = time_parameter(name, value);
    if (!time) return time.error();
    (name == "created_from" ? query.created_from : query.created_to) = *time;
  } else {
    return false;
  }
  return true;
}

// The payment of the path; an id that is none names no payment.
Result<PaymentId> payment_of(const ExchangePtr& exchange) {
  auto id = PaymentId::parse(exchange->match.id);
  if (!id) return no_payment;
  exchange->payment = exchange->match.id;
  return id;
}

}  // namespace

void get_payment(const ExchangePtr& exchange) {
  const auto id = payment_of(exchange);
  if (!id) return exchange->refuse(id.error());
  exchange->give_up_after(exchange->core->params.read_deadline, slow_store);
  exchange->core->params.bridge->payment(
      exchange->principal.tenant, *id, [exchange](Result<std::optional<storage::PaymentRow>> row) {
        if (!row) return exchange->refuse(row.error());
        if (!*row) return exchange->refuse(no_payment);
        exchange->show(std::move((*row)->json));
      });
}

void list_payments(const ExchangePtr& exchange) {
  storage::PaymentQuery query;
  query.tenant = exchange->principal.tenant;
  auto page = read_page(*exchange, [&query](std::string_view name, const std::string& value) {
    return apply(query, name, value);
  });
  if (!page) return exchange->refuse(page.error());
  if (query.created_from && query.created_to && *query.created_from >= *query.created_to)
    return exchange->refuse(wrong_parameter("created_to", "must be after created_from"));
  if (page->last) query.before = PaymentId{*page->last};
  query.limit = page->limit + 1;  // one more tells whether there is more
  exchange->give_up_after(exchange->core->params.read_deadline, slow_store);
  exchange->core->params.bridge->payments(
      std::move(query),
      [exchange, page = std::move(*page)](Result<std::vector<storage::PaymentRow>> rows) {
        if (!rows) return exchange->refuse(rows.error());
        exchange->show(render_list(*rows, page.limit, page.name));
      });
}

void payment_events(const ExchangePtr& exchange) {
  const auto id = payment_of(exchange);
  if (!id) return exchange->refuse(id.error());
  exchange->give_up_after(exchange->core->params.read_deadline, slow_store);
  exchange->core->params.bridge->story(exchange->principal.tenant, *id,
                                       [exchange](Result<std::optional<Story>> story) {
                                         if (!story) return exchange->refuse(story.error());
                                         if (!*story) return exchange->refuse(no_payment);
                                         exchange->show(render_story(**story));
                                       });
}

}  // namespace cambist::gateway
