// A store that can be written says so, and being asked changes nothing that anybody reads.
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

class StoreProbe : public StoreTest {};
CAMBIST_EACH_STORE(StoreProbe);

TEST_P(StoreProbe, IsPassedByAStoreThatCanBeWritten) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(journal_->probe(Probe::reach));
    const auto written = journal_->probe(Probe::write);
    EXPECT_TRUE(written) << written.error().detail;
  }
}

TEST_P(StoreProbe, LeavesRoomForAppendsAndAddsNothingToThem) {
  ASSERT_TRUE(journal_->probe(Probe::write));
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 0, 1)), 1));
  ASSERT_TRUE(journal_->probe(Probe::write));
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 1, 1)), 2));
  EXPECT_EQ(reader_->events(payment_id(1)).value().size(), 2U);
}

}  // namespace
}  // namespace cambist::storage::testing
