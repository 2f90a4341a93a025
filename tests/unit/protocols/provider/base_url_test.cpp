#include "protocols/provider/base_url.hpp"

#include <gtest/gtest.h>

namespace cambist::provider {
namespace {

TEST(ProviderBaseUrl, ReadsHttpsAndLoopbackHttp) {
  EXPECT_EQ(parse_base_url("https://api.stripe.com").value(),
            (BaseUrl{"https://api.stripe.com", ""}));
  EXPECT_EQ(parse_base_url("https://api.stripe.com/").value(),
            (BaseUrl{"https://api.stripe.com", ""}));
  EXPECT_EQ(parse_base_url("https://gw.example:8443/stripe/").value(),
            (BaseUrl{"https://gw.example:8443", "/stripe"}));
  EXPECT_EQ(parse_base_url("http://127.0.0.1:8081/stripe").value(),
            (BaseUrl{"http://127.0.0.1:8081", "/stripe"}));
  EXPECT_TRUE(parse_base_url("http://localhost"));
  EXPECT_TRUE(parse_base_url("http://[::1]:12111"));
  EXPECT_TRUE(parse_base_url("https://[2001:db8::1]"));
}

TEST(ProviderBaseUrl, NamesItsHost) {
  EXPECT_EQ(host_of(parse_base_url("https://gw.example:8443/x").value()), "gw.example");
  EXPECT_EQ(host_of(parse_base_url("https://gw.example").value()), "gw.example");
  EXPECT_EQ(host_of(parse_base_url("http://[::1]:1").value()), "[::1]");
  EXPECT_EQ(host_of(parse_base_url("http://[::1]").value()), "[::1]");
}

class UnusableUrl : public testing::TestWithParam<const char*> {};

TEST_P(UnusableUrl, IsRefusedWithoutBeingRepeated) {
  const auto refused = parse_base_url(GetParam());
  ASSERT_FALSE(refused) << refused->origin;
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_request);
  EXPECT_EQ(refused.error().detail.find("hidden"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    All, UnusableUrl,
    testing::Values(
        "", "api.stripe.com", "ftp://api.stripe.com", "HTTPS://api.stripe.com", "https://",
        "https:///v1", "https://user:hidden@api.stripe.com", "https://api.stripe.com?key=hidden",
        "https://api.stripe.com#x", "https://api.stripe.com:", "https://api.stripe.com:0",
        "https://api.stripe.com:65536", "https://api.stripe.com:80a", "https://api stripe.com",
        "https://api..stripe.com", "https://-api.stripe.com", "https://api.stripe.com/a/../b",
        "https://api.stripe.com/a//b", "https://api.stripe.com//", "https://api.stripe.com/a//",
        "https://api.stripe.com/a b", "https://api.stripe.com\r\nX: 1", "https://[::1",
        "https://[zz]", "http://api.stripe.com", "http://10.0.0.1", "http://127.example.com",
        "http://localhost.example.com", "http://127.0.0.1@evil.example", "http://0.0.0.0:1"));

}  // namespace
}  // namespace cambist::provider
