// The operations of the matrices at providers where a payment waits for its payer: PayPal's pages,
// M-Pesa's prompts on phones.
#pragma once

#include "tests/integration/reliability/operations.hpp"

namespace cambist::test {

/// For the fault matrix: PayPal call by call, from the order to what becomes of the money.
[[nodiscard]] std::vector<Operation> paypal_operations();
/// The same of M-Pesa in Kenya ("mpesa_daraja") or Tanzania ("mpesa_openapi_tz"), whose payers pay
/// by themselves.
[[nodiscard]] std::vector<Operation> mpesa_operations(const std::string& provider);

/// For the crash matrix, with an inquiry, and what only a webhook tells of.
[[nodiscard]] std::vector<Operation> paypal_deaths();
[[nodiscard]] std::vector<Operation> mpesa_deaths(const std::string& provider);

}  // namespace cambist::test
