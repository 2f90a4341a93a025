#include "gateway/cli/composition.hpp"

#include <algorithm>

#include "protocols/bank/texts.hpp"
#include "protocols/http/public_address.hpp"

namespace cambist::gateway::cli {

Result<std::map<std::string, actors::ProviderParams>> make_providers(
    const config::Settings& settings, const std::string& sandbox_url) {
  std::map<std::string, actors::ProviderParams> made;
  for (const auto& entry : provider::registry()) {
    const auto found = settings.providers.find(std::string{entry.name});
    if (found == settings.providers.end() || !found->second.enabled) continue;
    const config::Provider& account = found->second;
    const auto known = config::adapter_settings(entry.name, account, sandbox_url);
    auto adapter = entry.make(known);
    if (!adapter) {
      return Error{ErrorCode::invalid_request, "provider " + std::string{entry.name} + ": " +
                                                   adapter.error().field + ": " +
                                                   adapter.error().detail};
    }
    actors::ProviderParams params;
    params.adapter = std::move(*adapter);
    params.breaker = account.breaker;
    params.call_timeout = account.call_timeout;
    params.in_flight_max = account.in_flight_max;
    params.queued_max = account.queued_max;
    params.rate_limit_per_s = account.rate_limit_per_s;
    params.queue_time_max = account.queue_time_max;
    params.budget = account.retry_budget;
    made.emplace(entry.name, std::move(params));
  }
  if (made.empty()) {
    return Error{ErrorCode::invalid_request,
                 "no provider is configured: set the secrets of one, for example "
                 "CAMBIST_STRIPE_SECRET_KEY, or run with --sandbox"};
  }
  return made;
}

outbound::ClientLimits client_limits(const config::Outbound& settings) {
  outbound::ClientLimits limits;
  limits.connections_per_origin = settings.connections_per_provider_max;
  limits.waiting_per_origin = settings.waiting_per_provider_max;
  limits.response_bytes = settings.response_bytes_max;
  limits.connect_timeout = settings.connect_timeout;
  limits.tls_timeout = settings.tls_timeout;
  limits.idle_max = settings.idle_max;
  limits.ca_file = settings.ca_file;
  return limits;
}

outbound::ClientLimits merchant_limits(const config::Settings& settings) {
  outbound::ClientLimits limits = client_limits(settings.outbound);
  limits.connections_per_origin = settings.outgoing.concurrency;
  limits.connect_timeout = settings.outgoing.connect_timeout;
  // Source: facts/security.md section 4.
  limits.response_bytes = 64 * 1024;
  limits.long_answers_cut = true;
  limits.address_allowed = [loopback = settings.webhooks.allow_loopback](std::string_view text) {
    const auto address = http::parse_address(text);
    return address && (http::is_public(*address) || (loopback && http::is_loopback(*address)));
  };
  return limits;
}

QueuePolicy queue_policy(const config::Settings& settings) {
  QueuePolicy policy;
  policy.target = settings.admission.queue_time_max;
  policy.interval = settings.admission.interval;
  policy.limit_min = settings.admission.waiting_min;
  policy.limit_max = settings.server.in_flight_max;
  return policy;
}

std::chrono::milliseconds request_deadline(const config::Settings& settings) {
  return settings.server.request_deadline + std::chrono::seconds{1};
}

std::chrono::milliseconds endpoint_deadline(const config::Settings& settings) {
  return settings.outgoing.timeout + std::chrono::seconds{2};
}

inbound::Limits server_limits(const config::Settings& all,
                              std::function<bool(const http::Head&)> may_be_large) {
  const config::Server& settings = all.server;
  inbound::Limits limits;
  limits.connections = settings.connections_max;
  limits.connections_per_address = settings.connections_per_address_max;
  limits.body_bytes = settings.body_bytes_max;
  limits.large.bytes = bank::statement_bytes_max;
  limits.large.may = std::move(may_be_large);
  limits.idle_max = settings.idle_max;
  // A backstop: the API answers every request within its own deadlines.
  limits.handler_deadline =
      std::max(settings.request_deadline, endpoint_deadline(all)) + std::chrono::seconds{5};
  return limits;
}

Rates rates(const config::Limits& settings) {
  Rates rates;
  rates.writes = {settings.writes_per_s, static_cast<double>(settings.writes_burst)};
  rates.reads = {settings.reads_per_s, static_cast<double>(settings.reads_burst)};
  rates.strangers = {settings.unauthenticated_per_s,
                     static_cast<double>(settings.unauthenticated_burst)};
  rates.webhooks = {settings.webhooks_per_s, static_cast<double>(settings.webhooks_burst)};
  return rates;
}

actors::RuntimeParams runtime_params(const config::Settings& settings) {
  actors::RuntimeParams params;
  params.policy = settings.payments;
  params.key_lifetime = settings.idempotency.lifetime;
  params.journal_batch_max = settings.journal.batch_max;
  params.journal_queue_max = settings.journal.queue_max;
  params.journal_timeout = settings.journal.timeout;
  params.readers = settings.journal.readers;
  params.timer_poll = settings.runtime.timer_poll;
  params.webhooks.retry_delays = settings.webhooks.retry_delays;
  params.webhooks.attempts_max = settings.webhooks.attempts_max;
  params.webhooks.in_flight_max = settings.webhooks.in_flight_max;
  params.outbox.concurrency = settings.outgoing.concurrency;
  params.outbox.timeout = settings.outgoing.timeout;
  params.idle_max = settings.runtime.idle_max;
  params.settled_idle_max = settings.runtime.settled_idle_max;
  params.live_payments_max = settings.runtime.live_payments_max;
  params.reply_max = settings.server.request_deadline;
  for (const auto& entry : provider::registry()) {
    const auto found = settings.providers.find(std::string{entry.name});
    if (found == settings.providers.end()) continue;
    routing::Account account = found->second.route;
    account.provider = entry.name;
    account.enabled = found->second.enabled;
    account.place = params.accounts.size();
    params.accounts.push_back(std::move(account));
  }
  return params;
}

}  // namespace cambist::gateway::cli
