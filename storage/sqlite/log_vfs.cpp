#include "storage/sqlite/log_vfs.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <string>

#include <sqlite3.h>

namespace cambist::storage::sqlite {
namespace {

constexpr std::size_t waiting_max = std::size_t{1} << 20U;
// SQLite's own file system takes less than 128 KiB at a time: a page is never larger than half.
constexpr std::size_t piece_max = std::size_t{1} << 16U;

sqlite3_vfs* base_of(sqlite3_vfs* vfs) {
  return static_cast<sqlite3_vfs*>(vfs->pAppData);
}

/// The log: a file of the default file system, and what has not been given to it yet.
class Log {
 public:
  explicit Log(int size) : bytes_(std::make_unique<std::byte[]>(static_cast<std::size_t>(size))) {}

  [[nodiscard]] sqlite3_file* file() noexcept {
    return reinterpret_cast<sqlite3_file*>(bytes_.get());
  }
  [[nodiscard]] const sqlite3_io_methods& calls() noexcept { return *file()->pMethods; }

  int write(const void* data, int size, sqlite3_int64 offset) {
    const auto* bytes = static_cast<const char*>(data);
    const bool continues =
        !waiting_.empty() && offset == start_ + static_cast<sqlite3_int64>(waiting_.size());
    if (!continues) {
      if (const int code = flush(); code != SQLITE_OK) return code;
      start_ = offset;
    }
    waiting_.append(bytes, static_cast<std::size_t>(size));
    return waiting_.size() < waiting_max ? SQLITE_OK : flush();
  }

  /// What cannot be written is forgotten: its transaction is rolled back.
  int flush() {
    int code = SQLITE_OK;
    for (std::size_t done = 0; code == SQLITE_OK && done < waiting_.size(); done += piece_max) {
      const auto size = std::min(piece_max, waiting_.size() - done);
      code = calls().xWrite(file(), waiting_.data() + done, static_cast<int>(size),
                            start_ + static_cast<sqlite3_int64>(done));
    }
    waiting_.clear();
    return code;
  }

