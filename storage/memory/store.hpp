// A store that forgets everything when it goes: for tests and the simulation.
#pragma once

#include <memory>

#include "storage/store.hpp"

namespace cambist::storage::memory {

[[nodiscard]] std::unique_ptr<Store> make();

}  // namespace cambist::storage::memory
