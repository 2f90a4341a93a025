// An outcome nobody knows is asked about for as long as it takes, by the durable timers and on the
// real clock, also when the payment's actor has long gone to rest and when the server was killed in
// between.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/service.hpp"
#include "tests/support/witness.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* manual_payment =
    R"({"amount":{"value":"20.00","currency":"USD"},"capture":"manual","payment_method":{"type":"card","token":"pm_card_visa"}})";
/// The capture takes effect but its answer is lost, and then the provider cannot be asked for a
/// while.
constexpr const char* lost_capture =
    R"({"rules":[{"provider":"stripe","operation":"capture","fault":"reset_mid_body","count":1},)"
    R"({"provider":"stripe","operation":"inquire","fault":"http_500","count":5}]})";

/// Actors that rest soon and questions that come soon: what takes minutes takes seconds here.
ServerOptions impatient(const TemporaryFolder& folder, const SandboxProcess& sandbox) {
  ServerOptions options{folder.path(), sandbox.origin() + "/stripe"};
  options.environment = {{"CAMBIST_RUNTIME_IDLE_MAX_MS", "100"},
                         {"CAMBIST_SERVER_REQUEST_DEADLINE_MS", "1000"},
                         {"CAMBIST_PAYMENTS_INQUIRY_DELAYS_MS", "1200,1200,1200,1200"},
                         {"CAMBIST_STRIPE_BREAKER_CONSECUTIVE_FAILURES_MAX", "100"}};
  return options;
}

std::string status_of(const Client& client, const std::string& id) {
  return std::string{client.get("/api/v1/payments/" + id).json().at("status").as_string()};
}

TEST(Unknown, IsAskedAboutUntilTheProviderSaysWhatHappened) {
  TemporaryFolder folder;
  SandboxProcess sandbox;
  ServerProcess server{impatient(folder, sandbox)};
  const auto client = server.client();
  const std::string id{client.post("/api/v1/payments", manual_payment).json().at("id").as_string()};
  sandbox.faults(lost_capture);
  const auto captured = client.post("/api/v1/payments/" + id + "/capture", "{}", "capture-1");
  EXPECT_EQ(captured.status, 202) << captured.body;
  const auto conflict = client.post("/api/v1/payments/" + id + "/cancel", "{}");
  EXPECT_EQ(conflict.status, 409) << conflict.body;
  EXPECT_NE(http::find(conflict.headers, "Retry-After"), nullptr);
  EXPECT_TRUE(eventually(60s, [&] { return status_of(client, id) == "captured"; }))
      << client.get("/api/v1/payments/" + id + "/events").body;
  EXPECT_EQ(effects_by_payment(sandbox.ledger())[id].kinds,
            (std::vector<std::string>{"authorize", "capture"}));
  // The key of the lost request has its answer now.
  const auto replay = client.post("/api/v1/payments/" + id + "/capture", "{}", "capture-1");
  EXPECT_EQ(replay.status, 200) << replay.body;
}

TEST(Unknown, IsAskedAboutAgainAfterAKill) {
  TemporaryFolder folder;
  SandboxProcess sandbox;
  const auto options = impatient(folder, sandbox);
  std::string id;
  {
    ServerProcess server{options};
    const auto client = server.client();
    id = std::string{client.post("/api/v1/payments", manual_payment).json().at("id").as_string()};
    sandbox.faults(lost_capture);
    EXPECT_EQ(client.post("/api/v1/payments/" + id + "/capture", "{}").status, 202);
    server.process().signal(SIGKILL);
    ASSERT_TRUE(server.process().wait(10s));
  }
  ServerProcess server{options};
  EXPECT_TRUE(eventually(60s, [&] { return status_of(server.client(), id) == "captured"; }));
  EXPECT_EQ(effects_by_payment(sandbox.ledger())[id].kinds,
            (std::vector<std::string>{"authorize", "capture"}));
}

}  // namespace
}  // namespace cambist::test
