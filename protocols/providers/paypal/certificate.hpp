// Whether a message was signed with the key of a certificate that leads to a trusted root, and that
// PayPal signs webhooks with. All of this provider's public-key cryptography.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/core/time.hpp"

namespace cambist::paypal {

/// Certificates that a chain may end in. Copies share one store, which can be used by several
/// threads at once.
class TrustRoots {
 public:
  /// Those of the machine, where OpenSSL was built to look for them.
  [[nodiscard]] static Result<TrustRoots> of_the_system();
  /// Errors: invalid_request when the text holds no certificate, more than 8, or one that cannot be
  /// read.
  [[nodiscard]] static Result<TrustRoots> from_pem(std::string_view pem);

  struct Store;
  [[nodiscard]] const Store& store() const noexcept { return *store_; }

 private:
  explicit TrustRoots(std::shared_ptr<const Store> store) : store_(std::move(store)) {}
  std::shared_ptr<const Store> store_;
};

/// `chain` is PEM, the signer's certificate first; `signature` the bytes of an RSA signature
/// (PKCS#1 v1.5) over the SHA-256 of `message`.
/// Errors: unavailable when `chain` is no certificate at all; unauthenticated when it does not lead
/// to a root at `now`, is not one of PayPal's for webhooks, or did not sign this.
/// Source: facts/paypal.md section 9, "Verification B", 3 and 5.
[[nodiscard]] Result<void> verify_signed(std::string_view chain, const TrustRoots& roots,
                                         std::string_view message, std::string_view signature,
                                         TimePoint now);

/// CRC-32 as zlib has it (IEEE 802.3, reflected). No protection against anybody who means it.
[[nodiscard]] std::uint32_t crc32(std::string_view bytes) noexcept;

}  // namespace cambist::paypal
