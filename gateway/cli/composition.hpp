// From settings to the parameters of each part: the one place that knows both.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "actors/runtime.hpp"
#include "config/settings.hpp"
#include "gateway/api/api.hpp"
#include "gateway/inbound/server.hpp"
#include "gateway/outbound/client.hpp"

namespace cambist::gateway::cli {

/// Every provider that can work: it has a secret key, or the sandbox at `sandbox_url` stands in for
/// it. Errors: invalid_request, with the setting in the detail, when one cannot be used or none is
/// left.
[[nodiscard]] Result<std::map<std::string, actors::ProviderParams>> make_providers(
    const config::Settings& settings, const std::string& sandbox_url);

/// All but the store, the clock and the randomness, which are main's.
[[nodiscard]] actors::RuntimeParams runtime_params(const config::Settings& settings);

[[nodiscard]] outbound::ClientLimits client_limits(const config::Outbound& settings);
/// For merchants' endpoints: addresses that are not public are refused, unless this is development.
[[nodiscard]] outbound::ClientLimits merchant_limits(const config::Settings& settings);
/// `may_be_large` says which requests may bring a bank's statement.
[[nodiscard]] inbound::Limits server_limits(const config::Settings& settings,
                                            std::function<bool(const http::Head&)> may_be_large);
[[nodiscard]] QueuePolicy queue_policy(const config::Settings& settings);
/// How long the API waits for a payment: a second longer than the payment waits for its verdict, so
/// that it is the payment that says 202.
[[nodiscard]] std::chrono::milliseconds request_deadline(const config::Settings& settings);
/// How long a test of an endpoint is waited for.
[[nodiscard]] std::chrono::milliseconds endpoint_deadline(const config::Settings& settings);
[[nodiscard]] Rates rates(const config::Limits& settings);

}  // namespace cambist::gateway::cli
