// Preloaded into a database server: every sync of a file takes as long as a file says, as on a
// disk that has become slow. A library of its own, loaded by nothing else.
#include <dlfcn.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>

namespace {

void take_time() {
  const char* name = std::getenv("CAMBIST_SLOW_SYNC_FILE");
  std::FILE* const file = name == nullptr ? nullptr : std::fopen(name, "re");
  if (file == nullptr) return;  // as fast as it is
  long millis = 0;
  if (std::fscanf(file, "%ld", &millis) != 1) millis = 0;
  std::fclose(file);
  const timespec wait{millis / 1'000, millis % 1'000 * 1'000'000};
  nanosleep(&wait, nullptr);
}

int call(const char* name, int descriptor) {
  using Sync = int (*)(int);
  return reinterpret_cast<Sync>(dlsym(RTLD_NEXT, name))(descriptor);
}

}  // namespace

extern "C" int fsync(int descriptor) {
  take_time();
  return call("fsync", descriptor);
}

extern "C" int fdatasync(int descriptor) {
  take_time();
  return call("fdatasync", descriptor);
}
