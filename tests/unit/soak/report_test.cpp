// What a soak concludes: the exit code, what counts as lost and as doubled, and what its judge must
// see through.
#include "tests/soak/report.hpp"

#include <gtest/gtest.h>

namespace cambist::soak {
namespace {

Report of(std::vector<test::Violation> violations) {
  Report report;
  report.verdict.violations = std::move(violations);
  return report;
}

TEST(SoakReport, IsFineOnlyWhenNothingAtAllWasFound) {
  EXPECT_EQ(exit_code(of({})), 0);
  EXPECT_EQ(exit_code(of({{"I9", "", "anything"}})), 1);
  auto report = of({});
  report.unrest = "payments are still processing";
  EXPECT_EQ(exit_code(report), 1);
  report = of({});
  report.problems = {"the server died by itself with 139"};
  EXPECT_EQ(exit_code(report), 1);
  report = of({});
  report.verdict.blind = {"a payment is missing"};
  EXPECT_EQ(exit_code(report), 1) << "a judge who sees nothing has said nothing";
}

TEST(SoakReport, CountsWhatWentMissingAndWhatHappenedTwice) {
  const auto report = of({{"I2", "pay_1", "a client was told of it, and it is not there"},
                          {"I1", "pay_2", "charge op_1 has 2 effects"},
                          {"I6", "pay_3", "webhook evt_1 took effect twice"},
                          {"I6", "pay_4", "webhook evt_2: forged, and stored"}});
  EXPECT_EQ(lost(report.verdict), 1U);
  EXPECT_EQ(doubled(report.verdict), 2U);
  const auto text = as_text(report);
  EXPECT_NE(text.find("lost 1, doubled 2, violations 4"), std::string::npos) << text;
  EXPECT_NE(text.find("VIOLATION I1 pay_2: charge op_1 has 2 effects"), std::string::npos) << text;
  EXPECT_EQ(as_json(report).at("lost"), 1U);
  EXPECT_EQ(as_json(report).at("violations").as_array().size(), 4U);
}

TEST(SoakReport, TellsOfKillsAndOfTheTimesOfTheLivesThatGotThatFar) {
  using std::chrono::milliseconds;
  Report report;
  report.lives = {{.ready = milliseconds{100}, .first_taken = milliseconds{150}, .killed = true},
                  {.killed = true},  // before it was ready
                  {.ready = milliseconds{300}, .first_taken = milliseconds{900}, .killed = true},
                  {.ready = milliseconds{200}}};
  const auto shown = as_json(report);
  EXPECT_EQ(shown.at("kills"), 3U);
  EXPECT_EQ(shown.at("ready").at("p50_ms"), 200);
  EXPECT_EQ(shown.at("ready").at("max_ms"), 300);
  EXPECT_EQ(shown.at("first_payment").at("starts"), 2U);
}

TEST(SoakVerdict, OfNothingIsNoVerdict) {
  const auto verdict = judge({}, {});
  EXPECT_TRUE(verdict.violations.empty());
  EXPECT_FALSE(verdict.clean());
}

TEST(SoakVerdict, TakesOverWhatClientsSaw) {
  const auto verdict = judge({}, {{"I8", "pay_1", "one key, two payments"}});
  ASSERT_EQ(verdict.violations.size(), 1U);
  ASSERT_EQ(verdict.stories.size(), 1U);
  EXPECT_NE(verdict.stories.front().find("not in the store"), std::string::npos);
}

}  // namespace
}  // namespace cambist::soak
