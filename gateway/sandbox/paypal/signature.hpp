// Signs webhooks as PayPal does, and verifies for its postback. The sandbox is the independent
// witness, so this is not the code that Cambist verifies with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway::sandbox::paypal {

/// The id of the one webhook of the account: a part of what is signed.
constexpr std::string_view webhook_id = "WH-SANDBOX-CAMBIST";
constexpr std::string_view certificate_path = "/v1/notifications/certs/CERT-test";

/// The headers of one attempt: transmission id, time and signature, and where the certificate is.
/// `by_forger` signs with a key that the certificate does not know.
/// Source: facts/paypal.md section 9.
[[nodiscard]] http::Headers sign(std::string_view body, const std::string& certificate_url,
                                 TimePoint now, bool by_forger);

/// What a postback names beside the event.
struct Claim {
  std::string_view algorithm;
  std::string_view certificate_url;
  std::string_view transmission_id;
  std::string_view transmission_time;
  std::string_view signature;
  std::string_view webhook;
};
/// Whether the sandbox signed `body` so.
[[nodiscard]] bool verifies(const Claim& claim, std::string_view body);

/// CRC-32 as zlib computes it.
[[nodiscard]] std::uint32_t crc32(std::string_view bytes) noexcept;

}  // namespace cambist::gateway::sandbox::paypal
