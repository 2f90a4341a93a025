#include "tests/support/small_disk.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

namespace cambist::test {

bool SmallDisk::possible() {
  return geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

SmallDisk::SmallDisk(std::size_t megabytes) {
  const auto size = "size=" + std::to_string(megabytes) + "m,mode=0755";
  if (!possible() || mount("tmpfs", path().c_str(), "tmpfs", 0, size.c_str()) != 0)
    throw std::runtime_error("no small disk");
}

SmallDisk::~SmallDisk() {
  umount2(path().c_str(), MNT_DETACH);
}

void SmallDisk::fill() const {
  const int file = open((path() + "/filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::vector<char> nothing(1U << 20U);
  lseek(file, 0, SEEK_END);
  for (std::size_t piece = nothing.size(); piece > 0; piece /= 2)
    while (write(file, nothing.data(), piece) == static_cast<ssize_t>(piece)) continue;
  close(file);
}

void SmallDisk::make_room() const {
  unlink((path() + "/filler").c_str());
}

}  // namespace cambist::test
