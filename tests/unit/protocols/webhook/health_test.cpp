#include "protocols/webhook/health.hpp"

#include <gtest/gtest.h>

namespace cambist::webhook {
namespace {

TEST(WebhookHealth, WithoutWebhooksThereIsNone) {
  EXPECT_EQ(success_rate({}), std::nullopt);
  EXPECT_EQ(health_of({}), std::nullopt);
}

TEST(WebhookHealth, IsNamedByTheRate) {
  const std::pair<std::uint64_t, Health> rates[] = {
      {100'000, Health::healthy}, {98'000, Health::healthy},   {97'999, Health::degraded},
      {95'000, Health::degraded}, {94'999, Health::unhealthy}, {0, Health::unhealthy}};
  for (const auto& [good, health] : rates) {
    EXPECT_EQ(health_of({.applied = good, .dead = 100'000 - good}), health) << good;
  }
}

TEST(WebhookHealth, WhatIsIgnoredWentWellAndWhatWaitsDidNot) {
  EXPECT_EQ(success_rate({.applied = 1, .ignored = 1}), 1.0);
  EXPECT_EQ(success_rate({.applied = 1, .retrying = 1}), 0.5);
  EXPECT_EQ(success_rate({.applied = 1, .parked = 1}), 0.5);
  EXPECT_EQ(success_rate({.ignored = 1, .dead = 1}), 0.5);
  EXPECT_EQ(success_rate({.dead = 3}), 0.0);
}

TEST(WebhookHealth, HasItsNames) {
  EXPECT_EQ(to_string(Health::healthy), "healthy");
  EXPECT_EQ(to_string(Health::degraded), "degraded");
  EXPECT_EQ(to_string(Health::unhealthy), "unhealthy");
}

}  // namespace
}  // namespace cambist::webhook
