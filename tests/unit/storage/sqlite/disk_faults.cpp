#include "tests/unit/storage/sqlite/disk_faults.hpp"

#include <atomic>
#include <cerrno>

#include <sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

std::atomic<long> sync_count{0};
std::atomic<bool> sync_fails{false};

}  // namespace

// SQLite's calls of fdatasync meet this one, because the program's own symbols come first.
extern "C" int fdatasync(int descriptor) {
  ++sync_count;
  if (sync_fails) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

namespace cambist::storage::testing {
namespace {

std::atomic<int> good_left{0};
std::atomic<bool> has_struck{false};

ssize_t full_pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  if (good_left-- > 0) return ::pwrite(descriptor, bytes, size, offset);
  if (!has_struck.exchange(true) && size > 1) return ::pwrite(descriptor, bytes, size / 2, offset);
  errno = ENOSPC;
  return -1;
}

void set(const char* name, sqlite3_syscall_ptr function) {
  auto* vfs = sqlite3_vfs_find(nullptr);
  vfs->xSetSystemCall(vfs, name, function);
}

}  // namespace

FullDisk::FullDisk(int good) {
  good_left = good;
  has_struck = false;
  const auto function = reinterpret_cast<sqlite3_syscall_ptr>(&full_pwrite);
  set("pwrite", function);
  set("pwrite64", function);
}

void FullDisk::heal() {
  set("pwrite", nullptr);  // a null pointer puts the system's own call back
  set("pwrite64", nullptr);
}

bool FullDisk::struck() const {
  return has_struck;
}

FailingSync::FailingSync() {
  sync_fails = true;
}
FailingSync::~FailingSync() {
  sync_fails = false;
}

long syncs() {
  return sync_count;
}

}  // namespace cambist::storage::testing
