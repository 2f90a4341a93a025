#include "protocols/payment/shown.hpp"

namespace cambist::payment {

namespace json = boost::json;

provider::Failure public_failure(const provider::Failure& failure) {
  if (failure.code != provider::FailureCode::fraud_detected) return failure;
  // Whoever tests stolen cards must not learn that they were recognised.
  return {provider::FailureCode::card_declined, "The payment was declined.", ""};
}

json::object shown_money(const Money& money) {
  return {{"value", to_decimal(money)}, {"currency", money.currency.code()}};
}

json::value shown_text(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value shown_time(const std::optional<TimePoint>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

json::object shown_failure(const provider::Failure& failure) {
  const provider::Failure shown = public_failure(failure);
  json::object object{{"code", provider::to_string(shown.code)}, {"message", shown.message}};
  if (!shown.decline_code.empty()) object["decline_code"] = shown.decline_code;
  return object;
}

json::value shown_dispute(const Dispute* dispute) {
  if (dispute == nullptr) return nullptr;
  return json::object{{"id", dispute->id},
                      {"status", provider::to_string(dispute->status)},
                      {"amount", shown_money(dispute->amount)},
                      {"reason", shown_text(dispute->reason)},
                      {"inquiry", dispute->inquiry},
                      {"evidence_due_by", shown_time(dispute->evidence_due_by)},
                      {"opened_at", to_rfc3339(dispute->opened_at)},
                      {"closed_at", shown_time(dispute->closed_at)}};
}

json::object shown_metadata(const provider::Metadata& metadata) {
  json::object object;
  for (const auto& [name, value] : metadata) object[name] = value;
  return object;
}

}  // namespace cambist::payment
