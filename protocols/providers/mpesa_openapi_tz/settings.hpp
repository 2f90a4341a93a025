// What an application of M-Pesa's OpenAPI in Tanzania is configured with, checked once.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/secret.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/provider/base_url.hpp"
#include "protocols/providers/mpesa_openapi_tz/session.hpp"

namespace cambist::mpesa_openapi_tz {

/// What a status word of queryTransactionStatus says.
enum class Standing : std::uint8_t { completed, failed, cancelled, expired, pending };

/// Which words mean what. Only "Completed" is documented, so the lists are settings.
struct StatusWords {
  std::array<std::vector<std::string>, 5> words;  // by Standing, in lower case
  /// Without regard to case; nullopt for a word that is in no list.
  [[nodiscard]] std::optional<Standing> find(std::string_view word) const;
};

struct AccountSettings {
  provider::BaseUrl base;
  std::string environment;  // "sandbox" or "openapi": the first part of every path
  std::string market;       // "vodacomTZN"
  std::string origin;       // the Origin header, as it stands in the portal
  std::string service_provider_code;
  bool synchronous = false;     // a call stays open while the payer types
  bool reverses = true;         // refunds are reversals where there is a receipt
  std::string reversal_method;  // "PUT" or "POST"
  std::int64_t amount_min = 1;  // whole shillings
  std::int64_t amount_max = 0;  // whole shillings
  std::chrono::seconds session_ttl{};
  std::chrono::seconds session_warmup{};
  std::chrono::seconds prompt_lifetime{};
  std::chrono::seconds ask_after{};
  StatusWords statuses;
  std::vector<std::string> allowed_peers{};  // none: callbacks come from anywhere
  PublicKey public_key;
  Secret secret_key;
  std::vector<Secret> webhook_secrets{};  // any of them may stand in the path; none: no callbacks
};

/// Errors: invalid_request with `field` the setting; no value of a secret is repeated.
[[nodiscard]] Result<AccountSettings> read_settings(const provider::Settings& settings);

}  // namespace cambist::mpesa_openapi_tz
