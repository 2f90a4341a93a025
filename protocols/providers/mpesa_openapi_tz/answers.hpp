// From a response to a verdict. Total: whatever is not understood is Unknown, because a second
// prompt could be paid twice.
#pragma once

#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/provider/verdict.hpp"
#include "protocols/providers/mpesa_openapi_tz/settings.hpp"

namespace cambist::mpesa_openapi_tz {

/// Source: facts/mpesa.md B2, B3; README.md, "Verdicts".
[[nodiscard]] provider::Verdict interpret_answer(const AccountSettings& account,
                                                 const provider::Call& call,
                                                 const http::Response& response);

}  // namespace cambist::mpesa_openapi_tz
