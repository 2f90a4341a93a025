// The database is away for a while, in every way in which it can be.
#include <gtest/gtest.h>

#include "tests/integration/database/drill.hpp"

namespace cambist::test {
namespace {

using Stop = PostgresCluster::Stop;

void stops_and_starts(const char* name, Stop how) {
  Drill drill{name};
  drill.outage([&] { drill.cluster().stop(how); }, [&] { drill.cluster().start(); });
  drill.judge();
}

TEST(DatabaseOutage, OfAServerThatIsStoppedInOrderIsSaidAndOutlived) {
  stops_and_starts("stopped in order", Stop::fast);
}

TEST(DatabaseOutage, OfAServerThatStopsAtOnceIsSaidAndOutlived) {
  stops_and_starts("stopped at once", Stop::immediate);
}

TEST(DatabaseOutage, OfAServerThatIsKilledIsSaidAndOutlived) {
  stops_and_starts("killed", Stop::kill);
}

TEST(DatabaseOutage, OfAServerThatHangsIsSaidAndOutlived) {
  Drill drill{"hangs"};
  drill.outage([&] { drill.cluster().pause(); }, [&] { drill.cluster().proceed(); });
  drill.judge();
}

TEST(DatabaseOutage, OfANetworkThatRefusesIsSaidAndOutlived) {
  Drill drill{"network refuses"};
  drill.outage(
      [&] {
        drill.proxy().refuse(true);
        drill.proxy().cut();
      },
      [&] { drill.proxy().refuse(false); });
  drill.judge();
}

TEST(DatabaseOutage, OfANetworkThatIsSilentIsSaidAndOutlived) {
  Drill drill{"network silent"};
  drill.outage([&] { drill.proxy().silence(true); }, [&] { drill.proxy().silence(false); });
  drill.judge();
}

}  // namespace
}  // namespace cambist::test
