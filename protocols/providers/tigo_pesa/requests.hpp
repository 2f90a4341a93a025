// A call as bytes.
#pragma once

#include "protocols/provider/adapter.hpp"
#include "protocols/providers/tigo_pesa/settings.hpp"

namespace cambist::tigo_pesa {

/// Without the token: whoever sends it attaches one.
/// Errors: unsupported_by_provider for every inquiry: Tigo cannot be asked.
[[nodiscard]] Result<http::Request> build_request(const Account& account,
                                                  const provider::Call& call);

[[nodiscard]] http::Request build_token_request(const Account& account);
/// Errors: unauthenticated when the account was refused, unavailable for any other answer.
[[nodiscard]] Result<provider::Token> read_token(const http::Response& response);

}  // namespace cambist::tigo_pesa
