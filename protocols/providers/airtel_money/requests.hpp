// A call as bytes.
#pragma once

#include "protocols/provider/adapter.hpp"
#include "protocols/providers/airtel_money/settings.hpp"

namespace cambist::airtel_money {

/// Without the token: whoever sends it attaches one.
/// Errors: unsupported_by_provider for the question what became of a refund, which Airtel does not
///         answer.
[[nodiscard]] Result<http::Request> build_request(const Account& account,
                                                  const provider::Call& call);

[[nodiscard]] http::Request build_token_request(const Account& account);
/// Errors: unauthenticated when the client was refused, unavailable for any other answer.
[[nodiscard]] Result<provider::Token> read_token(const http::Response& response);

}  // namespace cambist::airtel_money
