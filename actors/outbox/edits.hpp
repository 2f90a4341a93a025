// What a change makes of an endpoint. Pure.
#pragma once

#include <string_view>

#include "actors/requests.hpp"

namespace cambist::actors::outbound {

/// The endpoint after `change`; its cursor, and what a change does besides, are not of this.
[[nodiscard]] storage::EndpointRow edited(storage::EndpointRow row, const ChangeEndpoint& change,
                                          TimePoint now);
/// The endpoint that is meant.
[[nodiscard]] EndpointId target_of(const ChangeEndpoint& change);
/// Its line in the audit log, with what the asker has left out.
[[nodiscard]] storage::AuditRow audit_of(const ChangeEndpoint& change, TimePoint now,
                                         const Random& random);

}  // namespace cambist::actors::outbound
