// What a merchant may say about an endpoint, and what is not taken.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "actors/requests.hpp"
#include "protocols/core/error.hpp"

namespace cambist::gateway {

// Errors of every reader: invalid_request with the field's path.

/// Shape: the row has no id, tenant, secret and times yet. `loopback` allows http and this machine.
[[nodiscard]] Result<storage::EndpointRow> read_endpoint(const boost::json::object& body,
                                                         bool loopback);
/// Shape: what is not named stays; a null description or list of types is an empty one.
[[nodiscard]] Result<actors::UpdateEndpoint> read_endpoint_changes(const boost::json::object& body,
                                                                   bool loopback);
/// For how long the old secret signs too; a day when the body does not say.
[[nodiscard]] Result<std::chrono::hours> read_overlap(const boost::json::object& body);
[[nodiscard]] Result<std::uint64_t> read_cursor(const boost::json::object& body);
[[nodiscard]] Result<EventId> read_event(const boost::json::object& body);

/// "whsec_" and 32 random bytes in base64.
/// Source: facts/webhooks.md section 2.
/// Errors: unavailable when the system has no randomness.
[[nodiscard]] Result<std::string> fresh_endpoint_secret();

}  // namespace cambist::gateway
