// 100,000 payments at rest cost no actors: after passivation the actor count and the memory are
// back at the floor.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "tests/support/service.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

double metric(const Client& client, const std::string& line_start) {
  const auto text = client.get("/metrics").body;
  const auto at = text.find("\n" + line_start + " ");
  return at == std::string::npos ? -1
                                 : std::strtod(text.c_str() + at + 2 + line_start.size(), nullptr);
}

void create(const Client& client, std::size_t count) {
  std::atomic<std::size_t> left{count};
  std::atomic<std::size_t> failed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 32; ++i) {
    threads.emplace_back([&] {
      while (left.fetch_sub(1) - 1 < count) {
        const auto answer = client.post(
            "/api/v1/payments",
            R"({"amount":{"value":"1.00","currency":"USD"},"payment_method":{"type":"card","token":"pm_card_visa"}})");
        if (answer.status != 201) ++failed;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failed.load(), 0U);
}

TEST(AtRest, AHundredThousandPaymentsLeaveNoActorsAndNoMemoryBehind) {
  const char* set = std::getenv("CAMBIST_AT_REST_PAYMENTS");
  const std::size_t payments = set == nullptr ? 100'000 : std::strtoul(set, nullptr, 10);
  TemporaryFolder folder;
  SandboxProcess sandbox;
  std::ofstream{folder.path() + "/c.toml"}
      << "[runtime]\nidle_max_ms = 1000\n[limits]\nwrites_per_s = 100000\nwrites_burst = 100000\n";
  ServerProcess server{{folder.path(),
                        sandbox.origin() + "/stripe",
                        "k",
                        {},
                        {"--config", folder.path() + "/c.toml"}}};
  const auto client = server.client();
  const auto no_payment_actors = [&] {
    return metric(client, "cambist_actors{kind=\"payment\"}") == 0;
  };

  create(client, payments / 10);  // warm: connections, statements, allocator
  ASSERT_TRUE(eventually(30s, no_payment_actors));
  const auto floor = server.resident_bytes();
  create(client, payments);
  const auto loaded = server.resident_bytes();
  ASSERT_TRUE(eventually(30s, no_payment_actors))
      << metric(client, "cambist_actors{kind=\"payment\"}");
  // A payment actor takes some 2 KiB; had they stayed, 100,000 of them would add about 200 MiB.
  // What the heap no longer needs goes back to the system every 10 s.
  const auto at_floor = [&] { return server.resident_bytes() < floor + 8 * 1024 * 1024; };
  EXPECT_TRUE(eventually(40s, at_floor));
  std::printf("resident: %zu KiB before, %zu KiB under load, %zu KiB after %zu payments\n",
              floor / 1024, loaded / 1024, server.resident_bytes() / 1024, payments);
}

}  // namespace
}  // namespace cambist::test
