// A PostgreSQL server of the tests' own: made in a folder of its own, run by a user that may run
// it, on a port that nobody else has, and gone with the process that started it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/postgres_session.hpp"

namespace cambist::test {

/// Shape: `folder` empty: one of its own, removed at the end; else an existing one that becomes the
/// server's (a small disk). `settings` go over those of the tests; `environment` is the server's.
struct ClusterOptions {
  std::string folder{};
  std::map<std::string, std::string> settings{};
  std::map<std::string, std::string> environment{};
};

/// Started when it is constructed. Every function throws when the server does not do as told: a
/// test has nothing to say then. Start it on a thread that outlives it: the server ends with that
/// thread, so that it never outlives the process, however this ends.
class PostgresCluster {
 public:
  /// `fast` ends sessions, `immediate` leaves recovery to the next start, `kill` is a crash of all
  /// of its processes at once.
  enum class Stop { fast, immediate, kill };

  explicit PostgresCluster(ClusterOptions options = {});
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;
  ~PostgresCluster();

  void stop(Stop how = Stop::fast);
  /// On the same port as before; returns when it takes connections.
  void start();
  /// Holds all of its processes; connections stay, nobody answers.
  void pause();
  void proceed();
  /// ALTER SYSTEM SET, and a reload that every new session and every new statement sees.
  void set(const std::string& setting, const std::string& value);
  void reset(const std::string& setting);

  /// It may have ended by itself.
  [[nodiscard]] bool running();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string url(const std::string& database = "postgres") const;
  /// Makes an empty database and returns its name.
  [[nodiscard]] std::string create_database();
  /// A session of the superuser.
  [[nodiscard]] PostgresSession session(const std::string& database = "postgres") const;
  /// Where the files are.
  [[nodiscard]] const std::string& data() const noexcept { return data_; }
  /// What the server has logged.
  [[nodiscard]] std::string log() const;

 private:
  void make_folder();
  void init();
  void write_settings();
  [[nodiscard]] bool try_start();
  [[nodiscard]] std::vector<pid_t> processes() const;
  void reap();

  ClusterOptions options_;
  std::string folder_;
  std::string data_;
  std::string log_file_;
  std::uint16_t port_ = 0;
  pid_t postmaster_ = -1;
  bool paused_ = false;
};

/// The server that tests share: the one that CAMBIST_TEST_DATABASE names (scripts/test starts one
/// for a whole run), else one of this process, started when it is first asked for. An URL of a
/// superuser.
[[nodiscard]] std::string postgres_url();

/// An empty database of the shared server, dropped at the end with whoever is still connected.
class TestDatabase {
 public:
  TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase();
  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  std::string name_;
  std::string url_;
};

/// `url` with another database in its path.
[[nodiscard]] std::string with_database(const std::string& url, const std::string& database);

}  // namespace cambist::test
