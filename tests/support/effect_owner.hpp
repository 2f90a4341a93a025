// Whose an effect in a provider's ledger is: each provider knows duplicates by another text that
// our operation travelled in.
#pragma once

#include <string_view>

#include <boost/json.hpp>

#include "protocols/core/ids.hpp"
#include "storage/payment_rows.hpp"

namespace cambist::test {

/// Whether an effect of `GET /sandbox/ledger` was made by that operation of that payment.
[[nodiscard]] bool made_by(const boost::json::value& effect, const PaymentId& payment,
                           const storage::OperationRow& operation);

/// Whether a text that stands as a key at `provider` is the one of that operation.
[[nodiscard]] bool is_key_of(std::string_view provider, std::string_view key,
                             const PaymentId& payment, const storage::OperationRow& operation);

}  // namespace cambist::test
