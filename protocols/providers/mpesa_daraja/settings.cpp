#include "protocols/providers/mpesa_daraja/settings.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "protocols/http/syntax.hpp"
#include "protocols/providers/mpesa_daraja/adapter.hpp"
#include "protocols/providers/mpesa_daraja/credential.hpp"

namespace cambist::mpesa_daraja {
namespace {

constexpr std::string_view production = "https://api.safaricom.co.ke";
constexpr std::string_view pay_bill = "CustomerPayBillOnline";
constexpr std::string_view buy_goods = "CustomerBuyGoodsOnline";
constexpr std::size_t list_max = 64;

Error wrong(std::string_view field, std::string detail) {
  return Error{ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

/// The settings as they are asked for, with the first thing that is wrong with them.
class Reader {
 public:
  explicit Reader(const provider::Settings& settings) : settings_(settings) {}

  [[nodiscard]] std::string text(const std::string& name, std::string_view fallback = {}) const {
    const auto found = settings_.values.find(name);
    return found == settings_.values.end() ? std::string{fallback} : found->second;
  }
  [[nodiscard]] std::string_view secret(const std::string& name) const {
    const auto found = settings_.secrets.find(name);
    return found == settings_.secrets.end() ? std::string_view{} : found->second.reveal();
  }
  void refuse(std::string_view field, std::string detail) {
    if (!error_) error_ = wrong(field, std::move(detail));
  }
  void need(bool fine, std::string_view field, std::string detail) {
    if (!fine) refuse(field, std::move(detail));
  }
  std::int64_t number(const std::string& name, std::int64_t fallback, std::int64_t least,
                      std::int64_t most) {
    const std::string given = text(name, std::to_string(fallback));
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (failed == std::errc{} && end == given.data() + given.size() && value >= least &&
        value <= most) {
      return value;
    }
    refuse(name,
           "is no whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return fallback;
  }
  provider::BaseUrl url(const std::string& name, std::string_view fallback) {
    auto read = provider::parse_base_url(text(name, fallback));
    if (read) return *std::move(read);
    refuse(name, read.error().detail);
    return {};
  }
  [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

 private:
  const provider::Settings& settings_;
  std::optional<Error> error_{};
};

/// Printable and without spaces, up to `most` bytes.
bool is_plain(std::string_view text, std::size_t most = 255) noexcept {
  return !text.empty() && text.size() <= most &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}
/// Fit for one segment of a path as it stands.
bool is_segment(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return http::is_digit(c) || http::is_alpha(c) || c == '-' || c == '_';
  });
}
// Source: facts/mpesa.md A2.
bool is_short_code(std::string_view text) noexcept {
  return text.size() >= 5 && text.size() <= 7 &&
         std::all_of(text.begin(), text.end(), [](char c) { return http::is_digit(c); });
}

std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto item = http::trim(text.substr(0, comma));
    if (!item.empty()) items.emplace_back(item);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return items;
}

void read_who(Reader& reader, AccountSettings& read) {
  read.base = reader.url("base_url", production);
  read.consumer_key = reader.text("consumer_key");
  reader.need(is_plain(read.consumer_key) && read.consumer_key.find(':') == std::string::npos,
              "consumer_key", "is missing, or no consumer key of a Daraja app");
  reader.need(is_plain(reader.secret("secret_key")), "secret_key",
              "is missing; it is the consumer secret of the Daraja app");
  read.consumer_secret = Secret{std::string{reader.secret("secret_key")}};
  reader.need(is_plain(reader.secret("passkey_secret")), "passkey_secret",
              "is missing; it is the passkey of the short code for M-Pesa Express");
  read.passkey = Secret{std::string{reader.secret("passkey_secret")}};
  read.short_code = reader.text("short_code");
  reader.need(is_short_code(read.short_code), "short_code",
              "is missing, or no short code of five to seven digits");
  read.party_b = reader.text("party_b", read.short_code);
  reader.need(is_short_code(read.party_b), "party_b", "is no short code of five to seven digits");
  read.transaction_type = reader.text("transaction_type", pay_bill);
  reader.need(read.transaction_type == pay_bill || read.transaction_type == buy_goods,
              "transaction_type", "is neither CustomerPayBillOnline nor CustomerBuyGoodsOnline");
}

void read_callbacks(Reader& reader, AccountSettings& read) {
  reader.need(!reader.text("callback_url").empty(), "callback_url",
              "is missing; it is this server's public URL up to /api/v1/webhooks");
  read.callback = reader.url("callback_url", "https://callback.invalid");
  read.callback_name = reader.text("callback_name", "mpesa_daraja");
  reader.need(is_segment(read.callback_name), "callback_name", "is not one segment of a path");
  for (const auto& secret : list_of(reader.secret("webhook_secret"))) {
    reader.need(is_segment(secret), "webhook_secret",
                "holds characters that a URL's path would change: use letters, digits, - and _");
    read.webhook_secrets.emplace_back(secret);
  }
  reader.need(!read.webhook_secrets.empty(), "webhook_secret",
              "is missing; results come to a URL that only Daraja knows, and this is its secret");
  reader.need(read.webhook_secrets.size() <= 8, "webhook_secret", "lists more than 8 secrets");
  read.allowed_peers = list_of(reader.text("allowed_peers"));
  reader.need(read.allowed_peers.size() <= list_max, "allowed_peers", "lists more than 64");
}

void read_rules(Reader& reader, AccountSettings& read) {
  read.prompt_lifetime = std::chrono::seconds{reader.number("prompt_lifetime_s", 90, 30, 600)};
  read.amount_min = reader.number("amount_min", 1, 1, 1'000'000'000);
  read.amount_max = reader.number("amount_max", 250'000, 1, 1'000'000'000);
  reader.need(read.amount_min <= read.amount_max, "amount_min", "is above amount_max");
  const std::string partial = reader.text("reversal_allows_partial", "false");
  reader.need(partial == "true" || partial == "false", "reversal_allows_partial",
              "is neither true nor false");
  read.reversal_allows_partial = partial == "true";
  read.reversal_max_age = std::chrono::days{reader.number("reversal_max_age_days", 7, 0, 3'650)};
  read.processing_texts = list_of(reader.text("processing_texts", "being processed"));
  reader.need(!read.processing_texts.empty() && read.processing_texts.size() <= list_max,
              "processing_texts", "lists none, or more than 64");
}

void read_initiator(Reader& reader, AccountSettings& read) {
  read.initiator_name = reader.text("initiator_name");
  reader.need(read.initiator_name.empty() || is_plain(read.initiator_name, 64), "initiator_name",
              "is no name of an API operator");
  read.b2c_short_code = reader.text("b2c_short_code", read.short_code);
  reader.need(is_short_code(read.b2c_short_code), "b2c_short_code",
              "is no short code of five to seven digits");
  const std::string certificate = reader.text("certificate");
  if (!certificate.empty()) {
    // Encrypting differs each time: done once, so that the same call gives the same bytes.
    auto made =
        security_credential(Secret{std::string{reader.secret("initiator_password")}}, certificate);
    if (!made) return reader.refuse("certificate", made.error().detail);
    reader.need(!reader.secret("initiator_password").empty(), "initiator_password",
                "is missing; the certificate is there to encrypt it for");
    read.security_credential = *std::move(made);
    return;
  }
  const auto ready = reader.secret("security_credential_secret");
  reader.need(ready.empty() || is_plain(ready, 4'096), "security_credential_secret",
              "is no base64 text");
  read.security_credential = Secret{std::string{ready}};
}

}  // namespace

std::vector<std::string_view> setting_names() {
  return {"base_url",       "consumer_key",     "short_code",
          "party_b",        "transaction_type", "callback_url",
          "callback_name",  "allowed_peers",    "prompt_lifetime_s",
          "amount_min",     "amount_max",       "reversal_allows_partial",
          "initiator_name", "certificate",      "reversal_max_age_days",
          "b2c_short_code", "processing_texts"};
}

std::vector<std::string_view> secret_names() {
  return {"secret_key", "passkey_secret", "webhook_secret", "initiator_password",
          "security_credential_secret"};
}

std::vector<std::pair<std::string_view, std::string_view>> sandbox_settings() {
  return {{"consumer_key", "sandbox"},
          {"short_code", "174379"},
          {"callback_url", "https://cambist.invalid/api/v1/webhooks"},
          {"initiator_name", "cambist"}};
}

Result<AccountSettings> read_settings(const provider::Settings& settings) {
  Reader reader{settings};
  AccountSettings read;
  read_who(reader, read);
  read_callbacks(reader, read);
  read_rules(reader, read);
  read_initiator(reader, read);
  if (reader.error()) return *reader.error();
  return read;
}

}  // namespace cambist::mpesa_daraja
