// The network fails at the worst moments: inside a commit, whose outcome nobody is told.
#include <gtest/gtest.h>

#include "tests/integration/database/drill.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

constexpr int rounds = 15;

TEST(DatabaseCommit, WhoseAnswerIsLostIsLookedUp) {
  Drill drill{"answers of commits lost"};
  for (int round = 1; round <= rounds; ++round) {
    drill.proxy().drop_next_answer();
    ASSERT_TRUE(eventually(10s, [&] { return drill.proxy().hits() == round; }));
    ASSERT_TRUE(drill.shoppers().finish_more(2, 20s));
  }
  drill.trouble([] {});
  drill.judge();
}

TEST(DatabaseCommit, WhoseRequestIsCutInHalfIsLookedUp) {
  Drill drill{"requests of commits cut"};
  for (int round = 1; round <= rounds; ++round) {
    drill.proxy().cut_next_request();
    ASSERT_TRUE(eventually(10s, [&] { return drill.proxy().hits() == round; }));
    ASSERT_TRUE(drill.shoppers().finish_more(2, 20s));
  }
  drill.trouble([] {});
  drill.judge();
}

TEST(DatabaseConnections, ThatAreAllCutAtOnceCostRequestsAtMost) {
  Drill drill{"all connections cut"};
  for (int round = 0; round < rounds; ++round) {
    drill.trouble([&] { drill.proxy().cut(); });
    if (testing::Test::HasFailure()) break;
  }
  drill.judge();
}

TEST(DatabaseConnections, ThatTheServerEndsCostRequestsAtMost) {
  Drill drill{"all sessions terminated"};
  for (int round = 0; round < rounds; ++round) {
    drill.trouble([&] {
      drill.cluster().session().run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" +
          drill.database() + "'");
    });
    if (testing::Test::HasFailure()) break;
  }
  drill.judge();
}

}  // namespace
}  // namespace cambist::test
