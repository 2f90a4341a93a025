// Bank statements and notices of ISO 20022: camt.052, camt.053 and camt.054, versions 02 to 13.
// Names are read without their namespace, since the versions differ in little that matters here.
#pragma once

#include <string_view>
#include <vector>

#include "protocols/bank/credit.hpp"

namespace cambist::bank {

/// Every entry, debits and such as are not booked included; an entry that books several payments at
/// once becomes one credit each, when their amounts add up to it. `utc_offset` is the bank's, for
/// times that name none.
/// Errors: invalid_request for what is no such document or is not safe to read: a document type,
///         another encoding than UTF-8, too large, too deep, too many entries.
/// Source: facts/bank-transfer.md section 5; README.md, decision 4.
[[nodiscard]] Result<std::vector<Credit>> read_camt(std::string_view xml,
                                                    std::chrono::minutes utc_offset);

}  // namespace cambist::bank
