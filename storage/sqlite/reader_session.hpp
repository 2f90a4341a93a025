// A reader's connection with its statements, and what all reads of rows have in common.
#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/reader_sql.hpp"
#include "storage/store.hpp"

namespace cambist::storage::sqlite {

/// The connection and its statements, made together.
struct Session {
  explicit Session(Database opened) : database(std::move(opened)) {}

  Database database;
  Statement events = database.prepare(sql::events);
  Statement payment = database.prepare(sql::payment);
  Statement of_tenant = database.prepare(sql::payments_of_tenant);
  Statement of_status = database.prepare(sql::payments_of_status);
  Statement of_reference = database.prepare(sql::payments_of_reference);
  Statement of_customer = database.prepare(sql::payments_of_customer);
  Statement at_provider = database.prepare(sql::payment_at_provider);
  Statement key = database.prepare(sql::key);
  Statement operations = database.prepare(sql::operations);
  Statement ledger = database.prepare(sql::ledger);
  Statement postings = database.prepare(sql::postings);
  Statement open_payments = database.prepare(sql::open_payments);
  Statement due_timers = database.prepare(sql::due_timers);
  Statement of_event = database.prepare(sql::payment_of_event);
  Statement webhook = database.prepare(sql::webhook);
  Statement due_webhooks = database.prepare(sql::due_webhooks);
  Statement webhooks_of_tenant = database.prepare(sql::webhooks_of_tenant);
  Statement webhooks_of_status = database.prepare(sql::webhooks_of_status);
  Statement webhooks_of_payment = database.prepare(sql::webhooks_of_payment);
  Statement webhook_counts = database.prepare(sql::webhook_counts);
  Statement endpoints = database.prepare(sql::endpoints);
  Statement endpoints_of_tenant = database.prepare(sql::endpoints_of_tenant);
  Statement outbox = database.prepare(sql::outbox);
  Statement outbox_event = database.prepare(sql::outbox_event);
  Statement deliveries = database.prepare(sql::deliveries);
  Statement deliveries_of_status = database.prepare(sql::deliveries_of_status);
  Statement deliveries_after = database.prepare(sql::deliveries_after);
  Statement task = database.prepare(sql::task);
  Statement tasks_of_tenant = database.prepare(sql::tasks_of_tenant);
  Statement tasks_of_status = database.prepare(sql::tasks_of_status);
  Statement tasks_of_payment = database.prepare(sql::tasks_of_payment);
  Statement audit = database.prepare(sql::audit);
  Statement api_keys = database.prepare(sql::api_keys);
};

/// `number` as SQLite holds it: what is greater than all that it can hold stays greater.
[[nodiscard]] constexpr std::int64_t bounded(std::uint64_t number) noexcept {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return number > static_cast<std::uint64_t>(most) ? most : static_cast<std::int64_t>(number);
}

/// Where a page of a list that runs backwards begins: an id, or an end that is longer than any id
/// and no smaller, so that before it comes everything.
class PageStart {
 public:
  template <class Tag>
  explicit PageStart(const std::optional<Id<Tag>>& before) noexcept {
    bytes_.fill(static_cast<char>(0xff));
    if (!before) return;
    std::copy(before->bytes.begin(), before->bytes.end(), bytes_.begin());
    size_ = before->bytes.size();
  }
  [[nodiscard]] Bytes bytes() const noexcept { return {{bytes_.data(), size_}}; }

 private:
  std::array<char, 17> bytes_{};
  std::size_t size_ = 17;
};

/// Every row as `read` makes it, or the error that befell the run.
template <class Read>
auto all(Rows&& rows, std::string_view what, Read read)
    -> Result<std::vector<decltype(read(rows))>> {
  std::vector<decltype(read(rows))> found;
  while (rows.next()) found.push_back(read(rows));
  if (rows.code() != SQLITE_OK) return unavailable(what, rows.code());
  return found;
}

/// The one row that there is, or nothing.
template <class Read>
auto one(Rows&& rows, std::string_view what, Read read)
    -> Result<std::optional<decltype(read(rows))>> {
  std::optional<decltype(read(rows))> found;
  if (rows.next()) found = read(rows);
  if (rows.code() != SQLITE_OK) return unavailable(what, rows.code());
  return found;
}

}  // namespace cambist::storage::sqlite
