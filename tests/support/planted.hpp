// The faults that are planted in the product for the simulator to find: which there are, and which
// one is alive. Only a program built with CAMBIST_PLANTED_FAULTS has them at all.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cambist::test {

/// Shape: `breaks` names the promises of design.md that it breaks, `what` is one sentence.
struct PlantedFault {
  std::string_view name;
  std::string_view breaks;
  std::string_view what;
};
/// All of them, by name.
[[nodiscard]] std::span<const PlantedFault> planted_faults() noexcept;

/// From now on `name` is alive, alone; empty: none. False when there is no such fault.
bool plant(std::string_view name);
/// How often the one that is alive has been asked for and found alive: zero says that this run
/// never came by its place.
[[nodiscard]] std::uint64_t planted_hits() noexcept;

/// While it lives no fault is alive in this thread. Whoever judges with the product's own functions
/// (`evolve`, `decide`, `postings`) must not judge with a faulty one.
class FaultsAsleep {
 public:
  FaultsAsleep() noexcept;
  ~FaultsAsleep();
  FaultsAsleep(const FaultsAsleep&) = delete;
  FaultsAsleep& operator=(const FaultsAsleep&) = delete;

 private:
  bool before_;
};

}  // namespace cambist::test
