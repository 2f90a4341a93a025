// Of rows that say the same thing twice, the later one counts; one statement cannot change a row
// twice.
#pragma once

#include <algorithm>
#include <iterator>

namespace cambist::storage::postgres {

/// Hands each of `rows` to `take` that no later one of the same id replaces.
template <class Rows, class Take>
void each_last(const Rows& rows, Take take) {
  for (auto row = rows.begin(); row != rows.end(); ++row) {
    const bool replaced = std::any_of(std::next(row), rows.end(),
                                      [&](const auto& later) { return later.id == row->id; });
    if (!replaced) take(*row);
  }
}

}  // namespace cambist::storage::postgres
