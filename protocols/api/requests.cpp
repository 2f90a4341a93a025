#include "protocols/api/requests.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "protocols/api/fields.hpp"
#include "protocols/api/json.hpp"

namespace cambist::api {
namespace {

namespace json = boost::json;

constexpr FieldLimits limits;

std::string_view plain(json::string_view text) {
  return {text.data(), text.size()};
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// As people write it: with spaces, hyphens and parentheses around its digits. Kept is what calls
// the number, so that each spelling of it is the same one from here on.
std::string without_separators(std::string_view phone) {
  std::string kept;
  for (const char c : phone) {
    const bool begun = !kept.empty() && kept != "+";
    const bool separates = c == '(' || (begun && (c == ' ' || c == '-' || c == ')'));
    if (!separates) kept += c;
  }
  return !phone.empty() && is_digit(phone.back()) ? kept : std::string{};
}

// What identifies a person is checked for its form here; what it must be in a market, the adapter
// knows. The lengths: E.164 has 15 digits at most, an IBAN 34 characters.
std::string_view wrong_form(std::string_view name, std::string_view value) {
  const auto all = [](std::string_view text, auto fits_in) {
    return std::all_of(text.begin(), text.end(), fits_in);
  };
  if (name == "phone") {
    const std::string_view digits = value.starts_with('+') ? value.substr(1) : value;
    if (digits.size() < 7 || digits.size() > 15 || !all(digits, is_digit))
      return "must be a phone number of 7 to 15 digits, such as +254712345678";
  } else if (name == "account") {
    const auto alphanumeric = [](char c) {
      return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    };
    if (value.size() < 4 || value.size() > 34 || !all(value, alphanumeric))
      return "must be 4 to 34 letters and digits";
  } else if (name == "country") {
    if (value.size() != 2 || !all(value, [](char c) { return c >= 'A' && c <= 'Z'; }))
      return "must be a code of ISO 3166 in two capitals, such as KE";
  }
  return {};
}

Result<provider::PaymentMethod> read_method(const Fields& body) {
  const auto found = body.object("payment_method");
  if (!found) return found.error();
  if (*found == nullptr) return body.wrong("payment_method", "is needed");
  const Fields fields{**found, "payment_method"};
  provider::PaymentMethod method;
  auto type = fields.needed_text("type", 32, Text::token);
  if (!type) return type.error();
  if (!std::all_of(type->begin(), type->end(),
                   [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; })) {
    return fields.wrong("type", "must be a type of payment method such as card");
  }
  method.type = std::move(*type);
  auto token = method.type == "card" ? fields.needed_text("token", limits.token, Text::token)
                                     : fields.text("token", limits.token, Text::token);
  if (!token) return token.error();
  method.token = std::move(*token);
  if (method.type == "card") {
    if (const auto known = fields.only({"type", "token", "country"}); !known) return known.error();
  }
  for (const auto& member : **found) {
    const std::string name = shown_name(plain(member.key()));
    if (name == "type" || name == "token" || member.value().is_null()) continue;
    if (name.size() > limits.metadata_name) return fields.wrong(name, "the name is too long");
    if (method.fields.size() == limits.method_fields)
      return body.wrong("payment_method", "has too many fields");
    auto value = fields.text(plain(member.key()), limits.token, Text::line);
    if (!value) return value.error();
    if (name == "phone") *value = without_separators(*value);
    if (const auto wrong = wrong_form(name, *value); !wrong.empty())
      return fields.wrong(name, std::string{wrong});
    method.fields.emplace(plain(member.key()), std::move(*value));
  }
  // Who pays on the provider's own pages, or to an account, has nothing to name beforehand.
  const bool named_later = method.type == "paypal" || method.type == "bank_transfer";
  if (method.token.empty() && method.fields.empty() && !named_later &&
      method.type != "mobile_money")
    return fields.wrong("token", "is needed");
  if (method.type == "mobile_money" && method.token.empty() && !method.fields.contains("phone"))
    return fields.wrong("phone", "is needed");
  return method;
}

Result<provider::Metadata> read_metadata(const Fields& body) {
  const auto found = body.object("metadata");
  if (!found) return found.error();
  provider::Metadata metadata;
  if (*found == nullptr) return metadata;
  const Fields fields{**found, "metadata"};
  if ((*found)->size() > limits.metadata_entries) {
    return body.wrong("metadata",
                      "must have at most " + std::to_string(limits.metadata_entries) + " entries");
  }
  for (const auto& member : **found) {
    const std::string_view name = plain(member.key());
    const std::string shown = shown_name(name);
    if (name.empty() || name.size() > limits.metadata_name || !fits(name, Text::line)) {
      return fields.wrong(shown, "a name must have 1 to 40 bytes and no control character");
    }
    if (!member.value().is_string()) return fields.wrong(shown, "must be a string");
    const std::string_view value = plain(member.value().get_string());
    if (value.size() > limits.metadata_value)
      return fields.wrong(shown, "must have at most 500 bytes");
    if (!fits(value, Text::paragraph)) return fields.wrong(shown, "holds a control character");
    metadata.emplace_back(name, value);
  }
  return metadata;
}

// Scheme and host are checked; the rest is the merchant's own page, opened by the payer's browser.
Result<std::string> read_return_url(const Fields& body) {
  auto url = body.text("return_url", limits.return_url, Text::token);
  if (!url || url->empty()) return url;
  const Error wrong =
      body.wrong("return_url", "must be an http or https URL such as https://shop.example/done");
  std::string_view rest = *url;
  if (rest.starts_with("https://"))
    rest.remove_prefix(8);
  else if (rest.starts_with("http://"))
    rest.remove_prefix(7);
  else
    return wrong;
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.empty() || authority.starts_with(':') ||
      authority.find_first_of("@\\\"<>") != std::string::npos) {
    return wrong;
  }
  return url;
}

Result<std::string> read_provider(const Fields& body, const std::vector<std::string>& providers) {
  auto name = body.text("provider", 32, Text::token);
  if (!name) return name;
  if (name->empty()) {
    if (providers.empty())
      return Error{ErrorCode::unavailable, "no provider is enabled", "provider"};
    return name;  // it is chosen when the payment is made
  }
  if (std::find(providers.begin(), providers.end(), *name) == providers.end()) {
    std::string names;
    for (const auto& enabled : providers) names += (names.empty() ? "" : ", ") + enabled;
    return body.wrong("provider", "is not enabled here; enabled: " + names);
  }
  return name;
}

Result<std::vector<std::string>> read_features(const Fields& body) {
  constexpr std::string_view field = "required_features";
  auto names = body.words(field, provider::features.size(), 32);
  if (!names) return names;
  for (const std::string& name : *names) {
    if (!provider::feature(name))
      return body.wrong(field, "knows only " + provider::feature_names());
  }
  return names;
}

}  // namespace

Result<payment::Details> read_create(const json::object& object,
                                     const std::vector<std::string>& providers) {
  const Fields body{object};
  if (const auto known = body.only({"amount", "payment_method", "provider", "required_features",
                                    "capture", "capture_at", "customer_id", "reference",
                                    "description", "metadata", "return_url", "idempotency_key"});
      !known) {
    return known.error();
  }
  payment::Details details;
  const auto amount = body.amount("amount");
  if (!amount) return amount.error();
  if (!*amount) return body.wrong("amount", "is needed");
  details.amount = **amount;

  const auto capture = body.text("capture", 16, Text::token);
  if (!capture || (!capture->empty() && *capture != "automatic" && *capture != "manual")) {
    return body.wrong("capture", R"(must be "automatic" or "manual")");
  }
  details.capture =
      *capture == "manual" ? payment::CaptureMethod::manual : payment::CaptureMethod::automatic;

  const auto capture_at = body.time("capture_at");
  if (!capture_at) return capture_at.error();
  if (*capture_at && details.capture != payment::CaptureMethod::manual)
    return body.wrong("capture_at", R"(needs "capture" to be "manual")");
  details.capture_at = *capture_at;

  auto method = read_method(body);
  if (!method) return method.error();
  details.method = std::move(*method);
  auto provider = read_provider(body, providers);
  if (!provider) return provider.error();
  details.provider = std::move(*provider);
  auto features = read_features(body);
  if (!features) return features.error();
  details.required_features = std::move(*features);
  auto customer = body.text("customer_id", limits.customer_id, Text::line);
  if (!customer) return customer.error();
  details.customer_id = std::move(*customer);
  auto reference = body.text("reference", limits.reference, Text::line);
  if (!reference) return reference.error();
  details.reference = std::move(*reference);
  auto description = body.text("description", limits.description, Text::paragraph);
  if (!description) return description.error();
  details.description = std::move(*description);
  auto url = read_return_url(body);
  if (!url) return url.error();
  details.return_url = std::move(*url);
  auto metadata = read_metadata(body);
  if (!metadata) return metadata.error();
  details.metadata = std::move(*metadata);
  return details;
}

Result<payment::Capture> read_capture(const json::object& object, OperationId operation) {
  const Fields body{object};
  if (const auto known = body.only({"amount", "final", "idempotency_key"}); !known)
    return known.error();
  const auto amount = body.amount("amount");
  if (!amount) return amount.error();
  const auto final_capture = body.flag("final", true);
  if (!final_capture) return final_capture.error();
  return payment::Capture{*amount, *final_capture, operation};
}

Result<payment::Cancel> read_cancel(const json::object& object, OperationId operation) {
  const Fields body{object};
  if (const auto known = body.only({"reason", "idempotency_key"}); !known) return known.error();
  auto reason = body.text("reason", limits.reason, Text::paragraph);
  if (!reason) return reason.error();
  return payment::Cancel{std::move(*reason), operation};
}

Result<payment::Refund> read_refund(const json::object& object, OperationId operation) {
  const Fields body{object};
  if (const auto known = body.only({"amount", "reason", "idempotency_key"}); !known)
    return known.error();
  const auto amount = body.amount("amount");
  if (!amount) return amount.error();
  auto reason = body.text("reason", limits.reason, Text::paragraph);
  if (!reason) return reason.error();
  return payment::Refund{*amount, std::move(*reason), operation};
}

Result<payment::ScheduleCapture> read_capture_schedule(const json::object& object) {
  const Fields body{object};
  if (const auto known = body.only({"capture_at", "idempotency_key"}); !known) return known.error();
  // Here null is a value, so that an empty body takes no schedule back by accident.
  if (!object.contains("capture_at"))
    return body.wrong("capture_at", "is needed: a time, or null for no schedule");
  const auto at = body.time("capture_at");
  if (!at) return at.error();
  return payment::ScheduleCapture{*at};
}

Result<TaskResolution> read_task_resolution(const json::object& object) {
  const Fields body{object};
  if (const auto known = body.only({"outcome", "reason", "provider_object", "idempotency_key"});
      !known) {
    return known.error();
  }
  // Whether it is needed depends on the task, which is not known here.
  const auto outcome = body.text("outcome", 16, Text::token);
  if (!outcome || (!outcome->empty() && *outcome != "succeeded" && *outcome != "failed"))
    return body.wrong("outcome", R"(must be "succeeded" or "failed")");
  auto reason = body.needed_text("reason", limits.reason, Text::paragraph);
  if (!reason) return reason.error();
  auto provider_object = body.text("provider_object", limits.provider_object, Text::token);
  if (!provider_object) return provider_object.error();
  std::optional<bool> succeeded;
  if (!outcome->empty()) succeeded = *outcome == "succeeded";
  return TaskResolution{succeeded, std::move(*reason), std::move(*provider_object)};
}

Result<payment::Confirm> read_confirm(const json::object& object) {
  if (const auto known = Fields{object}.only({"idempotency_key"}); !known) return known.error();
  return payment::Confirm{};
}

}  // namespace cambist::api
