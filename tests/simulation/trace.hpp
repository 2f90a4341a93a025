// What a run did, step by step: a hash of all of it, and the last steps in words.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <string>
#include <string_view>
#include <typeinfo>

#include "tests/simulation/agenda.hpp"

namespace cambist::sim {

/// Two runs of one seed have the same hash, and a run that differs in one step has another.
class Trace {
 public:
  /// Shape: `out` gets every step as a line; nullptr: only the last ones are kept.
  explicit Trace(std::FILE* out = nullptr) : out_(out) {}

  /// An actor has taken one message. `message` nullptr: what it took is not known.
  void step(Tick now, const char* actor, std::uint64_t id, const std::type_info* message);
  /// Something happened in the world.
  void note(Tick now, std::string_view what, std::string_view detail = {});

  [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
  [[nodiscard]] std::uint64_t hash() const noexcept { return hash_; }
  /// The last 50, oldest first, a line each.
  [[nodiscard]] std::string last() const;
  /// The last 50 things in the world that name `what`.
  [[nodiscard]] std::string last_of(std::string_view what) const;

 private:
  struct Entry {
    Tick at{};
    std::uint64_t number = 0;
    std::uint64_t actor_id = 0;
    const char* actor = nullptr;  // of a step; nullptr: `text` says it all
    const std::type_info* message = nullptr;
    std::string text{};
  };
  Entry& next_entry(Tick now);
  void mix(std::uint64_t value) noexcept { hash_ = (hash_ ^ value) * 0x100000001b3U; }
  void mix(std::string_view text) noexcept;
  void print(const Entry& entry) const;
  static std::string in_words(const Entry& entry);

  static constexpr std::size_t kept = 50;
  static constexpr std::size_t notes_kept = 50'000;
  std::FILE* out_;
  std::array<Entry, kept> ring_{};
  std::deque<Entry> notes_{};
  std::uint64_t steps_ = 0;
  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

}  // namespace cambist::sim
