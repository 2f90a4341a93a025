#include "gateway/cli/demo.hpp"

#include <boost/json.hpp>
#include <map>
#include <ostream>

#include "gateway/cli/http_call.hpp"
#include "protocols/core/ids.hpp"

namespace cambist::gateway::cli {
namespace {

namespace json = boost::json;
constexpr auto call_timeout = std::chrono::seconds{15};

struct Client {
  actors::HttpClient& http;
  Peer peer;
  const DemoParams& params;

  Result<http::Response> send(std::string method, const std::string& path, std::string body) const {
    http::Request request{std::move(method), peer.origin, peer.prefix + path, {},
                          std::move(body),   {}};
    request.headers.push_back({"Authorization", "Bearer " + std::string{params.api_key.reveal()}});
    request.headers.push_back({"Accept", "application/json"});
    if (request.method == "POST") {
      request.headers.push_back({"Content-Type", "application/json"});
      request.headers.push_back(
          {"Idempotency-Key", "demo-" + encode_uuid(make_uuid7(params.now(), params.random))});
    }
    return call(http, std::move(request), call_timeout);
  }
};

std::string text_of(const json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  const auto* member = object == nullptr ? nullptr : object->if_contains(key);
  return member != nullptr && member->is_string() ? std::string{member->get_string()}
                                                  : std::string{};
}

const json::value* member_of(const json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(key);
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string amount_of(const json::value& payment, std::string_view key) {
  const auto* money = member_of(payment, key);
  return money == nullptr ? std::string{}
                          : text_of(*money, "value") + " " + text_of(*money, "currency");
}

/// "POST /v1/payment_intents -> 200 in 3.1 ms", or why there was no answer.
std::string describe_exchange(const json::value& exchange) {
  auto line = text_of(exchange, "method");
  if (line.empty()) return text_of(exchange, "failure");
  line += " " + text_of(exchange, "path");
  const auto* status = member_of(exchange, "status");
  const bool answered = status != nullptr && status->is_int64() && status->get_int64() != 0;
  line += answered ? " -> " + std::to_string(status->get_int64())
                   : " -> " + text_of(exchange, "failure");
  if (const auto* micros = member_of(exchange, "duration_us");
      micros != nullptr && micros->is_int64()) {
    const auto tenths = (micros->get_int64() + 50) / 100;
    line += " in " + std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
  }
  return line;
}

bool expect(const Result<http::Response>& response, int status, std::string_view step,
            std::ostream& talk) {
  if (!response) {
    talk << step << ": " << response.error().detail << '\n';
    return false;
  }
  if (response->status != status) {
    talk << step << ": expected " << status << ", got " << response->status << " " << response->body
         << '\n';
    return false;
  }
  return true;
}

}  // namespace

std::string render_timeline(std::string_view payment_json, std::string_view events_json) {
  boost::system::error_code wrong;
  const auto payment = json::parse(payment_json, wrong);
  const auto events = json::parse(events_json, wrong);
  std::string text = text_of(payment, "id") + "  " + amount_of(payment, "amount") + "  " +
                     text_of(payment, "status") + "  captured " + amount_of(payment, "captured") +
                     "  refunded " + amount_of(payment, "refunded") + "\n";
  const auto* list = member_of(events, "data");
  if (list == nullptr || !list->is_array()) return text;
  std::optional<TimePoint> first;
  std::map<std::string, std::string> kinds;  // of operations, by id
  for (const auto& event : list->get_array()) {
    const auto at_text = text_of(event, "at");
    std::string offset;
    if (const auto at = parse_rfc3339(at_text)) {
      if (!first) first = *at;
      offset = "+" +
               std::to_string(
                   std::chrono::duration_cast<std::chrono::milliseconds>(*at - *first).count()) +
               " ms";
    }
    const auto* data = member_of(event, "data");
    const auto* exchange = data == nullptr ? nullptr : member_of(*data, "exchange");
    const auto operation = text_of(event, "operation");
    if (const auto* started = data == nullptr ? nullptr : member_of(*data, "operation")) {
      if (started->is_object()) kinds[operation] = text_of(*started, "kind");
    }
    text += "  " + padded(at_text, 26) + padded(offset, 10) + padded(text_of(event, "type"), 21) +
            padded(kinds[operation], 11) + padded(operation, 31);
    if (exchange != nullptr) text += describe_exchange(*exchange);
    while (text.ends_with(' ')) text.pop_back();
    text += "\n";
  }
  return text;
}

int run_demo(actors::HttpClient& client, const DemoParams& params, std::ostream& out,
             std::ostream& talk) {
  const auto peer = parse_peer(params.url);
  if (!peer) {
    talk << "--url: " << peer.error().detail << '\n';
    return 2;
  }
  const Client api{client, *peer, params};
  const auto created =
      api.send("POST", "/api/v1/payments",
               R"({"amount":{"value":"100.00","currency":"USD"},"capture":"manual",)"
               R"("payment_method":{"type":"card","token":"pm_card_visa"},)"
               R"("description":"cambist demo","metadata":{"source":"demo"}})");
  if (!expect(created, 201, "create", talk)) return 1;
  boost::system::error_code wrong;
  const auto id = text_of(json::parse(created->body, wrong), "id");
  if (wrong || id.empty()) {
    talk << "create: the answer is not a payment: " << created->body << '\n';
    return 1;
  }
  const auto path = "/api/v1/payments/" + id;
  if (!expect(api.send("POST", path + "/capture", "{}"), 200, "capture", talk)) return 1;
  if (!expect(
          api.send(
              "POST", path + "/refund",
              R"({"amount":{"value":"25.00","currency":"USD"},"reason":"requested_by_customer"})"),
          200, "refund", talk)) {
    return 1;
  }
  const auto payment = api.send("GET", path, {});
  const auto events = api.send("GET", path + "/events", {});
  if (!expect(payment, 200, "get", talk) || !expect(events, 200, "events", talk)) return 1;
  if (params.json) {
    out << R"({"payment":)" << payment->body << R"(,"timeline":)" << events->body << "}\n";
  } else {
    out << render_timeline(payment->body, events->body);
  }
  return text_of(json::parse(payment->body, wrong), "status") == "partially_refunded" ? 0 : 1;
}

}  // namespace cambist::gateway::cli
