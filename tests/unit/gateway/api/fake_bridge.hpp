// A bridge that answers what a test told it to, or keeps what it was asked.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/api/api.hpp"

namespace cambist::gateway::test {

class FakeBridge final : public Bridge {
 public:
  void perform(Command command, Done<api::Answer> done) override {
    commands.push_back(std::move(command));
    if (verdict) {
      done(*verdict);
    } else {
      performing.push_back(std::move(done));
    }
  }
  void payment(TenantId tenant, PaymentId payment,
               Done<std::optional<storage::PaymentRow>> done) override {
    if (silent) return reading.push_back([done] { done(Error{ErrorCode::unavailable, "late"}); });
    if (broken) return done(Error{ErrorCode::unavailable, "the store is away"});
    const auto found = rows.find(payment);
    if (found == rows.end() || found->second.tenant != tenant)
      return done(std::optional<storage::PaymentRow>{});
    done(std::optional{found->second});
  }
  void payments(storage::PaymentQuery query, Done<std::vector<storage::PaymentRow>> done) override {
    queries.push_back(query);
    if (broken) return done(Error{ErrorCode::unavailable, "the store is away"});
    std::vector<storage::PaymentRow> page;
    for (auto at = rows.rbegin(); at != rows.rend() && page.size() < query.limit; ++at) {
      if (at->second.tenant == query.tenant && (!query.before || at->first < *query.before))
        page.push_back(at->second);
    }
    done(std::move(page));
  }
  void story(TenantId tenant, PaymentId payment, Done<std::optional<Story>> done) override {
    if (broken) return done(Error{ErrorCode::unavailable, "the store is away"});
    const auto found = rows.find(payment);
    if (found == rows.end() || found->second.tenant != tenant) return done(std::optional<Story>{});
    done(std::optional{told});
  }
  void providers(Done<actors::ProvidersHealth> done) override {
    if (broken) return done(Error{ErrorCode::unavailable, "nobody there"});
    done(health);
  }
  void supervision(Done<actors::SupervisionNode> done) override {
    if (broken) return done(Error{ErrorCode::unavailable, "nobody there"});
    done(tree);
  }
  [[nodiscard]] bool store_healthy() const override { return healthy; }

  std::optional<Result<api::Answer>> verdict;  // none: the command waits in `performing`
  std::vector<Command> commands;
  std::vector<Done<api::Answer>> performing;
  std::vector<std::function<void()>> reading;
  std::map<PaymentId, storage::PaymentRow> rows;
  std::vector<storage::PaymentQuery> queries;
  Story told;
  actors::ProvidersHealth health;
  actors::SupervisionNode tree;
  bool broken = false;
  bool silent = false;
  bool healthy = true;
};

class FakeTimers final : public Timers {
 public:
  void after(std::chrono::milliseconds delay, std::function<void()> action) override {
    waiting.emplace_back(delay, std::move(action));
  }
  /// Runs what was to run after exactly `delay`.
  void fire(std::chrono::milliseconds delay) {
    const auto due = std::exchange(waiting, {});
    for (const auto& [when, action] : due) {
      if (when == delay) action();
    }
  }
  std::vector<std::pair<std::chrono::milliseconds, std::function<void()>>> waiting;
};

/// The Api over fakes, and one request at a time.
struct Bench {
  explicit Bench(std::function<void(ApiParams&)> change = {}) {
    ApiParams params;
    params.bridge = bridge;
    params.metrics = metrics;
    params.timers = timers;
    params.keys = {api_key_row("sk_test_abc_secret", TenantId{"shop"}, TimePoint{}),
                   api_key_row("other-opaque-key", TenantId{"other"}, TimePoint{})};
    params.providers = {"stripe", "paypal"};
    params.now = [] { return *parse_rfc3339("2026-11-21T10:00:00Z"); };
    params.random = [this] { return ++drawn * 0x9E3779B97F4A7C15ULL; };
    params.ticks = [this] { return ticks; };
    if (change) change(params);
    api.emplace(std::move(params));
  }

  // A bridge that never answers holds the requests that hold the bridge.
  ~Bench() {
    timers->waiting.clear();
    bridge->reading.clear();
    bridge->performing.clear();
  }

  struct Sent {
    std::string method = "GET";
    std::string target;
    std::string body{};
    http::Headers headers{};
    std::string key = "sk_test_abc_secret";
  };
  /// The answer, or a status of 0 when there is none yet.
  std::shared_ptr<http::Response> send(Sent sent) {
    http::Request request{sent.method, "", sent.target, sent.headers, sent.body, "127.0.0.1"};
    if (!sent.key.empty()) request.headers.push_back({"Authorization", "Bearer " + sent.key});
    if (!sent.body.empty() && http::find(request.headers, "Content-Type") == nullptr) {
      request.headers.push_back({"Content-Type", "application/json"});
    }
    auto response = std::make_shared<http::Response>();
    response->status = 0;
    auto calls = std::make_shared<int>(0);
    api->handler()(std::move(request), [response, calls](inbound::Outgoing outgoing) {
      if (++*calls > 1) throw std::logic_error("answered twice");
      *response = std::move(outgoing.response);
    });
    return response;
  }
  http::Response get(std::string target) { return *send({.target = std::move(target)}); }
  http::Response post(std::string target, std::string body, http::Headers headers = {}) {
    return *send({.method = "POST",
                  .target = std::move(target),
                  .body = std::move(body),
                  .headers = std::move(headers)});
  }
  PaymentId add_row(std::uint8_t number, const std::string& tenant = "shop") {
    PaymentId id{{0, number}};
    storage::PaymentRow row;
    row.id = id;
    row.tenant = TenantId{tenant};
    row.json = R"({"id":")" + id.to_string() + R"(","n":)" + std::to_string(number) + "}";
    bridge->rows.emplace(id, row);
    return id;
  }

  std::shared_ptr<FakeBridge> bridge = std::make_shared<FakeBridge>();
  std::shared_ptr<FakeTimers> timers = std::make_shared<FakeTimers>();
  std::shared_ptr<Metrics> metrics = std::make_shared<Metrics>();
  std::chrono::nanoseconds ticks{1'000'000'000};
  std::uint64_t drawn = 0;
  std::optional<Api> api;
};

inline std::string header(const http::Response& response, std::string_view name) {
  const auto* value = http::find(response.headers, name);
  return value == nullptr ? std::string{} : *value;
}

}  // namespace cambist::gateway::test
