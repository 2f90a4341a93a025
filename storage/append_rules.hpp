// What every store asks of an entry before it looks at its tables, and the words in which every
// store refuses, so that all of them refuse the same.
#pragma once

#include <optional>
#include <string_view>

#include "storage/store.hpp"

namespace cambist::storage {

/// Why `append` can never be written, whatever the store holds: a mistake of the caller.
/// Errors: internal, with the field that is wrong.
[[nodiscard]] std::optional<Error> malformed(const Append& append);
/// The same for any row of `records`.
[[nodiscard]] std::optional<Error> malformed(const Records& records);

/// Whether a webhook at `status` does not change any more, unless it is replayed.
[[nodiscard]] bool is_final(std::string_view status);
/// Whether a webhook at `status` waits for somebody to work on it.
[[nodiscard]] bool is_due(std::string_view status);

[[nodiscard]] Error no_such_webhook();
[[nodiscard]] Error no_such_endpoint();
/// The answer to an entry that passed every check and still cannot be held: an id that is taken, a
/// value that is too long.
[[nodiscard]] Error cannot_hold(const Entry& entry);

}  // namespace cambist::storage
