#include "gateway/auth.hpp"

#include <gtest/gtest.h>

namespace cambist::gateway {
namespace {

const std::string key = "sk_test_01ab_0123456789abcdef";

Authenticator two_keys() {
  return Authenticator{{api_key_row(key, TenantId{"shop"}, TimePoint{}),
                        api_key_row("any opaque text", TenantId{"other"}, TimePoint{})}};
}

TEST(ApiKeys, AreKnownByTheirHashOnly) {
  const auto row = api_key_row(key, TenantId{"shop"}, TimePoint{});
  EXPECT_EQ(row.id, "01ab");
  EXPECT_EQ(row.hash, sha256(key));
  const auto opaque = api_key_row("opaque", TenantId{"shop"}, TimePoint{});
  EXPECT_TRUE(opaque.id.starts_with("key_"));
  EXPECT_EQ(opaque.id.find("opaque"), std::string::npos);
}

TEST(ApiKeys, LeadToTheirTenant) {
  const auto keys = two_keys();
  EXPECT_EQ(keys.authenticate({{"Authorization", "Bearer " + key}})->tenant, TenantId{"shop"});
  EXPECT_EQ(keys.authenticate({{"authorization", "bearer " + key}})->key_id, "01ab");
  EXPECT_EQ(keys.authenticate({{"Authorization", "Bearer any opaque text"}})->tenant,
            TenantId{"other"});
}

TEST(ApiKeys, AreRefusedWithoutAHint) {
  const auto keys = two_keys();
  const std::vector<http::Headers> wrong{
      {},
      {{"Authorization", ""}},
      {{"Authorization", "Bearer"}},
      {{"Authorization", "Bearer "}},
      {{"Authorization", "Basic " + key}},
      {{"Authorization", key}},
      {{"Authorization", "Bearer  " + key}},
      {{"Authorization", "Bearer " + key + " "}},
      {{"Authorization", "Bearer " + key.substr(0, key.size() - 1)}},
      {{"Authorization", "Bearer " + key + "0"}},
      {{"Authorization", "Bearer " + std::string(600, 'a')}},
      {{"Authorization", "Bearer " + key}, {"Authorization", "Bearer " + key}},
      {{"X-Api-Key", key}},
  };
  for (const auto& headers : wrong) {
    const auto principal = keys.authenticate(headers);
    ASSERT_FALSE(principal);
    EXPECT_EQ(principal.error(), keys.authenticate({}).error());
  }
  EXPECT_FALSE(Authenticator{{}}.authenticate({{"Authorization", "Bearer "}}));
}

}  // namespace
}  // namespace cambist::gateway
