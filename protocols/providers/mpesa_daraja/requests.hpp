// From a call to Daraja's request: which of its APIs serves it, and the JSON that it takes.
#pragma once

#include <cstdint>
#include <string>

#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/providers/mpesa_daraja/settings.hpp"

namespace cambist::mpesa_daraja {

enum class Api : std::uint8_t {
  push,      // M-Pesa Express: the prompt on the payer's phone
  query,     // what became of a prompt
  reversal,  // gives a whole payment back, once
  b2c,       // pays the payer
  status     // asks for the result of a reversal or payment; it comes to a callback
};

/// Shape: the same for every call of one operation.
[[nodiscard]] Api api_of(const AccountSettings& account, const provider::Call& call);

/// Errors: invalid_request when there is nothing to ask with: a prompt or reversal whose own answer
///         was lost, and whose callback has not come yet.
[[nodiscard]] Result<http::Request> build_request(const AccountSettings& account,
                                                  const provider::Call& call);
[[nodiscard]] http::Request build_token_request(const AccountSettings& account);

/// "254712345678", of `fields` or else the token.
[[nodiscard]] Result<std::string> phone_of(const provider::PaymentMethod& method);

}  // namespace cambist::mpesa_daraja
