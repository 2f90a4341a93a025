// A disk that is small enough to be filled: a tmpfs that this process and its children see alone.
#pragma once

#include <cstddef>
#include <string>

#include "tests/support/process.hpp"

namespace cambist::test {

/// Needs the right to mount; throws where there is none. Make it before any thread is started:
/// those that stand already do not see it. It goes with the last process that sees it.
class SmallDisk {
 public:
  [[nodiscard]] static bool possible();
  explicit SmallDisk(std::size_t megabytes);
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk();

  [[nodiscard]] const std::string& path() const noexcept { return folder_.path(); }
  /// Until not one byte more goes in.
  void fill() const;
  void make_room() const;

 private:
  TemporaryFolder folder_{};
};

}  // namespace cambist::test
