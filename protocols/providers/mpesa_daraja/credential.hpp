// The password of the account's API operator as Daraja takes it: encrypted for its certificate.
#pragma once

#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/core/secret.hpp"

namespace cambist::mpesa_daraja {

/// base64(RSA PKCS#1 v1.5(password)) with the public key of `certificate`, an X.509 in PEM.
/// Shape: another text each time it is made; whoever needs the same bytes again keeps it.
/// Errors: invalid_request for a certificate that is none, holds no RSA key, or is too small.
/// Source: facts/mpesa.md A7.
[[nodiscard]] Result<Secret> security_credential(const Secret& password,
                                                 std::string_view certificate);

}  // namespace cambist::mpesa_daraja
