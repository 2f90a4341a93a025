// The same tree on real threads: nothing here is repeatable, the invariants hold anyway. Its worth
// is in what the sanitizers see.
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include "actors/runtime.hpp"
#include "storage/memory/store.hpp"
#include "tests/support/actor_provider.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using SteadyTime = std::chrono::steady_clock::time_point;

/// The scripted provider behind a lock, with a thread that lets its time pass.
class ThreadedWire final : public actors::HttpClient {
 public:
  ThreadedWire()
      : inner([this](std::chrono::milliseconds wait, std::function<void()> what) {
          due_.emplace(std::chrono::steady_clock::now() + wait, std::move(what));
          changed_.notify_one();
        }),
        thread_([this] { run(); }) {}
  ~ThreadedWire() override {
    {
      const std::lock_guard lock{mutex};
      ended_ = true;
      changed_.notify_one();
    }
    thread_.join();
  }
  void send(http::Request request, std::chrono::milliseconds timeout,
            std::function<void(actors::HttpOutcome)> done) override {
    const std::lock_guard lock{mutex};
    inner.send(std::move(request), timeout, std::move(done));
  }

  std::mutex mutex;
  ScriptedProvider inner;

 private:
  void run() {
    std::unique_lock lock{mutex};
    while (!ended_) {
      if (due_.empty()) {
        changed_.wait(lock);
      } else if (due_.begin()->first > std::chrono::steady_clock::now()) {
        changed_.wait_until(lock, SteadyTime{due_.begin()->first});
      } else {
        auto what = std::move(due_.begin()->second);
        due_.erase(due_.begin());
        what();
      }
    }
  }

  std::multimap<SteadyTime, std::function<void()>> due_{};
  std::condition_variable changed_{};
  bool ended_ = false;
  std::thread thread_;
};

std::uint64_t draw() {
  thread_local std::mt19937_64 rng{std::random_device{}()};
  return rng();
}

TimePoint wall() {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

actors::RuntimeParams params_for(const std::shared_ptr<storage::Store>& store,
                                 const std::shared_ptr<ThreadedWire>& wire) {
  actors::RuntimeParams params;
  params.store = store;
  auto& stub = params.providers["stub"];
  stub.adapter = make_scripted_adapter();
  stub.call_timeout = 50ms;
  stub.breaker.consecutive_failures_max = 1'000'000;
  stub.breaker.window_failure_ratio = 2.0;
  params.http = wire;
  params.now = wall;
  params.random = draw;
  params.idle_max = 5ms;  // actors come and go all the time
  params.timer_poll = 20ms;
  params.reply_max = 5s;
  params.policy.call_grace = 300ms;
  params.policy.inquiry_delays = {20ms, 50ms};
  params.policy.inquiry_delay_max = 200ms;
  params.policy.repeat_delay_min = 5ms;
  params.policy.repeat_delay_max = 20ms;
  return params;
}

struct Tally {
  std::atomic<int> asked{0}, answered{0}, created{0}, ended_without_answer{0};
};

void shop(caf::actor_system& system, const actors::Runtime& runtime, int client, Tally& tally,
          std::vector<PaymentId>& paid) {
  caf::scoped_actor self{system};
  const auto ask = [&](const PaymentId& id, payment::Command command, std::string key) {
    ++tally.asked;
    actors::Reply reply;
    const Sha256 fingerprint = sha256(key);
    self->request(runtime.payments(), 30s,
                  actors::Perform{id,
                                  std::move(command),
                                  {default_tenant(), "req_test", std::move(key), fingerprint}})
        .receive([&](actors::Reply& got) { reply = std::move(got); },
                 [&](caf::error&) { ++tally.ended_without_answer; });
    tally.answered += reply.body.empty() ? 0 : 1;
    return reply.body.empty() ? 0 : reply.status;
  };
  for (int round = 0; round < 60; ++round) {
    const auto id = PaymentId::make(wall(), draw);
    payment::Details details;
    details.amount = Money{1'000, *Currency::parse("USD")};
    details.capture = payment::CaptureMethod::manual;
    details.provider = "stub";
    details.method = {"card", "pm_card_visa"};
    // Every key is used by all clients at about the same time.
    const int status =
        ask(id, payment::Create{id, default_tenant(), details, OperationId::make(wall(), draw)},
            "key-" + std::to_string(round));
    if (status == 201) ++tally.created;
    if (draw() % 2 == 0) std::this_thread::sleep_for(std::chrono::milliseconds{draw() % 8});
    (void)ask(id, payment::Capture{std::nullopt, true, OperationId::make(wall(), draw)},
              "cap-" + std::to_string(client) + "-" + std::to_string(round));
    if (draw() % 3 == 0) (void)ask(id, payment::Cancel{"", OperationId::make(wall(), draw)}, "");
    paid.push_back(id);
  }
}

TEST(Stress, ManyClientsOnRealThreadsGetOneAnswerAndOneEffectEach) {
  spdlog::set_level(spdlog::level::off);
  const std::shared_ptr<storage::Store> store = storage::memory::make();
  const auto wire = std::make_shared<ThreadedWire>();
  wire->inner.latency = 2ms;
  for (int i = 0; i < 400; ++i) {
    constexpr Fault faults[] = {Fault::none,       Fault::none,    Fault::decline,
                                Fault::outage,     Fault::none,    Fault::error_after,
                                Fault::lost_after, Fault::not_sent};
    wire->inner.script.push_back(faults[draw() % std::size(faults)]);
  }
  caf::actor_system_config config;
  config.set("scheduler.max-threads", 4);
  config.set("scheduler.max-throughput", 5);
  caf::actor_system system{config};
  Tally tally;
  std::vector<std::vector<PaymentId>> paid(4);
  {
    actors::Runtime runtime{system, params_for(store, wire)};
    std::vector<std::thread> clients;
    for (int client = 0; client < 4; ++client) {
      clients.emplace_back([&, client] {
        shop(system, runtime, client, tally, paid[static_cast<std::size_t>(client)]);
      });
    }
    for (auto& client : clients) client.join();
    runtime.stop();
  }
  EXPECT_EQ(tally.answered + tally.ended_without_answer, tally.asked);
  EXPECT_EQ(tally.ended_without_answer, 0);
  EXPECT_GT(tally.created, 60);
  // What was left running is settled by the next start.
  {
    actors::Runtime runtime{system, params_for(store, wire)};
    const auto reader = store->open_reader();
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (!reader->open_payments(std::nullopt, 1)->empty() &&
           std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(5ms);  // real threads: there is no event to wait for from outside
    }
    EXPECT_TRUE(reader->open_payments(std::nullopt, 1)->empty());
    std::map<std::string, std::int64_t> sums;
    for (const auto& [account, amount] : *reader->balances(default_tenant())) {
      sums[std::string{amount.currency.code()}] += amount.minor;
    }
    for (const auto& [currency, sum] : sums) EXPECT_EQ(sum, 0) << currency;
    runtime.stop();
  }
  const std::lock_guard lock{wire->mutex};
  EXPECT_EQ(wire->inner.most_effects_of_one_key(), 1U);
  const auto reader = store->open_reader();
  for (const auto& ids : paid) {
    for (const auto& id : ids) {
      EXPECT_LE(wire->inner.effects_of(id.to_string()), reader->operations(id)->size());
    }
  }
}

}  // namespace
}  // namespace cambist::test
