// A uniform draw in [0, 1) from the random port, for jitter.
#pragma once

#include "protocols/core/time.hpp"

namespace cambist::actors {

[[nodiscard]] inline double roll(const Random& random) {
  return static_cast<double>(random() >> 11U) * 0x1p-53;  // 53 bits are what a double holds
}

}  // namespace cambist::actors
