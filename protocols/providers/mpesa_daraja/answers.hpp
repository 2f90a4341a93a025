// From a response to a verdict. Total: whatever is not understood is Unknown, because repeating it
// could charge twice.
#pragma once

#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/provider/verdict.hpp"
#include "protocols/providers/mpesa_daraja/settings.hpp"

namespace cambist::mpesa_daraja {

/// Source: facts/mpesa.md A2, A4 to A7.
[[nodiscard]] provider::Verdict interpret_answer(const AccountSettings& account,
                                                 const provider::Call& call,
                                                 const http::Response& response);

/// Errors: unauthenticated when the consumer key was refused; unavailable for anything else.
/// Source: facts/mpesa.md A1.
[[nodiscard]] Result<provider::Token> read_token_answer(const http::Response& response);

}  // namespace cambist::mpesa_daraja
