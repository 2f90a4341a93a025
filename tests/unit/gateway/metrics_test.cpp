#include "gateway/metrics.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

namespace cambist::gateway {
namespace {

using namespace std::chrono_literals;

void touch_everything(Metrics& metrics) {
  metrics.payment_moved("captured", "stripe");
  metrics.operation_settled("charge", "stripe", "succeeded", 250ms);
  metrics.provider_called("stripe", "charge", "approved", 120ms);
  metrics.breaker_changed("stripe", 2);
  metrics.journal_committed(3, 2ms, true);
  metrics.journal_committed(1, 5ms, false);
  metrics.actors_live("payment", 5);
  metrics.actors_live("payment", -2);
  metrics.queue_depth("journal", 17);
  metrics.restarted("payment");
  metrics.request_handled("/api/v1/payments/{id}", "GET", 200, 3ms);
  metrics.requests_in_flight(2);
  metrics.card_data_refused();
  metrics.failed_over("stripe", "paypal");
  metrics.late_success("stripe");
  metrics.timer_fired("inquiry", 40ms);
  metrics.unknown_resolved("stripe", "inquiry", 2'500ms);
  metrics.tasks_open(2);
  metrics.tasks_open(-1);
  metrics.webhook_received("stripe", "stored");
  metrics.webhook_settled("stripe", "applied", 20ms);
  metrics.delivery_attempted("delivered", 80ms);
  metrics.intent_queued(4ms);
  metrics.shed("command");
}

bool has(const std::string& text, const std::string& line) {
  return text.find("\n" + line + "\n") != std::string::npos;
}

TEST(Metrics, CountInBaseUnits) {
  Metrics metrics;
  touch_everything(metrics);
  const std::string text = metrics.text();
  EXPECT_TRUE(has(text, R"(cambist_payments_total{provider="stripe",status="captured"} 1)"))
      << text;
  EXPECT_TRUE(has(text, R"(cambist_actors{kind="payment"} 3)")) << text;
  EXPECT_TRUE(has(text, R"(cambist_queue_depth{queue="journal"} 17)"));
  EXPECT_TRUE(has(text, R"(cambist_breaker_state{provider="stripe"} 2)"));
  EXPECT_TRUE(has(text, R"(cambist_journal_commit_failures_total 1)"));
  EXPECT_TRUE(has(text, R"(cambist_journal_batch_appends_sum 4)"));
  EXPECT_TRUE(
      has(text, R"(cambist_operation_duration_seconds_sum{kind="charge",provider="stripe"} 0.25)"));
  EXPECT_TRUE(has(text, R"(cambist_failovers_total{from="stripe",to="paypal"} 1)"));
  EXPECT_TRUE(has(text, R"(cambist_late_successes_total{provider="stripe"} 1)"));
  EXPECT_TRUE(has(text, R"(cambist_http_requests_in_flight 2)"));
  EXPECT_TRUE(has(text, R"(cambist_timers_fired_total{kind="inquiry"} 1)"));
  EXPECT_TRUE(has(text, R"(cambist_timer_lateness_seconds_sum 0.04)"));
  EXPECT_TRUE(
      has(text, R"(cambist_unknown_resolution_seconds_sum{how="inquiry",provider="stripe"} 2.5)"));
  EXPECT_TRUE(has(text, R"(cambist_tasks_open 1)"));
  EXPECT_TRUE(
      has(text, R"(cambist_webhooks_received_total{outcome="stored",provider="stripe"} 1)"));
  EXPECT_TRUE(has(text, R"(cambist_webhooks_settled_total{provider="stripe",status="applied"} 1)"));
  EXPECT_TRUE(has(text, R"(cambist_webhook_age_seconds_sum{provider="stripe"} 0.02)"));
  EXPECT_TRUE(has(text, R"(cambist_deliveries_attempted_total{outcome="delivered"} 1)"));
  EXPECT_TRUE(has(text, R"(cambist_intent_queue_seconds_sum 0.004)"));
  EXPECT_TRUE(has(text, R"(cambist_admission_shed_total{class="command"} 1)"));
  EXPECT_NE(text.find("process_resident_memory_bytes "), std::string::npos);
  EXPECT_NE(text.find("process_cpu_seconds_total "), std::string::npos);
  EXPECT_NE(text.find("process_open_fds "), std::string::npos);
  EXPECT_NE(text.find("process_start_time_seconds "), std::string::npos);
}

TEST(Metrics, ShowWhatADashboardWaitsForBeforeItHasHappened) {
  Metrics metrics;
  metrics.begin({"stripe"});
  const std::string text = metrics.text();
  for (const char* line :
       {R"(cambist_timers_fired_total{kind="scheduled_capture"} 0)", R"(cambist_tasks_open 0)",
        R"(cambist_webhooks_received_total{outcome="unverified",provider="stripe"} 0)",
        R"(cambist_webhooks_settled_total{provider="stripe",status="dead"} 0)",
        R"(cambist_unknown_resolution_seconds_count{how="operator",provider="stripe"} 0)",
        R"(cambist_deliveries_attempted_total{outcome="disabled"} 0)",
        R"(cambist_admission_shed_total{class="webhook"} 0)"}) {
    EXPECT_TRUE(has(text, line)) << line;
  }
}

TEST(Metrics, PassEveryIntentOn) {
  Metrics metrics;
  std::vector<Duration> heard;
  metrics.on_intent([&heard](Duration queued) { heard.push_back(queued); });
  metrics.intent_queued(4ms);
  EXPECT_EQ(heard, (std::vector<Duration>{4ms}));
}

TEST(Metrics, StayBoundedWhateverTheLabels) {
  Metrics metrics;
  for (int i = 0; i < 5'000; ++i) metrics.restarted("kind" + std::to_string(i));
  const std::string text = metrics.text();
  std::size_t series = 0;
  for (std::size_t at = text.find("cambist_actor_restarts_total{"); at != std::string::npos;
       at = text.find("cambist_actor_restarts_total{", at + 1)) {
    ++series;
  }
  EXPECT_LE(series, 513U);
  EXPECT_TRUE(has(text, R"(cambist_actor_restarts_total{kind="other"} 4488)"));
}

TEST(Metrics, CountFromManyThreads) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 1'000; ++k) {
        metrics.payment_moved("captured", "stripe");
        if (k % 100 == 0) (void)metrics.text();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(
      has(metrics.text(), R"(cambist_payments_total{provider="stripe",status="captured"} 4000)"));
}

TEST(Metrics, PassPromtool) {
  ASSERT_EQ(std::system("command -v promtool >/dev/null 2>&1"), 0)
      << "install Debian's package prometheus";
  Metrics metrics;
  touch_everything(metrics);
  const std::string file = ::testing::TempDir() + "cambist_metrics.txt";
  const std::string report = file + ".report";
  std::ofstream{file} << metrics.text();
  const int status =
      std::system(("promtool check metrics <" + file + " >" + report + " 2>&1").c_str());
  std::string said;
  std::getline(std::ifstream{report}, said, '\0');
  EXPECT_EQ(status, 0) << said;
  EXPECT_EQ(said, "");
  std::remove(file.c_str());
  std::remove(report.c_str());
}

}  // namespace
}  // namespace cambist::gateway
