// A webhook as PayPal sends it, signed with the sandbox's key.
#pragma once

#include <string>
#include <string_view>

#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "tests/unit/protocols/providers/paypal/certificates.hpp"

namespace cambist::test {

/// What goes into a webhook; change one thing and sign it anew, or change it afterwards.
struct SignedWebhook {
  std::string body = R"({"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED"})";
  std::string id = "69cd13f0-d67a-11e5-baa3-778b53f4ae55";
  std::string time = "2026-12-01T08:00:00Z";
  std::string webhook_id = "WH-SANDBOX";
  std::string cert_url = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-test";
  std::string algorithm = "SHA256withRSA";
  std::string_view key = pem::leaf_key;

  [[nodiscard]] http::Request request() const;
};

/// base64 of the signature that `key` (PEM) gives `text` with SHA-256.
[[nodiscard]] std::string sign_text(std::string_view text, std::string_view key);

/// An account at PayPal's own sandbox that trusts the sandbox's root; `values` are laid over it.
[[nodiscard]] provider::Settings paypal_settings(std::map<std::string, std::string> values = {});

/// The header of that name, to be changed.
[[nodiscard]] std::string& header_of(http::Request& request, std::string_view name);

}  // namespace cambist::test
