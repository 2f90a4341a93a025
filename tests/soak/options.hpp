// What a soak is told on its command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "tests/support/store_kind.hpp"

namespace cambist::soak {

/// Shape: `kill_every` is the mean of the time between a start and its kill; zero: never killed.
/// `rate` is payments per second, whether the server keeps up or not. `folder` empty: one of its
/// own, which is kept only when something was found.
struct Options {
  std::chrono::duration<double> time = std::chrono::minutes{1};
  std::uint64_t seed = 0;
  test::StoreKind store = test::StoreKind::sqlite;
  std::chrono::duration<double> kill_every{20};
  double rate = 100;
  bool json = false;
  std::string folder{};
};

/// Reads the command line; nullopt when there is nothing more to do (help, or a mistake that was
/// told), with `status` as the exit code. Without --seed one is drawn.
[[nodiscard]] std::optional<Options> read_options(int argc, const char* const* argv, int& status);

}  // namespace cambist::soak
