#include "storage/postgres/connection.hpp"

namespace cambist::storage::postgres {
namespace {

// The server gives up first, with a reason; this side waits a little longer for its words.
constexpr Duration grace = std::chrono::seconds{1};

Failure failure_of(const PGresult* result) {
  const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* const words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string code{state == nullptr ? "" : state};
  return {kind_of(code),
          std::string{words == nullptr ? "no reason" : words} + " (SQLSTATE " + code + ")"};
}

}  // namespace

std::optional<Failure> Connection::open() {
  if (handle_ != nullptr && PQstatus(handle_.get()) == CONNECTION_OK) return std::nullopt;
  close();
  auto connected = connect(options_);
  if (connected.handle == nullptr) return std::move(connected.failure);
  handle_ = std::move(connected.handle);
  ++session_;
  if (PQenterPipelineMode(handle_.get()) == 0) return lost(false);
  return std::nullopt;
}

void Connection::close() noexcept {
  handle_.reset();
  names_.clear();
  sent_.clear();
}

void Connection::send(const char* sql, const Parameters& parameters) {
  send(sql, parameters.pointers(), parameters.lengths());
}

void Connection::send(const char* sql, const std::vector<const char*>& values,
                      const std::vector<int>& lengths) {
  static const std::vector<int> binary(64, 1);
  auto* const connection = handle_.get();
  if (connection == nullptr) return;
  auto [place, is_new] = names_.try_emplace(sql);
  if (is_new) {
    place->second = "c" + std::to_string(names_.size());
    if (PQsendPrepare(connection, place->second.c_str(), sql, 0, nullptr) == 0) return close();
    sent_.push_back({sql, true});
  }
  if (PQsendQueryPrepared(connection, place->second.c_str(), static_cast<int>(values.size()),
                          values.data(), lengths.data(), binary.data(), 1) == 0) {
    return close();
  }
  sent_.push_back({sql, false});
  ++pending_;
}

std::optional<Failure> Connection::finish() {
  answers_.clear();
  failure_.reset();
  pending_ = 0;
  const Deadline deadline{options_.statement_deadline + grace};
  if (handle_ == nullptr) return Failure{FailureKind::lost, "there is no connection"};
  if (PQpipelineSync(handle_.get()) == 0 || !flush(deadline) || !collect(deadline)) {
    return lost(deadline.over());
  }
  sent_.clear();
  // A server that cannot go on may be another one after the next connect.
  if (failure_ && failure_->kind == FailureKind::server) close();
  return failure_;
}

bool Connection::collect(const Deadline& deadline) {
  answers_.reserve(sent_.size());
  ResultHandle result;
  for (const auto& sent : sent_) {
    if (!receive(deadline, result) || result == nullptr) return false;
    take(sent, std::move(result));
    if (!receive(deadline, result)) return false;  // the null that ends a statement's results
  }
  if (!receive(deadline, result)) return false;
  return result != nullptr && PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC;
}

void Connection::take(const Sent& sent, ResultHandle result) {
  const auto status = PQresultStatus(result.get());
  const bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  if (status == PGRES_FATAL_ERROR && !failure_) failure_ = failure_of(result.get());
  if (sent.prepares) {
    if (!done) names_.erase(sent.sql);
  } else {
    answers_.push_back(done ? Rows{std::move(result)} : Rows{});
  }
}

bool Connection::flush(const Deadline& deadline) {
  for (;;) {
    const int left = PQflush(handle_.get());
    if (left <= 0) return left == 0;
    if (!wait(handle_.get(), true, deadline)) return false;
    // The server may be waiting for us to read before it reads on.
    if (PQconsumeInput(handle_.get()) == 0) return false;
  }
}

bool Connection::receive(const Deadline& deadline, ResultHandle& result) {
  while (PQisBusy(handle_.get()) != 0) {
    if (!wait(handle_.get(), false, deadline)) return false;
    if (PQconsumeInput(handle_.get()) == 0) return false;
  }
  result.reset(PQgetResult(handle_.get()));
  return PQstatus(handle_.get()) == CONNECTION_OK;
}

std::optional<Failure> Connection::lost(bool timed_out) {
  auto text = failure_ ? failure_->text : message_of(handle_.get());
  if (timed_out || text.empty()) text = "no answer in time";
  close();
  answers_.clear();
  return Failure{FailureKind::lost, std::move(text)};
}

std::optional<Failure> Connection::run(const char* sql, const Parameters& parameters) {
  send(sql, parameters);
  return finish();
}

std::optional<Failure> Connection::script(const std::string& sql, Duration limit) {
  const Deadline deadline{limit};
  failure_.reset();
  auto* const connection = handle_.get();
  if (PQexitPipelineMode(connection) == 0 || PQsendQuery(connection, sql.c_str()) == 0 ||
      !flush(deadline)) {
    return lost(false);
  }
  ResultHandle result;
  for (;;) {
    if (!receive(deadline, result)) return lost(deadline.over());
    if (result == nullptr) break;
    if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) failure_ = failure_of(result.get());
  }
  if (PQenterPipelineMode(connection) == 0) return lost(false);
  return failure_;
}

}  // namespace cambist::storage::postgres
