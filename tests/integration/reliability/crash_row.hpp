// One row of the crash matrix: one place under every operation, over one data folder and one
// provider.
#pragma once

#include <string>
#include <vector>

#include "tests/integration/reliability/operations.hpp"

namespace cambist::test {

/// Shape: `died` says that the operation came by; `waits` that nobody can know what became of it,
/// so that it waits for people; `wrong` is empty when every promise was kept.
struct CrashCell {
  std::string payment;
  bool died = false;
  bool waits = false;
  std::vector<std::string> wrong;
};

/// The server dies at `place` ("NAME[:N]") under each operation, and comes back. A cell for each.
[[nodiscard]] std::vector<CrashCell> die_at(const std::string& place,
                                            const std::vector<Operation>& operations,
                                            StoreKind store);

}  // namespace cambist::test
