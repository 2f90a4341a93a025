// What every store asks of an append before it looks at its tables, so that all of them refuse the
// same.
#pragma once

#include <optional>

#include "storage/journal.hpp"

namespace cambist::storage {

/// Why `append` can never be written, whatever the store holds: a mistake of the caller.
/// Errors: internal, with the field that is wrong.
[[nodiscard]] std::optional<Error> malformed(const Append& append);

}  // namespace cambist::storage
