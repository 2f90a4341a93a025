// Bodies of our own API. What is read has one canonical text, no card number in it, and can be
// asked for again in the words of what was understood.
#include "protocols/api/requests.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "protocols/api/card_data.hpp"
#include "protocols/api/json.hpp"
#include "protocols/api/keys.hpp"
#include "tests/fuzz/support/target.hpp"

namespace cambist::api {
namespace {

namespace json = boost::json;
using fuzz::must;

const std::vector<std::string> providers{"stripe", "alpenpay"};

json::object written(const Money& amount) {
  return {{"value", to_decimal(amount)}, {"currency", amount.currency.code()}};
}

void check_amount(const std::optional<Money>& amount) {
  if (amount) must(amount->minor > 0, "an amount is above zero");
}

// A text that was not there and an empty one are the same.
void put(json::object& body, const char* name, const std::string& text) {
  if (!text.empty()) body[name] = text;
}

json::object written(const payment::Details& details) {
  json::object method{{"type", details.method.type}};
  put(method, "token", details.method.token);
  for (const auto& [name, value] : details.method.fields) method[name] = value;
  json::object metadata;
  for (const auto& [name, value] : details.metadata) metadata[name] = value;
  json::object body{
      {"amount", written(details.amount)}, {"payment_method", method}, {"metadata", metadata}};
  body["capture"] = details.capture == payment::CaptureMethod::manual ? "manual" : "automatic";
  if (details.capture_at) body["capture_at"] = to_rfc3339(*details.capture_at);
  put(body, "provider", details.provider);
  body["required_features"] =
      json::array(details.required_features.begin(), details.required_features.end());
  put(body, "customer_id", details.customer_id);
  put(body, "reference", details.reference);
  put(body, "description", details.description);
  put(body, "return_url", details.return_url);
  return body;
}

void check_create(const json::object& body) {
  auto details = read_create(body, providers);
  if (!details) return must(!details.error().detail.empty(), "a refusal says why");
  check_amount(details->amount);
  // Times are written to the millisecond.
  if (details->capture_at)
    details->capture_at = std::chrono::floor<std::chrono::milliseconds>(*details->capture_at);
  const auto again = read_create(written(*details), providers);
  must(again && *again == *details, "what was understood can be asked for again");
}

void check_commands(const json::object& body) {
  const OperationId id{};
  if (const auto capture = read_capture(body, id)) check_amount(capture->amount);
  if (const auto refund = read_refund(body, id)) check_amount(refund->amount);
  if (const auto cancel = read_cancel(body, id))
    must(cancel->reason.size() <= FieldLimits{}.reason, "a reason has its limit");
  if (const auto confirm = read_confirm(body))
    must(body.size() <= 1, "a confirmation says nothing else");
  if (const auto schedule = read_capture_schedule(body))
    must(body.contains("capture_at"), "no schedule is taken back by accident");
  if (const auto resolution = read_task_resolution(body))
    must(!resolution->reason.empty(), "a resolution has a reason");
}

bool has_fraction(const json::value& value) {
  if (const auto* object = value.if_object())
    return std::any_of(object->begin(), object->end(),
                       [](const auto& member) { return has_fraction(member.value()); });
  if (const auto* array = value.if_array())
    return std::any_of(array->begin(), array->end(), has_fraction);
  return value.is_double();
}

void check_text(const json::object& body) {
  const auto text = canonical(body);
  const auto again = read_object(text);
  must(again.has_value(), "what was read can be written and read again");
  must(canonical(*read_object(text)) == canonical(*again), "reading has no memory");
  // A fraction may lose its last digit; no field of ours takes one.
  if (has_fraction(body)) return;
  must(canonical(*again) == text, "and has one canonical text");
  must(fingerprint("POST", "/x", body) == fingerprint("POST", "/x", *again),
       "the same request has the same fingerprint");
}

void check_no_card(const json::value& value) {
  if (const auto* text = value.if_string())
    must(!holds_card_number({text->data(), text->size()}), "no card number gets in");
  if (const auto* object = value.if_object())
    for (const auto& member : *object) check_no_card(member.value());
  if (const auto* array = value.if_array())
    for (const auto& element : *array) check_no_card(element);
}

}  // namespace
}  // namespace cambist::api

CAMBIST_FUZZ_TARGET(api_requests) {
  using namespace cambist::api;
  const auto body = read_object(bytes);
  if (!body) return must(!body.error().detail.empty(), "a refusal says why");
  check_text(*body);
  check_no_card(*body);
  check_create(*body);
  check_commands(*body);
}
