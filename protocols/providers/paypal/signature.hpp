// Whether a webhook was sent by PayPal: by the certificate that signed it, or by asking PayPal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/providers/paypal/settings.hpp"

namespace cambist::paypal {

/// What the five headers say.
/// Shape: `sent_at_text` and `certificate_url` are the texts themselves, as they were signed or are
///        sent back; `signature` is decoded.
struct Transmission {
  std::string id;
  std::string sent_at_text;
  TimePoint sent_at{};
  std::string signature_text;
  std::string signature;
  std::string certificate_url;
};

/// Errors: unauthenticated when a header is missing or comes twice, the algorithm is another than
/// SHA256withRSA, a text is malformed, or the certificate is not where PayPal keeps its own.
[[nodiscard]] Result<Transmission> read_transmission(const AccountSettings& account,
                                                     const http::Request& webhook);

/// What must be fetched to verify it: the certificate, or PayPal's own word.
/// Errors: as above; not_found when the account has no webhook id.
[[nodiscard]] Result<provider::Evidence> evidence_of(const AccountSettings& account,
                                                     const http::Request& webhook);

/// Errors: unauthenticated with one and the same detail, whatever is wrong; unavailable when what
/// was fetched tells nothing.
/// Source: facts/paypal.md section 9.
[[nodiscard]] Result<void> verify_transmission(const AccountSettings& account,
                                               const http::Request& webhook,
                                               const http::Response& evidence, TimePoint now);

/// The text that PayPal signs.
[[nodiscard]] std::string signed_text(std::string_view transmission_id,
                                      std::string_view transmission_time,
                                      std::string_view webhook_id, std::string_view body);

}  // namespace cambist::paypal
