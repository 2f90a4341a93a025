// Sessions: what is sent is never the key or the session itself, but either encrypted for the
// provider with the public key that its portal gives out.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::mpesa_openapi_tz {

struct AccountSettings;

/// An RSA key to encrypt with. Copies share it; it never changes.
class PublicKey {
 public:
  PublicKey() = default;  // encrypts nothing
  /// Reads base64 of a DER SubjectPublicKeyInfo.
  /// Errors: invalid_request when it is none, or no RSA key of 2048 to 8192 bits.
  [[nodiscard]] static Result<PublicKey> parse(std::string_view base64);
  /// base64 of the PKCS#1 v1.5 encryption: another text each time, for its padding is random.
  /// Errors: invalid_request when `text` is empty or longer than the key takes; internal without a
  /// key.
  [[nodiscard]] Result<std::string> encrypt(std::string_view text) const;

 private:
  std::shared_ptr<void> key_;  // OpenSSL's, which stays in the .cpp
};

/// GET …/getSession/
[[nodiscard]] Result<http::Request> build_session_request(const AccountSettings& account);

/// The bearer of later calls: the session, encrypted once here and not once for each call.
/// Errors: unauthenticated when the API key was refused; unavailable for any other answer.
[[nodiscard]] Result<provider::Token> read_session(const AccountSettings& account,
                                                   const http::Response& response);

/// Whether the session alone was refused. A declined payment is a 401 too (INS-6).
[[nodiscard]] bool session_refused(const http::Response& response);

}  // namespace cambist::mpesa_openapi_tz
