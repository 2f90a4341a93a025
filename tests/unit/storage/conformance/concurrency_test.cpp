// Readers beside the writer, each on its own thread, in every store: one commit's state per call.
#include <atomic>
#include <thread>

#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

class StoreBeside : public StoreTest {};
CAMBIST_EACH_STORE(StoreBeside);

// Each batch makes two payments whose postings cancel out. A reader that saw half a commit would
// see an odd number of payments or a sum that is not zero.
TEST_P(StoreBeside, ACommitIsSeenWholeOrNotAtAllWhileTheWriterGoesOn) {
  std::atomic<bool> done{false};
  std::atomic<int> looks{0};
  std::atomic<int> torn{0};
  const auto watch = [&] {
    const auto reader = store_->open_reader();
    do {
      const auto rows = reader->payments({.tenant = tenant(), .limit = 100'000}).value();
      std::int64_t sum = 0;
      for (const auto& balance : reader->balances(tenant()).value()) sum += balance.amount.minor;
      if (rows.size() % 2 != 0 || sum != 0) ++torn;
      ++looks;
    } while (!done);
  };
  std::thread one{watch};
  std::thread two{watch};
  for (std::uint64_t number = 2; number < 802; number += 2) {
    auto debit = step(payment_id(number), 0);
    debit.row.json = std::string(3000, 'r');
    debit.ledger = {{operation_id(number), "merchant:payable", usd(-9)}};
    auto credit = step(payment_id(number + 1), 0);
    credit.ledger = {{operation_id(number + 1), "provider:stripe:receivable", usd(9)}};
    for (const auto& result : append_all({debit, credit})) {
      EXPECT_TRUE(is_appended(result, 1));
    }
  }
  done = true;
  one.join();
  two.join();
  EXPECT_EQ(torn, 0);
  EXPECT_GE(looks, 2);
}

}  // namespace
}  // namespace cambist::storage::testing
