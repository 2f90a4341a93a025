// How many rows per second does a journal take, when batches hold the steps of payments' lives as
// the runtime writes them? Only the time inside the journal counts.
#pragma once

#include <chrono>
#include <cstdint>

#include "storage/journal.hpp"

namespace cambist::fill {

/// Shape: a row is one row of a table that an append inserts or updates: events, the projection,
///        operations, the key, postings, the timer, our own events.
struct JournalRun {
  std::uint64_t commits = 0;
  std::uint64_t appends = 0;
  std::uint64_t rows = 0;
  std::chrono::duration<double> inside{};
};

[[nodiscard]] std::uint64_t rows_of(const storage::Append& append);

/// Batches of `batch` payments: all intents of their creates, then the verdicts, then the captures,
/// then those verdicts. `seed` makes the keys: another for each run on one store.
[[nodiscard]] JournalRun run_journal(storage::Journal& journal, std::size_t batch,
                                     std::chrono::duration<double> for_so_long, std::uint64_t seed);

}  // namespace cambist::fill
