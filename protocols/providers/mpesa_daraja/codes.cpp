#include "protocols/providers/mpesa_daraja/codes.hpp"

#include <algorithm>
#include <array>

#include "protocols/http/syntax.hpp"
#include "protocols/providers/mpesa_daraja/fields.hpp"

namespace cambist::mpesa_daraja {
namespace {

using provider::FailureCode;

struct Row {
  std::string_view code;
  FailureCode meaning;
  bool soft;  // the same payer may succeed later
  std::string_view message;
};

constexpr std::array results{
    Row{"1", FailureCode::insufficient_funds, false,
        "There is not enough money in the M-Pesa account."},
    Row{"2", FailureCode::invalid_request, false, "The amount is below what M-Pesa moves."},
    Row{"3", FailureCode::invalid_request, false, "The amount is above what M-Pesa moves at once."},
    Row{"4", FailureCode::card_declined, true, "The payer's daily limit is reached."},
    Row{"8", FailureCode::configuration_error, false, "The payment cannot be received now."},
    Row{"17", FailureCode::card_declined, true,
        "The same payment was tried just before. Try again in two minutes."},
    Row{"26", FailureCode::provider_down, true, "M-Pesa is busy. Try again shortly."},
    Row{"1001", FailureCode::card_declined, true,
        "The phone is busy with another M-Pesa session. Try again in a few minutes."},
    Row{"1019", FailureCode::timeout, true, "The payment has expired. Try again."},
    Row{"1025", FailureCode::provider_down, true, "The prompt could not be sent. Try again."},
    Row{"9999", FailureCode::provider_down, true, "The prompt could not be sent. Try again."},
    Row{"1032", FailureCode::card_declined, false, "The payment was cancelled on the phone."},
    Row{"1036", FailureCode::timeout, true, "The phone could not be reached. Try again."},
    Row{"1037", FailureCode::timeout, true, "There was no reply from the phone. Try again."},
    Row{"2001", FailureCode::payment_method_invalid, false, "The M-Pesa PIN was wrong."},
    Row{"2006", FailureCode::configuration_error, false, "The account cannot take this payment."},
    Row{"2028", FailureCode::configuration_error, false, "The account cannot take this payment."},
    Row{"8006", FailureCode::payment_method_invalid, false, "The M-Pesa PIN is locked."},
    Row{"SFC_IC0003", FailureCode::configuration_error, false,
        "The account cannot take this payment."},
};

// 1: no funds in the short code; 2, 3, 4, 8: limits; 11: debit party inactive; 21: the initiator
// lacks the role; 2001, 8006: its credential; R000002: the original is not known.
constexpr std::array<std::string_view, 10> failed_commands{"1",  "2",  "3",    "4",    "8",
                                                           "11", "21", "2001", "8006", "R000002"};

struct ErrorRow {
  std::string_view code;
  Trouble trouble;
};
constexpr std::array errors{
    ErrorRow{"400.002.02", Trouble::invalid},       ErrorRow{"400.002.05", Trouble::invalid},
    ErrorRow{"400.003.02", Trouble::invalid},       ErrorRow{"404.001.03", Trouble::token},
    ErrorRow{"401.002.01", Trouble::token},         ErrorRow{"401.003.01", Trouble::token},
    ErrorRow{"400.003.01", Trouble::token},         ErrorRow{"404.001.04", Trouble::configuration},
    ErrorRow{"404.001.01", Trouble::configuration}, ErrorRow{"404.002.01", Trouble::configuration},
    ErrorRow{"405.001", Trouble::configuration},    ErrorRow{"500.002.1001", Trouble::duplicate},
    ErrorRow{"500.003.02", Trouble::throttled},     ErrorRow{"500.003.03", Trouble::quota},
};

std::string lower(std::string_view text) {
  std::string made{text};
  std::transform(made.begin(), made.end(), made.begin(), [](char c) { return http::to_lower(c); });
  return made;
}

bool says(std::string_view message, std::string_view words) {
  return lower(message).find(lower(words)) != std::string::npos;
}

/// 500.001.1001 stands for several things; only its text tells which.
Trouble overloaded(const AccountSettings& account, std::string_view message) {
  for (const auto& words : account.processing_texts) {
    if (says(message, words)) return Trouble::processing;
  }
  if (says(message, "unable to lock subscriber")) return Trouble::busy;
  if (says(message, "wrong credentials") || says(message, "merchant does not exist"))
    return Trouble::configuration;
  return Trouble::unknown;
}

// The API gateway in front of Daraja speaks for itself.
Trouble fault_of(const boost::json::object& fault) {
  const auto* detail = child(fault, "detail");
  const std::string code = detail == nullptr ? std::string{} : text(*detail, "errorcode");
  if (code == "policies.ratelimit.SpikeArrestViolation") return Trouble::throttled;
  if (code == "policies.ratelimit.QuotaViolation") return Trouble::quota;
  return Trouble::unknown;
}

}  // namespace

std::optional<provider::Declined> decline_of(std::string_view result_code) {
  const auto* const row = std::find_if(results.begin(), results.end(),
                                       [&](const Row& known) { return known.code == result_code; });
  if (row == results.end()) return std::nullopt;
  return provider::Declined{
      {row->meaning, std::string{row->message}, std::string{row->code}}, row->soft, {}, {}};
}

bool is_failed_command(std::string_view result_code) noexcept {
  return std::find(failed_commands.begin(), failed_commands.end(), result_code) !=
         failed_commands.end();
}

Problem problem_of(const AccountSettings& account, const http::Response& response) {
  const auto body = read_object(response.body);
  if (!body) return {response.status == 401 ? Trouble::token : Trouble::unknown, {}};
  if (const auto* fault = child(*body, "fault")) return {fault_of(*fault), {}};
  const std::string code = word(*body, "errorCode");
  if (code == "500.001.1001") return {overloaded(account, text(*body, "errorMessage")), code};
  const auto* const row = std::find_if(errors.begin(), errors.end(),
                                       [&](const ErrorRow& known) { return known.code == code; });
  if (row != errors.end()) return {row->trouble, code};
  return {response.status == 401 ? Trouble::token : Trouble::unknown, code};
}

}  // namespace cambist::mpesa_daraja
