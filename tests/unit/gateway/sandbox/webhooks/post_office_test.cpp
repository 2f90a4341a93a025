// Every webhook fault: what becomes of the letter of one event.
#include <map>
#include <set>

#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using webhooks::Forgery;
using webhooks::Letter;

std::string rule(const std::string& fault, const std::string& more = {}) {
  return R"({"provider":"stripe","operation":"webhook","fault":")" + fault + "\"" + more + "}";
}

class WebhookFaults : public testing::Test {
 protected:
  // The letters of one event (an intent that is only made).
  std::vector<Letter> letters_of_one() {
    box_->letters.clear();
    (void)desk_.create();
    return box_->letters;
  }
  Desk desk_;
  std::shared_ptr<Mailbox> box_ = desk_.mailbox();
};

TEST_F(WebhookFaults, WithoutOneALetterIsPlain) {
  const auto letters = letters_of_one();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].delay.count(), 0);
  EXPECT_EQ(letters[0].behind, 0);
  EXPECT_FALSE(letters[0].dropped);
  EXPECT_EQ(letters[0].forgery, Forgery::none);
}

TEST_F(WebhookFaults, DuplicateSendsTheSameTwoOrThreeTimes) {
  (void)desk_.faults(rule("duplicate"));
  std::set<std::size_t> seen;
  for (int i = 0; i < 40; ++i) {
    const auto letters = letters_of_one();
    seen.insert(letters.size());
    for (const auto& letter : letters) EXPECT_EQ(letter.body, letters[0].body);
  }
  EXPECT_EQ(seen, (std::set<std::size_t>{2, 3}));
}

TEST_F(WebhookFaults, ReorderHoldsALetterBackBehindOneToFiveOthers) {
  (void)desk_.faults(rule("reorder"));
  std::set<int> seen;
  for (int i = 0; i < 100; ++i) seen.insert(letters_of_one().at(0).behind);
  EXPECT_EQ(seen, (std::set<int>{1, 2, 3, 4, 5}));
}

TEST_F(WebhookFaults, DelayWaitsAsLongAsTheRuleSays) {
  (void)desk_.faults(rule("delay", R"(,"delay_ms":250)"));
  EXPECT_EQ(letters_of_one().at(0).delay.count(), 250);
  (void)desk_.faults(rule("delay"));
  EXPECT_EQ(letters_of_one().at(0).delay.count(), 1'000);
}

TEST_F(WebhookFaults, DropOnlyTellsThatThereWasALetter) {
  (void)desk_.faults(rule("drop"));
  const auto letters = letters_of_one();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_TRUE(letters[0].dropped);
}

TEST_F(WebhookFaults, ForgeSendsTheTruthAndALieBesideIt) {
  (void)desk_.faults(rule("forge"));
  std::map<std::pair<Forgery, bool>, int> seen;
  for (int i = 0; i < 100; ++i) {
    const auto letters = letters_of_one();
    ASSERT_EQ(letters.size(), 2U);
    const auto& lie = letters[0];
    const auto& truth = letters[1];
    EXPECT_EQ(truth.forgery, Forgery::none);
    EXPECT_EQ(desk_.get("events/" + truth.event).status(), 200);
    EXPECT_EQ(json::parse(truth.body).at("id").as_string(), truth.event);
    const bool renamed = lie.event != truth.event;
    EXPECT_EQ(renamed, lie.event.starts_with("evt_forged"));
    EXPECT_EQ(json::parse(lie.body).at("id").as_string(), lie.event);
    ++seen[{lie.forgery, renamed}];
    if (lie.forgery != Forgery::changed_body) continue;
    auto changed = lie.body;
    changed[lie.forged_at] = lie.forged_byte;
    EXPECT_NE(changed, lie.body);
    EXPECT_EQ(json::parse(changed).at("data").at("object").at("amount").as_int64(), 9000)
        << "well formed, and worth lying about";
  }
  EXPECT_EQ(seen.size(), 4U) << "both ways to lie, under a known id and under another";
  for (const auto& [kind, count] : seen) EXPECT_GT(count, 10);
}

TEST_F(WebhookFaults, RulesCountAndChooseLikeAllOthers) {
  (void)desk_.faults(rule("drop", R"(,"count":2)"));
  EXPECT_TRUE(letters_of_one().at(0).dropped);
  EXPECT_TRUE(letters_of_one().at(0).dropped);
  EXPECT_FALSE(letters_of_one().at(0).dropped);
  (void)desk_.faults(rule("drop", R"(,"probability":0.5)"));
  int dropped = 0;
  for (int i = 0; i < 200; ++i) dropped += letters_of_one().at(0).dropped ? 1 : 0;
  EXPECT_GT(dropped, 60);
  EXPECT_LT(dropped, 140);
  (void)desk_.faults(R"({"provider":"*","operation":"*","fault":"http_503"})");
  EXPECT_EQ(desk_.confirmed("pm_card_visa").status(), 503)
      << "a rule for every call is none for webhooks";
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
