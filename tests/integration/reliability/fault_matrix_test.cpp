// The provider fault matrix: the provider is broken in one way for one operation, for as long as it
// takes the client to give up waiting; then it is back, and without a human every payment comes to
// the state in which the provider's own ledger has it.
#include <gtest/gtest.h>

#include "tests/integration/reliability/fault_row.hpp"
#include "tests/integration/reliability/payer_operations.hpp"

namespace cambist::test {
namespace {

const std::vector<std::string> faults{
    "timeout_before", "timeout_after",  "reset_before",   "reset_mid_body",
    "http_500",       "http_500_after", "http_502_html",  "http_503",
    "http_429",       "slow",           "truncated_json", "wrong_type",
};

std::string stripe_call(const std::string& operation) {
  return R"("provider":"stripe","operation":")" + operation + "\"";
}

std::vector<Operation> stripe_operations() {
  auto asked = capture();
  asked.name = "inquire";
  asked.loses = stripe_call("capture");
  std::vector<Operation> all{authorize(), charge(), capture(), cancel(), refund(), asked};
  for (auto& operation : all) operation.fault_at = stripe_call(operation.name);
  return all;
}

/// Every fault at every operation of one provider. How many commands had to wait for an unknown
/// outcome.
std::size_t play(const std::vector<Operation>& columns) {
  std::vector<std::string> titles;
  for (const auto& operation : columns) {
    titles.push_back(operation.name + std::string(18 - operation.name.size(), ' '));
  }
  std::vector<std::vector<std::string>> table(faults.size());
  std::vector<std::vector<FaultCell>> results(faults.size());
  in_parallel(faults.size(), 6, [&](std::size_t i) { results[i] = meet(faults[i], columns); });
  std::size_t conflicts = 0;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      const auto& cell = results[i][j];
      table[i].push_back(cell.wrong.empty() ? cell.mark : "FAIL");
      conflicts += cell.conflicts;
      for (const auto& what : cell.wrong)
        ADD_FAILURE() << faults[i] << " x " << columns[j].name << ": " << what;
    }
  }
  print_table(columns.front().provider, titles, faults, table);
  std::printf("%zu commands had to wait for an unknown outcome\n", conflicts);
  return conflicts;
}

TEST(FaultMatrix, EveryFaultAtEveryOperationEndsInTheRightStateWithoutAHuman) {
  EXPECT_GT(play(stripe_operations()), 20U);
}

TEST(FaultMatrix, EveryFaultAtEveryCallOfPayPalEndsInTheRightStateWithoutAHuman) {
  EXPECT_GT(play(paypal_operations()), 20U);
}

TEST(FaultMatrix, EveryFaultOfMPesaInTanzaniaEndsInTheRightStateWithoutAHuman) {
  EXPECT_GT(play(mpesa_operations("mpesa_openapi_tz")), 0U);
}

// Daraja knows no keys, and no question finds what was never taken: that alone waits for people.
TEST(FaultMatrix, EveryFaultOfMPesaInKenyaEndsInTheRightStateOrIsHonestlyUnknown) {
  EXPECT_GT(play(mpesa_operations("mpesa_daraja")), 0U);
}

}  // namespace
}  // namespace cambist::test
