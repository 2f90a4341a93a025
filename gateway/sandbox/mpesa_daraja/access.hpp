// Who may call: a consumer key for a token, a token for everything else.
#pragma once

#include <optional>
#include <string_view>

#include "gateway/sandbox/mpesa_daraja/answers.hpp"
#include "gateway/sandbox/mpesa_daraja/model.hpp"

namespace cambist::gateway::sandbox::mpesa_daraja {

/// GET /oauth/v1/generate. Source: facts/mpesa.md A1.
[[nodiscard]] Outcome give_token(Bench& bench, const http::Request& request, std::string_view query,
                                 TimePoint now);
/// nullopt when the request carries a token that is good.
[[nodiscard]] std::optional<Failure> check_token(Bench& bench, const http::Headers& headers,
                                                 TimePoint now);

}  // namespace cambist::gateway::sandbox::mpesa_daraja
