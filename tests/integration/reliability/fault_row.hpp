// One row of the fault matrix: one fault at every operation, one after the other, at a provider of
// its own.
#pragma once

#include <string>
#include <vector>

#include "tests/integration/reliability/operations.hpp"

namespace cambist::test {

/// Shape: `conflicts` are commands that had to wait; `mark` is what the table shows; `wrong` is
/// empty when all is as it should be.
struct FaultCell {
  std::string payment;
  std::size_t conflicts = 0;
  std::string mark;
  std::vector<std::string> wrong;
};

/// Each operation meets the fault for as long as its client waits. A cell for each.
[[nodiscard]] std::vector<FaultCell> meet(const std::string& fault,
                                          const std::vector<Operation>& operations);

}  // namespace cambist::test
