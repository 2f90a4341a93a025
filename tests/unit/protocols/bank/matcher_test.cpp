#include "protocols/bank/matcher.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist::bank {
namespace {

Money tzs(std::int64_t minor) {
  return {minor, Currency::parse("TZS").value()};
}

Credit credit(std::int64_t minor = 1000) {
  Credit entry;
  entry.id = "FT1";
  entry.account = "2011";
  entry.amount = tzs(minor);
  entry.narrative = "RENT 8800 0000 4225";
  return entry;
}

const Collecting ours{{}, "2011"};
const Due open{Standing::open, tzs(1000), tzs(0)};

Meaning meaning(const Credit& entry, std::vector<Due> candidates = {open}, bool seen = false) {
  return match(entry, ours, seen, candidates).meaning;
}

TEST(BankMatcher, FollowsTheRulesInTheirOrder) {
  EXPECT_EQ(meaning(credit(), {open}, true), Meaning::duplicate);
  Credit entry = credit();
  entry.booked = false;
  EXPECT_EQ(meaning(entry, {open}, true), Meaning::duplicate);  // seen comes first
  EXPECT_EQ(meaning(entry), Meaning::ignored);
  entry = credit();
  entry.kind = EntryKind::debit;
  EXPECT_EQ(meaning(entry), Meaning::ignored);
  entry = credit();
  entry.account = "999";
  EXPECT_EQ(meaning(entry), Meaning::ignored);
  entry = credit();
  entry.narrative = "JUMA A DEPOSIT NO REF";
  EXPECT_EQ(meaning(entry), Meaning::unmatched);
  EXPECT_EQ(meaning(credit(), {}), Meaning::unmatched);
  EXPECT_EQ(meaning(credit(0)), Meaning::ignored);
}

TEST(BankMatcher, WeighsAmountsExactly) {
  EXPECT_EQ(meaning(credit(1000)), Meaning::completes);
  EXPECT_EQ(meaning(credit(999)), Meaning::underpaid);
  EXPECT_EQ(meaning(credit(1001)), Meaning::overpaid);
  EXPECT_EQ(match(credit(1001), ours, false, std::vector{open}).excess, tzs(1));
  const Due part{Standing::open, tzs(1000), tzs(400)};
  EXPECT_EQ(meaning(credit(599), {part}), Meaning::underpaid);
  EXPECT_EQ(meaning(credit(600), {part}), Meaning::completes);
  EXPECT_EQ(match(credit(700), ours, false, std::vector{part}).excess, tzs(100));
  Credit dollars = credit();
  dollars.amount.currency = Currency::parse("USD").value();
  EXPECT_EQ(meaning(dollars), Meaning::currency_differs);
}

TEST(BankMatcher, MoneyForAPaymentThatIsOverIsForPeople) {
  EXPECT_EQ(meaning(credit(), {{Standing::complete, tzs(1000), tzs(0)}}),
            Meaning::duplicate_payment);
  EXPECT_EQ(meaning(credit(), {{Standing::ended, tzs(1000), tzs(0)}}), Meaning::late);
}

TEST(BankMatcher, WhatWasTakenBackIsNeverAPayment) {
  Credit entry = credit(400);
  entry.kind = EntryKind::reversal;
  const Due part{Standing::open, tzs(1000), tzs(400)};
  const Match back = match(entry, ours, false, std::vector{part});
  EXPECT_EQ(back.meaning, Meaning::reversal);
  EXPECT_EQ(back.received, tzs(0));
  entry.kind = EntryKind::returned;
  EXPECT_EQ(meaning(entry, {part}), Meaning::returned);
}

TEST(BankMatcher, OfSeveralPaymentsOnlyTheOneThatWaitsIsMeant) {
  const Due over{Standing::complete, tzs(1000), tzs(0)};
  EXPECT_EQ(meaning(credit(), {over, open}), Meaning::completes);
  EXPECT_EQ(meaning(credit(), {open, open}), Meaning::ambiguous);
  EXPECT_EQ(meaning(credit(), {over, over}), Meaning::ambiguous);
}

TEST(BankMatcher, SumsThatNoMoneyHoldsArePeoplesToo) {
  const Due full{Standing::open, tzs(INT64_MAX), tzs(INT64_MAX - 1)};
  EXPECT_EQ(weigh(full, EntryKind::credit, tzs(2)).meaning, Meaning::currency_differs);
}

RC_GTEST_PROP(BankMatcherProperty, OrderOfPartsDoesNotMatter, ()) {
  const auto a = *rc::gen::inRange<std::int64_t>(1, 1000);
  const auto b = *rc::gen::inRange<std::int64_t>(1, 1000);
  const auto end = [](std::int64_t first, std::int64_t second) {
    const Match one = weigh(open, EntryKind::credit, tzs(first));
    return weigh({Standing::open, tzs(1000), one.received}, EntryKind::credit, tzs(second));
  };
  RC_ASSERT(end(a, b).received == end(b, a).received);
  RC_ASSERT(end(a, b).meaning == end(b, a).meaning);
}

}  // namespace
}  // namespace cambist::bank
