#include "protocols/providers/bank_transfer/settings.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "protocols/bank/texts.hpp"
#include "protocols/providers/bank_transfer/adapter.hpp"

namespace cambist::bank_transfer {
namespace {

Error wrong(std::string_view field, std::string detail) {
  return Error{ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

std::string value_or(const provider::Settings& settings, const std::string& name,
                     std::string_view fallback) {
  const auto found = settings.values.find(name);
  return found == settings.values.end() ? std::string{fallback} : found->second;
}

/// It is shown to payers, and stands in logs.
bool is_line(std::string_view text, std::size_t max) noexcept {
  return !text.empty() && text.size() <= max && bank::is_utf8(text) &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

std::optional<int> number(std::string_view text, int min, int max) {
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || value < min || value > max)
    return std::nullopt;
  return value;
}

}  // namespace

std::vector<std::string_view> setting_names() {
  return {"base_url",       "bank_name",        "bic",      "account_number",   "account_name",
          "currency",       "reference_prefix", "language", "reference_digits", "expires_after_h",
          "utc_offset_min", "csv_map"};
}
std::vector<std::string_view> secret_names() {
  return {"webhook_secret"};
}
std::vector<std::pair<std::string_view, std::string_view>> sandbox_values() {
  return {
      {"bank_name", "NMB"}, {"account_number", "20110000001"}, {"account_name", "NEST RENTALS"}};
}

Result<AccountSettings> read_settings(const provider::Settings& settings) {
  AccountSettings read;
  read.collecting.account = value_or(settings, "account_number", "");
  if (!is_line(read.collecting.account, 34))
    return wrong("account_number", "is missing; it is the account that payers transfer to");
  read.account_name = value_or(settings, "account_name", "");
  if (!is_line(read.account_name, 70))
    return wrong("account_name", "is missing; it is whom payers see");
  read.bank_name = value_or(settings, "bank_name", "");
  if (!is_line(read.bank_name, 70))
    return wrong("bank_name", "is missing; it is the account's bank");
  read.bic = value_or(settings, "bic", "");
  if (!read.bic.empty() && read.bic.size() != 8 && read.bic.size() != 11)
    return wrong("bic", "is no BIC: it has 8 or 11 characters");

  const auto currency = Currency::parse(value_or(settings, "currency", "TZS"));
  if (!currency) return wrong("currency", "is no currency such as TZS");
  read.currency = *currency;
  read.collecting.shape.prefix = value_or(settings, "reference_prefix", "88");
  if (!bank::is_prefix(read.collecting.shape.prefix))
    return wrong("reference_prefix", "must be two digits, and not 99, which is the government's");
  const auto digits = number(value_or(settings, "reference_digits", "8"),
                             static_cast<int>(bank::reference_digits_min),
                             static_cast<int>(bank::reference_digits_max));
  if (!digits) return wrong("reference_digits", "must be 8 to 14");
  read.collecting.shape.digits = static_cast<std::size_t>(*digits);
  read.language = value_or(settings, "language", "en");
  if (read.language != "en" && read.language != "sw")
    return wrong("language", "is neither en nor sw");
  const auto hours = number(value_or(settings, "expires_after_h", "72"), 1, 24 * 90);
  if (!hours) return wrong("expires_after_h", "must be 1 to 2160 hours");
  read.expires_after = std::chrono::hours{*hours};
  const auto offset = number(value_or(settings, "utc_offset_min", "180"), -12 * 60, 14 * 60);
  if (!offset) return wrong("utc_offset_min", "must be -720 to 840 minutes");
  read.utc_offset = std::chrono::minutes{*offset};

  auto csv = bank::parse_csv_map(value_or(settings, "csv_map", ""));
  if (!csv) return wrong("csv_map", csv.error().detail);
  read.csv = std::move(*csv);
  read.csv.default_account = read.collecting.account;
  read.csv.default_currency = read.currency.code();
  if (const auto secret = settings.secrets.find("webhook_secret");
      secret != settings.secrets.end()) {
    read.webhook_secret = secret->second.clone();
  }
  return read;
}

}  // namespace cambist::bank_transfer
