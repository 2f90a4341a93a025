#include "storage/postgres/connect.hpp"

#include <array>
#include <cerrno>

#include <poll.h>

namespace cambist::storage::postgres {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
using ConninfoHandle = std::unique_ptr<PQconninfoOption, FreeOptions>;

/// libpq's own words about a URL that it cannot read repeat the URL, password and all: they are
/// not passed on.
bool readable(const std::string& url) {
  if (!url.starts_with("postgres://") && !url.starts_with("postgresql://")) return false;
  char* words = nullptr;
  const ConninfoHandle parsed{PQconninfoParse(url.c_str(), &words)};
  PQfreemem(words);
  if (parsed == nullptr) return false;
  // A password with a '/' or an '@' that is not escaped leaves a part of itself in the host or the
  // port, and libpq's complaints would repeat it.
  for (const auto* option = parsed.get(); option->keyword != nullptr; ++option) {
    const std::string_view name{option->keyword};
    const std::string_view value{option->val == nullptr ? "" : option->val};
    if (name == "host" && value.find('@') != std::string_view::npos) return false;
    if (name == "port" && value.find_first_not_of("0123456789,") != std::string_view::npos) {
      return false;
    }
  }
  return true;
}

std::int64_t millis(Duration duration) {
  return std::chrono::ceil<std::chrono::milliseconds>(duration).count();
}

// A dead peer is noticed by the deadlines where somebody waits; the keepalives are for the
// connections on which nobody does.
ConnectionHandle start(const Options& options) {
  const auto silence = std::to_string(millis(options.statement_deadline));
  const std::array<const char*, 10> keywords{"fallback_application_name",
                                             "target_session_attrs",
                                             "keepalives",
                                             "keepalives_idle",
                                             "keepalives_interval",
                                             "keepalives_count",
                                             "tcp_user_timeout",
                                             "dbname",
                                             "client_encoding",
                                             nullptr};
  // What stands before the URL can be overridden by it, what stands after it cannot.
  const std::array<const char*, 10> values{
      "cambist",       "read-write",        "1",    "10",   "5", "3",
      silence.c_str(), options.url.c_str(), "UTF8", nullptr};
  return ConnectionHandle{PQconnectStartParams(keywords.data(), values.data(), 1)};
}

bool establish(PGconn* connection, const Deadline& deadline) {
  auto next = PGRES_POLLING_WRITING;
  while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
    if (!wait(connection, next == PGRES_POLLING_WRITING, deadline)) return false;
    next = PQconnectPoll(connection);
  }
  return next == PGRES_POLLING_OK;
}

// The writer counts on READ COMMITTED. Every statement of the store is a search by index, also on
// a database that has no statistics yet, and its plan does not depend on its values.
// A commit that is not on disk when it is acknowledged breaks every promise: `off` is not obeyed.
// Stronger settings (remote_apply) and the choice of `local` are.
std::string settings(const Options& options) {
  const auto statement = std::to_string(millis(options.statement_deadline));
  return "SET statement_timeout = " + statement +
         "; SET lock_timeout = " + std::to_string(millis(options.lock_deadline)) +
         "; SET idle_in_transaction_session_timeout = " + statement +
         "; SET default_transaction_isolation = 'read committed'"
         "; SET jit = off; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off"
         "; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_bitmapscan = off; "
         "SET enable_sort = off"
         "; SELECT set_config('synchronous_commit', 'on', false)"
         " WHERE current_setting('synchronous_commit') = 'off'";
}

bool configure(PGconn* connection, const Options& options, const Deadline& deadline) {
  if (PQsendQuery(connection, settings(options).c_str()) == 0) return false;
  bool done = true;
  for (;;) {
    while (PQisBusy(connection) != 0) {
      if (!wait(connection, false, deadline) || PQconsumeInput(connection) == 0) return false;
    }
    PGresult* result = PQgetResult(connection);
    if (result == nullptr) return done && PQsetnonblocking(connection, 1) == 0;
    done = done && PQresultStatus(result) != PGRES_FATAL_ERROR;
    PQclear(result);
  }
}

void ignore_notice(void*, const char*) {}

}  // namespace

std::string message_of(const PGconn* connection) {
  std::string text{PQerrorMessage(connection)};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  const char* const word = PQpass(connection);
  const std::string password{word == nullptr ? "" : word};
  if (password.empty()) return text;
  for (auto at = text.find(password); at != std::string::npos; at = text.find(password, at + 3)) {
    text.replace(at, password.size(), "***");
  }
  return text;
}

bool wait(const PGconn* connection, bool for_writing, const Deadline& deadline) {
  pollfd socket{.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
  if (for_writing) socket.events = POLLOUT | POLLIN;
  for (;;) {
    const int ready = ::poll(&socket, 1, deadline.left());
    if (ready > 0) return true;
    if (ready < 0 && errno == EINTR && !deadline.over()) continue;
    return false;
  }
}

Connected connect(const Options& options) {
  if (!readable(options.url)) {
    return {nullptr,
            {FailureKind::server,
             "the URL of the database is not one that libpq reads (is its password escaped?)"}};
  }
  const Deadline deadline{options.connect_deadline};
  auto handle = start(options);
  if (handle == nullptr) return {nullptr, {FailureKind::server, "out of memory"}};
  PQsetNoticeProcessor(handle.get(), ignore_notice, nullptr);
  const bool done = PQstatus(handle.get()) != CONNECTION_BAD && establish(handle.get(), deadline) &&
                    configure(handle.get(), options, deadline);
  if (done) return {std::move(handle), {}};
  auto text = message_of(handle.get());
  if (text.empty()) text = "no answer in time";
  return {nullptr, {FailureKind::server, std::move(text)}};
}

}  // namespace cambist::storage::postgres
