// Where a run's chance comes from: each part of the world has a stream of its own, so that a draw
// more in one part does not change the others.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string_view>

namespace cambist::sim {

/// One stream of draws; the same `seed` and `stream` give the same draws on every machine.
class Dice {
 public:
  Dice(std::uint64_t seed, std::string_view stream) : source_(mixed(seed, stream)) {}

  std::uint64_t next() { return source_(); }
  /// Shape: uniform in [0, n), n above zero.
  std::uint64_t below(std::uint64_t n) { return source_() % n; }
  /// Shape: uniform in [low, high].
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  /// Shape: `parts` of a million.
  bool chance(std::uint32_t parts) { return parts != 0 && below(1'000'000) < parts; }
  template <class T>
  const T& pick(std::span<const T> from) {
    return from[below(from.size())];
  }

 private:
  static std::uint64_t mixed(std::uint64_t seed, std::string_view stream) {
    std::uint64_t hash = 0xcbf29ce484222325U ^ (seed * 0x9e3779b97f4a7c15U);
    for (const char c : stream) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return hash;
  }
  std::mt19937_64 source_;
};

}  // namespace cambist::sim
