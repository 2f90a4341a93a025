// From a response to a verdict. Total: whatever is not understood is Unknown, because repeating it
// could charge twice.
#pragma once

#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/provider/verdict.hpp"

namespace cambist::stripe {

/// Source: facts/error-taxonomy.md sections 2 and 4; facts/idempotency.md section 3.
[[nodiscard]] provider::Verdict interpret_answer(const provider::Call& call,
                                                 const http::Response& response);

}  // namespace cambist::stripe
