// From a response to a verdict. Total: whatever is not understood is Unknown.
#pragma once

#include "protocols/provider/adapter.hpp"
#include "protocols/providers/airtel_money/settings.hpp"

namespace cambist::airtel_money {

[[nodiscard]] provider::Verdict interpret_answer(const Account& account, const provider::Call& call,
                                                 const http::Response& response);

}  // namespace cambist::airtel_money
