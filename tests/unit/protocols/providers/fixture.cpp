#include "tests/unit/protocols/providers/fixture.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "protocols/core/overloaded.hpp"

namespace cambist::test {
namespace {

namespace json = boost::json;

json::object read_file(const std::filesystem::path& path) {
  std::ifstream file{path};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  json::parse_options options;
  options.max_depth = 64;
  return json::parse(text, {}, options).as_object();
}

std::string text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? std::string{} : json::value_to<std::string>(*value);
}

bool flag(const json::object& object, std::string_view key, bool otherwise) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? otherwise : value->as_bool();
}

int number(const json::object& object, std::string_view key, int otherwise) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? otherwise : static_cast<int>(value->as_int64());
}

Money money(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return {};
  const auto& amount = value->as_object();
  return parse_money(text(amount, "value"), Currency::parse(text(amount, "currency")).value())
      .value();
}

TimePoint time(const json::object& object, std::string_view key) {
  const std::string given = text(object, key);
  return given.empty() ? TimePoint{} : parse_rfc3339(given).value();
}

provider::Call read_call(const json::object& object) {
  provider::Call call;
  call.kind = provider::operation_kind(text(object, "kind")).value();
  call.inquiry = flag(object, "inquiry", false);
  call.step = number(object, "step", 0);
  call.attempt = number(object, "attempt", 1);
  call.operation = OperationId::parse(text(object, "operation")).value();
  call.payment = PaymentId::parse(text(object, "payment")).value();
  call.idempotency_key = text(object, "idempotency_key");
  call.amount = money(object, "amount");
  call.remaining = money(object, "remaining");
  call.final_capture = flag(object, "final_capture", true);
  call.provider_payment_id = text(object, "provider_payment_id");
  call.provider_object = text(object, "provider_object");
  call.capture_object = text(object, "capture_object");
  call.captured = money(object, "captured");
  call.captured_at = time(object, "captured_at");
  call.started_at = time(object, "started_at");
  if (const auto* method = object.if_contains("method")) {
    call.method = {text(method->as_object(), "type"), text(method->as_object(), "token"), {}};
    if (const auto* fields = method->as_object().if_contains("fields")) {
      for (const auto& field : fields->as_object())
        call.method.fields[field.key()] = json::value_to<std::string>(field.value());
    }
  }
  call.description = text(object, "description");
  call.reference = text(object, "reference");
  call.return_url = text(object, "return_url");
  call.reason = text(object, "reason");
  call.confirmed = flag(object, "confirmed", false);
  call.repeat = flag(object, "repeat", false);
  call.authorization_object = text(object, "authorization_object");
  call.capture_object = text(object, "capture_object");
  const auto time = [&object](std::string_view key) -> std::optional<TimePoint> {
    const std::string stated = text(object, key);
    return stated.empty() ? std::nullopt : std::optional{parse_rfc3339(stated).value()};
  };
  call.started_at = time("started_at").value_or(TimePoint{});
  call.authorized_at = time("authorized_at");
  return call;
}

http::Response read_response(const json::object& object) {
  http::Response response{number(object, "status", 200), {}, text(object, "raw")};
  if (const auto* headers = object.if_contains("headers")) {
    for (const auto& header : headers->as_object()) {
      response.headers.push_back(
          {std::string{header.key()}, json::value_to<std::string>(header.value())});
    }
  }
  if (const auto* body = object.if_contains("body")) response.body = json::serialize(*body);
  return response;
}

void put(json::object& object, std::string_view key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

json::object amount_json(const Money& money) {
  return {{"value", to_decimal(money)}, {"currency", money.currency.code()}};
}

void put_failure(json::object& object, const provider::Failure& failure) {
  object["code"] = to_string(failure.code);
  put(object, "decline_code", failure.decline_code);
}

void put_method(json::object& object, const provider::MethodSummary& method) {
  put(object, "brand", method.brand);
  put(object, "last4", method.last4);
}

}  // namespace

std::string fixtures_of(std::string_view provider) {
  return std::string{CAMBIST_SOURCE_DIR} + "/protocols/providers/" + std::string{provider} +
         "/fixtures";
}

provider::Settings settings_from(const json::object& values, std::string_view provider) {
  provider::Settings settings;
  const auto* entry = provider::find_entry(provider);
  for (const auto& value : values) {
    const std::string name{value.key()};
    const auto& secrets = entry->secrets;
    if (std::find(secrets.begin(), secrets.end(), name) != secrets.end()) {
      settings.secrets.emplace(name, Secret{json::value_to<std::string>(value.value())});
    } else {
      settings.values.emplace(name, json::value_to<std::string>(value.value()));
    }
  }
  return settings;
}

