// The store as one life of the process sees it: what was committed is there in the next life, what
// was not is gone, and a commit that was under way at the end happened or did not.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "storage/store.hpp"
#include "tests/simulation/reach.hpp"

namespace cambist::sim {

/// Whether a life of the process is over: what is left of it can do nothing any more.
struct Life {
  bool over = false;
};

/// Shape: `on_write` says, for each batch, what goes wrong with it; nullopt: nothing.
/// `crash` ends the life in which it is called.
struct StoreTroubles {
  std::function<std::optional<Fault>(std::span<const storage::Entry>)> on_write{};
  std::function<void(std::span<const storage::Entry>, const std::vector<storage::AppendResult>&)>
      written{};                    // what was durable, whatever the writer was told
  std::function<bool()> on_read{};  // true: it is refused
  std::function<void()> crash{};
  bool down = false;
};

[[nodiscard]] std::shared_ptr<storage::Store> make_troubled_store(
    std::shared_ptr<storage::Store> inner, std::shared_ptr<StoreTroubles> troubles,
    std::shared_ptr<const Life> life);

}  // namespace cambist::sim
