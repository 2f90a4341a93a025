// The proxy fails as it is told, and only then: what the other tests conclude stands on it.
#include <gtest/gtest.h>

#include "tests/support/fault_proxy.hpp"
#include "tests/support/postgres_cluster.hpp"
#include "tests/support/service.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

class FaultProxyTest : public testing::Test {
 protected:
  FaultProxyTest() { direct_.run("CREATE TABLE rows (n int)"); }
  [[nodiscard]] std::string url() const { return proxy_.url(cluster_.url()); }
  std::string count() { return direct_.value("SELECT count(*) FROM rows"); }

  PostgresCluster cluster_{};
  FaultProxy proxy_{cluster_.port()};
  PostgresSession direct_ = cluster_.session();
};

TEST_F(FaultProxyTest, ForwardsWhatItIsGiven) {
  PostgresSession session{url()};
  EXPECT_EQ(session.value("SELECT length(repeat('x', 1000000))"), "1000000");
  EXPECT_EQ(session.value("SELECT repeat('x', 300000)").size(), 300'000U);
  EXPECT_EQ(proxy_.connections(), 1U);
}

TEST_F(FaultProxyTest, LosesTheAnswerToAWriteThatWasMade) {
  PostgresSession session{url()};
  proxy_.drop_next_answer();
  EXPECT_EQ(session.value("SELECT 1"), "1");  // a read is not what it waits for
  EXPECT_THROW(session.run("INSERT INTO rows VALUES (1)"), std::runtime_error);
  EXPECT_EQ(proxy_.hits(), 1);
  EXPECT_EQ(count(), "1");
  PostgresSession{url()}.run("INSERT INTO rows VALUES (2)");
  EXPECT_EQ(count(), "2");
}

TEST_F(FaultProxyTest, LosesARequestBeforeTheServerHasIt) {
  PostgresSession session{url()};
  session.run("INSERT INTO rows VALUES (1)");
  proxy_.cut_next_request();
  EXPECT_THROW(session.run("INSERT INTO rows VALUES (2)"), std::runtime_error);
  EXPECT_EQ(proxy_.hits(), 1);
  EXPECT_EQ(count(), "1");
}

TEST_F(FaultProxyTest, CutsAndRefusesAndForwardsAgain) {
  PostgresSession session{url()};
  proxy_.cut();
  EXPECT_THROW(session.run("SELECT 1"), std::runtime_error);
  EXPECT_EQ(PostgresSession{url()}.value("SELECT 1"), "1");
  proxy_.refuse(true);
  EXPECT_THROW(PostgresSession{url()}, std::runtime_error);
  proxy_.refuse(false);
  EXPECT_EQ(PostgresSession{url()}.value("SELECT 1"), "1");
}

TEST_F(FaultProxyTest, IsSilentWithoutAnEndAndGoesOnWhereItStopped) {
  PostgresSession session{url()};
  proxy_.silence(true);
  EXPECT_THROW(PostgresSession{url() + "&connect_timeout=2"}, std::runtime_error);
  proxy_.silence(false);
  EXPECT_EQ(session.value("SELECT 1"), "1");
}

TEST_F(FaultProxyTest, DelaysAnswers) {
  PostgresSession session{url()};
  proxy_.delay(100ms);
  const auto start = Steady::now();
  EXPECT_EQ(session.value("SELECT 1"), "1");
  EXPECT_GE(Steady::now() - start, 100ms);
  proxy_.delay(0ms);
  EXPECT_EQ(session.value("SELECT 1"), "1");
}

}  // namespace
}  // namespace cambist::test
