// From a response to a verdict. Total: whatever is not understood is Unknown, because repeating it
// could charge twice.
#pragma once

#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/provider/verdict.hpp"
#include "protocols/providers/paypal/settings.hpp"

namespace cambist::paypal {

/// Source: facts/paypal.md sections 2 to 5; facts/error-taxonomy.md sections 3 and 4.
[[nodiscard]] provider::Verdict interpret_answer(const AccountSettings& account,
                                                 const provider::Call& call,
                                                 const http::Response& response);

}  // namespace cambist::paypal
