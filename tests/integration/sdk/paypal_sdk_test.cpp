// PayPal's official SDK drives the sandbox: the .mjs beside this file says what it does, node runs
// it.
#include <gtest/gtest.h>

#include <random>

#include "gateway/inbound/server.hpp"
#include "gateway/sandbox/sandbox.hpp"
#include "tests/integration/sdk/sdk_run.hpp"

namespace cambist::gateway::sandbox {
namespace {

using namespace std::chrono_literals;
namespace sdk = cambist::test::sdk;

TEST(PaypalSdk, DrivesTheSandboxUnmodified) {
  const cambist::test::TemporaryFolder folder;
  const auto log = folder.path() + "/sdk.log";
  ASSERT_NO_FATAL_FAILURE(sdk::install("@paypal/paypal-server-sdk", log));
  std::random_device device;
  auto sandbox = Sandbox::make(
      [] { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); },
      [&device] { return std::uint64_t{device()} << 32U | device(); }, "");
  auto server = inbound::Server::start(
      "127.0.0.1:0", {}, sandbox->root_handler("paypal"),
      [](int status, const Error& error) {
        return http::Response{status, {}, error.detail};
      },
      2);
  ASSERT_TRUE(server.has_value()) << server.error().detail;
  const auto address = "127.0.0.1:" + std::to_string((*server)->port());
  EXPECT_EQ(sdk::run({"node", "--test", "paypal_sdk_test.mjs"}, log,
                     {{"CAMBIST_SANDBOX_PAYPAL", address}}, 120s),
            0)
      << sdk::contents(log);
  (*server)->drain(5s);
}

}  // namespace
}  // namespace cambist::gateway::sandbox
