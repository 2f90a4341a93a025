#include "protocols/providers/mpesa_openapi_tz/answers.hpp"

#include <string>
#include <utility>

#include "protocols/provider/phone.hpp"
#include "protocols/providers/mpesa_openapi_tz/codes.hpp"
#include "protocols/providers/mpesa_openapi_tz/fields.hpp"
#include "protocols/providers/mpesa_openapi_tz/ids.hpp"
#include "protocols/providers/mpesa_openapi_tz/requests.hpp"

namespace cambist::mpesa_openapi_tz {
namespace {

using provider::ActionRequired;
using provider::Approved;
using provider::Call;
using provider::Declined;
using provider::Failure;
using provider::FailureCode;
using provider::NotExecuted;
using provider::OperationKind;
using provider::Pending;
using provider::Refused;
using provider::Unknown;
using provider::Verdict;

/// What is read of an answer, whichever call it belongs to.
struct Reply {
  int status = 0;
  bool readable = false;  // a JSON object
  std::string code;
  Meaning meaning = Meaning::unlisted;
  std::string transaction;   // output_TransactionID
  std::string conversation;  // output_ThirdPartyConversationID
  std::string standing;      // output_ResponseTransactionStatus
  std::string original;      // output_OriginalTransactionID
  std::string reversed;      // output_Reversed
};

Reply read_reply(const http::Response& response) {
  Reply reply;
  reply.status = response.status;
  const auto object = read_object(response.body);
  reply.readable = object.has_value();
  if (!object) return reply;
  reply.code = word(*object, "output_ResponseCode");
  reply.meaning = meaning_of(reply.code);
  reply.transaction = receipt(*object, "output_TransactionID");
  reply.conversation = text(*object, "output_ThirdPartyConversationID");
  reply.standing = word(*object, "output_ResponseTransactionStatus");
  reply.original = receipt(*object, "output_OriginalTransactionID");
  reply.reversed = word(*object, "output_Reversed");
  return reply;
}

std::string message_of(FailureCode code, const Call& call) {
  const bool refund = call.kind == OperationKind::refund;
  switch (code) {
    case FailureCode::insufficient_funds:
      return refund ? "The balance at M-Pesa does not cover the refund."
                    : "The M-Pesa balance is too low.";
    case FailureCode::payment_method_invalid:
      return "There is no M-Pesa wallet for this phone number.";
    case FailureCode::card_declined:
      return refund ? "The refund was not accepted." : "The payment was not approved.";
    case FailureCode::timeout:
      return refund ? "M-Pesa did not answer in time." : "The payment was not confirmed in time.";
    case FailureCode::provider_down:
      return "M-Pesa is not available right now.";
    case FailureCode::invalid_request:
      return "M-Pesa refused the request.";
    case FailureCode::configuration_error:
      return "M-Pesa refused the account's configuration.";
    default:
      return "Nobody knows yet what became of it.";
  }
}

Failure failure(const Call& call, FailureCode code, std::string word) {
  return {code, message_of(code, call), std::move(word)};
}

Unknown unknown(const Call& call, FailureCode code, const Reply& reply, bool outage) {
  return {failure(call, code, reply.code), outage};
}

std::string payment_id_of(const Call& call) {
  return call.kind == OperationKind::charge ? conversation_of(call) : call.provider_payment_id;
}

std::optional<std::string> msisdn_of(const Call& call) {
  const auto phone = call.method.fields.find("phone");
  if (phone == call.method.fields.end()) return std::nullopt;
  const auto msisdn = provider::normalise_phone(phone->second, provider::Market::tanzania);
  return msisdn ? std::optional{*msisdn} : std::nullopt;
}

provider::MethodSummary summary_of(const Call& call) {
  const auto msisdn = msisdn_of(call);
  return {"mpesa", msisdn ? msisdn->substr(msisdn->size() - 4) : std::string{}};
}

Verdict approved(const Call& call, std::string object) {
  return Approved{call.amount, payment_id_of(call), std::move(object), summary_of(call),
                  std::nullopt};
}

Verdict declined(const Call& call, FailureCode code, std::string word) {
  return Declined{failure(call, code, std::move(word)), false, payment_id_of(call),
                  summary_of(call)};
}

Verdict prompted(const AccountSettings& account, const Call& call) {
  const auto summary = summary_of(call);
  provider::NextAction action;
  action.type = "phone_prompt";
  action.instructions = "Enter your M-Pesa PIN on the phone" +
                        (summary.last4.empty() ? "" : " that ends in " + summary.last4) +
                        " to pay TZS " + std::to_string(call.amount.minor / 100) + ".";
  action.expires_at = call.started_at + account.prompt_lifetime;
  return ActionRequired{std::move(action), payment_id_of(call), summary, account.ask_after, false};
}

// Accepted, and nothing more is known.
Verdict under_way(const AccountSettings& account, const Call& call) {
  if (call.kind == OperationKind::charge) return prompted(account, call);
  return Pending{payment_id_of(call), {}};
}

Verdict no_outcome(const Call& call, const http::Response& response, const Reply& reply) {
  const auto code = response.status == 408 ? FailureCode::timeout : FailureCode::provider_down;
  Unknown verdict = unknown(call, code, reply, response.status != 429);
  verdict.retry_after = retry_after(response);
  return verdict;
}

// --- what was to be done
// -----------------------------------------------------------------------------------------------

Verdict done(const AccountSettings& account, const Call& call, const Reply& reply) {
  if (reply.status < 200 || reply.status > 299)
    return unknown(call, FailureCode::unknown, reply, false);
  // Of an application whose results come by callback, the answer to a push says nothing of money,
  // whatever id it carries. A refund needs nobody's PIN: its transaction is its end.
  const bool final = account.synchronous || call.kind == OperationKind::refund;
  if (final && !reply.transaction.empty()) return approved(call, reply.transaction);
  return under_way(account, call);
}

// "Not processed" must not come with a success: then nothing is certain.
Verdict refused(const Call& call, const Reply& reply, FailureCode code, bool outage) {
  if (reply.status < 400) return unknown(call, FailureCode::unknown, reply, false);
  return Refused{failure(call, code, reply.code), outage, false};
}

Verdict interpret_done(const AccountSettings& account, const Call& call, const Reply& reply) {
  switch (reply.meaning) {
    case Meaning::done:
      return done(account, call, reply);
    case Meaning::declined:
    case Meaning::limit:
      return declined(call, FailureCode::card_declined, reply.code);
    case Meaning::insufficient_funds:
      return declined(call, FailureCode::insufficient_funds, reply.code);
    case Meaning::payer_invalid:
      return declined(call, FailureCode::payment_method_invalid, reply.code);
    case Meaning::request_invalid:
    case Meaning::not_found:  // what should be reversed is not theirs
      return refused(call, reply, FailureCode::invalid_request, false);
    case Meaning::configuration:
    case Meaning::session:
      return refused(call, reply, FailureCode::configuration_error, true);
    case Meaning::no_answer:  // most often the payer's silence, and no fault of M-Pesa's
      return unknown(call, FailureCode::timeout, reply, false);
    case Meaning::internal:
      return unknown(call, FailureCode::provider_down, reply, true);
    case Meaning::duplicate:  // the first one arrived: what became of it is to be asked
    case Meaning::unlisted:
      break;
  }
  return unknown(call, FailureCode::unknown, reply, false);
}

// --- what was asked
// -----------------------------------------------------------------------------------------------

Verdict interpret_standing(const AccountSettings& account, const Call& call, const Reply& reply) {
  const auto standing = account.statuses.find(reply.standing);
  if (!standing) return unknown(call, FailureCode::unknown, reply, false);
  switch (*standing) {
    case Standing::completed:
      // Paid and given back by somebody else: neither "paid" nor "never paid" is true.
      if (call.kind == OperationKind::charge &&
          (reply.reversed == "True" || reply.reversed == "true"))
        return unknown(call, FailureCode::unknown, reply, false);
      return approved(call, reply.original);
    case Standing::failed:
    case Standing::cancelled:
      return declined(call, FailureCode::card_declined, reply.standing);
    case Standing::expired:
      return declined(call, FailureCode::timeout, reply.standing);
    case Standing::pending:
      break;
  }
  return under_way(account, call);
}

Verdict interpret_asked(const AccountSettings& account, const Call& call, const Reply& reply) {
  const bool success = reply.status >= 200 && reply.status <= 299;
  if (success && reply.meaning == Meaning::done) return interpret_standing(account, call, reply);
  // Right after a lost answer the request may still be on its way inside M-Pesa; from the second
  // question on the same request may be sent again: its conversation id lets it count once.
  constexpr int first_question = 2;
  const bool certain = call.inquiry && call.attempt > first_question;
  if (reply.status >= 400 && reply.meaning == Meaning::not_found && certain)
    return NotExecuted{payment_id_of(call)};
  const bool door = reply.status == 401 && reply.meaning == Meaning::unlisted;
  const bool outage = door || reply.meaning == Meaning::session ||
                      reply.meaning == Meaning::internal || reply.meaning == Meaning::configuration;
  return unknown(call, FailureCode::unknown, reply, outage);
}

}  // namespace

Verdict interpret_answer(const AccountSettings& account, const Call& call,
                         const http::Response& response) {
  const Reply reply = read_reply(response);
  const Request request = request_of(account, call);
  const int status = response.status;
  const bool listed = reply.meaning != Meaning::unlisted;
  if (status >= 500 || status == 429 || (status == 408 && !listed))
    return no_outcome(call, response, reply);
  if (status >= 200 && status <= 299 && !reply.readable)
    return unknown(call, FailureCode::unknown, reply, true);
  if (status == 401 && !listed && request != Request::ask) {
    // The session was refused, twice: no call came further than the door.
    return Refused{failure(call, FailureCode::configuration_error, reply.code), true, true};
  }
  const std::string ours =
      request == Request::ask ? question_of(call.operation, call.attempt) : conversation_of(call);
  // An answer to somebody else's request says nothing of ours.
  if (!reply.conversation.empty() && reply.conversation != ours)
    return unknown(call, FailureCode::unknown, reply, false);
  return request == Request::ask ? interpret_asked(account, call, reply)
                                 : interpret_done(account, call, reply);
}

}  // namespace cambist::mpesa_openapi_tz
