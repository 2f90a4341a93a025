// The ReferenceID that Tigo knows an operation by: at most 20 letters and digits behind the
// biller's code, too short for our ids, so that it is made of a digest of the operation's.
#pragma once

#include <string>
#include <string_view>

#include "protocols/core/ids.hpp"

namespace cambist::tigo_pesa {

/// The same operation has the same one, whenever it is asked.
/// Source: facts/tigo-pesa.md 1.2; at least 60 bits of the digest are in it.
[[nodiscard]] std::string reference_id(std::string_view biller_code, const OperationId& operation);

}  // namespace cambist::tigo_pesa
