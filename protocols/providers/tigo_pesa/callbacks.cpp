#include "protocols/providers/tigo_pesa/callbacks.hpp"

#include <utility>

#include <boost/json.hpp>

#include "protocols/provider/json_reader.hpp"
#include "protocols/providers/tigo_pesa/answers.hpp"

namespace cambist::tigo_pesa {
namespace {

Error wrong(std::string_view field, std::string detail) {
  return Error{ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

}  // namespace

Result<provider::Notice> read_callback(const Account& account, std::string_view body) {
  const auto object = provider::read_json_object(body);
  if (!object) return wrong("body", "is no JSON object");
  const std::string reference = provider::json_word(*object, "ReferenceID");
  if (reference.empty()) return wrong("ReferenceID", "is no reference of a push");
  const auto succeeded = provider::json_flag(*object, "Status");
  if (!succeeded) return wrong("Status", "is neither true nor false");
  const std::string receipt = provider::json_word(*object, "MFSTransactionID");
  const auto units = provider::json_whole_amount(*object, "Amount");
  const auto amount =
      units ? provider::from_whole_units(*units, account.amounts.currency) : std::nullopt;
  if (*succeeded && !amount) return wrong("Amount", "is no amount");

  provider::Notice notice;
  notice.id =
      reference + (*succeeded ? ":true" : ":false") + (receipt.empty() ? "" : ":" + receipt);
  notice.type = *succeeded ? "push.succeeded" : "push.failed";
  notice.object = receipt;
  if (!reference.starts_with(account.biller_code)) return notice;  // of another biller: Irrelevant
  notice.provider_payment_id = reference;
  if (!account.trust_callback) {
    notice.news = provider::Happened{amount, receipt};
    return notice;
  }
  provider::ChargeSeen seen;
  seen.succeeded = *succeeded;
  if (amount) seen.amount = *amount;
  seen.provider_object = receipt;
  if (!*succeeded)
    seen.failure = failure_in_words(account, provider::json_text(*object, "Description"));
  notice.news = std::move(seen);
  return notice;
}

std::string acknowledge(const Account& account, std::string_view body) {
  const auto object = provider::read_json_object(body);
  return boost::json::serialize(boost::json::object{
      {"ResponseCode", account.ack_code},
      {"ResponseStatus", true},
      {"ResponseDescription", "Callback successful"},
      {"ReferenceID", object ? provider::json_word(*object, "ReferenceID") : std::string{}}});
}

}  // namespace cambist::tigo_pesa
