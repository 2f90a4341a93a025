#include "actors/provider/token_cache.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::account {
namespace {

using namespace std::chrono_literals;
using Turn = TokenCache::Turn;

provider::Token token(const char* text, std::chrono::seconds lifetime,
                      std::chrono::seconds usable_after = 0s) {
  return {Secret{text}, lifetime, usable_after};
}

TEST(TokenCache, AsksOnceAndMakesEverybodyWait) {
  TokenCache cache;
  EXPECT_EQ(cache.turn(0s), Turn::fetch);
  cache.fetching();
  EXPECT_EQ(cache.turn(1s), Turn::wait);
  cache.got(token("a", 100s), 2s);
  EXPECT_EQ(cache.turn(2s), Turn::go);
  EXPECT_EQ(cache.token().reveal(), "a");
}

TEST(TokenCache, RenewsAMinuteOrAFifthBeforeTheEnd) {
  TokenCache longer;
  longer.got(token("a", 3600s), 0s);
  EXPECT_EQ(longer.turn(3539s), Turn::go);
  EXPECT_FALSE(longer.renewal_due(3539s));
  EXPECT_TRUE(longer.renewal_due(3540s));
  TokenCache shorter;
  shorter.got(token("a", 100s), 0s);
  EXPECT_EQ(shorter.turn(1s), Turn::go);
  EXPECT_FALSE(shorter.renewal_due(79s));
  EXPECT_TRUE(shorter.renewal_due(80s));
  shorter.fetching();
  EXPECT_FALSE(shorter.renewal_due(81s));
  EXPECT_EQ(shorter.turn(99s), Turn::go);  // the old one still serves
  EXPECT_EQ(shorter.turn(100s), Turn::wait);
}

TEST(TokenCache, AFreshOneThatIsNotTakenYetLeavesTheWorkToTheOldOne) {
  TokenCache cache;
  cache.got(token("old", 1000s), 0s);
  EXPECT_EQ(cache.turn(0s), Turn::go);
  cache.got(token("new", 1000s, 30s), 900s);
  EXPECT_EQ(cache.turn(929s), Turn::go);
  EXPECT_EQ(cache.token().reveal(), "old");
  EXPECT_EQ(cache.turn(930s), Turn::go);
  EXPECT_EQ(cache.token().reveal(), "new");
}

TEST(TokenCache, TheFirstOneIsWaitedFor) {
  TokenCache cache;
  cache.got(token("a", 1000s, 30s), 0s);
  EXPECT_EQ(cache.turn(29s), Turn::wait);
  EXPECT_EQ(cache.usable_at(29s), TokenCache::Mono{30s});
  EXPECT_EQ(cache.turn(30s), Turn::go);
  EXPECT_EQ(cache.usable_at(30s), std::nullopt);
}

TEST(TokenCache, AFailureIsNotRepeatedAtOnce) {
  TokenCache cache;
  auto now = TokenCache::Mono{0s};
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    EXPECT_EQ(cache.turn(now), Turn::fetch);
    cache.fetching();
    EXPECT_FALSE(cache.failed(now, false));
    EXPECT_EQ(cache.turn(now + pause - 1ms), Turn::give_up);
    now += pause;
  }
  cache.got(token("a", 10s), now);
  EXPECT_EQ(cache.turn(now), Turn::go);
}

TEST(TokenCache, AnOutageIsRepeatedTwiceWhileEverybodyWaits) {
  TokenCache cache;
  auto now = TokenCache::Mono{0s};
  for (int round = 0; round < 2; ++round) {
    for (const auto delay : {100ms, 300ms}) {
      EXPECT_EQ(cache.turn(now), Turn::fetch);
      cache.fetching();
      EXPECT_EQ(cache.repeat_at(), std::nullopt);
      EXPECT_TRUE(cache.failed(now, true));
      EXPECT_EQ(cache.turn(now + delay - 1ns), Turn::wait);
      now += delay;
      EXPECT_EQ(cache.repeat_at(), now);
    }
    EXPECT_EQ(cache.turn(now), Turn::fetch);
    cache.fetching();
    EXPECT_FALSE(cache.failed(now, true));
    EXPECT_EQ(cache.turn(now), Turn::give_up);
    EXPECT_EQ(cache.pause_left(now), round == 0 ? 1s : 2s);
    now += 2s;
  }
}

TEST(TokenCache, ARefusalAfterAnOutageIsNotRepeated) {
  TokenCache cache;
  cache.fetching();
  EXPECT_TRUE(cache.failed(0s, true));
  cache.fetching();
  EXPECT_FALSE(cache.failed(1s, false));
  EXPECT_EQ(cache.turn(1s), Turn::give_up);
}

TEST(TokenCache, ARenewalThatFailedIsRepeatedWhileTheOldOneServes) {
  TokenCache cache;
  cache.got(token("a", 100s), 0s);
  EXPECT_EQ(cache.turn(80s), Turn::go);
  EXPECT_TRUE(cache.renewal_due(80s));
  cache.fetching();
  EXPECT_TRUE(cache.failed(80s, true));
  EXPECT_EQ(cache.turn(80s), Turn::go);
  EXPECT_FALSE(cache.renewal_due(80s + 99ms));
  EXPECT_TRUE(cache.renewal_due(80s + 100ms));
}

TEST(TokenCache, ARefusalOfAnOlderOneDoesNotCostTheNewOne) {
  TokenCache cache;
  cache.got(token("a", 100s), 0s);
  EXPECT_EQ(cache.turn(0s), Turn::go);
  const auto first = cache.generation();
  cache.refused(first);
  EXPECT_EQ(cache.turn(1s), Turn::fetch);
  cache.got(token("b", 100s), 2s);
  EXPECT_EQ(cache.turn(2s), Turn::go);
  cache.refused(first);  // late
  EXPECT_EQ(cache.turn(3s), Turn::go);
  EXPECT_EQ(cache.token().reveal(), "b");
}

}  // namespace
}  // namespace cambist::actors::account
