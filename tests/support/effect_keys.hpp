// Which operation of ours an effect in the sandbox's ledger belongs to: each provider knows our
// operations by ids of another form, and some by none.
#pragma once

#include <string>

#include <boost/json.hpp>

#include "tests/support/books.hpp"

namespace cambist::test {

/// nullptr: none of this payment's.
[[nodiscard]] const storage::OperationRow* owner_of(const StoredPayment& payment,
                                                    const boost::json::value& effect);

/// The same effects, each with its payment: a bank knows our references only.
[[nodiscard]] boost::json::array with_payments(const Books& books, boost::json::array effects);

}  // namespace cambist::test
