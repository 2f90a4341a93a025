// Which idempotency key a request has, and the fingerprint that tells one request from another.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "protocols/core/digest.hpp"
#include "protocols/core/error.hpp"
#include "protocols/core/ids.hpp"

namespace cambist::api {

/// The key of the header (nullptr: none) or of the body's `idempotency_key`; empty when neither is
/// there. One pair of double quotes around it is taken off. Errors: invalid_request with `field`
/// "Idempotency-Key" or "idempotency_key": empty, over 255 characters, not
///         visible ASCII, or two different keys.
[[nodiscard]] Result<std::string> idempotency_key_of(const std::string* header,
                                                     const boost::json::object& body);

/// The key of a create that has none but names a reference.
/// Source: design.md, "Decisions taken where sources disagree", 1.
[[nodiscard]] std::string derived_key(const TenantId& tenant, std::string_view operation,
                                      std::string_view reference);

/// SHA-256 over the method, the path with its parameters and the canonical body without
/// `idempotency_key`. Source: facts/idempotency.md section 2.
[[nodiscard]] Sha256 fingerprint(std::string_view method, std::string_view path,
                                 const boost::json::object& body);

}  // namespace cambist::api
