// The neutral form of one entry as JSON: what banks' callbacks are mapped to, and what the lines of
// an imported statement become, so that both take one way.
#pragma once

#include <string>
#include <string_view>

#include "protocols/bank/credit.hpp"

namespace cambist::bank {

/// Errors: invalid_request with the field. The bank's id is needed: without it a statement would
///         tell of the same money a second time.
/// Source: facts/bank-transfer.md section 4.
[[nodiscard]] Result<Credit> read_callback(std::string_view body);
/// Reads back as the same entry.
[[nodiscard]] std::string write_callback(const Credit& entry);

}  // namespace cambist::bank
