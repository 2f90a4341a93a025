// More than the server can do, and a provider that is down: what is let in keeps its pace, the rest
// is told so at once, memory stays bounded, and the provider is not hammered.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "tests/integration/reliability/operations.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr std::uint32_t capacity = 16;  // requests that may wait for actors at a time

std::string everything_is(const char* fault, const char* more = "") {
  const std::string rest =
      std::string{R"("provider":"stripe","operation":"*","fault":")"} + fault + "\"" + more + "}";
  return R"({"rules":[{"step":"create",)" + rest + ",{" + rest + "]}";
}

/// What a crowd of clients met.
struct Met {
  std::vector<double> accepted_ms;
  std::vector<double> refused_ms;
  std::size_t without_retry_after = 0;
  std::vector<std::string> odd;
  [[nodiscard]] std::size_t offered() const { return accepted_ms.size() + refused_ms.size(); }
};

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// A closed loop of `clients` for so long. Who is refused tries again after `pause`.
Met crowd(const Scene& scene, unsigned clients, std::chrono::milliseconds time,
          std::chrono::milliseconds pause) {
  Met met;
  std::mutex mutex;
  const auto end = Steady::now() + time;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < clients; ++i) {
    threads.emplace_back([&] {
      while (Steady::now() < end) {
        const auto began = Steady::now();
        const auto answer = scene.client().post("/api/v1/payments", payment_body("automatic"));
        const std::chrono::duration<double, std::milli> took = Steady::now() - began;
        const bool refused = answer.status == 429 || answer.status == 503;
        {
          const std::lock_guard lock{mutex};
          if (refused) {
            met.refused_ms.push_back(took.count());
            if (http::find(answer.headers, "Retry-After") == nullptr) ++met.without_retry_after;
          } else if (answer.status == 201 || answer.status == 202) {
            met.accepted_ms.push_back(took.count());
          } else {
            met.odd.push_back(std::to_string(answer.status) + " " + answer.body);
          }
        }
        // The pace of this client, not a wait for something to happen.
        if (refused) std::this_thread::sleep_for(pause);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  return met;
}

TEST(Overload, AtTenTimesTheCapacityWhatIsAcceptedKeepsItsPaceAndTheRestIsToldAtOnce) {
  SceneOptions options;
  options.program = CAMBIST_BINARY;
  options.webhooks = false;
  options.environment = {{"CAMBIST_SERVER_IN_FLIGHT_MAX", std::to_string(capacity)},
                         {"CAMBIST_STRIPE_CALL_TIMEOUT_MS", "5000"},
                         {"CAMBIST_SERVER_REQUEST_DEADLINE_MS", "10000"}};
  Scene scene{options};
  scene.start();
  scene.sandbox().faults(
      R"({"rules":[{"provider":"stripe","operation":"charge","fault":"slow","delay_ms":150}]})");

  const auto calm = crowd(scene, capacity / 2, 2s, 0ms);
  const auto before = scene.server().resident_bytes();
  const auto busy = crowd(scene, capacity * 10, 4s, 100ms);
  const auto after = scene.server().resident_bytes();

  for (const auto* met : {&calm, &busy}) {
    for (const auto& what : met->odd) ADD_FAILURE() << what;
    EXPECT_EQ(met->without_retry_after, 0U);
  }
  EXPECT_TRUE(calm.refused_ms.empty()) << calm.refused_ms.size();
  ASSERT_FALSE(busy.refused_ms.empty());
  EXPECT_GT(busy.accepted_ms.size(), calm.accepted_ms.size()) << "the room is not used";
  // Against each other, so that a busy machine does not decide.
  EXPECT_LT(median(busy.accepted_ms), 2 * median(calm.accepted_ms) + 50);
  EXPECT_LT(median(busy.refused_ms), median(busy.accepted_ms) / 2);
  EXPECT_LT(after, before + 64U * 1024 * 1024);
  std::printf(
      "calm: %zu accepted, median %.0f ms\nbusy: %zu offered, %zu accepted, median %.0f ms;"
      " refused in %.1f ms (median); resident %zu to %zu KiB\n",
      calm.accepted_ms.size(), median(calm.accepted_ms), busy.offered(), busy.accepted_ms.size(),
      median(busy.accepted_ms), median(busy.refused_ms), before / 1024, after / 1024);
}

void expect_not_hammered(const char* fault) {
  constexpr std::size_t burst = 20;  // what is under way before the breaker opens
  SceneOptions options;
  options.program = CAMBIST_BINARY;
  options.webhooks = false;
  options.environment = {{"CAMBIST_SERVER_REQUEST_DEADLINE_MS", "200"},
                         {"CAMBIST_STRIPE_BREAKER_CONSECUTIVE_FAILURES_MAX", "5"},
                         {"CAMBIST_STRIPE_BREAKER_WINDOW_CALLS_MIN", "20"}};
  Scene scene{options};
  scene.start();
  scene.sandbox().faults(everything_is(fault));
  const auto met = crowd(scene, 8, 3s, 20ms);
  // The schedule of inquiries goes on by itself: now nobody asks for anything.
  std::this_thread::sleep_for(2s);
  std::size_t calls = 0;
  const auto shown = scene.sandbox().client().get("/sandbox/faults").json();
  for (const auto& rule : shown.at("rules").as_array())
    calls += rule.at("fired").to_number<std::size_t>();
  EXPECT_LE(static_cast<double>(calls), 1.1 * static_cast<double>(met.offered()) + burst);
  EXPECT_GT(met.offered(), 100U);
  EXPECT_GT(calls, 0U);
  for (const auto& what : met.odd) ADD_FAILURE() << what;
  std::printf("%s: %zu offered, %zu calls\n", fault, met.offered(), calls);
}

TEST(Overload, AProviderThatIsDownIsNotHammered) {
  expect_not_hammered("http_503");
}

TEST(Overload, AProviderThatDropsConnectionsIsNotHammered) {
  expect_not_hammered("reset_before");
}

}  // namespace
}  // namespace cambist::test
