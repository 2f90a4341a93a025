// What a fuzz target is: a function that takes any bytes and says, by ending the process, that
// something which must always hold does not. One file beside this folder holds one target;
// libFuzzer runs it alone, and replay_test.cpp runs all of them over their corpora.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cambist::fuzz {

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};

/// Every target that is linked in, in no order.
[[nodiscard]] std::vector<Target>& targets();

struct Registered {
  Registered(std::string_view name, void (*run)(std::string_view)) {
    targets().push_back({name, run});
  }
};

/// Ends the process with the sentence unless it holds. It is no exception: what is tested might
/// catch it.
void must(bool holds, std::string_view sentence);

/// Named in what `must` prints; the corpus' replay says with it which input it is at.
void running(std::string_view what);

/// The parts of an input, from its front. Inputs are text where they can be, so that a seed is
/// written by hand and a crash is read by eye.
class Parts {
 public:
  explicit Parts(std::string_view bytes) : rest_(bytes) {}

  /// Up to the next line break, which is taken too.
  [[nodiscard]] std::string_view line();
  /// One byte as a number below `below`; 0 when nothing is left.
  [[nodiscard]] std::size_t choice(std::size_t below);
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace cambist::fuzz

/// CAMBIST_FUZZ_TARGET(name) { … bytes … } in the file name.cpp.
#define CAMBIST_FUZZ_TARGET(name)                                                  \
  static void fuzz_##name(std::string_view bytes);                                 \
  static const ::cambist::fuzz::Registered registered_##name{#name, &fuzz_##name}; \
  static void fuzz_##name([[maybe_unused]] std::string_view bytes)
