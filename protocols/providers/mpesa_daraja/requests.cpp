#include "protocols/providers/mpesa_daraja/requests.hpp"

#include <string_view>

#include "protocols/core/base64.hpp"
#include "protocols/core/json_text.hpp"
#include "protocols/provider/phone.hpp"
#include "protocols/providers/mpesa_daraja/wire.hpp"

namespace cambist::mpesa_daraja {
namespace {

using provider::Call;
using provider::OperationKind;

struct Draft {
  std::string path;
  std::string body{};
};

Result<Draft> draft_push(const AccountSettings& account, const Call& call) {
  const auto amount = to_wire(call.amount);
  if (!amount) return amount.error();
  const auto phone = phone_of(call.method);
  if (!phone) return phone.error();
  const std::string time = timestamp(call.started_at);
  Draft draft{"/mpesa/stkpush/v1/processrequest"};
  JsonObject json{draft.body};
  json.string("BusinessShortCode", account.short_code)
      .string("Password", password(account, time).reveal())
      .string("Timestamp", time)
      .string("TransactionType", account.transaction_type)
      .integer("Amount", *amount)
      .string("PartyA", *phone)
      .string("PartyB", account.party_b)
      .string("PhoneNumber", *phone)
      .string("CallBackURL",
              callback_url(account, call.payment, call.operation, CallbackKind::prompt))
      .string("AccountReference", account_reference(call.payment))
      .string("TransactionDesc", plain_text(call.description, 13, "Payment"))
      .close();
  return draft;
}

Result<Draft> draft_query(const AccountSettings& account, const Call& call) {
  if (call.provider_payment_id.empty()) {
    return Error{ErrorCode::invalid_request,
                 "The prompt's own answer was lost; only its callback can tell what became of it.",
                 "provider_payment_id"};
  }
  const std::string time = timestamp(call.started_at);
  Draft draft{"/mpesa/stkpushquery/v1/query"};
  JsonObject json{draft.body};
  json.string("BusinessShortCode", account.short_code)
      .string("Password", password(account, time).reveal())
      .string("Timestamp", time)
      .string("CheckoutRequestID", call.provider_payment_id)
      .close();
  return draft;
}

std::string remarks_of(const Call& call) {
  return "Refund " + account_reference(call.payment);
}

void add_callbacks(JsonObject& json, const AccountSettings& account, const Call& call,
                   CallbackKind result, CallbackKind timeout) {
  json.string("QueueTimeOutURL", callback_url(account, call.payment, call.operation, timeout))
      .string("ResultURL", callback_url(account, call.payment, call.operation, result));
}

Result<Draft> draft_reversal(const AccountSettings& account, const Call& call) {
  const auto amount = to_wire(call.amount);
  if (!amount) return amount.error();
  Draft draft{"/mpesa/reversal/v1/request"};
  JsonObject json{draft.body};
  json.string("Initiator", account.initiator_name)
      .string("SecurityCredential", account.security_credential.reveal())
      .string("CommandID", "TransactionReversal")
      .string("TransactionID", call.capture_object)
      .integer("Amount", *amount)
      .string("ReceiverParty", account.short_code)
      // Spelt so by Daraja.
      .string("RecieverIdentifierType", "11")
      .string("Remarks", remarks_of(call))
      .string("Occasion", account_reference(call.payment));
  add_callbacks(json, account, call, CallbackKind::result, CallbackKind::timeout);
  json.close();
  return draft;
}

Result<Draft> draft_b2c(const AccountSettings& account, const Call& call) {
  const auto amount = to_wire(call.amount);
  if (!amount) return amount.error();
  const auto phone = phone_of(call.method);
  if (!phone) return phone.error();
  Draft draft{"/mpesa/b2c/v3/paymentrequest"};
  JsonObject json{draft.body};
  // Our operation's own id: a second request with it is refused as a duplicate.
  json.string("OriginatorConversationID", call.operation.to_string())
      .string("InitiatorName", account.initiator_name)
      .string("SecurityCredential", account.security_credential.reveal())
      .string("CommandID", "BusinessPayment")
      .integer("Amount", *amount)
      .string("PartyA", account.b2c_short_code)
      .string("PartyB", *phone)
      .string("Remarks", remarks_of(call))
      // Spelt so by Daraja.
      .string("Occassion", account_reference(call.payment));
  add_callbacks(json, account, call, CallbackKind::result, CallbackKind::timeout);
  json.close();
  return draft;
}

Result<Draft> draft_status(const AccountSettings& account, const Call& call) {
  const bool paid = api_of(account, [&] {
                      Call done = call;
                      done.inquiry = false;
                      return done;
                    }()) == Api::b2c;
  std::string subject = call.provider_object;
  if (subject.empty() && paid) subject = call.operation.to_string();
  if (subject.empty()) {
    return Error{ErrorCode::invalid_request,
                 "The reversal's own answer was lost; only its result can tell what became of it.",
                 "provider_object"};
  }
  Draft draft{"/mpesa/transactionstatus/v1/query"};
  JsonObject json{draft.body};
  json.string("Initiator", account.initiator_name)
      .string("SecurityCredential", account.security_credential.reveal())
      .string("CommandID", "TransactionStatusQuery")
      .string("OriginalConversationID", subject)
      .string("PartyA", paid ? account.b2c_short_code : account.short_code)
      .string("IdentifierType", "4")
      .string("Remarks", remarks_of(call))
      .string("Occasion", account_reference(call.payment));
  add_callbacks(json, account, call, CallbackKind::status, CallbackKind::status_timeout);
  json.close();
  return draft;
}

Result<Draft> draft_of(const AccountSettings& account, const Call& call) {
  switch (api_of(account, call)) {
    case Api::push:
      return draft_push(account, call);
    case Api::query:
      return draft_query(account, call);
    case Api::reversal:
      return draft_reversal(account, call);
    case Api::b2c:
      return draft_b2c(account, call);
    case Api::status:
      return draft_status(account, call);
  }
  return Error{ErrorCode::internal, "no such request"};
}

/// A reversal takes the whole payment back, whatever was paid back before by other means: it serves
/// only where the refund is the whole, unless the account may reverse in part.
bool can_reverse(const AccountSettings& account, const Call& call) {
  if (call.capture_object.empty() || call.captured.minor <= 0) return false;
  if (call.started_at - call.captured_at > account.reversal_max_age) return false;
  return call.amount == call.captured || account.reversal_allows_partial;
}

}  // namespace

Api api_of(const AccountSettings& account, const Call& call) {
  if (call.kind != OperationKind::refund) return call.inquiry ? Api::query : Api::push;
  if (call.inquiry) return Api::status;
  return can_reverse(account, call) ? Api::reversal : Api::b2c;
}

Result<std::string> phone_of(const provider::PaymentMethod& method) {
  const auto field = method.fields.find("phone");
  return provider::normalise_phone(field == method.fields.end() ? method.token : field->second,
                                   provider::Market::kenya);
}

Result<http::Request> build_request(const AccountSettings& account, const Call& call) {
  auto draft = draft_of(account, call);
  if (!draft) return draft.error();
  http::Request request;
  request.method = "POST";
  request.origin = account.base.origin;
  request.target = account.base.prefix + draft->path;
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  request.body = std::move(draft->body);
  return request;
}

http::Request build_token_request(const AccountSettings& account) {
  http::Request request;
  request.method = "GET";
  request.origin = account.base.origin;
  request.target = account.base.prefix + "/oauth/v1/generate?grant_type=client_credentials";
  const Secret pair{account.consumer_key + ":" + std::string{account.consumer_secret.reveal()}};
  request.headers = {{"Authorization", "Basic " + to_base64(pair.reveal())},
                     {"Accept", "application/json"}};
  return request;
}

}  // namespace cambist::mpesa_daraja
