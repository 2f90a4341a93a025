// A store around another one that fails when it is told to.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "storage/store.hpp"

namespace cambist::test {

/// How the next calls go wrong; each number counts down.
struct StoreFaults {
  std::atomic<int> refuse_appends{0};  // nothing is written, the answer is an error
  std::atomic<int> forget_appends{0};  // written, but the answer is an error: a lost COMMIT
  std::atomic<int> throw_in_append{0};
  std::atomic<bool> down{false};  // nothing is written, and the store says so when it is probed
  std::atomic<int> probes{0};
  std::atomic<int> refuse_reads{0};
  std::atomic<int> refuse_lookups{0};  // of payments by the provider's id
  std::atomic<int> throw_in_reads{0};
  std::atomic<int> corrupt_events{0};        // the events read are not understood
  std::optional<storage::Append> foreign{};  // another writer is faster than the next batch
  std::atomic<int> appends{0};               // batches so far
  std::atomic<std::size_t> largest_batch{0};
};

[[nodiscard]] std::shared_ptr<storage::Store> make_faulty_store(
    std::shared_ptr<storage::Store> inner, std::shared_ptr<StoreFaults> faults);

}  // namespace cambist::test
