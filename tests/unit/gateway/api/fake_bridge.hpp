// A bridge that answers what a test told it to, or keeps what it was asked.
#pragma once

#include <functional>
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
    if (silent) return reading.push_back([done] { done(Error{ErrorCode::unavailable, "late"}); });
    if (broken) return done(Error{ErrorCode::unavailable, "the store is away"});
    const auto found = rows.find(payment);
    if (found == rows.end() || found->second.tenant != tenant) return done(std::optional<Story>{});
    done(std::optional{begun ? begun(commands.back().command) : told});
  }
  void providers(Done<actors::ProvidersHealth> done) override {
    if (broken) return done(Error{ErrorCode::unavailable, "nobody there"});
    done(health);
  }
  void supervision(Done<actors::SupervisionNode> done) override {
    if (broken) return done(Error{ErrorCode::unavailable, "nobody there"});
    done(tree);
  }
  void webhook(actors::WebhookIn webhook, Done<actors::WebhookTaken> done) override {
    webhooks_in.push_back(std::move(webhook));
    answer(taken, std::move(done));
  }
  void replay(actors::ReplayWebhooks replay, Done<actors::WebhooksReplayed> done) override {
    replays.push_back(std::move(replay));
    answer(replayed, std::move(done));
  }
  void stored_webhook(TenantId, WebhookId id,
                      Done<std::optional<storage::WebhookRow>> done) override {
    std::optional<storage::WebhookRow> found;
    for (const auto& row : webhook_rows)
      if (row.id == id) found = row;
    answer(found, std::move(done));
  }
  void stored_webhooks(storage::WebhookQuery query,
                       Done<std::vector<storage::WebhookRow>> done) override {
    webhook_queries.push_back(std::move(query));
    answer(webhook_rows, std::move(done));
  }
  void webhook_counts(TenantId, TimePoint, Done<std::vector<storage::WebhookCount>> done) override {
    answer(counts, std::move(done));
  }
  void change_endpoint(actors::ChangeEndpoint change, Done<actors::EndpointChanged> done) override {
    changes.push_back(std::move(change));
    answer(changed, std::move(done));
  }
  void endpoints(TenantId, Done<std::vector<storage::EndpointRow>> done) override {
    answer(endpoint_rows, std::move(done));
  }
  void deliveries(storage::DeliveryQuery query,
                  Done<std::vector<storage::DeliveryRow>> done) override {
    delivery_queries.push_back(std::move(query));
    answer(delivery_rows, std::move(done));
  }
  void task(TenantId, TaskId id, Done<std::optional<storage::TaskRow>> done) override {
    std::optional<storage::TaskRow> found;
    for (const auto& row : task_rows)
      if (row.id == id) found = row;
    answer(found, std::move(done));
  }
  void tasks(storage::TaskQuery query, Done<std::vector<storage::TaskRow>> done) override {
    task_queries.push_back(std::move(query));
    answer(task_rows, std::move(done));
  }
  void audit(TenantId, std::optional<AuditId>, std::size_t,
             Done<std::vector<storage::AuditRow>> done) override {
    answer(audit_rows, std::move(done));
  }
  void operate_breaker(actors::OperateBreaker operation,
                       Done<actors::BreakerOperated> done) override {
    breaker_operations.push_back(std::move(operation));
    answer(operated, std::move(done));
  }
  template <class T>
  void answer(const T& value, Done<T> done) {
    if (silent) return reading.push_back([done] { done(Error{ErrorCode::unavailable, "late"}); });
    if (broken) return done(Error{ErrorCode::unavailable, "the store is away"});
    done(value);
  }
  [[nodiscard]] routing::Plan route(const payment::Create& wish) const override {
    routed = wish;
    return plan;
  }
  [[nodiscard]] bool store_healthy() const override { return healthy; }

  std::optional<Result<api::Answer>> verdict;  // none: the command waits in `performing`
  std::vector<Command> commands;
  std::vector<Done<api::Answer>> performing;
  std::vector<std::function<void()>> reading;
  std::map<PaymentId, storage::PaymentRow> rows;
  std::vector<storage::PaymentQuery> queries;
  Story told;
  std::function<Story(const payment::Command&)> begun;  // what the last command has left; over told
  actors::ProvidersHealth health;
  actors::SupervisionNode tree;
  std::vector<actors::WebhookIn> webhooks_in;
  actors::WebhookTaken taken;
  std::vector<actors::ReplayWebhooks> replays;
  actors::WebhooksReplayed replayed;
  std::vector<storage::WebhookRow> webhook_rows;
  std::vector<storage::WebhookQuery> webhook_queries;
  std::vector<storage::WebhookCount> counts;
  std::vector<actors::ChangeEndpoint> changes;
  actors::EndpointChanged changed;
  std::vector<storage::EndpointRow> endpoint_rows;
  std::vector<storage::DeliveryRow> delivery_rows;
  std::vector<storage::DeliveryQuery> delivery_queries;
  std::vector<storage::TaskRow> task_rows;
  std::vector<storage::TaskQuery> task_queries;
  std::vector<storage::AuditRow> audit_rows;
  std::vector<actors::OperateBreaker> breaker_operations;
  actors::BreakerOperated operated;
  routing::Plan plan;
  mutable std::optional<payment::Create> routed;  // what the last explanation was about
  bool broken = false;
  bool silent = false;
  bool healthy = true;
};

class FakeTimers final : public Timers {
 public:
  Token after(std::chrono::milliseconds delay, std::function<void()> action) override {
    waiting.emplace_back(delay, std::move(action));
    return ++made;
  }
  /// Counted only: a test that fires what was taken back sees that it does no harm.
  void cancel(Token token) override { cancelled.push_back(token); }
  /// Runs what was to run after exactly `delay`.
  void fire(std::chrono::milliseconds delay) {
    const auto due = std::exchange(waiting, {});
    for (const auto& [when, action] : due) {
      if (when == delay) action();
    }
  }
  std::vector<std::pair<std::chrono::milliseconds, std::function<void()>>> waiting;
  std::vector<Token> cancelled;
  Token made = 0;
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
