#include "protocols/providers/mpesa_daraja/callbacks.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "protocols/provider/adapter.hpp"
#include "protocols/providers/mpesa_daraja/codes.hpp"
#include "protocols/providers/mpesa_daraja/fields.hpp"
#include "protocols/providers/mpesa_daraja/wire.hpp"

namespace cambist::mpesa_daraja {
namespace {

namespace json = boost::json;
using provider::Happened;
using provider::Notice;

Error wrong(std::string_view field, std::string detail) {
  return Error{ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

std::string_view word_of(CallbackKind kind) noexcept {
  switch (kind) {
    case CallbackKind::prompt:
      return "stk";
    case CallbackKind::result:
      return "result";
    case CallbackKind::timeout:
      return "timeout";
    case CallbackKind::status:
      return "status";
    case CallbackKind::status_timeout:
      return "status-timeout";
  }
  return "unknown";
}

// Daraja's callbacks have no id of their own: the same outcome of the same thing is the same event.
std::string id_of(const std::string& subject, CallbackKind kind, const std::string& code) {
  return subject + ":" + std::string{word_of(kind)} + ":" + code;
}

// --- prompts -------------------------------------------------------------------------------------

Result<Notice> read_prompt(const json::object& callback) {
  Notice notice;
  notice.type = "stkCallback";
  notice.object = notice.provider_payment_id = word(callback, "CheckoutRequestID");
  if (notice.object.empty())
    return wrong("Body.stkCallback.CheckoutRequestID", "is no id of a prompt");
  const std::string code = word(callback, "ResultCode");
  if (code.empty()) return wrong("Body.stkCallback.ResultCode", "is no result code");
  notice.id = id_of(notice.object, CallbackKind::prompt, code);

  Happened happened;
  happened.names_payment = code != "0";
  if (code == "0") {
    const auto* metadata = child(callback, "CallbackMetadata");
    const auto* items = metadata == nullptr ? nullptr : metadata->if_contains("Item");
    happened.amount = shillings(item(items, "Name", "Amount"));
    happened.provider_object = word(item(items, "Name", "MpesaReceiptNumber"));
    notice.created_at = local_time(item(items, "Name", "TransactionDate")).value_or(TimePoint{});
    // Daraja always says how much was paid: without it this is a hint, never a payment's name, and
    // not the event that the genuine one is.
    happened.names_payment = happened.amount.has_value();
    if (!happened.amount) notice.id += ":no-amount";
  }
  notice.news = std::move(happened);
  return notice;
}

// --- results of commands -------------------------------------------------------------------------

/// What a result names.
struct Outcome {
  std::string code;
  std::string conversation;
  std::string transaction;
  std::optional<Money> amount;
  std::string status;  // only of a status query
};

Result<Outcome> read_outcome(const json::object& result) {
  Outcome read;
  read.code = word(result, "ResultCode");
  if (read.code.empty()) return wrong("Result.ResultCode", "is no result code");
  read.conversation = word(result, "ConversationID");
  if (read.conversation.empty()) read.conversation = word(result, "OriginatorConversationID");
  if (read.conversation.empty()) return wrong("Result.ConversationID", "is no conversation's id");
  read.transaction = word(result, "TransactionID");
  const auto* parameters = child(result, "ResultParameters");
  const auto* list = parameters == nullptr ? nullptr : parameters->if_contains("ResultParameter");
  read.amount = shillings(item(list, "Key", "Amount"));
  if (!read.amount) read.amount = shillings(item(list, "Key", "TransactionAmount"));
  read.status = word(item(list, "Key", "TransactionStatus"));
  if (auto receipt = word(item(list, "Key", "ReceiptNo")); !receipt.empty())
    read.transaction = std::move(receipt);
  return read;
}

provider::RefundSeen refund_of(const Outcome& outcome, const CallbackSubject& subject,
                               provider::RefundStatus status) {
  provider::RefundSeen seen;
  seen.refund = outcome.transaction.empty() ? outcome.conversation : outcome.transaction;
  seen.operation = subject.operation.to_string();
  seen.amount = outcome.amount.value_or(zero(kes()));
  seen.status = status;
  if (status == provider::RefundStatus::failed) seen.reason = outcome.code;
  // Status queries are answered here too: there is nothing else that could be asked.
  seen.definite = true;
  return seen;
}

provider::News news_of(const Outcome& outcome, const CallbackSubject& subject) {
  using provider::RefundStatus;
  switch (subject.kind) {
    case CallbackKind::result:
      if (outcome.code == "0") return refund_of(outcome, subject, RefundStatus::succeeded);
      if (is_failed_command(outcome.code)) return refund_of(outcome, subject, RefundStatus::failed);
      return Happened{};
    case CallbackKind::timeout:
      return Happened{};
    case CallbackKind::status:
      if (outcome.code == "0" && outcome.status == "Completed")
        return refund_of(outcome, subject, RefundStatus::succeeded);
      break;
    case CallbackKind::status_timeout:
    case CallbackKind::prompt:
      break;
  }
  // A status query that found nothing definite: to ask again at once would be a loop.
  return provider::Irrelevant{};
}

Result<Notice> read_result(const json::object& result, const CallbackSubject& subject) {
  const auto outcome = read_outcome(result);
  if (!outcome) return outcome.error();
  Notice notice;
  notice.type = "Result";
  notice.object = outcome->conversation;
  notice.id = id_of(outcome->conversation, subject.kind, outcome->code);
  notice.news = news_of(*outcome, subject);
  return notice;
}

/// What a QueueTimeOutURL is called with is not documented but for being a request: the URL alone
/// says what timed out.
Notice read_timeout(const json::object& body, const CallbackSubject& subject) {
  const auto* result = child(body, "Result");
  Notice notice;
  notice.type = "QueueTimeOut";
  notice.object = word(result == nullptr ? body : *result, "ConversationID");
  notice.id = id_of(subject.operation.to_string(), subject.kind, notice.object);
  if (subject.kind == CallbackKind::timeout) notice.news = Happened{};
  return notice;
}

Result<Notice> read_body(const json::object& body, const CallbackSubject* subject) {
  const bool timed_out = subject != nullptr && (subject->kind == CallbackKind::timeout ||
                                                subject->kind == CallbackKind::status_timeout);
  if (timed_out) return read_timeout(body, *subject);
  const auto* wrapped = child(body, "Body");
  const auto* callback = wrapped == nullptr ? nullptr : child(*wrapped, "stkCallback");
  if (subject == nullptr || subject->kind == CallbackKind::prompt) {
    if (callback == nullptr) return wrong("Body.stkCallback", "is missing");
    return read_prompt(*callback);
  }
  const auto* result = child(body, "Result");
  if (result == nullptr) return wrong("Result", "is missing");
  return read_result(*result, *subject);
}

}  // namespace

Result<void> verify_callback(const AccountSettings& account, const http::Request& request) {
  const auto path = provider::callback_path(request.target, "mpesa_daraja");
  bool known = false;
  for (const Secret& secret : account.webhook_secrets) known |= secret.equals(path.token);
  const auto& peers = account.allowed_peers;
  const bool allowed =
      peers.empty() || std::find(peers.begin(), peers.end(), request.peer) != peers.end();
  if (!known || !allowed)
    return Error{ErrorCode::unauthenticated, "the callback is not known to come from Daraja"};
  return {};
}

Result<Notice> read_callback(std::string_view path, std::string_view body) {
  const auto subject = read_callback_path(path);
  if (!subject && !path.empty()) return wrong("path", "names no payment and operation");
  const auto object = read_object(body);
  if (!object) return wrong("body", "is no JSON object");
  auto notice = read_body(*object, subject ? &*subject : nullptr);
  if (!notice || !subject) return notice;
  notice->payment = subject->payment.to_string();
  // What came to another payment's URL is another event: it must not pass for the one that is
  // still to come to the right one.
  const auto operation = subject->operation.to_string();
  if (notice->id.find(operation) == std::string::npos) notice->id += ":" + operation;
  // A late callback of the charge must not be taken for one of a refund that runs now.
  if (auto* happened = std::get_if<Happened>(&notice->news)) happened->operation = operation;
  return notice;
}

}  // namespace cambist::mpesa_daraja
