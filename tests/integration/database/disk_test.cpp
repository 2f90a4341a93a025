// The database's disk is full, or has become slow.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/integration/database/drill.hpp"
#include "tests/support/small_disk.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

TEST(DatabaseDisk, ThatIsFullIsSaidAndOutlived) {
  if (!SmallDisk::possible()) GTEST_SKIP() << "only root can mount a small disk";
  const SmallDisk disk{192};
  Drill drill{
      "disk full",
      {.folder = disk.path(), .settings = {{"max_wal_size", "48MB"}, {"min_wal_size", "32MB"}}}};
  drill.outage([&] { disk.fill(); },
               [&] {
                 disk.make_room();
                 // Where there was no room for its own log, it has ended itself.
                 if (!drill.cluster().running()) drill.cluster().start();
               });
  drill.judge();
}

/// A disk whose syncs take as long as it is told.
class SlowDisk {
 public:
  SlowDisk() {
    fs::permissions(folder_.path(), fs::perms::others_read | fs::perms::others_exec,
                    fs::perm_options::add);
    fs::copy_file(CAMBIST_SLOW_SYNC, library());
  }
  [[nodiscard]] ClusterOptions cluster() const {
    return {.environment = {{"LD_PRELOAD", library()}, {"CAMBIST_SLOW_SYNC_FILE", order()}}};
  }
  void take(std::chrono::milliseconds each) const {
    std::ofstream{order() + ".new"} << each.count();
    fs::permissions(order() + ".new", fs::perms::others_read, fs::perm_options::add);
    fs::rename(order() + ".new", order());
  }
  void recover() const { fs::remove(order()); }

 private:
  [[nodiscard]] std::string library() const { return folder_.path() + "/slow_sync.so"; }
  [[nodiscard]] std::string order() const { return folder_.path() + "/order"; }
  TemporaryFolder folder_{};
};

class DatabaseSlowDisk : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Milliseconds, DatabaseSlowDisk, testing::Values(100, 1500),
                         testing::PrintToStringParamName());

TEST_P(DatabaseSlowDisk, DelaysWorkAndBreaksNothing) {
  const SlowDisk disk;
  Drill drill{"syncs of " + std::to_string(GetParam()) + " ms", disk.cluster()};
  disk.take(std::chrono::milliseconds{GetParam()});
  EXPECT_TRUE(drill.shoppers().finish_more(4, 60s)) << "slow is not dead";
  drill.trouble([&] { disk.recover(); });
  drill.judge();
}

TEST(DatabaseSlowNetwork, DelaysWorkAndBreaksNothing) {
  Drill drill{"answers 200 ms late"};
  drill.proxy().delay(200ms);
  EXPECT_TRUE(drill.shoppers().finish_more(4, 60s)) << "slow is not dead";
  drill.trouble([&] { drill.proxy().delay(0ms); });
  drill.judge();
}

}  // namespace
}  // namespace cambist::test
