#include <gtest/gtest.h>

#include "protocols/provider/adapter.hpp"

namespace cambist::provider {
namespace {

using http::FailurePhase;

struct Case {
  FailurePhase phase;
  const char* reason;
  FailureCode code;
  bool outage;
};

class WithoutAnswer : public testing::TestWithParam<Case> {};

TEST_P(WithoutAnswer, ThePhaseDecidesWhetherMoneyMayHaveMoved) {
  const auto& expected = GetParam();
  const Verdict verdict = verdict_without_answer({expected.phase, expected.reason});
  if (expected.phase == FailurePhase::not_sent) {
    const auto& refused = std::get<Refused>(verdict);
    EXPECT_EQ(refused.failure.code, expected.code);
    EXPECT_EQ(refused.outage, expected.outage);
    EXPECT_TRUE(refused.repeatable);
    EXPECT_FALSE(refused.failure.message.empty());
  } else {
    const auto& unknown = std::get<Unknown>(verdict);
    EXPECT_EQ(unknown.failure.code, expected.code);
    EXPECT_EQ(unknown.outage, expected.outage);
    EXPECT_FALSE(unknown.failure.message.empty());
  }
  EXPECT_EQ(counts_as_outage(verdict), expected.outage);
}

// Source: facts/error-taxonomy.md section 4.
INSTANTIATE_TEST_SUITE_P(
    All, WithoutAnswer,
    testing::Values(
        Case{FailurePhase::not_sent, "dns", FailureCode::network_error, true},
        Case{FailurePhase::not_sent, "connect", FailureCode::network_error, true},
        Case{FailurePhase::not_sent, "connect_timeout", FailureCode::timeout, true},
        Case{FailurePhase::not_sent, "tls", FailureCode::network_error, true},
        Case{FailurePhase::not_sent, "pool_full", FailureCode::provider_down, false},
        Case{FailurePhase::not_sent, "cancelled", FailureCode::timeout, false},
        Case{FailurePhase::not_sent, "a reason that is new", FailureCode::network_error, true},
        Case{FailurePhase::maybe_sent, "reset", FailureCode::network_error, true},
        Case{FailurePhase::maybe_sent, "response_timeout", FailureCode::timeout, true},
        Case{FailurePhase::maybe_sent, "malformed_response", FailureCode::unknown, true},
        Case{FailurePhase::maybe_sent, "response_too_large", FailureCode::unknown, true},
        Case{FailurePhase::maybe_sent, "cancelled", FailureCode::timeout, false},
        // A reason that usually means "not sent" is not believed against the phase.
        Case{FailurePhase::maybe_sent, "connect", FailureCode::network_error, true},
        Case{FailurePhase::maybe_sent, "pool_full", FailureCode::network_error, true},
        Case{FailurePhase::maybe_sent, "", FailureCode::network_error, true}));

}  // namespace
}  // namespace cambist::provider
