#include "config/schema.hpp"

#include <algorithm>
#include <utility>

#include "config/kinds.hpp"

namespace cambist::config {
namespace {

using std::chrono::hours;

constexpr Range any_delay{1, 24 * 60 * 60 * 1'000};  // milliseconds: up to a day
constexpr Range any_hours{1, 24 * 365};
constexpr Range any_count{1, 10'000'000};

void add_server(std::vector<Setting>& all) {
  all.push_back(secret(
      "api_key", [](Settings& s) -> Secret& { return s.api_key; }, &wrong_api_key));
  all.push_back(text(
      "server.listen", [](Settings& s) -> std::string& { return s.server.listen; },
      &wrong_address));
  all.push_back(
      whole<int>("server.threads", [](Settings& s) -> int& { return s.server.threads; }, {1, 256}));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "server.request_deadline_ms", [](Settings & s) -> auto& { return s.server.request_deadline; },
      {100, 120'000}));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "server.drain_deadline_ms", [](Settings & s) -> auto& { return s.server.drain_deadline; },
      {0, 600'000}));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "server.idle_max_ms", [](Settings & s) -> auto& { return s.server.idle_max; },
      {100, 600'000}));
  all.push_back(whole<std::uint32_t>("server.connections_max",
                                     [](Settings & s) -> auto& { return s.server.connections_max; },
                                     {1, 1'000'000}));
  all.push_back(whole<std::uint32_t>(
      "server.connections_per_address_max",
      [](Settings & s) -> auto& { return s.server.connections_per_address_max; }, {1, 1'000'000}));
  all.push_back(whole<std::uint32_t>("server.in_flight_max",
                                     [](Settings & s) -> auto& { return s.server.in_flight_max; },
                                     {1, 1'000'000}));
  all.push_back(whole<std::uint32_t>("server.body_bytes_max",
                                     [](Settings & s) -> auto& { return s.server.body_bytes_max; },
                                     {1'024, 16 * 1024 * 1024}));
}

void add_limits(std::vector<Setting>& all) {
  all.push_back(real(
      "limits.writes_per_s", [](Settings& s) -> double& { return s.limits.writes_per_s; }, 0, 1e6));
  all.push_back(whole<std::uint32_t>(
      "limits.writes_burst", [](Settings & s) -> auto& { return s.limits.writes_burst; },
      any_count));
  all.push_back(real(
      "limits.reads_per_s", [](Settings& s) -> double& { return s.limits.reads_per_s; }, 0, 1e6));
  all.push_back(whole<std::uint32_t>(
      "limits.reads_burst", [](Settings & s) -> auto& { return s.limits.reads_burst; }, any_count));
  all.push_back(real(
      "limits.unauthenticated_per_s",
      [](Settings& s) -> double& { return s.limits.unauthenticated_per_s; }, 0, 1e6));
  all.push_back(whole<std::uint32_t>(
      "limits.unauthenticated_burst",
      [](Settings & s) -> auto& { return s.limits.unauthenticated_burst; }, any_count));
  all.push_back(real(
      "limits.webhooks_per_s", [](Settings& s) -> double& { return s.limits.webhooks_per_s; }, 0,
      1e6));
  all.push_back(whole<std::uint32_t>(
      "limits.webhooks_burst", [](Settings & s) -> auto& { return s.limits.webhooks_burst; },
      any_count));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "admission.queue_time_max_ms",
      [](Settings & s) -> auto& { return s.admission.queue_time_max; }, {1, 10'000}));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "admission.interval_ms", [](Settings & s) -> auto& { return s.admission.interval; },
      {10, 10'000}));
  all.push_back(whole<std::uint32_t>("admission.waiting_min",
                                     [](Settings & s) -> auto& { return s.admission.waiting_min; },
                                     {1, 1'000'000}));
}

void add_webhooks(std::vector<Setting>& all) {
  all.push_back(boolean("webhooks.allow_loopback",
                        [](Settings& s) -> bool& { return s.webhooks.allow_loopback; }));
  all.push_back(delays(
      "webhooks.retry_delays_ms", [](Settings & s) -> auto& { return s.webhooks.retry_delays; },
      any_delay));
  all.push_back(whole<int>("webhooks.attempts_max",
                           [](Settings& s) -> int& { return s.webhooks.attempts_max; }, {1, 20}));
  all.push_back(whole<std::uint32_t>("webhooks.in_flight_max",
                                     [](Settings & s) -> auto& { return s.webhooks.in_flight_max; },
                                     {1, 10'000}));
  all.push_back(whole<std::uint32_t>("outgoing.concurrency",
                                     [](Settings & s) -> auto& { return s.outgoing.concurrency; },
                                     {1, 1'000}));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "outgoing.timeout_ms", [](Settings & s) -> auto& { return s.outgoing.timeout; },
      {100, 60'000}));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "outgoing.connect_timeout_ms",
      [](Settings & s) -> auto& { return s.outgoing.connect_timeout; }, {10, 60'000}));
}

void add_storage(std::vector<Setting>& all) {
  all.push_back(text(
      "storage.data", [](Settings & s) -> auto& { return s.storage.data; }, &wrong_folder));
  all.push_back(private_url(
      "storage.database", [](Settings & s) -> auto& { return s.storage.database; },
      &wrong_database));
  all.push_back(whole<std::uint32_t>(
      "journal.batch_max", [](Settings & s) -> auto& { return s.journal.batch_max; }, {1, 10'000}));
  all.push_back(whole<std::uint32_t>(
      "journal.queue_max", [](Settings & s) -> auto& { return s.journal.queue_max; }, any_count));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "journal.timeout_ms", [](Settings & s) -> auto& { return s.journal.timeout; },
      {100, 120'000}));
  all.push_back(whole<int>("journal.readers", [](Settings& s) -> int& { return s.journal.readers; },
                           {1, 64}));
}

void add_runtime(std::vector<Setting>& all) {
  all.push_back(boolean("sandbox.enabled", [](Settings& s) -> bool& { return s.sandbox.enabled; }));
  all.push_back(boolean("sandbox.secrets", [](Settings& s) -> bool& { return s.sandbox.secrets; }));
  all.push_back(text(
      "sandbox.listen", [](Settings & s) -> auto& { return s.sandbox.listen; }, &wrong_address));
  all.push_back(text(
      "log.level", [](Settings & s) -> auto& { return s.log.level; }, &wrong_log_level));
  all.push_back(whole<int>("runtime.workers", [](Settings& s) -> int& { return s.runtime.workers; },
                           {0, 256}));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "runtime.idle_max_ms", [](Settings & s) -> auto& { return s.runtime.idle_max; }, any_delay));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "runtime.settled_idle_max_ms",
      [](Settings & s) -> auto& { return s.runtime.settled_idle_max; }, any_delay));
  all.push_back(whole<std::uint32_t>(
      "runtime.live_payments_max",
      [](Settings & s) -> auto& { return s.runtime.live_payments_max; }, any_count));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "runtime.timer_poll_ms", [](Settings & s) -> auto& { return s.runtime.timer_poll; },
      {10, 60'000}));
}

void add_payments(std::vector<Setting>& all) {
  all.push_back(whole<int>("payments.attempts_in_request_max",
                           [](Settings& s) -> int& { return s.payments.attempts_in_request_max; },
                           {1, 10}));
  all.push_back(duration<Milliseconds, Duration>(
      "payments.repeat_delay_min_ms",
      [](Settings & s) -> auto& { return s.payments.repeat_delay_min; }, {1, 60'000}));
  all.push_back(duration<Milliseconds, Duration>(
      "payments.repeat_delay_max_ms",
      [](Settings & s) -> auto& { return s.payments.repeat_delay_max; }, {1, 60'000}));
  all.push_back(delays(
      "payments.inquiry_delays_ms", [](Settings & s) -> auto& { return s.payments.inquiry_delays; },
      any_delay));
  all.push_back(duration<Milliseconds, Duration>(
      "payments.inquiry_delay_max_ms",
      [](Settings & s) -> auto& { return s.payments.inquiry_delay_max; }, any_delay));
  all.push_back(duration<hours, Duration>(
      "payments.unknown_max_h", [](Settings & s) -> auto& { return s.payments.unknown_max; },
      {1, 24}));
  all.push_back(duration<Milliseconds, Duration>(
      "payments.call_grace_ms", [](Settings & s) -> auto& { return s.payments.call_grace; },
      {1'000, 600'000}));
  all.push_back(duration<hours, Duration>(
      "payments.action_wait_h", [](Settings & s) -> auto& { return s.payments.action_wait; },
      any_hours));
  all.push_back(duration<hours, Duration>(
      "payments.authorization_lifetime_h",
      [](Settings & s) -> auto& { return s.payments.authorization_lifetime; }, any_hours));
  // Source: design.md, "HTTP": never under 24 h.
  all.push_back(duration<hours, hours>("idempotency.lifetime_h",
                                       [](Settings & s) -> auto& { return s.idempotency.lifetime; },
                                       {24, 24 * 365}));
}

void add_outbound(std::vector<Setting>& all) {
  all.push_back(text(
      "outbound.ca_file", [](Settings & s) -> auto& { return s.outbound.ca_file; }, &wrong_file));
  all.push_back(whole<std::uint32_t>(
      "outbound.connections_per_provider_max",
      [](Settings & s) -> auto& { return s.outbound.connections_per_provider_max; }, {1, 100'000}));
  all.push_back(whole<std::uint32_t>(
      "outbound.waiting_per_provider_max",
      [](Settings & s) -> auto& { return s.outbound.waiting_per_provider_max; }, {0, 1'000'000}));
  all.push_back(whole<std::uint32_t>("outbound.response_bytes_max", [](Settings & s) -> auto& {
    return s.outbound.response_bytes_max;
  },
                                     {4'096, 64 * 1024 * 1024}));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "outbound.connect_timeout_ms",
      [](Settings & s) -> auto& { return s.outbound.connect_timeout; }, {10, 120'000}));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "outbound.tls_timeout_ms", [](Settings & s) -> auto& { return s.outbound.tls_timeout; },
      {10, 120'000}));
  all.push_back(duration<Milliseconds, Milliseconds>(
      "outbound.idle_max_ms", [](Settings & s) -> auto& { return s.outbound.idle_max; },
      {100, 600'000}));
}

void add_breaker(std::vector<Setting>& all, const std::string& section, const std::string& name) {
  const auto policy = [name](auto member) {
    return [ name, member ](Settings & s) -> auto& {
      return s.providers[name].breaker.*member;
    };
  };
  using breaker::Policy;
  all.push_back(whole<std::uint32_t>(section + "breaker_consecutive_failures_max",
                                     policy(&Policy::consecutive_failures_max), {1, 10'000}));
  all.push_back(whole<std::uint32_t>(section + "breaker_window_calls_min",
                                     policy(&Policy::window_calls_min), {1, 1'000'000}));
  all.push_back(real(section + "breaker_window_failure_ratio",
                     policy(&Policy::window_failure_ratio), 0.01, 1));
  all.push_back(duration<Milliseconds, Duration>(section + "breaker_window_ms",
                                                 policy(&Policy::window), {1'000, 600'000}));
  all.push_back(duration<Milliseconds, Duration>(section + "breaker_open_min_ms",
                                                 policy(&Policy::open_min), {10, 3'600'000}));
  all.push_back(duration<Milliseconds, Duration>(section + "breaker_open_max_ms",
                                                 policy(&Policy::open_max), {10, 24 * 3'600'000}));
  all.push_back(whole<std::uint32_t>(section + "breaker_probes_first",
                                     policy(&Policy::probes_first), {1, 1'000}));
  all.push_back(whole<std::uint32_t>(section + "breaker_probes_then", policy(&Policy::probes_then),
                                     {1, 1'000}));
}

/// Which payments an account takes.
void add_routing(std::vector<Setting>& all, const std::string& section, const std::string& name) {
  const auto route = [name](auto member) {
    return [ name, member ](Settings & s) -> auto& {
      return s.providers[name].route.*member;
    };
  };
  using routing::Account;
  all.push_back(whole<int>(section + "priority", route(&Account::priority), {0, 1'000'000}));
  all.push_back(words(section + "currencies", route(&Account::currencies), &wrong_currency));
  all.push_back(words(section + "countries", route(&Account::countries), &wrong_country));
  all.push_back(words(section + "method_types", route(&Account::method_types), &wrong_method_type));
  all.push_back(words(section + "features", route(&Account::features), &wrong_feature));
  all.push_back(words(section + "tenants", route(&Account::tenants), &wrong_tenant));
  all.push_back(amount_limits(section + "limits", route(&Account::limits)));
}

void add_provider(std::vector<Setting>& all, const provider::Entry& entry) {
  const std::string name{entry.name};
  const std::string section = "providers." + name + ".";
  const auto field = [name](auto member) {
    return [ name, member ](Settings & s) -> auto& {
      return s.providers[name].*member;
    };
  };
  all.push_back(boolean(section + "enabled", field(&Provider::enabled)));
  add_routing(all, section, name);
  for (const auto& key : entry.settings) {
    all.push_back(adapter_text(section + std::string{key}, name, std::string{key}));
  }
  for (const auto& key : entry.secrets) {
    all.push_back(adapter_secret(section + std::string{key}, name, std::string{key}));
  }
  all.push_back(duration<Milliseconds, Milliseconds>(
      section + "call_timeout_ms", field(&Provider::call_timeout), {10, 120'000}));
  all.push_back(whole<std::uint32_t>(section + "in_flight_max", field(&Provider::in_flight_max),
                                     {1, 100'000}));
  all.push_back(
      whole<std::uint32_t>(section + "queued_max", field(&Provider::queued_max), {0, 1'000'000}));
  all.push_back(real(section + "rate_limit_per_s", field(&Provider::rate_limit_per_s), 0, 1e6));
  all.push_back(duration<Milliseconds, Milliseconds>(
      section + "queue_time_max_ms", field(&Provider::queue_time_max), {1, 120'000}));
  const auto budget = [name](auto member) {
    return [ name, member ](Settings & s) -> auto& {
      return s.providers[name].retry_budget.*member;
    };
  };
  using retry::BudgetPolicy;
  all.push_back(real(section + "retry_budget_ratio", budget(&BudgetPolicy::ratio), 0, 1));
  all.push_back(real(section + "retry_budget_per_s_min", budget(&BudgetPolicy::per_s_min), 0, 1e6));
  all.push_back(real(section + "retry_budget_burst", budget(&BudgetPolicy::burst), 0, 1e6));
  add_breaker(all, section, name);
}

// The short names of the command line's contract; every other setting has its path in capitals.
std::string variable_of(const std::string& name) {
  if (name == "server.listen") return "CAMBIST_LISTEN";
  if (name == "storage.data") return "CAMBIST_DATA";
  if (name == "storage.database") return "CAMBIST_DATABASE_URL";
  if (name == "sandbox.enabled") return "CAMBIST_SANDBOX";
  const std::string_view providers = "providers.";
  std::string variable =
      "CAMBIST_" + (name.starts_with(providers) ? name.substr(providers.size()) : name);
  for (auto& c : variable) {
    if (c == '.') c = '_';
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return variable;
}

std::vector<Setting> make_schema() {
  std::vector<Setting> all;
  add_server(all);
  add_limits(all);
  add_webhooks(all);
  add_storage(all);
  add_runtime(all);
  add_payments(all);
  add_outbound(all);
  for (const auto& entry : provider::registry()) add_provider(all, entry);
  for (auto& setting : all) setting.variable = variable_of(setting.name);
  return all;
}

}  // namespace

std::string Setting::section() const {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? std::string{} : name.substr(0, dot);
}

std::string Setting::key() const {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? name : name.substr(dot + 1);
}

const std::vector<Setting>& schema() {
  static const std::vector<Setting> all = make_schema();
  return all;
}

const Setting* find_setting(std::string_view name) {
  const auto& all = schema();
  const auto found =
      std::find_if(all.begin(), all.end(), [name](const Setting& s) { return s.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace cambist::config
