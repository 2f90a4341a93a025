// Stripe's official SDK drives the sandbox: the .mjs beside this file says what it does, node runs
// it.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "gateway/cli/sandbox_server.hpp"
#include "gateway/inbound/server.hpp"
#include "gateway/sandbox/sandbox.hpp"
#include "tests/support/process.hpp"
#include "tests/support/raw_peer.hpp"

namespace cambist::gateway::sandbox {
namespace {

using namespace std::chrono_literals;
const std::filesystem::path here =
    std::filesystem::path{CAMBIST_SOURCE_DIR} / "tests/integration/sdk";

std::string contents(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream{file}.rdbuf();
  return text.str();
}

// Runs a command in this folder; the shell only changes the folder.
int run(const std::vector<std::string>& command, const std::string& log, const std::string& address,
        std::chrono::milliseconds patience, const std::string& webhook_port = {}) {
  std::vector<std::string> arguments{"sh", "-c", R"(cd "$1" && shift && exec "$@" >&2)", "sh",
                                     here.string()};
  arguments.insert(arguments.end(), command.begin(), command.end());
  cambist::test::Process process{
      arguments,
      {{"CAMBIST_SANDBOX_STRIPE", address}, {"CI", "1"}, {"CAMBIST_WEBHOOK_PORT", webhook_port}},
      log};
  return process.wait(patience).value_or(-1);
}

void install(const std::string& log) {
  if (std::filesystem::exists(here / "node_modules/stripe/package.json")) return;
  ASSERT_EQ(run({"npm", "ci"}, log, "", 300s), 0) << "npm ci failed:\n" << contents(log);
}

TEST(StripeSdk, DrivesTheSandboxUnmodified) {
  const cambist::test::TemporaryFolder folder;
  const auto log = folder.path() + "/sdk.log";
  ASSERT_NO_FATAL_FAILURE(install(log));
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
  EXPECT_EQ(run({"node", "--test", "stripe_sdk_test.mjs"}, log, address, 120s), 0) << contents(log);
  (*server)->drain(5s);
}

TEST(StripeSdk, VerifiesTheWebhooksThatTheSandboxSends) {
  const cambist::test::TemporaryFolder folder;
  const auto log = folder.path() + "/sdk.log";
  ASSERT_NO_FATAL_FAILURE(install(log));
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
  EXPECT_EQ(run({"node", "--test", "stripe_webhooks_test.mjs"}, log, address, 120s, port), 0)
      << contents(log);
  (*server)->drain(5s);
}

}  // namespace
}  // namespace cambist::gateway::sandbox
