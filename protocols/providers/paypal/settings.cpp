#include "protocols/providers/paypal/settings.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "protocols/providers/paypal/adapter.hpp"
#include "protocols/providers/paypal/sandbox_root.hpp"

namespace cambist::paypal {
namespace {

Error wrong(std::string_view field, std::string detail) {
  return Error{ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

std::string value_or(const provider::Settings& settings, const std::string& name,
                     std::string_view fallback) {
  const auto found = settings.values.find(name);
  return found == settings.values.end() ? std::string{fallback} : found->second;
}

// Printable and without spaces; and without what parts the fields it is written beside: ':' in
// Basic credentials, '|' in what a webhook's signature covers.
bool is_token(std::string_view text, std::size_t length_max) noexcept {
  return !text.empty() && text.size() <= length_max &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c < 0x7f && c != ':' && c != '|'; });
}

Result<bool> read_flag(const provider::Settings& settings, const std::string& name) {
  const std::string value = value_or(settings, name, "false");
  if (value != "true" && value != "false") return wrong(name, "is neither true nor false");
  return value == "true";
}

// Hosts of PayPal's own tell which of the two they belong to.
Result<void> read_place(const provider::Settings& settings, AccountSettings& read) {
  const std::string asked = value_or(settings, "environment", "");
  if (!asked.empty() && asked != "live" && asked != "sandbox") {
    return wrong("environment", "is neither live nor sandbox");
  }
  const std::string_view otherwise =
      asked == "sandbox" ? "https://api-m.sandbox.paypal.com" : "https://api-m.paypal.com";
  auto base = provider::parse_base_url(value_or(settings, "base_url", otherwise));
  if (!base) return wrong("base_url", base.error().detail);
  const std::string_view host = provider::host_of(*base);
  const bool sandbox = provider::is_loopback(host) || host.ends_with(".sandbox.paypal.com");
  const bool known = sandbox || host.ends_with(".paypal.com");
  if (known && !asked.empty() && sandbox != (asked == "sandbox")) {
    return wrong("environment", "is not that of the base_url");
  }
  read.live = asked.empty() ? !sandbox : asked == "live";
  read.base = std::move(*base);
  return {};
}

Result<void> read_credentials(const provider::Settings& settings, AccountSettings& read) {
  read.client_id = value_or(settings, "client_id", "");
  if (read.client_id.empty())
    return wrong("client_id", "is missing; it is the client id of the app in PayPal's dashboard");
  if (!is_token(read.client_id, 255))
    return wrong("client_id", "holds spaces or characters that no client id has");
  const auto key = settings.secrets.find("secret_key");
  if (key == settings.secrets.end() || key->second.empty())
    return wrong("secret_key", "is missing; it is the secret of the app in PayPal's dashboard");
  if (!is_token(key->second.reveal(), 255))
    return wrong("secret_key", "holds spaces or characters that no secret of PayPal has");
  read.secret_key = key->second.clone();
  return {};
}

Result<void> read_webhooks(const provider::Settings& settings, AccountSettings& read) {
  read.webhook_id = value_or(settings, "webhook_id", "");
  if (!read.webhook_id.empty() && !is_token(read.webhook_id, 64))
    return wrong("webhook_id", "holds spaces or characters that no id of a webhook has");
  const std::string way = value_or(settings, "webhook_verification", "certificate");
  if (way != "certificate" && way != "postback")
    return wrong("webhook_verification", "is neither certificate nor postback");
  read.postback = way == "postback";
  if (read.webhook_id.empty() || read.postback) return {};
  const std::string pem = value_or(settings, "webhook_root", "");
  auto roots = pem.empty() ? TrustRoots::of_the_system() : TrustRoots::from_pem(pem);
  if (!roots) return wrong("webhook_root", roots.error().detail);
  read.roots = std::move(*roots);
  return {};
}

Result<void> read_renewal(const provider::Settings& settings, AccountSettings& read) {
  const std::string value = value_or(settings, "reauthorize_after_days", "0");
  int days = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), days);
  // Source: facts/paypal.md section 3: from day 4 to day 29.
  const bool fits = days == 0 || (days >= 4 && days <= 28);
  if (error != std::errc{} || end != value.data() + value.size() || !fits)
    return wrong("reauthorize_after_days", "is no number of days from 4 to 28, or 0 for never");
  if (days > 0) read.reauthorize_after = std::chrono::hours{24 * days};
  return {};
}

}  // namespace

std::vector<std::string_view> setting_names() {
  return {"base_url",    "environment",           "client_id",
          "webhook_id",  "webhook_verification",  "webhook_root",
          "takes_cards", "reauthorize_after_days"};
}

std::vector<std::string_view> secret_names() {
  return {"secret_key"};
}

std::vector<std::pair<std::string_view, std::string_view>> sandbox_settings() {
  return {{"client_id", "sandbox"},
          {"webhook_id", "WH-SANDBOX-CAMBIST"},
          {"webhook_root", sandbox_root},
          {"takes_cards", "true"}};
}

Result<AccountSettings> read_settings(const provider::Settings& settings) {
  AccountSettings read;
  for (const auto& part : {&read_place, &read_credentials, &read_webhooks, &read_renewal}) {
    if (auto fine = part(settings, read); !fine) return fine.error();
  }
  const auto cards = read_flag(settings, "takes_cards");
  if (!cards) return cards.error();
  read.takes_cards = *cards;
  return read;
}

}  // namespace cambist::paypal
