#include "storage/sqlite/lock_file.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace cambist::storage::sqlite {
namespace {

/// "process 1234", as far as the holder has written it down.
std::string holder(int descriptor) {
  std::array<char, 16> bytes{};
  const auto size = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  long pid = 0;
  if (size > 0) std::from_chars(bytes.data(), bytes.data() + size, pid);
  return pid > 0 ? "process " + std::to_string(pid) : "another process";
}

void write_pid(int descriptor) {
  const std::string text = std::to_string(::getpid()) + "\n";
  // Only a help for whoever comes second: the lock itself does not depend on it.
  if (::ftruncate(descriptor, 0) == 0) {
    [[maybe_unused]] const auto written = ::pwrite(descriptor, text.data(), text.size(), 0);
  }
}

Error refused(const std::filesystem::path& directory, const std::string& why) {
  return Error{ErrorCode::unavailable, "data directory " + directory.string() + " " + why};
}

}  // namespace

Result<LockFile> LockFile::take(const std::filesystem::path& directory) {
  const auto file = directory / "cambist.lock";
  LockFile lock{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  if (lock.descriptor_ < 0) {
    return refused(directory, "cannot be locked: " + std::system_category().message(errno));
  }
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return refused(directory, "cannot be locked: " + std::system_category().message(errno));
    }
    return refused(directory, "is in use by " + holder(lock.descriptor_));
  }
  write_pid(lock.descriptor_);
  return lock;
}

LockFile::~LockFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace cambist::storage::sqlite