Coverage read_coverage(std::string_view provider) {
  const auto file = read_file(fixtures_of(provider) + "/coverage.json");
  return {json::value_to<std::vector<std::string>>(file.at("verdicts")),
          json::value_to<std::vector<std::string>>(file.at("decline_codes")),
          file.at("settings").as_object(),
          file.contains("sent_secrets")
              ? json::value_to<std::vector<std::string>>(file.at("sent_secrets"))
              : std::vector<std::string>{}};
}

std::vector<Exchange> read_exchanges(std::string_view provider) {
  const Coverage coverage = read_coverage(provider);
  std::vector<Exchange> exchanges;
  for (const auto& path : std::filesystem::directory_iterator{fixtures_of(provider)}) {
    const auto filename = path.path().filename();
    if (filename.extension() != ".json" || filename == "coverage.json" ||
        filename == "webhooks.json" || filename == "verification.json") {
      continue;
    }
    const auto file = read_file(path.path());
    for (const auto& value : file.at("exchanges").as_array()) {
      const auto& object = value.as_object();
      auto merged = coverage.settings;
      if (const auto* own = object.if_contains("settings")) {
        for (const auto& setting : own->as_object()) merged[setting.key()] = setting.value();
      }
      Exchange exchange{path.path().stem().string() + ": " + text(object, "name"),
                        settings_from(merged, provider),
                        read_call(object.at("call").as_object()),
                        std::nullopt,
                        read_response(object.at("response").as_object()),
                        object.at("verdict").as_object()};
      if (const auto* request = object.if_contains("request"))
        exchange.request = request->as_object();
      exchanges.push_back(std::move(exchange));
    }
  }
  return exchanges;
}

std::vector<Webhook> read_webhooks(std::string_view provider) {
  const std::filesystem::path path{fixtures_of(provider) + "/webhooks.json"};
  if (!std::filesystem::exists(path)) return {};
  const Coverage coverage = read_coverage(provider);
  std::vector<Webhook> webhooks;
  const auto file = read_file(path);
  for (const auto& value : file.at("webhooks").as_array()) {
    const auto& object = value.as_object();
    webhooks.push_back({text(object, "name"), settings_from(coverage.settings, provider),
                        json::serialize(object.at("event")), object.at("notice").as_object(),
                        text(object, "path")});
  }
  return webhooks;
}

// A case says only what is other than in the webhook that was recorded.
std::vector<Delivery> read_deliveries(std::string_view provider) {
  const std::filesystem::path path{fixtures_of(provider) + "/verification.json"};
  if (!std::filesystem::exists(path)) return {};
  const auto file = read_file(path);
  json::object settings = read_coverage(provider).settings;
  for (const auto& setting : file.at("settings").as_object())
    settings[setting.key()] = setting.value();
  std::vector<Delivery> deliveries;
  for (const auto& value : file.at("cases").as_array()) {
    json::object merged = file.at("webhook").as_object();
    for (const auto& field : value.as_object()) merged[field.key()] = field.value();
    Delivery delivery{text(merged, "name"),
                      text(merged, "kind"),
                      settings_from(settings, provider),
                      {},
                      time(merged, "now")};
    http::Request& request = delivery.request;
    request.method = "POST";
    request.target = text(merged, "target");
    request.peer = text(merged, "peer");
    request.body = text(merged, "body");
    for (const auto& header : merged.at("headers").as_object()) {
      request.headers.push_back(
          {std::string{header.key()}, json::value_to<std::string>(header.value())});
    }
    if (const auto* answer = merged.if_contains("evidence"))
      delivery.evidence = read_response(answer->as_object());
    if (const auto* answer = merged.if_contains("confirmation"))
      delivery.confirmation = read_response(answer->as_object());
    delivery.outcome = text(merged, "outcome");
    delivery.event = text(merged, "event");
    deliveries.push_back(std::move(delivery));
  }
  return deliveries;
}

