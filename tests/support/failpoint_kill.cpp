// Ends the process at a failpoint, as a crash would. Linked into cambist-crash in front of the
// library's own definition, which does nothing; no other program contains it.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>

#include "protocols/core/failpoint.hpp"

namespace cambist {
namespace {

/// "NAME[:N][ anything]": the N-th hit of NAME ends the process.
struct Order {
  std::string name;
  long at = 1;
};

Order read_order(std::string_view text) {
  text = text.substr(0, text.find_first_of(" \n"));
  const auto colon = text.find(':');
  Order order{std::string{text.substr(0, colon)}};
  if (colon != std::string_view::npos) {
    order.at = std::strtol(std::string{text.substr(colon + 1)}.c_str(), nullptr, 10);
  }
  return order;
}

/// Empty when there is no such file: nothing is armed.
std::string contents(const char* path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::array<char, 256> bytes{};
  const auto size = read(file, bytes.data(), bytes.size());
  close(file);
  return size > 0 ? std::string{bytes.data(), static_cast<std::size_t>(size)} : std::string{};
}

[[noreturn]] void die(const char* name) noexcept {
  // Neither destructors nor buffers: what is not with the system by now is lost, as in a crash.
  std::array<char, 128> line{};
  std::size_t size = 0;
  for (const char* part : {"failpoint ", name, "\n"}) {
    const auto length = std::strlen(part);
    if (size + length > line.size()) break;
    std::memcpy(line.data() + size, part, length);
    size += length;
  }
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line.data(), size);
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/// Counts the hits of what is armed. A file is read at every hit, so that a running program can be
/// armed for one operation; another text in it starts the count anew.
class Trap {
 public:
  Trap() {
    if (const char* set = std::getenv("CAMBIST_FAILPOINT")) order_ = read_order(set);
    file_ = std::getenv("CAMBIST_FAILPOINT_FILE");
  }

  void hit(const char* name) {
    if (file_ == nullptr && order_.name.empty()) return;
    const std::lock_guard lock{mutex_};
    if (file_ != nullptr) arm_from_file();
    if (order_.name == name && ++hits_ >= order_.at) die(name);
  }

 private:
  void arm_from_file() {
    auto text = contents(file_);
    if (text == text_) return;
    text_ = std::move(text);
    order_ = read_order(text_);
    hits_ = 0;
  }

  const char* file_ = nullptr;
  std::mutex mutex_;
  std::string text_;
  Order order_;
  long hits_ = 0;
};

}  // namespace

void failpoint(const char* name) noexcept {
  static Trap trap;
  trap.hit(name);
}

}  // namespace cambist
