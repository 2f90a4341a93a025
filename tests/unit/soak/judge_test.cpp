// What the soak asked of the judge: a void that had nothing to give back leaves no effect.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/invariants.hpp"

namespace cambist::soak {
namespace {

/// A void that succeeded here, of a payment that the provider has `effects` of.
bool misses_the_void(const char* effects) {
  test::Evidence evidence;
  auto& payment = evidence.books.payments["pay_1"];
  storage::OperationRow operation;
  operation.kind = "void";
  operation.status = "succeeded";
  operation.idempotency_key = "pay_1:op_2";
  payment.operations.push_back(operation);
  evidence.effects = boost::json::parse(effects).as_array();
  std::vector<test::Violation> found;
  test::judge_effects(evidence, found);
  return std::any_of(found.begin(), found.end(), [](const test::Violation& violation) {
    return violation.invariant == "I7" && violation.payment == "pay_1";
  });
}

TEST(SoakJudge, MissesAVoidAtTheProviderOnlyWhereSomethingWasHeld) {
  EXPECT_FALSE(misses_the_void("[]")) << "the payer never acted";
  EXPECT_TRUE(misses_the_void(
      R"([{"payment":"pay_1","kind":"authorize","idempotency_key":"pay_1:op_1:1",)"
      R"("amount":{"value":"1.00","currency":"USD"},"at":"2026-11-26T07:00:00.000Z"}])"));
}

}  // namespace
}  // namespace cambist::soak
