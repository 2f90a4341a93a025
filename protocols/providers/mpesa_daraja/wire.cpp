#include "protocols/providers/mpesa_daraja/wire.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "protocols/core/base64.hpp"
#include "protocols/core/digest.hpp"
#include "protocols/http/syntax.hpp"

namespace cambist::mpesa_daraja {
namespace {

struct Suffix {
  CallbackKind kind;
  std::string_view text;
};
constexpr std::array suffixes{
    Suffix{CallbackKind::prompt, ""}, Suffix{CallbackKind::result, "/result"},
    Suffix{CallbackKind::timeout, "/timeout"}, Suffix{CallbackKind::status, "/status"},
    Suffix{CallbackKind::status_timeout, "/status-timeout"}};

}  // namespace

Currency kes() {
  return Currency::parse("KES").value();
}

Result<std::int64_t> to_wire(const Money& money) {
  if (money.currency != kes()) {
    return Error{ErrorCode::unsupported_by_provider, "M-Pesa in Kenya moves KES only",
                 "amount.currency"};
  }
  if (money.minor <= 0) {
    return Error{ErrorCode::invalid_request, "must be above zero", "amount.value"};
  }
  if (money.minor % 100 != 0) {
    return Error{ErrorCode::unsupported_by_provider, "M-Pesa moves whole shillings only",
                 "amount.value"};
  }
  return money.minor / 100;
}

std::string timestamp(TimePoint time) {
  constexpr auto east_africa = std::chrono::hours{3};
  std::string digits;
  // "2026-01-15T10:30:00.000Z": the digits before the fraction.
  for (const char c : to_rfc3339(time + east_africa)) {
    if (c == '.') break;
    if (http::is_digit(c)) digits += c;
  }
  return digits;
}

Secret password(const AccountSettings& account, std::string_view timestamp) {
  const Secret plain{account.short_code + std::string{account.passkey.reveal()} +
                     std::string{timestamp}};
  return Secret{to_base64(plain.reveal())};
}

std::string account_reference(const PaymentId& payment) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const Sha256 digest = sha256(payment.to_string());
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = (bits << 8U) | digest[i];
  std::string reference;
  for (unsigned shift = 59; reference.size() < 12; shift -= 5)
    reference += alphabet[(bits >> shift) & 31U];
  return reference;
}

std::string plain_text(std::string_view text, std::size_t most, std::string_view otherwise) {
  std::string kept;
  for (const char c : text) {
    if (kept.size() >= most) break;
    if (http::is_digit(c) || http::is_alpha(c) || (c == ' ' && !kept.empty())) kept += c;
  }
  while (kept.ends_with(' ')) kept.pop_back();
  return kept.empty() ? std::string{otherwise} : kept;
}

std::string callback_url(const AccountSettings& account, const PaymentId& payment,
                         const OperationId& operation, CallbackKind kind) {
  std::string url = account.callback.origin + account.callback.prefix + "/" +
                    account.callback_name + "/" +
                    std::string{account.webhook_secrets.front().reveal()} + "/" +
                    payment.to_string() + "/" + operation.to_string();
  for (const auto& suffix : suffixes) {
    if (suffix.kind == kind) url += suffix.text;
  }
  return url;
}

std::optional<CallbackSubject> read_callback_path(std::string_view path) {
  const auto slash = path.find('/');
  const auto payment = PaymentId::parse(path.substr(0, slash));
  if (!payment || slash == std::string_view::npos) return std::nullopt;
  path.remove_prefix(slash + 1);
  const auto end = std::min(path.find('/'), path.size());
  const auto operation = OperationId::parse(path.substr(0, end));
  if (!operation) return std::nullopt;
  for (const auto& suffix : suffixes) {
    if (suffix.text == path.substr(end)) return CallbackSubject{*payment, *operation, suffix.kind};
  }
  return std::nullopt;
}

}  // namespace cambist::mpesa_daraja
