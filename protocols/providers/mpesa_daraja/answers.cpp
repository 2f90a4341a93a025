#include "protocols/providers/mpesa_daraja/answers.hpp"

#include <charconv>
#include <string>
#include <utility>

#include "protocols/providers/mpesa_daraja/codes.hpp"
#include "protocols/providers/mpesa_daraja/fields.hpp"
#include "protocols/providers/mpesa_daraja/requests.hpp"
#include "protocols/providers/mpesa_daraja/wire.hpp"

namespace cambist::mpesa_daraja {
namespace {

namespace json = boost::json;
using provider::Call;
using provider::FailureCode;
using provider::Verdict;

// Source: facts/mpesa.md A4, "Poll plan".
constexpr std::chrono::seconds first_question_after{25};
constexpr std::chrono::seconds next_question_after{12};

provider::Unknown not_understood(bool outage, std::string code = {}) {
  return {{FailureCode::unknown, "M-Pesa's answer could not be understood.", std::move(code)},
          outage,
          std::nullopt};
}

/// The payer's turn. The same for every answer to one operation, so that it gives no more time.
provider::ActionRequired prompt(const AccountSettings& account, const Call& call,
                                std::string checkout, std::chrono::seconds ask_after) {
  provider::NextAction action;
  action.type = "phone_prompt";
  action.instructions = "Enter the M-Pesa PIN on the phone to pay KES " +
                        std::to_string(call.amount.minor / 100) + " to account " +
                        account_reference(call.payment) + ".";
  action.expires_at = call.started_at + account.prompt_lifetime;
  return {std::move(action), std::move(checkout), {}, ask_after, false};
}

// --- 2xx -----------------------------------------------------------------------------------------

Verdict interpret_push(const AccountSettings& account, const Call& call, const json::object& body) {
  // Any other code of a 200 is not documented: the prompt may be on its way.
  std::string checkout = word(body, "CheckoutRequestID");
  if (text(body, "ResponseCode") != "0" || checkout.empty()) return not_understood(false);
  return prompt(account, call, std::move(checkout), first_question_after);
}

Verdict interpret_query(const AccountSettings& account, const Call& call,
                        const json::object& body) {
  if (text(body, "ResponseCode") != "0") return not_understood(false);
  const std::string checkout = word(body, "CheckoutRequestID");
  if (checkout != call.provider_payment_id) return not_understood(false);
  const std::string code = word(body, "ResultCode");
  if (code == "0") {
    provider::Approved approved;
    approved.amount = call.amount;  // the answer names none; see README.md, decision 3
    approved.provider_payment_id = checkout;
    approved.provider_object = call.provider_object;
    return approved;
  }
  if (code == "4999") return prompt(account, call, checkout, next_question_after);
  if (auto declined = decline_of(code)) {
    declined->provider_payment_id = checkout;
    return *std::move(declined);
  }
  return not_understood(false, code);
}

Verdict interpret_command(const json::object& body) {
  if (text(body, "ResponseCode") != "0") return not_understood(false);
  std::string conversation = word(body, "ConversationID");
  if (conversation.empty()) conversation = word(body, "OriginatorConversationID");
  if (conversation.empty()) return not_understood(false);
  return provider::Pending{{}, std::move(conversation)};
}

/// The question was taken; what it finds comes to a callback.
Verdict interpret_status(const Call& call, const json::object& body) {
  if (text(body, "ResponseCode") == "0" && !call.provider_object.empty())
    return provider::Pending{{}, call.provider_object};
  // Whether the payment itself ever arrived, the answer does not say.
  return not_understood(false);
}

// --- everything else -----------------------------------------------------------------------------

provider::Refused refused(FailureCode code, std::string message, const Problem& problem,
                          bool repeatable) {
  return {{code, std::move(message), problem.code}, false, repeatable, std::nullopt};
}

Verdict refused_for(const Problem& problem) {
  switch (problem.trouble) {
    case Trouble::invalid:
      return refused(FailureCode::invalid_request, "M-Pesa refused the request.", problem, false);
    case Trouble::configuration:
    case Trouble::token:
      return refused(FailureCode::configuration_error,
                     "M-Pesa refused the merchant's account or credentials.", problem, false);
    case Trouble::busy:
      return refused(FailureCode::card_declined,
                     "The phone is busy with another M-Pesa session. Try again in a few minutes.",
                     problem, false);
    case Trouble::throttled: {
      auto verdict =
          refused(FailureCode::provider_down, "M-Pesa is busy. Try again.", problem, true);
      verdict.retry_after = std::chrono::seconds{1};
      return verdict;
    }
    case Trouble::quota: {
      auto verdict =
          refused(FailureCode::provider_down, "M-Pesa is busy. Try again later.", problem, true);
      verdict.retry_after = std::chrono::minutes{1};
      return verdict;
    }
    case Trouble::processing:
    case Trouble::duplicate:
    case Trouble::unknown:
      break;
  }
  return not_understood(false, problem.code);
}

Verdict interpret_trouble(const AccountSettings& account, const Call& call, Api api,
                          const http::Response& response) {
  const Problem problem = problem_of(account, response);
  if (problem.trouble == Trouble::processing && api == Api::query)
    return prompt(account, call, call.provider_payment_id, next_question_after);
  if (problem.trouble == Trouble::duplicate && api == Api::b2c)
    return provider::Pending{{}, call.operation.to_string()};
  Verdict verdict = refused_for(problem);
  if (auto* unknown = std::get_if<provider::Unknown>(&verdict)) {
    unknown->outage = response.status >= 500 && problem.trouble == Trouble::unknown;
    return verdict;
  }
  // A question that was refused for good says nothing of what it asked about.
  const auto& said = std::get<provider::Refused>(verdict);
  if (call.inquiry && !said.repeatable) return provider::Unknown{said.failure, false, std::nullopt};
  return verdict;
}

}  // namespace

Verdict interpret_answer(const AccountSettings& account, const Call& call,
                         const http::Response& response) {
  const Api api = api_of(account, call);
  if (response.status < 200 || response.status >= 300)
    return interpret_trouble(account, call, api, response);
  const auto body = read_object(response.body);
  if (!body) return not_understood(true);
  switch (api) {
    case Api::push:
      return interpret_push(account, call, *body);
    case Api::query:
      return interpret_query(account, call, *body);
    case Api::reversal:
    case Api::b2c:
      return interpret_command(*body);
    case Api::status:
      return interpret_status(call, *body);
  }
  return not_understood(true);
}

Result<provider::Token> read_token_answer(const http::Response& response) {
  // A wrong key is answered with 400 or 401, at times without a body.
  if (response.status == 400 || response.status == 401)
    return Error{ErrorCode::unauthenticated, "Daraja refused the consumer key or its secret"};
  const Error unusable{ErrorCode::unavailable, "Daraja gave no token"};
  if (response.status != 200) return unusable;
  const auto body = read_object(response.body);
  if (!body) return unusable;
  const auto* token = body->if_contains("access_token");
  const auto* value = token == nullptr ? nullptr : token->if_string();
  if (value == nullptr || value->empty() || value->size() > 4'096) return unusable;
  // It becomes a header's value.
  for (const char c : *value) {
    if (c <= ' ' || c >= 0x7f) return unusable;
  }
  const std::string lifetime = text(*body, "expires_in");
  std::int64_t seconds = 0;
  const auto [end, failed] =
      std::from_chars(lifetime.data(), lifetime.data() + lifetime.size(), seconds);
  constexpr std::int64_t day = 86'400;
  if (failed != std::errc{} || end != lifetime.data() + lifetime.size() || seconds <= 0 ||
      seconds > day) {
    return unusable;
  }
  provider::Token made;
  made.value = Secret{std::string{value->data(), value->size()}};
  made.lifetime = std::chrono::seconds{seconds};
  return made;
}

}  // namespace cambist::mpesa_daraja
