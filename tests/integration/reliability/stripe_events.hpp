// Webhooks as Stripe would send them, made and signed by the tests themselves: neither the server's
// verifier nor the emulator's signer is its own judge.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "tests/support/service.hpp"

namespace cambist::test {

/// What all scenes share with their emulator.
inline constexpr const char* webhook_secret = "whsec_of_the_tests_0123456789abcdef";

/// "t=…,v1=…": HMAC-SHA256 in hex over "t.body", the secret as it is written.
/// Source: facts/stripe.md section 10.
[[nodiscard]] std::string stripe_signature(std::string_view body, std::chrono::seconds at,
                                           std::string_view secret = webhook_secret);
[[nodiscard]] std::chrono::seconds now_in_seconds();

/// Posts a webhook to a server as the provider would. `signature` empty: signed rightly, now.
[[nodiscard]] ApiResponse post_webhook(const Client& client, const std::string& body,
                                       const std::string& signature = {});

/// Everything that the emulator lists at GET /v1/events, the oldest first, as JSON texts.
[[nodiscard]] std::vector<std::string> emulated_events(const SandboxProcess& sandbox);
[[nodiscard]] std::string event_id(const std::string& body);

/// The signatures that Stripe's official SDK makes for these bodies
/// (`stripe.webhooks.generateTestHeaderString`).
[[nodiscard]] std::vector<std::string> sdk_signatures(const std::vector<std::string>& bodies);

}  // namespace cambist::test
