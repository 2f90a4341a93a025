// An adapter as a webhook stream calls it: what it throws at the bytes of strangers stops here.
#pragma once

#include <optional>
#include <string>
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

/// What must be fetched before `request` can be verified; nothing for most providers.
/// Errors: as above.
[[nodiscard]] Result<std::optional<provider::Evidence>> evidence(const provider::Adapter& adapter,
                                                                 const http::Request& request);
/// `verify` with what was fetched.
[[nodiscard]] Result<void> verify(const provider::Adapter& adapter, const http::Request& request,
                                  const http::Response& evidence, TimePoint now);

/// What must be fetched before a verified `request` is believed; nothing for most providers.
/// Errors: those of the adapter; one that throws has confirmed nothing: unauthenticated.
[[nodiscard]] Result<std::optional<provider::Evidence>> confirmation(
    const provider::Adapter& adapter, const http::Request& request);
/// Whether `answer` bears it out. Errors: as above.
[[nodiscard]] Result<void> confirm(const provider::Adapter& adapter, const http::Request& request,
                                   const http::Response& answer);

/// What a verified body says; `path` is what followed the secret token in its URL.
/// Errors: invalid_request, also when the adapter threw or the event has no id to know it by.
[[nodiscard]] Result<provider::Notice> read(const provider::Adapter& adapter, std::string_view path,
                                            std::string_view body);

/// What the provider wants to be answered with; empty: it does not care.
[[nodiscard]] std::string acknowledgement(const provider::Adapter& adapter, std::string_view body);

}  // namespace cambist::actors::webhooks