 private:
  std::unique_ptr<std::byte[]> bytes_;
  std::string waiting_{};
  sqlite3_int64 start_ = 0;
};

struct LogFile {
  sqlite3_file head;  // first: SQLite knows the rest by it
  Log* log;
};

Log& log_of(sqlite3_file* file) {
  return *reinterpret_cast<LogFile*>(file)->log;
}

/// Calls `action(log)` once nothing waits.
template <class Action>
int flushed(sqlite3_file* file, Action action) {
  Log& log = log_of(file);
  const int code = log.flush();
  return code == SQLITE_OK ? action(log) : code;
}

int close_log(sqlite3_file* file) {
  const std::unique_ptr<Log> log{&log_of(file)};
  const int written = log->flush();
  const int closed = log->calls().xClose(log->file());
  return written == SQLITE_OK ? closed : written;
}
int read_log(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  return flushed(file, [&](Log& log) { return log.calls().xRead(log.file(), into, size, offset); });
}
int write_log(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  try {
    return log_of(file).write(data, size, offset);
  } catch (const std::bad_alloc&) {
    return SQLITE_IOERR_NOMEM;
  }
}
int truncate_log(sqlite3_file* file, sqlite3_int64 size) {
  return flushed(file, [&](Log& log) { return log.calls().xTruncate(log.file(), size); });
}
int sync_log(sqlite3_file* file, int flags) {
  return flushed(file, [&](Log& log) { return log.calls().xSync(log.file(), flags); });
}
int size_log(sqlite3_file* file, sqlite3_int64* size) {
  return flushed(file, [&](Log& log) { return log.calls().xFileSize(log.file(), size); });
}
int lock_log(sqlite3_file* file, int how) {
  return log_of(file).calls().xLock(log_of(file).file(), how);
}
int unlock_log(sqlite3_file* file, int how) {
  return log_of(file).calls().xUnlock(log_of(file).file(), how);
}
int check_log(sqlite3_file* file, int* held) {
  return log_of(file).calls().xCheckReservedLock(log_of(file).file(), held);
}
int control_log(sqlite3_file* file, int what, void* argument) {
  return log_of(file).calls().xFileControl(log_of(file).file(), what, argument);
}
int sector_of_log(sqlite3_file* file) {
  return log_of(file).calls().xSectorSize(log_of(file).file());
}
int traits_of_log(sqlite3_file* file) {
  return log_of(file).calls().xDeviceCharacteristics(log_of(file).file());
}

// Version 1: shared memory and mapped pages belong to the database's file, never to its log.
const sqlite3_io_methods log_calls = [] {
  sqlite3_io_methods calls{};
  calls.iVersion = 1;
  calls.xClose = close_log;
  calls.xRead = read_log;
  calls.xWrite = write_log;
  calls.xTruncate = truncate_log;
  calls.xSync = sync_log;
  calls.xFileSize = size_log;
  calls.xLock = lock_log;
  calls.xUnlock = unlock_log;
  calls.xCheckReservedLock = check_log;
  calls.xFileControl = control_log;
  calls.xSectorSize = sector_of_log;
  calls.xDeviceCharacteristics = traits_of_log;
  return calls;
}();

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* opened) {
  auto* base = base_of(vfs);
  if ((flags & SQLITE_OPEN_WAL) == 0) return base->xOpen(base, name, file, flags, opened);
  file->pMethods = nullptr;  // nothing to close should it fail
  std::unique_ptr<Log> log;
  try {
    log = std::make_unique<Log>(base->szOsFile);
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
  const int code = base->xOpen(base, name, log->file(), flags, opened);
  if (code != SQLITE_OK) {
    if (log->file()->pMethods != nullptr) log->calls().xClose(log->file());
    return code;
  }
  reinterpret_cast<LogFile*>(file)->log = log.release();
  file->pMethods = &log_calls;
  return SQLITE_OK;
}

sqlite3_vfs passing_on(sqlite3_vfs* base) {
  sqlite3_vfs vfs{};
  vfs.iVersion = 2;
  vfs.szOsFile = std::max(base->szOsFile, static_cast<int>(sizeof(LogFile)));
  vfs.mxPathname = base->mxPathname;
  vfs.zName = "cambist-log";
  vfs.pAppData = base;
  vfs.xOpen = open_file;
  vfs.xDelete = [](sqlite3_vfs* v, const char* name, int sync) {
    return base_of(v)->xDelete(base_of(v), name, sync);
  };
  vfs.xAccess = [](sqlite3_vfs* v, const char* name, int flags, int* out) {
    return base_of(v)->xAccess(base_of(v), name, flags, out);
  };
  vfs.xFullPathname = [](sqlite3_vfs* v, const char* name, int size, char* out) {
    return base_of(v)->xFullPathname(base_of(v), name, size, out);
  };
  vfs.xRandomness = [](sqlite3_vfs* v, int size, char* out) {
    return base_of(v)->xRandomness(base_of(v), size, out);
  };
  vfs.xSleep = [](sqlite3_vfs* v, int micros) { return base_of(v)->xSleep(base_of(v), micros); };
  vfs.xCurrentTime = [](sqlite3_vfs* v, double* out) {
    return base_of(v)->xCurrentTime(base_of(v), out);
  };
  vfs.xGetLastError = [](sqlite3_vfs* v, int size, char* out) {
    return base_of(v)->xGetLastError(base_of(v), size, out);
  };
  vfs.xCurrentTimeInt64 = [](sqlite3_vfs* v, sqlite3_int64* out) {
    return base_of(v)->xCurrentTimeInt64(base_of(v), out);
  };
  return vfs;
}

}  // namespace

const char* log_vfs() {
  static sqlite3_vfs vfs = passing_on(sqlite3_vfs_find(nullptr));
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  // The default file system has the same ways, only more of them.
  return registered == SQLITE_OK ? vfs.zName : nullptr;
}

}  // namespace cambist::storage::sqlite
