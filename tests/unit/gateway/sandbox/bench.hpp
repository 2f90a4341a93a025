// A sandbox with a clock and a random source of its own, called without sockets.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/sandbox/form.hpp"
#include "gateway/sandbox/sandbox.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway::sandbox::test {

namespace json = boost::json;
using Fields = std::vector<std::pair<std::string, std::string>>;

/// What came back: the answer as the server would get it, and its body read as JSON.
struct Answer {
  inbound::Outgoing outgoing;
  json::value body;

  [[nodiscard]] int status() const { return outgoing.response.status; }
  [[nodiscard]] const json::value& operator[](std::string_view name) const { return body.at(name); }
  [[nodiscard]] std::string text(std::string_view name) const {
    return std::string{body.at(name).as_string()};
  }
  [[nodiscard]] std::int64_t number(std::string_view name) const {
    return body.at(name).as_int64();
  }
  [[nodiscard]] std::string header(std::string_view name) const {
    const auto* value = http::find(outgoing.response.headers, name);
    return value == nullptr ? std::string{} : *value;
  }
  /// error.<name>, or empty.
  [[nodiscard]] std::string error(std::string_view name) const {
    const auto* error = body.is_object() ? body.as_object().if_contains("error") : nullptr;
    const auto* member = error == nullptr ? nullptr : error->as_object().if_contains(name);
    return member == nullptr || !member->is_string() ? std::string{}
                                                     : std::string{member->as_string()};
  }
};

/// Keeps letters instead of sending them.
class Mailbox final : public webhooks::Mailer {
 public:
  void post(webhooks::Letter letter) override { letters.push_back(std::move(letter)); }
  void clear() override { letters.clear(); }
  [[nodiscard]] json::object show() const override { return {{"kept", letters.size()}}; }

  /// The types of the letters since the last call, in order.
  std::vector<std::string> types() {
    std::vector<std::string> found;
    for (; seen_ < letters.size(); ++seen_) found.emplace_back(letters[seen_].type);
    return found;
  }
  [[nodiscard]] json::value last() const { return json::parse(letters.back().body); }

  std::vector<webhooks::Letter> letters;

 private:
  std::size_t seen_ = 0;
};

class Desk {
 public:
  Answer call(std::string method, std::string target, std::string body = {},
              http::Headers headers = {}) {
    http::Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers = std::move(headers);
    request.body = std::move(body);
    return send(std::move(request));
  }

  Answer send(http::Request request) {
    std::optional<Answer> answer;
    handler_(std::move(request), [&](inbound::Outgoing outgoing) {
      boost::system::error_code failed;
      auto body = json::parse(outgoing.response.body, failed);
      answer = Answer{std::move(outgoing), failed ? json::value{} : std::move(body)};
    });
    EXPECT_TRUE(answer.has_value()) << "the handler answers before it returns";
    return answer ? std::move(*answer) : Answer{};
  }

  static http::Headers stripe_headers(const std::string& key) {
    http::Headers headers{{"Authorization", "Bearer sk_test_sandbox"},
                          {"Stripe-Version", "2026-10-28.endive"},
                          {"Content-Type", "application/x-www-form-urlencoded"}};
    if (!key.empty()) headers.push_back({"Idempotency-Key", key});
    return headers;
  }
  Answer post(const std::string& path, const Fields& fields, const std::string& key = {}) {
    std::string body;
    for (const auto& [name, value] : fields)
      body += (body.empty() ? "" : "&") + name + "=" + escape(value);
    return call("POST", "/stripe/v1/" + path, body, stripe_headers(key));
  }
  Answer get(const std::string& path) {
    return call("GET", "/stripe/v1/" + path, {}, stripe_headers({}));
  }

  /// A payment intent of 10.00 USD for payment "pay_1"; `more` adds or overrides.
  Answer create(const Fields& more = {}, const std::string& key = {}) {
    Fields fields{{"amount", "1000"}, {"currency", "usd"}, {"metadata[payment_id]", "pay_1"}};
    fields.insert(fields.end(), more.begin(), more.end());
    return post("payment_intents", fields, key);
  }
  Answer confirmed(const std::string& method, const Fields& more = {},
                   const std::string& key = {}) {
    Fields fields{{"confirm", "true"}, {"payment_method", method}};
    fields.insert(fields.end(), more.begin(), more.end());
    return create(fields, key);
  }
  std::string authorized(const Fields& more = {}) {
    Fields fields{{"capture_method", "manual"}};
    fields.insert(fields.end(), more.begin(), more.end());
    return confirmed("pm_card_visa", fields).text("id");
  }
  Answer act(const std::string& intent, const std::string& verb, const Fields& fields = {},
             const std::string& key = {}) {
    return post("payment_intents/" + intent + "/" + verb, fields, key);
  }
  Answer refund(const std::string& intent, const Fields& more = {}, const std::string& key = {}) {
    Fields fields{{"payment_intent", intent}};
    fields.insert(fields.end(), more.begin(), more.end());
    return post("refunds", fields, key);
  }
  std::string status(const std::string& intent) {
    return get("payment_intents/" + intent).text("status");
  }

  Answer faults(const std::string& rules) {
    return call("PUT", "/sandbox/faults", R"({"rules":[)" + rules + "]}");
  }
  /// "kind value" for each effect, in order.
  std::vector<std::string> effects(const std::string& query = {}) {
    std::vector<std::string> lines;
    const auto answer = call("GET", "/sandbox/ledger" + query);
    for (const auto& effect : answer["effects"].as_array()) {
      lines.push_back(std::string{effect.at("kind").as_string()} + " " +
                      std::string{effect.at("amount").at("value").as_string()});
    }
    return lines;
  }

  /// From now on events are posted there.
  std::shared_ptr<Mailbox> mailbox() {
    auto box = std::make_shared<Mailbox>();
    sandbox_->mail_to(box);
    return box;
  }

  std::unique_ptr<Sandbox>& sandbox() { return sandbox_; }
  TimePoint now{std::chrono::seconds{1'795'250'298}};

 private:
  std::uint64_t random_ = 88172645463325252ULL;
  std::unique_ptr<Sandbox> sandbox_ = Sandbox::make([this] { return now; },
                                                    [this] {  // xorshift64
                                                      random_ ^= random_ << 13U;
                                                      random_ ^= random_ >> 7U;
                                                      random_ ^= random_ << 17U;
                                                      return random_;
                                                    },
                                                    "http://127.0.0.1:8081");
  inbound::Handler handler_ = sandbox_->handler();
};

using Effects = std::vector<std::string>;

}  // namespace cambist::gateway::sandbox::test