json::object to_json(const provider::Notice& notice) {
  json::object news;
  std::visit(Overloaded{
                 [&](const provider::Irrelevant&) { news["type"] = "irrelevant"; },
                 [&](const provider::Happened& n) {
                   news["type"] = "happened";
                   if (n.amount) news["amount"] = amount_json(*n.amount);
                   put(news, "provider_object", n.provider_object);
                   if (n.names_payment) news["names_payment"] = true;
                   put(news, "operation", n.operation);
                 },
                 [&](const provider::ChargeSeen& n) {
                   news = {{"type", "charge_seen"}, {"succeeded", n.succeeded}};
                   if (n.amount.minor != 0) news["amount"] = amount_json(n.amount);
                   put(news, "provider_object", n.provider_object);
                   if (!n.succeeded) put_failure(news, n.failure);
                 },
                 [&](const provider::AuthorizationEnded& n) {
                   news = {{"type", "authorization_ended"}, {"expired", n.expired}};
                 },
                 [&](const provider::CaptureSeen& n) {
                   news = {{"type", "capture_seen"}, {"total", amount_json(n.total)}};
                 },
                 [&](const provider::RefundSeen& n) {
                   constexpr const char* statuses[] = {"pending", "succeeded", "failed"};
                   news = {{"type", "refund_seen"},
                           {"refund", n.refund},
                           {"amount", amount_json(n.amount)},
                           {"status", statuses[static_cast<std::size_t>(n.status)]}};
                   put(news, "operation", n.operation);
                   put(news, "reason", n.reason);
                   if (n.definite) news["definite"] = true;
                 },
                 [&](const provider::DisputeSeen& n) {
                   news = {{"type", "dispute_seen"},
                           {"dispute", n.dispute},
                           {"amount", amount_json(n.amount)},
                           {"status", provider::to_string(n.status)},
                           {"inquiry", n.inquiry}};
                   put(news, "reason", n.reason);
                   if (n.evidence_due_by) news["evidence_due_by"] = to_rfc3339(*n.evidence_due_by);
                 },
                 [&](const provider::TransferSeen& n) {
                   news = {{"type", "transfer_seen"},
                           {"amount", amount_json(n.amount)},
                           {"transfer", n.transfer},
                           {"kind", provider::to_string(n.kind)},
                           {"booked_at", to_rfc3339(n.booked_at)}};
                   put(news, "payer", n.payer);
                 },
             },
             notice.news);
  json::object object{{"id", notice.id},
                      {"type", notice.type},
                      {"created_at", to_rfc3339(notice.created_at)},
                      {"livemode", notice.livemode}};
  put(object, "payment", notice.payment);
  put(object, "provider_payment_id", notice.provider_payment_id);
  put(object, "object", notice.object);
  object["news"] = std::move(news);
  return object;
}

json::object to_json(const provider::Verdict& verdict) {
  json::object object{{"type", provider::name_of(verdict)}};
  const auto put_wait = [&object](const auto& wait) {
    if (wait) object["retry_after_s"] = wait->count();
  };
  std::visit(Overloaded{
                 [&](const provider::Approved& v) {
                   object["amount"] = amount_json(v.amount);
                   put(object, "provider_payment_id", v.provider_payment_id);
                   put(object, "provider_object", v.provider_object);
                   put_method(object, v.method);
                   if (v.authorization_expires_at) {
                     object["authorization_expires_at"] = to_rfc3339(*v.authorization_expires_at);
                   }
                 },
                 [&](const provider::Declined& v) {
                   put_failure(object, v.failure);
                   object["soft"] = v.soft;
                   put(object, "provider_payment_id", v.provider_payment_id);
                   put_method(object, v.method);
                 },
                 [&](const provider::Refused& v) {
                   put_failure(object, v.failure);
                   object["outage"] = v.outage;
                   object["repeatable"] = v.repeatable;
                   put_wait(v.retry_after);
                 },
                 [&](const provider::ActionRequired& v) {
                   object["action"] = v.action.type;
                   put(object, "url", v.action.url);
                   put(object, "provider_payment_id", v.provider_payment_id);
                   put_method(object, v.method);
                 },
                 [&](const provider::Pending& v) {
                   put(object, "provider_payment_id", v.provider_payment_id);
                   put(object, "provider_object", v.provider_object);
                   put(object, "by_hand", v.by_hand);
                 },
                 [&](const provider::Progressed& v) {
                   put(object, "provider_payment_id", v.provider_payment_id);
                   put(object, "provider_object", v.provider_object);
                   object["step"] = v.step;
                 },
                 [&](const provider::NotExecuted& v) {
                   put(object, "provider_payment_id", v.provider_payment_id);
                 },
                 [&](const provider::Unknown& v) {
                   put_failure(object, v.failure);
                   object["outage"] = v.outage;
                   put_wait(v.retry_after);
                 },
             },
             verdict);
  return object;
}

}  // namespace cambist::test
