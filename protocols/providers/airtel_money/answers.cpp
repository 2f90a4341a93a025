#include "protocols/providers/airtel_money/answers.hpp"

#include <string>
#include <utility>

#include "protocols/provider/json_reader.hpp"
#include "protocols/providers/airtel_money/codes.hpp"
#include "protocols/providers/airtel_money/reference.hpp"

namespace cambist::airtel_money {
namespace {

using provider::Call;
using provider::FailureCode;
using provider::OperationKind;
using provider::Verdict;

/// What is read of an answer. Shape: `code` is the response code or, from older systems, the result
/// code; `money_id` Airtel's own id of what moved.
struct Envelope {
  std::string code;
  bool worked = false;  // the API call, not the payment
  std::string transaction;
  std::string status;
  std::string money_id;
};

std::optional<Envelope> read_envelope(std::string_view body) {
  const auto object = provider::read_json_object(body);
  const auto* status = object ? provider::json_child(*object, "status") : nullptr;
  if (status == nullptr) return std::nullopt;
  Envelope read;
  read.code = provider::json_word(*status, "response_code");
  if (read.code.empty()) read.code = provider::json_word(*status, "result_code");
  read.worked = provider::json_flag(*status, "success").value_or(false);
  const auto* data = provider::json_child(*object, "data");
  const auto* transaction = data == nullptr ? nullptr : provider::json_child(*data, "transaction");
  if (transaction != nullptr) {
    // Airtel sometimes answers `"id": false`; then ours is the only one there is.
    read.transaction = provider::json_text(*transaction, "id");
    read.status = provider::json_word(*transaction, "status");
    read.money_id = provider::json_word(*transaction, "airtel_money_id");
  }
  return read;
}

provider::Declined declined(const Call& call, FailureCode code, std::string word) {
  provider::Declined verdict{provider::failure_of(code, std::move(word))};
  if (call.kind == OperationKind::charge)
    verdict.provider_payment_id = transaction_id(call.payment, call.operation);
  return verdict;
}

Verdict prompt(const Account& account, const Call& call) {
  return provider::phone_prompt(call, "airtel_money", market, account.prompt_lifetime,
                                account.ask_after, transaction_id(call.payment, call.operation));
}

/// Accepted is not paid: even a push that is answered with "success" waits for the payer's PIN.
Verdict judge_push(const Account& account, const Call& call, const Envelope& answer) {
  const Reading reading = reading_of(answer.code);
  switch (reading.says) {
    case Says::done:
    case Says::pending:
      return prompt(account, call);
    case Says::failed:
      return declined(call, reading.code, answer.code);
    case Says::refused:
      return provider::Refused{provider::failure_of(reading.code, answer.code), false, false,
                               std::nullopt};
    case Says::nothing:
      if (answer.code.empty() && answer.worked) return prompt(account, call);
      break;
    case Says::not_found:
    case Says::duplicate:
      break;
  }
  return provider::not_understood(answer.code);
}

Verdict judge_enquiry(const Account& account, const Call& call, int status,
                      const Envelope& answer) {
  const std::string ours = transaction_id(call.payment, call.operation);
  const Reading reading = reading_of(answer.code);
  if (answer.status == "TS") {
    return provider::Approved{.amount = call.amount,
                              .provider_payment_id = ours,
                              .provider_object = answer.money_id,
                              .method = {},
                              .authorization_expires_at = std::nullopt};
  }
  if (answer.status == "TF") {
    const bool says_why = reading.says == Says::failed;
    return declined(call, says_why ? reading.code : FailureCode::card_declined,
                    says_why ? answer.code : answer.status);
  }
  if (answer.status == "TE") return declined(call, FailureCode::timeout, answer.status);
  if (answer.status == "TIP") return prompt(account, call);
  if (answer.status == "TA") return provider::Pending{ours, {}};
  const bool missing = answer.status.empty() && (reading.says == Says::not_found || status == 404);
  if (!missing) return provider::not_understood(answer.code);
  // Airtel may not show it yet; only what stays unknown to it was never made.
  if (call.attempt < account.not_found_asks) return provider::not_understood("not_found");
  return provider::NotExecuted{};
}

Verdict judge_refund(const Call& call, const Envelope& answer) {
  // A sample shows `"success": false` beside a refund that was made: the transaction's own word
  // counts.
  if (answer.status == "SUCCESS" && !answer.money_id.empty()) {
    return provider::Approved{.amount = call.amount,
                              .provider_payment_id = {},
                              .provider_object = answer.money_id,
                              .method = {},
                              .authorization_expires_at = std::nullopt};
  }
  const Reading reading = reading_of(answer.code);
  if (reading.says == Says::failed) return declined(call, reading.code, answer.code);
  if (reading.says == Says::refused) {
    return provider::Refused{provider::failure_of(reading.code, answer.code), false, false,
                             std::nullopt};
  }
  return provider::not_understood(answer.code);
}

}  // namespace

Verdict interpret_answer(const Account& account, const Call& call, const http::Response& response) {
  if (auto verdict = verdict_of_status(call, response)) return *std::move(verdict);
  const auto answer = read_envelope(response.body);
  if (!answer) return provider::not_understood();
  if (call.kind == OperationKind::refund) {
    if (call.inquiry) return provider::not_understood();
    return judge_refund(call, *answer);
  }
  if (!answer->transaction.empty() &&
      answer->transaction != transaction_id(call.payment, call.operation)) {
    return provider::not_understood("another_transaction");
  }
  if (call.inquiry) return judge_enquiry(account, call, response.status, *answer);
  return judge_push(account, call, *answer);
}

}  // namespace cambist::airtel_money
