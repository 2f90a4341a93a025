// Keeps the server: starts it, kills it at a random moment, starts it again at the same address,
// and writes down how long it took to come back.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/soak/client.hpp"
#include "tests/support/process.hpp"

namespace cambist::soak {

/// One process of the server. Times count from its start; nullopt: it was killed before.
/// Shape: `died_by_itself` is what it ended with when nobody had ended it.
struct Life {
  Steady::time_point started{};
  std::optional<std::chrono::milliseconds> ready{};
  std::optional<std::chrono::milliseconds> first_taken{};
  bool killed = false;
  std::optional<int> died_by_itself{};
};

/// How the server is started.
struct Command {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;
  std::string log_file;
  std::string origin;
  std::string api_key;
};

/// Every start must come from the thread that made the keeper: a child ends with its thread.
class Keeper {
 public:
  Keeper(Command command, Tally& tally, Doorway& doorway);

  /// Starts it and waits until it is ready, at most so long. Throws when it does not come.
  void start(std::chrono::milliseconds timeout);
  /// Kills and starts until `end`; the moments are exponential with the mean `kill_every` after
  /// each start, so that some lie within the start itself. It runs when this returns.
  void keep_until(Steady::time_point end, std::chrono::duration<double> kill_every,
                  std::uint64_t seed);
  /// SIGTERM; the exit code, nullopt when it does not end in time.
  [[nodiscard]] std::optional<int> stop(std::chrono::milliseconds timeout);

  /// The process that runs, and which of the lives it is; thread safe.
  struct Running {
    pid_t pid = 0;  // 0: none
    std::size_t life = 0;
    Steady::time_point started{};
  };
  [[nodiscard]] Running running() const;
  [[nodiscard]] std::vector<Life> lives() const;
  [[nodiscard]] const std::string& origin() const noexcept { return command_.origin; }

 private:
  void spawn();
  /// Lives on until `moment`; false when the server ended by itself.
  [[nodiscard]] bool live_until(Steady::time_point moment);
  [[nodiscard]] bool ready_by(Steady::time_point moment);
  void kill();
  void bury(bool killed, std::optional<int> by_itself);

  Command command_;
  Tally& tally_;
  Doorway& doorway_;
  test::Client client_;
  mutable std::mutex mutex_;
  std::unique_ptr<test::Process> process_;
  std::vector<Life> lives_;
  bool alive_ = false;
};

}  // namespace cambist::soak
