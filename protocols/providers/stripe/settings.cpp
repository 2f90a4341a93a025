#include "protocols/providers/stripe/settings.hpp"

#include <algorithm>

#include "protocols/http/syntax.hpp"
#include "protocols/providers/stripe/adapter.hpp"

namespace cambist::stripe {
namespace {

Error wrong(std::string_view field, std::string detail) {
  return Error{ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

std::string value_or(const provider::Settings& settings, const std::string& name,
                     std::string_view fallback) {
  const auto found = settings.values.find(name);
  return found == settings.values.end() ? std::string{fallback} : found->second;
}

// Printable and without spaces: it becomes a header value.
bool is_token(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 255 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// Two are active while a secret is rolled; more than a few were never rolled out.
constexpr std::size_t webhook_secrets_max = 8;

// "whsec_new,whsec_old", or empty for none.
Result<std::vector<Secret>> read_webhook_secrets(std::string_view list) {
  std::vector<Secret> secrets;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view entry = list.substr(0, comma);
    if (entry.empty()) return wrong("webhook_secret", "has an empty entry in its list");
    if (!is_token(entry)) {
      return wrong("webhook_secret", "holds spaces or characters that no secret of Stripe has");
    }
    secrets.emplace_back(std::string{entry});
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
    if (list.empty()) return wrong("webhook_secret", "has an empty entry in its list");
  }
  if (secrets.size() > webhook_secrets_max) {
    return wrong("webhook_secret", "lists more than 8 secrets; remove those that were rolled");
  }
  return secrets;
}

}  // namespace

std::vector<std::string_view> setting_names() {
  return {"base_url", "api_version", "multicapture"};
}
std::vector<std::string_view> secret_names() {
  return {"secret_key", "webhook_secret"};
}

std::optional<bool> is_live(const Secret& secret_key) noexcept {
  std::string_view key = secret_key.reveal();
  if (!key.starts_with("sk_") && !key.starts_with("rk_")) return std::nullopt;
  key.remove_prefix(3);
  if (key.starts_with("live_")) return true;
  if (key.starts_with("test_")) return false;
  return std::nullopt;
}

Result<AccountSettings> read_settings(const provider::Settings& settings) {
  AccountSettings read;
  auto base = provider::parse_base_url(value_or(settings, "base_url", "https://api.stripe.com"));
  if (!base) return wrong("base_url", base.error().detail);
  read.base = std::move(*base);

  const auto key = settings.secrets.find("secret_key");
  if (key == settings.secrets.end() || key->second.empty()) {
    return wrong("secret_key", "is missing; it is the account's key that starts with sk_ or rk_");
  }
  if (key->second.reveal().starts_with("pk_")) {
    return wrong("secret_key", "is a publishable key; use the one that starts with sk_ or rk_");
  }
  if (!is_token(key->second.reveal())) {
    return wrong("secret_key", "holds spaces or characters that no Stripe key has");
  }
  // Who stands elsewhere (the sandbox, a proxy that knows the key) may go by any.
  const bool stripe = http::equals_ignoring_case(provider::host_of(read.base), "api.stripe.com");
  const std::string_view text = key->second.reveal();
  if (stripe && !text.starts_with("sk_") && !text.starts_with("rk_"))
    return wrong("secret_key", "is no key of Stripe; use sk_… or rk_…");
  read.secret_key = key->second.clone();

  if (const auto list = settings.secrets.find("webhook_secret"); list != settings.secrets.end()) {
    auto secrets = read_webhook_secrets(list->second.reveal());
    if (!secrets) return secrets.error();
    read.webhook_secrets = std::move(*secrets);
  }

  read.api_version = value_or(settings, "api_version", default_api_version);
  if (!is_token(read.api_version)) {
    return wrong("api_version", "is no version such as " + std::string{default_api_version});
  }
  const std::string multicapture = value_or(settings, "multicapture", "true");
  if (multicapture != "true" && multicapture != "false") {
    return wrong("multicapture", "is neither true nor false");
  }
  read.multicapture = multicapture == "true";
  return read;
}

}  // namespace cambist::stripe
