// Everything that can be set, read once at start. Flags beat environment beats file beats default.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/breaker/breaker.hpp"
#include "protocols/core/error.hpp"
#include "protocols/core/secret.hpp"
#include "protocols/payment/machine.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/retry/budget.hpp"
#include "protocols/routing/plan.hpp"

namespace cambist::config {

using Milliseconds = std::chrono::milliseconds;

struct Server {
  std::string listen = "127.0.0.1:8080";
  int threads = 1;
  Milliseconds request_deadline{10'000};  // a request waits so long for its verdict, then 202
  Milliseconds drain_deadline{30'000};
  Milliseconds idle_max{30'000};  // a connection without a request is closed after so long
  std::uint32_t connections_max = 10'000;
  std::uint32_t connections_per_address_max = 256;
  std::uint32_t in_flight_max = 4'096;  // requests waiting for actors; over it: 503
  std::uint32_t body_bytes_max = 256 * 1024;
};
/// How often clients may ask; over it: 429. `per_s` 0: no limit.
struct Limits {
  double writes_per_s = 2'000;  // per tenant
  std::uint32_t writes_burst = 4'000;
  double reads_per_s = 10'000;  // per tenant
  std::uint32_t reads_burst = 20'000;
  double unauthenticated_per_s = 20;  // per source address
  std::uint32_t unauthenticated_burst = 40;
  double webhooks_per_s = 2'000;  // of one provider; over it: 503
  std::uint32_t webhooks_burst = 8'000;
};
/// How long what clients send may wait for the journal; what would make it longer is answered 503.
struct Admission {
  Milliseconds queue_time_max{50};  // the least that anybody waited within
  Milliseconds interval{100};
  std::uint32_t waiting_min = 128;  // commands that may always wait
};
/// Webhooks of providers, and what merchants may name as their endpoints.
struct Webhooks {
  bool allow_loopback = true;  // endpoints on this machine; unless it is set: when the sandbox runs
  std::vector<Duration> retry_delays{std::chrono::minutes{1}, std::chrono::minutes{2},
                                     std::chrono::minutes{4}, std::chrono::minutes{8},
                                     std::chrono::minutes{16}};
  int attempts_max = 5;              // then a webhook is a dead letter
  std::uint32_t in_flight_max = 64;  // payments of a provider that work on a webhook at a time
};
/// Our events on their way to merchants' endpoints.
struct Outgoing {
  std::uint32_t concurrency = 8;  // attempts at a time to one endpoint
  Milliseconds timeout{10'000};   // of one attempt
  Milliseconds connect_timeout{3'000};
};
struct Storage {
  std::string data = "cambist-data";
  std::string database{};  // empty: the embedded store in `data`
};
/// The writers and readers of the event store.
struct Journal {
  std::uint32_t batch_max = 256;     // appends in one commit
  std::uint32_t queue_max = 20'000;  // appends that wait; over it: 503
  Milliseconds timeout{10'000};
  int readers = 2;
};
struct Sandbox {
  bool enabled = true;
  bool secrets = true;  // stand in at loopback base_urls; unless it is set: when the sandbox runs
  std::string listen = "127.0.0.1:8081";
};
struct Log {
  std::string level = "info";  // trace, debug, info, warn, error
};
struct Runtime {
  int workers = 0;  // actor scheduler threads; 0: half of the cores, at least one
  Milliseconds idle_max{5'000};
  Milliseconds settled_idle_max{1'000};
  std::uint32_t live_payments_max = 100'000;
  Milliseconds timer_poll{500};
};
struct Idempotency {
  std::chrono::hours lifetime{24 * 7};
};
/// The client that talks to providers.
struct Outbound {
  std::string ca_file{};  // PEM; empty: the system's roots
  std::uint32_t connections_per_provider_max = 256;
  std::uint32_t waiting_per_provider_max = 1'024;
  std::uint32_t response_bytes_max = 1024 * 1024;
  Milliseconds connect_timeout{3'000};
  Milliseconds tls_timeout{5'000};
  Milliseconds idle_max{20'000};
};
/// One provider account: limits of ours, and what its adapter knows (`settings`).
struct Provider {
  bool enabled = true;
  /// Why it is not enabled although somebody wanted it: a setting of its own is wrong.
  std::string problem{};
  /// Who switched it off: "FILE:LINE", "environment NAME"; empty when nobody did.
  std::string off_by{};
  /// What it lacks at a loopback base URL is what the sandbox knows (`Sandbox::secrets`).
  bool sandbox_secrets = false;
  Milliseconds call_timeout{8'000};
  std::uint32_t in_flight_max = 64;
  std::uint32_t queued_max = 1'024;
  double rate_limit_per_s = 0;         // 0: none
  Milliseconds queue_time_max{1'000};  // a call that waits longer for its turn is not sent
  retry::BudgetPolicy retry_budget;    // over it nothing is repeated
  breaker::Policy breaker;
  routing::Account route;  // which payments it takes, and in which order; `enabled` is above
  /// Only what somebody set: `base_url` is absent when nobody did.
  provider::Settings settings;
};

struct Settings {
  Server server;
  Limits limits;
  Admission admission;
  Webhooks webhooks;
  Outgoing outgoing;
  Storage storage;
  Journal journal;
  Sandbox sandbox;
  Log log;
  Runtime runtime;
  payment::Policy payments;
  Idempotency idempotency;
  Outbound outbound;
  std::map<std::string, Provider> providers;  // every provider of the registry
  Secret api_key;                             // of the default tenant; empty: a development key
};

/// What the command line may set; nullopt leaves it to environment, file or default.
struct Flags {
  std::optional<std::string> config{}, listen{}, data{}, database{}, sandbox_listen{}, log_level{};
  std::optional<bool> sandbox{};
};

/// The environment as a port. Names that do not begin with CAMBIST_ are not looked at; an empty
/// value is an unset one.
using Environment = std::map<std::string, std::string>;

/// Reads, merges and checks. A wrong setting gives every problem found, one line each, of the form
/// `where: setting: what is wrong; what would be right`, where `where` is FILE:LINE, "environment
/// NAME" or "flag --name".
/// Errors: invalid_request with those lines as detail.
[[nodiscard]] Result<Settings> load(const Flags& flags, const Environment& environment);
/// `load` for a server that has other providers too: one whose own settings are wrong is left out,
/// with the reason in its `problem`, instead of keeping the others from their work.
/// Errors: as `load`; also when no provider is left.
[[nodiscard]] Result<Settings> load_for_serving(const Flags& flags, const Environment& environment);
/// The settings as TOML with the source of each value in a comment; secrets are shown as "(set)".
[[nodiscard]] Result<std::string> show(const Flags& flags, const Environment& environment);
/// The same as JSON: {"settings":[{"name","value","source"}]}, `value` null when there is none.
[[nodiscard]] Result<std::string> show_json(const Flags& flags, const Environment& environment);

/// The secret that the sandbox signs webhooks with where nobody set one: what it sends and what an
/// adapter verifies must agree.
inline constexpr std::string_view sandbox_webhook_secret = "whsec_sandbox";

/// What the adapter of `provider` is made from: what was set and, where the sandbox stands in for
/// the provider, its address and a key of its own. `sandbox_url` is "http://HOST:PORT"; empty when
/// no sandbox runs.
/// A base URL that was set is left alone; one on a loopback host needs no secrets of its own where
/// `provider.sandbox_secrets` says so. Source: README.md, decision 9.
[[nodiscard]] provider::Settings adapter_settings(std::string_view name, const Provider& provider,
                                                  std::string_view sandbox_url);

}  // namespace cambist::config
