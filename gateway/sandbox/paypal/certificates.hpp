// The sandbox's own public key infrastructure for PayPal's webhooks. It protects nothing: the keys
// are published here on purpose, and only a receiver in sandbox mode trusts their root.
#pragma once

#include <string>
#include <string_view>

namespace cambist::gateway::sandbox::paypal {

/// PEM of the certificate that webhooks are signed with, and of its issuer after it: what PayPal
/// serves at the certificate URL.
[[nodiscard]] std::string certificate_chain();
/// PEM of the private key of the first certificate of the chain.
[[nodiscard]] std::string_view signing_key() noexcept;
/// PEM of a private key that belongs to no certificate: what a forger signs with.
[[nodiscard]] std::string_view forgers_key() noexcept;

}  // namespace cambist::gateway::sandbox::paypal
