#include "gateway/cli/sandbox_server.hpp"

#include <boost/json.hpp>

#include "gateway/outbound/client.hpp"
#include "protocols/provider/base_url.hpp"

namespace cambist::gateway::cli {
namespace {

/// The emulators answer more than one server on this machine would ask: limits are wide.
inbound::Limits limits() {
  inbound::Limits wide;
  wide.connections_per_address = wide.connections;
  wide.requests_per_connection = 1'000'000;
  wide.handler_deadline = std::chrono::minutes{10};
  return wide;
}

http::Response refusal(int status, const Error& error) {
  return {status,
          {{"Content-Type", "application/json"}},
          boost::json::serialize(boost::json::object{
              {"error", {{"code", to_string(error.code)}, {"message", error.detail}}}})};
}

}  // namespace

std::string local_url(const std::string& address, std::uint16_t port) {
  auto host = address.substr(0, address.rfind(':'));
  if (host == "0.0.0.0" || host.empty()) host = "127.0.0.1";
  if (host == "[::]") host = "[::1]";
  return "http://" + host + ":" + std::to_string(port);
}

sandbox::webhooks::Secrets webhook_secrets(const config::Settings& settings,
                                           const std::string& sandbox_url) {
  sandbox::webhooks::Secrets secrets;
  for (const auto& [name, provider] : settings.providers) {
    if (!provider.enabled) continue;
    const auto adapter = config::adapter_settings(name, provider, sandbox_url);
    const auto base = adapter.values.find("base_url");
    const auto secret = adapter.secrets.find("webhook_secret");
    if (base == adapter.values.end()) continue;
    const auto url = provider::parse_base_url(base->second);
    if (!url || !provider::is_loopback(provider::host_of(*url))) continue;
    // Some sign with a key of their own and share no secret.
    secrets.emplace(name, secret == adapter.secrets.end()
                              ? Secret{std::string{config::sandbox_webhook_secret}}
                              : secret->second.clone());
  }
  return secrets;
}

Result<std::unique_ptr<SandboxServer>> SandboxServer::start(
    const std::string& listen, const std::vector<std::pair<std::string, std::string>>& roots,
    Clock now, Random random) {
  std::unique_ptr<SandboxServer> made{new SandboxServer};
  made->now_ = now;
  // An empty URL: redirects point at the address the request came to, since the port may not be
  // known yet.
  made->sandbox_ = sandbox::Sandbox::make(std::move(now), std::move(random), {});
  auto server = inbound::Server::start(listen, limits(), made->sandbox_->handler(), refusal, 1);
  if (!server) return server.error();
  made->url_ = local_url(listen, (*server)->port());
  made->servers_.push_back(std::move(*server));
  for (const auto& [provider, address] : roots) {
    auto handler = made->sandbox_->root_handler(provider);
    if (!handler) {
      return Error{ErrorCode::invalid_request,
                   "--root: there is no emulator of \"" + provider + "\""};
    }
    auto root = inbound::Server::start(address, limits(), std::move(handler), refusal, 1);
    if (!root) return root.error();
    made->roots_.emplace_back(provider, local_url(address, (*root)->port()));
    made->servers_.push_back(std::move(*root));
  }
  return made;
}

SandboxServer::~SandboxServer() {
  drain(std::chrono::milliseconds{0});
}

Result<void> SandboxServer::webhooks_to(const std::string& url,
                                        const sandbox::webhooks::Secrets& secrets) {
  auto destination = sandbox::webhooks::read_destination(url, secrets);
  if (!destination) return destination.error();
  stop_webhooks();
  const sandbox::webhooks::ScheduleLimits schedule;
  outbound::ClientLimits client;
  client.connections_per_origin = schedule.in_flight_max;
  client.response_bytes = 64 * 1024;  // nobody reads the answer but for its status
  sender_ = sandbox::webhooks::start_sender(
      std::move(*destination), outbound::make_client(std::move(client)), now_,
      [sandbox = sandbox_.get()] { return sandbox->pass_time(); }, schedule);
  sandbox_->mail_to(sender_);
  return {};
}

void SandboxServer::stop_webhooks() {
  if (!sender_) return;
  sandbox_->mail_to(nullptr);
  sender_->stop();
  sender_.reset();
}

void SandboxServer::drain(std::chrono::milliseconds deadline) {
  stop_webhooks();
  for (auto& server : servers_) server->drain(deadline);
  servers_.clear();
}

}  // namespace cambist::gateway::cli
