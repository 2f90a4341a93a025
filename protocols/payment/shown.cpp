#include "protocols/payment/shown.hpp"

#include "protocols/core/json_text.hpp"

namespace cambist::payment {

provider::Failure public_failure(const provider::Failure& failure) {
  if (failure.code != provider::FailureCode::fraud_detected) return failure;
  // Whoever tests stolen cards must not learn that they were recognised.
  return {provider::FailureCode::card_declined, "The payment was declined.", ""};
}

void show_money(std::string& out, const Money& money) {
  JsonObject object{out};
  object.string("value", to_decimal(money)).string("currency", money.currency.code()).close();
}

void show_id(std::string& out, const PaymentId& id) {
  out += '"';
  id.append_to(out);
  out += '"';
}

void show_id(std::string& out, const OperationId& id) {
  out += '"';
  id.append_to(out);
  out += '"';
}

void show_time(std::string& out, TimePoint time) {
  out += '"';
  append_rfc3339(out, time);
  out += '"';
}

void show_time(std::string& out, const std::optional<TimePoint>& time) {
  if (time) return show_time(out, *time);
  out += "null";
}

void show_failure(std::string& out, const provider::Failure& failure) {
  const provider::Failure shown = public_failure(failure);
  JsonObject object{out};
  object.string("code", provider::to_string(shown.code)).string("message", shown.message);
  if (!shown.decline_code.empty()) object.string("decline_code", shown.decline_code);
  object.close();
}

void show_dispute(std::string& out, const Dispute* dispute) {
  if (dispute == nullptr) {
    out += "null";
    return;
  }
  JsonObject object{out};
  object.string("id", dispute->id).string("status", provider::to_string(dispute->status));
  show_money(object.key("amount"), dispute->amount);
  object.string_or_null("reason", dispute->reason).boolean("inquiry", dispute->inquiry);
  show_time(object.key("evidence_due_by"), dispute->evidence_due_by);
  show_time(object.key("opened_at"), dispute->opened_at);
  show_time(object.key("closed_at"), dispute->closed_at);
  object.close();
}

void show_metadata(std::string& out, const provider::Metadata& metadata) {
  out += '{';
  for (const auto& [name, value] : metadata) {
    if (out.back() != '{') out += ',';
    append_json_string(out, name);
    out += ':';
    append_json_string(out, value);
  }
  out += '}';
}

}  // namespace cambist::payment
