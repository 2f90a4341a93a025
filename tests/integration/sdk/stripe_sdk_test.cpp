// Stripe's official SDK drives the sandbox: the .mjs beside this file says what it does, node runs
// it.
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "gateway/cli/sandbox_server.hpp"
#include "gateway/inbound/server.hpp"
#include "gateway/sandbox/sandbox.hpp"
#include "tests/integration/sdk/sdk_run.hpp"
#include "tests/support/raw_peer.hpp"

namespace cambist::gateway::sandbox {
namespace {

using namespace std::chrono_literals;
namespace sdk = cambist::test::sdk;

TEST(StripeSdk, DrivesTheSandboxUnmodified) {
  const cambist::test::TemporaryFolder folder;
  const auto log = folder.path() + "/sdk.log";
  ASSERT_NO_FATAL_FAILURE(sdk::install("stripe", log));
  std::random_device device;
  auto sandbox = Sandbox::make(
      [] { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); },
      [&device] { return std::uint64_t{device()} << 32U | device(); }, "");
  auto server = inbound::Server::start(
      "127.0.0.1:0", {}, sandbox->root_handler("stripe"),
      [](int status, const Error& error) {
        return http::Response{status, {}, error.detail};
      },
      2);
  ASSERT_TRUE(server.has_value()) << server.error().detail;
  const auto address = "127.0.0.1:" + std::to_string((*server)->port());
  EXPECT_EQ(sdk::run({"node", "--test", "stripe_sdk_test.mjs"}, log,
                     {{"CAMBIST_SANDBOX_STRIPE", address}}, 120s),
            0)
      << sdk::contents(log);
  (*server)->drain(5s);
}

TEST(StripeSdk, VerifiesTheWebhooksThatTheSandboxSends) {
  const cambist::test::TemporaryFolder folder;
  const auto log = folder.path() + "/sdk.log";
  ASSERT_NO_FATAL_FAILURE(sdk::install("stripe", log));
  std::random_device device;
  auto server = cli::SandboxServer::start(
      "127.0.0.1:0", {{"stripe", "127.0.0.1:0"}},
      [] { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); },
      [&device] { return std::uint64_t{device()} << 32U | device(); });
  ASSERT_TRUE(server.has_value()) << server.error().detail;
  // The receiver listens there once node runs; no webhook is sent before.
  const auto port = std::to_string(cambist::test::dead_port());
  webhooks::Secrets secrets;
  secrets.emplace("stripe", Secret{"whsec_old,whsec_sdk"});
  ASSERT_TRUE((*server)->webhooks_to("http://127.0.0.1:" + port + "/hooks", secrets).has_value());
  const auto address = (*server)->roots().front().second.substr(std::string{"http://"}.size());
  EXPECT_EQ(sdk::run({"node", "--test", "stripe_webhooks_test.mjs"}, log,
                     {{"CAMBIST_SANDBOX_STRIPE", address}, {"CAMBIST_WEBHOOK_PORT", port}}, 120s),
            0)
      << sdk::contents(log);
  (*server)->drain(5s);
}

}  // namespace
}  // namespace cambist::gateway::sandbox
