#include "protocols/providers/mpesa_openapi_tz/settings.hpp"

#include <algorithm>
#include <charconv>

#include "protocols/http/syntax.hpp"
#include "protocols/providers/mpesa_openapi_tz/adapter.hpp"
#include "protocols/providers/mpesa_openapi_tz/fields.hpp"

namespace cambist::mpesa_openapi_tz {
namespace {

Error wrong(std::string_view field, std::string detail) {
  return Error{ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

std::string lower(std::string_view text) {
  std::string folded{text};
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

std::string value_or(const provider::Settings& settings, std::string_view name,
                     std::string_view fallback) {
  const auto found = settings.values.find(std::string{name});
  return found == settings.values.end() ? std::string{fallback} : found->second;
}

// Printable and without spaces: fit for a header and a path.
bool is_token(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 255 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// "a,b,c": no entry is empty. An empty list has none.
Result<std::vector<std::string>> read_list(std::string_view field, std::string_view list) {
  constexpr std::size_t entries_max = 64;
  std::vector<std::string> entries;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view entry = list.substr(0, comma);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    if (!is_token(entry)) return wrong(field, "is no list of words with commas between");
    entries.emplace_back(entry);
    if (entries.size() > entries_max) return wrong(field, "lists more than 64 entries");
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
    if (list.empty()) return wrong(field, "has an empty entry in its list");
  }
  return entries;
}

// One of two words.
Result<bool> read_choice(const provider::Settings& settings, std::string_view field,
                         std::string_view yes, std::string_view no, std::string_view fallback) {
  const std::string value = value_or(settings, field, fallback);
  if (value != yes && value != no)
    return wrong(field, "is neither " + std::string{yes} + " nor " + std::string{no});
  return value == yes;
}

Result<std::int64_t> read_number(const provider::Settings& settings, std::string_view field,
                                 std::string_view fallback, std::int64_t min, std::int64_t max) {
  const std::string value = value_or(settings, field, fallback);
  std::int64_t number = 0;
  const auto* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc{} || stop != end || number < min || number > max) {
    return wrong(field,
                 "is no whole number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return number;
}

Result<void> read_seconds(const provider::Settings& settings, std::string_view field,
                          std::string_view fallback, std::int64_t min, std::int64_t max,
                          std::chrono::seconds& into) {
  const auto number = read_number(settings, field, fallback, min, max);
  if (!number) return number.error();
  into = std::chrono::seconds{*number};
  return {};
}

Result<void> read_place(const provider::Settings& settings, AccountSettings& read) {
  auto base =
      provider::parse_base_url(value_or(settings, "base_url", "https://openapi.m-pesa.com"));
  if (!base) return wrong("base_url", base.error().detail);
  read.base = std::move(*base);
  const auto live = read_choice(settings, "environment", "openapi", "sandbox", "openapi");
  if (!live) return live.error();
  read.environment = *live ? "openapi" : "sandbox";
  read.market = value_or(settings, "market", "vodacomTZN");
  if (!is_word(read.market)) return wrong("market", "is no market such as vodacomTZN");
  read.origin = value_or(settings, "origin", "*");
  if (!is_token(read.origin)) return wrong("origin", "is no origin such as * or 203.0.113.7");
  read.service_provider_code = value_or(settings, "service_provider_code", "");
  // Source: facts/mpesa.md B2, "Validation".
  const auto& code = read.service_provider_code;
  if (code.size() < 4 || code.size() > 12 || !is_receipt(code)) {
    return wrong("service_provider_code",
                 "is missing or not 4 to 12 letters and digits; the portal shows it");
  }
  return {};
}

Result<void> read_behaviour(const provider::Settings& settings, AccountSettings& read) {
  const auto waits = read_choice(settings, "mode", "synchronous", "asynchronous", "asynchronous");
  if (!waits) return waits.error();
  read.synchronous = *waits;
  const auto reverses = read_choice(settings, "refund_by", "reversal", "b2c", "reversal");
  if (!reverses) return reverses.error();
  read.reverses = *reverses;
  const auto put = read_choice(settings, "reversal_method", "PUT", "POST", "PUT");
  if (!put) return put.error();
  read.reversal_method = *put ? "PUT" : "POST";

  // Source: facts/mpesa.md B4; a wallet never holds more than ten million.
  constexpr std::int64_t shillings_max = 100'000'000;
  const auto least = read_number(settings, "amount_min", "1", 1, shillings_max);
  if (!least) return least.error();
  const auto most = read_number(settings, "amount_max", "5000000", 1, shillings_max);
  if (!most) return most.error();
  if (*least > *most) return wrong("amount_max", "is below amount_min");
  read.amount_min = *least;
  read.amount_max = *most;
  return {};
}

Result<void> read_times(const provider::Settings& settings, AccountSettings& read) {
  auto done = read_seconds(settings, "session_ttl_s", "3600", 60, 604'800, read.session_ttl);
  if (done) done = read_seconds(settings, "session_warmup_s", "30", 0, 300, read.session_warmup);
  if (done)
    done = read_seconds(settings, "prompt_lifetime_s", "90", 10, 3'600, read.prompt_lifetime);
  if (done) done = read_seconds(settings, "ask_after_s", "20", 1, 3'600, read.ask_after);
  if (!done) return done;
  if (read.session_warmup >= read.session_ttl)
    return wrong("session_warmup_s", "is not below session_ttl_s");
  return {};
}

Result<void> read_words(const provider::Settings& settings, AccountSettings& read) {
  struct Default {
    Standing standing;
    std::string_view field;
    std::string_view words;
  };
  constexpr std::array defaults{
      Default{Standing::completed, "status_completed", "Completed"},
      Default{Standing::failed, "status_failed", "Failed"},
      Default{Standing::cancelled, "status_cancelled", "Cancelled"},
      Default{Standing::expired, "status_expired", "Expired"},
      Default{Standing::pending, "status_pending", "Pending"},
  };
  for (const auto& [standing, field, words] : defaults) {
    auto list = read_list(field, value_or(settings, field, words));
    if (!list) return list.error();
    for (std::string& word : *list) {
      word = lower(word);
      // A word that means two things would be taken for money or not by the order of the lists.
      if (read.statuses.find(word)) return wrong(field, "has a word that stands in another list");
    }
    read.statuses.words[static_cast<std::size_t>(standing)] = std::move(*list);
  }
  return {};
}

Result<void> read_secrets(const provider::Settings& settings, AccountSettings& read) {
  auto key = PublicKey::parse(value_or(settings, "public_key", ""));
  if (!key) return wrong("public_key", key.error().detail + "; the portal shows it");
  read.public_key = std::move(*key);
  const auto secret = settings.secrets.find("secret_key");
  if (secret == settings.secrets.end() || !is_token(secret->second.reveal())) {
    return wrong("secret_key", "is missing or no API key; the portal shows it");
  }
  read.secret_key = secret->second.clone();
  if (const auto sealed = read.public_key.encrypt(read.secret_key.reveal()); !sealed)
    return wrong("secret_key", "cannot be encrypted with public_key: it is too long");

  const auto found = settings.secrets.find("webhook_secret");
  if (found == settings.secrets.end() || found->second.empty()) return {};
  const auto list = read_list("webhook_secret", found->second.reveal());
  if (!list) return list.error();
  for (const std::string& entry : *list) {
    // It is one part of a path.
    if (!is_word(entry) && entry.find_first_of("/?#%") != std::string::npos)
      return wrong("webhook_secret", "holds characters that a path cannot have");
    read.webhook_secrets.emplace_back(entry);
  }
  if (read.webhook_secrets.size() > 8)
    return wrong("webhook_secret", "lists more than 8 secrets; remove those that were rolled");
  return {};
}

}  // namespace

std::vector<std::string_view> setting_names() {
  return {"base_url",
          "environment",
          "market",
          "origin",
          "public_key",
          "service_provider_code",
          "mode",
          "refund_by",
          "reversal_method",
          "amount_min",
          "amount_max",
          "session_ttl_s",
          "session_warmup_s",
          "prompt_lifetime_s",
          "ask_after_s",
          "allowed_peers",
          "status_completed",
          "status_failed",
          "status_cancelled",
          "status_expired",
          "status_pending"};
}

std::vector<std::string_view> secret_names() {
  return {"secret_key", "webhook_secret"};
}

std::optional<Standing> StatusWords::find(std::string_view word) const {
  const std::string wanted = lower(word);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (std::find(words[i].begin(), words[i].end(), wanted) != words[i].end())
      return static_cast<Standing>(i);
  }
  return std::nullopt;
}

Result<AccountSettings> read_settings(const provider::Settings& settings) {
  AccountSettings read;
  for (const auto& part : {&read_place, &read_behaviour, &read_times, &read_words, &read_secrets}) {
    if (auto done = part(settings, read); !done) return done.error();
  }
  auto peers = read_list("allowed_peers", value_or(settings, "allowed_peers", ""));
  if (!peers) return peers.error();
  read.allowed_peers = std::move(*peers);
  return read;
}

}  // namespace cambist::mpesa_openapi_tz
