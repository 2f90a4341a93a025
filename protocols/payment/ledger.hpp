// Double entry: which postings a fact makes. The sum over each currency is zero for every fact.
#pragma once

#include <string>
#include <vector>

#include "protocols/payment/machine.hpp"

namespace cambist::payment {

/// Shape: positive is a debit. Accounts: "provider:<name>:receivable" and "merchant:payable" move
/// with money,
///        "provider:<name>:held" and "customer:held" with authorizations; "merchant:disputed" is
///        what open disputes have taken from the receivable.
struct Posting {
  std::string account;
  Money amount;
  friend bool operator==(const Posting&, const Posting&) = default;
};

/// Postings of `event` given the payment before it.
[[nodiscard]] std::vector<Posting> postings(const Payment& before, const Event& event);

}  // namespace cambist::payment
