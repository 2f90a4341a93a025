// A connection that heals: made when it is first needed, made again when it was lost. Statements
// are sent without waiting and answered together: what is sent up to one finish() is one round
// trip and, outside of BEGIN, one transaction.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "storage/postgres/connect.hpp"
#include "storage/postgres/parameters.hpp"
#include "storage/postgres/rows.hpp"

namespace cambist::storage::postgres {

/// Not thread safe.
class Connection {
 public:
  explicit Connection(Options options) : options_(std::move(options)) {}

  /// Connects when there is no connection. Everything below needs one.
  [[nodiscard]] std::optional<Failure> open();
  [[nodiscard]] bool is_open() const noexcept { return handle_ != nullptr; }
  /// Counts the sessions: another number is another session, without what the one before had open.
  [[nodiscard]] std::uint64_t session() const noexcept { return session_; }
  void close() noexcept;

  /// Runs `sql`, which is prepared at its first use. The text must live as long as the connection.
  void send(const char* sql, const Parameters& parameters = Parameters{});
  void send(const char* sql, const std::vector<const char*>& values,
            const std::vector<int>& lengths);
  /// How many statements wait for finish(): the place of the next one among the answers.
  [[nodiscard]] std::size_t pending() const noexcept { return pending_; }
  /// Waits for the answers to all that was sent; the first failure, if there is one. A connection
  /// that is lost, or whose server cannot go on, is closed.
  [[nodiscard]] std::optional<Failure> finish();
  /// One per statement since the finish before, in their order; empty for those that did not run.
  [[nodiscard]] std::vector<Rows>& answers() noexcept { return answers_; }

  /// send, finish.
  [[nodiscard]] std::optional<Failure> run(const char* sql,
                                           const Parameters& parameters = Parameters{});
  /// Runs several statements of constant SQL, for what is not done often.
  [[nodiscard]] std::optional<Failure> script(const std::string& sql, Duration deadline);

 private:
  struct Sent {
    const char* sql = nullptr;
    bool prepares = false;
  };
  [[nodiscard]] bool flush(const Deadline& deadline);
  /// False: the connection does not answer any more.
  [[nodiscard]] bool receive(const Deadline& deadline, ResultHandle& result);
  [[nodiscard]] bool collect(const Deadline& deadline);
  void take(const Sent& sent, ResultHandle result);
  [[nodiscard]] std::optional<Failure> lost(bool timed_out);

  Options options_;
  ConnectionHandle handle_;
  std::uint64_t session_ = 0;
  std::unordered_map<const char*, std::string> names_;  // of prepared statements
  std::vector<Sent> sent_;
  std::size_t pending_ = 0;
  std::vector<Rows> answers_;
  std::optional<Failure> failure_;
};

}  // namespace cambist::storage::postgres
