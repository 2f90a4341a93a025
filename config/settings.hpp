// Everything that can be set, read once at start. Flags beat environment beats file beats default.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/error.hpp"
#include "protocols/core/secret.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::config {

struct Server {
  std::string listen = "127.0.0.1:8080";
  int threads = 1;
  std::chrono::milliseconds request_deadline{10'000};   // a request waits so long for its verdict, then 202
  std::chrono::milliseconds drain_deadline{30'000};
  std::uint32_t connections_max = 10'000;
  std::uint32_t connections_per_address_max = 256;
  std::uint32_t in_flight_max = 4'096;                  // requests waiting for actors; over it: 503
};
struct Storage {
  std::string data = "cambist-data";
  std::string database{};                                // postgres://… ; empty: the embedded store
};
struct Sandbox {
  bool enabled = true;
  std::string listen = "127.0.0.1:8081";
};
struct Log {
  std::string level = "info";                            // trace, debug, info, warn, error
};
struct Runtime {
  int workers = 2;                                       // actor scheduler threads
  std::chrono::milliseconds idle_max{30'000};
  std::uint32_t live_payments_max = 100'000;
};
struct Idempotency { std::chrono::hours lifetime{24 * 7}; };
/// One provider account: limits of ours, and what its adapter knows (`settings`).
struct Provider {
  bool enabled = true;
  std::chrono::milliseconds call_timeout{8'000};
  std::uint32_t in_flight_max = 64;
  std::uint32_t queued_max = 1'024;
  double rate_limit_per_s = 0;
  std::uint32_t breaker_consecutive_failures = 5;
  std::chrono::milliseconds breaker_open_min{60'000};
  std::chrono::milliseconds breaker_open_max{600'000};
  provider::Settings settings;
};

struct Settings {
  Server server;
  Storage storage;
  Sandbox sandbox;
  Log log;
  Runtime runtime;
  Idempotency idempotency;
  std::map<std::string, Provider> providers;
  Secret api_key;
};

/// What the command line may set; nullopt leaves it to environment, file or default.
struct Flags {
  std::optional<std::string> config{}, listen{}, data{}, database{}, sandbox_listen{}, log_level{};
  std::optional<bool> sandbox{};
};

/// The environment as a port: returns nullptr when unset.
using Environment = std::map<std::string, std::string>;

/// Reads, merges and checks. A wrong setting gives every problem found, one line each, of the form
/// `FILE:LINE: setting: what is wrong; what would be right`.
/// Errors: invalid_request with those lines as detail.
[[nodiscard]] Result<Settings> load(const Flags& flags, const Environment& environment);
/// The settings as TOML with the source of each value in a comment; secrets are shown as "(set)".
[[nodiscard]] Result<std::string> show(const Flags& flags, const Environment& environment);

}  // namespace cambist::config
