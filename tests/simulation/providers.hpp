// Every provider of the registry, set up as the sandbox has them, for a world without sockets.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/sandbox/webhooks/destination.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/routing/plan.hpp"

namespace cambist::sim {

/// What the emulators take for their own address: a loopback host, so that adapters know them for a
/// sandbox.
inline constexpr std::string_view sandbox_url = "http://127.0.0.1:8081";

/// By name.
[[nodiscard]] std::map<std::string, std::shared_ptr<const provider::Adapter>> make_adapters();
/// What each provider's webhooks are signed with, or its secret path.
[[nodiscard]] gateway::sandbox::webhooks::Secrets webhook_secrets();
/// Where payments that name no provider may go.
[[nodiscard]] std::vector<routing::Account> accounts();
/// In the order of the registry: what routing prefers.
[[nodiscard]] std::vector<std::string> provider_names();

}  // namespace cambist::sim
