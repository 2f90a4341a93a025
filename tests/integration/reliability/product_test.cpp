// The product can be told nothing about failpoints.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/support/service.hpp"

namespace cambist::test {
namespace {

std::string bytes_of(const std::string& file) {
  std::string bytes(std::filesystem::file_size(file), '\0');
  std::ifstream{file, std::ios::binary}.read(bytes.data(),
                                             static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

TEST(Product, KnowsNothingOfFailpointsThatKill) {
  EXPECT_EQ(bytes_of(CAMBIST_BINARY).find("CAMBIST_FAILPOINT"), std::string::npos);
  EXPECT_NE(bytes_of(crash_program()).find("CAMBIST_FAILPOINT"), std::string::npos);
}

TEST(Product, OutlivesAFailpointThatIsSetFromOutside) {
  TemporaryFolder folder;
  ServerOptions options{folder.path()};
  options.environment["CAMBIST_FAILPOINT"] = "store.committed";
  ServerProcess server{options};
  const auto made = server.client().post(
      "/api/v1/payments",
      R"({"amount":{"value":"1.00","currency":"USD"},"payment_method":{"type":"card","token":"pm_card_visa"}})");
  EXPECT_EQ(made.status, 201) << made.body;
  server.process().signal(SIGTERM);
  EXPECT_EQ(server.process().wait(std::chrono::seconds{40}), 0);
}

TEST(CrashProgram, DiesAtTheNthHitOfWhatItsEnvironmentNames) {
  TemporaryFolder folder;
  ServerOptions options{folder.path()};
  options.program = crash_program();
  options.environment["CAMBIST_FAILPOINT"] = "payment.before_intent:2";
  ServerProcess server{options};
  const char* payment =
      R"({"amount":{"value":"1.00","currency":"USD"},"payment_method":{"type":"card","token":"pm_card_visa"}})";
  EXPECT_EQ(server.client().post("/api/v1/payments", payment).status, 201);
  EXPECT_EQ(server.client().post("/api/v1/payments", payment).status, 0);
  EXPECT_EQ(server.process().wait(std::chrono::seconds{10}), 128 + SIGKILL);
  EXPECT_NE(bytes_of(folder.path() + "/server.log").find("failpoint payment.before_intent\n"),
            std::string::npos);
}

}  // namespace
}  // namespace cambist::test
