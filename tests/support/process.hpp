// A child process under test: its output line by line, its end with a deadline, and its death by
// any signal.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cambist::test {

class Process {
 public:
  /// Starts `arguments` (the first is the program) with `environment` added to a small, clean one.
  /// stdout is read through `line`; stderr goes to `stderr_file`, or nowhere.
  Process(std::vector<std::string> arguments, const std::map<std::string, std::string>& environment,
          const std::string& stderr_file = {});
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();  // SIGKILL if it still runs

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// The next line of stdout, or nullopt at its end or after `timeout`.
  [[nodiscard]] std::optional<std::string> line(std::chrono::milliseconds timeout);
  /// Everything on stdout until its end.
  [[nodiscard]] std::string rest(std::chrono::milliseconds timeout);
  void signal(int number);
  /// Exit status, or 128 + the signal's number; nullopt when it still runs after `timeout`.
  [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds timeout);

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  std::string buffer_;
  std::optional<int> status_;
};

/// A folder that is removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace cambist::test
