#include "tests/support/books.hpp"

#include <stdexcept>

#include "storage/postgres/store.hpp"
#include "storage/sqlite/store.hpp"

namespace cambist::test {
namespace {

constexpr std::size_t page = 500;
constexpr std::size_t everything = 10'000'000;

template <class T>
T must(Result<T> read) {
  if (!read) throw std::runtime_error("the store cannot be read: " + read.error().detail);
  return std::move(*read);
}

/// Follows `query.before` from the newest to the oldest.
template <class Query, class Rows>
void newest_first(Query query, Rows rows) {
  query.limit = page;
  for (;;) {
    auto found = rows(query);
    if (found.size() < page) return;
    query.before = found.back().id;
  }
}

void read_payments(storage::Reader& reader, const TenantId& tenant, Books& books) {
  storage::PaymentQuery query;
  query.tenant = tenant;
  newest_first(query, [&](const storage::PaymentQuery& asked) {
    auto rows = must(reader.payments(asked));
    for (const auto& row : rows) {
      books.payments[row.id.to_string()] = StoredPayment{row,
                                                         must(reader.events(row.id)),
                                                         must(reader.operations(row.id)),
                                                         must(reader.ledger(row.id)),
                                                         {}};
    }
    return rows;
  });
  const TimePoint end_of_time{std::chrono::hours{24 * 365 * 200}};
  for (const auto& timer : must(reader.due_timers(end_of_time, everything))) {
    const auto found = books.payments.find(timer.payment.to_string());
    if (found != books.payments.end()) found->second.due = timer.due;
  }
}

void read_webhooks(storage::Reader& reader, const TenantId& tenant, Books& books) {
  storage::WebhookQuery query;
  query.tenant = tenant;
  newest_first(query, [&](const storage::WebhookQuery& asked) {
    auto rows = must(reader.webhooks(asked));
    books.webhooks.insert(books.webhooks.end(), rows.begin(), rows.end());
    return rows;
  });
}

void read_outbox(storage::Reader& reader, const TenantId& tenant, Books& books) {
  for (std::uint64_t after = 0;;) {
    auto rows = must(reader.outbox(tenant, after, page));
    books.outbox.insert(books.outbox.end(), rows.begin(), rows.end());
    if (rows.size() < page) break;
    after = rows.back().position;
  }
  for (auto& row : must(reader.endpoints(tenant))) {
    StoredEndpoint endpoint{row, {}};
    storage::DeliveryQuery query;
    query.endpoint = row.id;
    query.limit = page;
    for (;;) {
      auto found = must(reader.deliveries(query));
      endpoint.deliveries.insert(endpoint.deliveries.end(), found.begin(), found.end());
      if (found.size() < page) break;
      query.before = found.back().position;
    }
    books.endpoints.push_back(std::move(endpoint));
  }
}

}  // namespace

Books read_books(storage::Store& store, const TenantId& tenant) {
  const auto reader = store.open_reader();
  Books books;
  read_payments(*reader, tenant, books);
  books.balances = must(reader->balances(tenant));
  read_webhooks(*reader, tenant, books);
  read_outbox(*reader, tenant, books);
  storage::TaskQuery tasks;
  tasks.tenant = tenant;
  newest_first(tasks, [&](const storage::TaskQuery& asked) {
    auto rows = must(reader->tasks(asked));
    books.tasks.insert(books.tasks.end(), rows.begin(), rows.end());
    return rows;
  });
  return books;
}

Books read_books(const std::string& where) {
  auto opened = where.find("://") == std::string::npos ? storage::sqlite::open(where)
                                                       : storage::postgres::open({.url = where});
  if (!opened) throw std::runtime_error("the store cannot be opened: " + opened.error().detail);
  return read_books(**opened);
}

}  // namespace cambist::test
