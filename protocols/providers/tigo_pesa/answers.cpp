#include "protocols/providers/tigo_pesa/answers.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "protocols/http/syntax.hpp"
#include "protocols/provider/json_reader.hpp"
#include "protocols/providers/tigo_pesa/codes.hpp"
#include "protocols/providers/tigo_pesa/reference.hpp"

namespace cambist::tigo_pesa {
namespace {

using provider::Call;
using provider::OperationKind;
using provider::Verdict;

Verdict accepted(const Account& account, const Call& call, const boost::json::object& answer,
                 const std::string& ours) {
  const std::string named = provider::json_text(answer, "ReferenceID");
  if (!named.empty() && named != ours) return provider::not_understood("another_reference");
  if (call.kind == OperationKind::charge) {
    // There is nothing to ask before the prompt has ended, nor after it: the callback tells.
    return provider::phone_prompt(call, "tigo_pesa", market, account.prompt_lifetime, std::nullopt,
                                  ours);
  }
  std::string made = provider::json_word(answer, "MFSTransactionID");
  if (made.empty()) made = provider::json_word(answer, "DMReferenceID");
  return provider::Approved{.amount = call.amount,
                            .provider_payment_id = {},
                            .provider_object = std::move(made),
                            .method = {},
                            .authorization_expires_at = std::nullopt};
}

Verdict turned_down(const Account& account, const Call& call, const boost::json::object& answer,
                    const std::string& ours) {
  const std::string code = provider::json_word(answer, "ResponseCode");
  const Reading reading = reading_of(code);
  switch (reading.says) {
    case Says::nothing:
      return provider::not_understood(code);
    case Says::refused:
      return provider::Refused{provider::failure_of(reading.code, code), false, false,
                               std::nullopt};
    case Says::failed:
    case Says::told:
      break;
  }
  provider::Declined verdict{provider::failure_of(reading.code, code)};
  if (reading.says == Says::told) {
    const auto words =
        failure_in_words(account, provider::json_text(answer, "ResponseDescription"));
    verdict.failure = provider::failure_of(words.code, code);
  }
  if (call.kind == OperationKind::charge) verdict.provider_payment_id = ours;
  return verdict;
}

}  // namespace

provider::Failure failure_in_words(const Account& account, std::string_view text) {
  std::string lower{text};
  std::transform(lower.begin(), lower.end(), lower.begin(), http::to_lower);
  for (const auto& [word, code] : account.words) {
    if (lower.find(word) != std::string::npos) return provider::failure_of(code, word);
  }
  return provider::failure_of(provider::FailureCode::card_declined, "failed");
}

Verdict interpret_answer(const Account& account, const Call& call, const http::Response& response) {
  if (auto verdict = verdict_of_status(call, response)) return *std::move(verdict);
  const auto answer = provider::read_json_object(response.body);
  // A lone `Message` is the gateway's own error: nobody knows how far the call had come.
  const auto status = answer ? provider::json_flag(*answer, "ResponseStatus") : std::nullopt;
  if (!status || call.inquiry || response.status >= 300) return provider::not_understood();
  const std::string ours = reference_id(account.biller_code, call.operation);
  return *status ? accepted(account, call, *answer, ours)
                 : turned_down(account, call, *answer, ours);
}

}  // namespace cambist::tigo_pesa
