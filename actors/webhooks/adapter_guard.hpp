// An adapter as a webhook stream calls it: what it throws at the bytes of strangers stops here.
#pragma once

#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/core/time.hpp"
#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::actors::webhooks {

/// Whether `request` surely comes from the provider.
/// Errors: those of the adapter; an adapter that throws has not verified it: unauthenticated.
[[nodiscard]] Result<void> verify(const provider::Adapter& adapter, const http::Request& request,
                                  TimePoint now);

/// What a verified body says.
/// Errors: invalid_request, also when the adapter threw or the event has no id to know it by.
[[nodiscard]] Result<provider::Notice> read(const provider::Adapter& adapter,
                                            std::string_view body);

}  // namespace cambist::actors::webhooks
