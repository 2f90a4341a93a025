// The GET routes on payments: one, many, and the whole story of one.
#include <algorithm>

#include "gateway/api/render.hpp"
#include "gateway/api/routes.hpp"
#include "protocols/api/cursor.hpp"
#include "protocols/api/json.hpp"
#include "protocols/http/url.hpp"

namespace cambist::gateway {
namespace {

const Error no_payment{ErrorCode::not_found, "there is no such payment"};
const Error slow_store{ErrorCode::unavailable, "the store did not answer in time"};
constexpr std::size_t page_max = 100;
constexpr std::size_t page_usual = 20;
constexpr std::size_t filter_bytes_max = 255;

struct List {
  storage::PaymentQuery query;
  std::size_t limit = page_usual;
  std::string name;  // what a cursor is bound to
};

Error wrong(std::string_view field, std::string detail) {
  return {ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

Result<void> apply(List& list, std::string_view name, const std::string& value) {
  storage::PaymentQuery& query = list.query;
  if (name == "limit") {
    if (value.empty() || value.size() > 3 ||
        value.find_first_not_of("0123456789") != std::string::npos) {
      return wrong(name, "must be a number from 1 to 100");
    }
    list.limit = static_cast<std::size_t>(std::stoul(value));
    if (list.limit < 1 || list.limit > page_max)
      return wrong(name, "must be a number from 1 to 100");
    return {};
  }
  if (value.empty() || value.size() > filter_bytes_max)
    return wrong(name, "must have 1 to 255 bytes");
  list.name += '\n' + std::string{name} + '=' + value;
  if (name == "status") {
    if (!payment::parse_status(value)) return wrong(name, "is no status of a payment");
    query.status = value;
  } else if (name == "reference") {
    query.reference = value;
  } else if (name == "customer_id") {
    query.customer_id = value;
  } else if (name == "provider") {
    query.provider = value;
  } else if (name == "created_from" || name == "created_to") {
    const auto time = parse_rfc3339(value);
    if (!time) return wrong(name, time.error().detail);
    (name == "created_from" ? query.created_from : query.created_to) = *time;
  } else {
    return wrong(api::shown_name(name), "there is no such parameter");
  }
  return {};
}

Result<List> read_list(const Exchange& exchange) {
  List list;
  list.query.tenant = exchange.principal.tenant;
  list.name = list.query.tenant.value;
  const auto pairs = exchange.query.empty() ? Result<http::Pairs>{http::Pairs{}}
                                            : http::form_decode(exchange.query);
  if (!pairs) return wrong("query", pairs.error().detail);
  http::Pairs sorted = *pairs;  // the order of filters is no part of a list
  std::sort(sorted.begin(), sorted.end());
  const std::string* cursor = nullptr;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto& [name, value] = sorted[i];
    if (i > 0 && sorted[i - 1].first == name) return wrong(api::shown_name(name), "is there twice");
    if (name == "cursor") {
      cursor = &value;
      continue;
    }
    if (const auto applied = apply(list, name, value); !applied) return applied.error();
  }
  if (list.query.created_from && list.query.created_to &&
      *list.query.created_from >= *list.query.created_to) {
    return wrong("created_to", "must be after created_from");
  }
  if (cursor != nullptr) {
    const auto last = api::decode_cursor(*cursor, list.name);
    if (!last) return last.error();
    list.query.before = *last;
  }
  list.query.limit = list.limit + 1;  // one more tells whether there is more
  return list;
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
  auto list = read_list(*exchange);
  if (!list) return exchange->refuse(list.error());
  exchange->give_up_after(exchange->core->params.read_deadline, slow_store);
  exchange->core->params.bridge->payments(
      std::move(list->query), [exchange, limit = list->limit,
                               name = list->name](Result<std::vector<storage::PaymentRow>> rows) {
        if (!rows) return exchange->refuse(rows.error());
        exchange->show(render_list(*rows, limit, name));
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
