// Who may call: API keys and sessions, which arrive encrypted for the emulator's own key.
#pragma once

#include <optional>
#include <string>

#include "gateway/sandbox/mpesa_openapi_tz/model.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway::sandbox::mpesa_openapi_tz {

/// A key of the portal: any that begins with "sk_test_".
[[nodiscard]] bool knows_key(Bench& bench, const http::Request& request);
/// A session that is old enough to be taken and has not ended.
[[nodiscard]] bool knows_session(Bench& bench, const http::Request& request);
/// A new session for whoever holds a key. One made with a key that ends in "_warmup" is taken
/// after 30 s only.
[[nodiscard]] std::string make_session(Bench& bench, const http::Request& request);

/// The plain text of base64 that was encrypted for `sandbox_public_key`; nullopt for other text.
[[nodiscard]] std::optional<std::string> open_sealed(std::string_view base64);

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz
