#include "protocols/http/url.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist::http {
namespace {

TEST(Origin, IsSchemeHostAndPort) {
  EXPECT_EQ(parse_origin("https://API.Stripe.com").value(), (Origin{true, "api.stripe.com", 443}));
  EXPECT_EQ(parse_origin("http://127.0.0.1:12111").value(), (Origin{false, "127.0.0.1", 12111}));
  EXPECT_EQ(parse_origin("http://[::1]:81").value(), (Origin{false, "::1", 81}));
}

TEST(Origin, TheAuthorityNamesThePortOnlyWhenItIsUnusual) {
  EXPECT_EQ((Origin{true, "h", 443}.authority()), "h");
  EXPECT_EQ((Origin{true, "h", 80}.authority()), "h:80");
  EXPECT_EQ((Origin{false, "h", 80}.authority()), "h");
  EXPECT_EQ((Origin{false, "::1", 81}.authority()), "[::1]:81");
}

TEST(Origin, AnythingElseIsRefused) {
  for (const std::string bad : {"",
                                "h",
                                "ftp://h",
                                "http://",
                                "http://:80",
                                "http://h:",
                                "http://h:0",
                                "http://h:65536",
                                "http://h:8x",
                                "http://h/",
                                "http://h/x",
                                "http://u@h",
                                "http://u:p@h:1",
                                "http://h?x",
                                "http://h#x",
                                "http://a b",
                                "http://h\r\n",
                                "http://[::1",
                                "http://[::1]x",
                                "http://[g]",
                                "http://[]",
                                "HTTP://h",
                                "http://h%41"}) {
    EXPECT_FALSE(parse_origin(bad).has_value()) << bad;
  }
  EXPECT_FALSE(parse_origin("http://" + std::string(254, 'h')).has_value());
}

TEST(Percent, OnlyUnreservedCharactersStand) {
  EXPECT_EQ(percent_encode("aZ09-._~ /\xc3\xa9+"), "aZ09-._~%20%2F%C3%A9%2B");
  EXPECT_EQ(percent_decode("a%2fb+%C3%a9").value(), "a/b+\xc3\xa9");
}

TEST(Percent, BrokenEscapesAreRefused) {
  for (const std::string bad : {"%", "%4", "a%", "%zz", "%4g", "%%41"})
    EXPECT_FALSE(percent_decode(bad).has_value()) << bad;
}

TEST(Form, KeepsOrderAndRepeatedNames) {
  const Pairs pairs{{"a[b]", "1 2"}, {"a[b]", "&="}, {"", ""}};
  EXPECT_EQ(form_encode(pairs), "a%5Bb%5D=1+2&a%5Bb%5D=%26%3D&=");
  EXPECT_EQ(form_decode(form_encode(pairs)).value(), pairs);
}

TEST(Form, ReadsNamesWithoutValuesAndSkipsEmptyPairs) {
  EXPECT_EQ(form_decode("a&&b=&c=d=e&").value(), (Pairs{{"a", ""}, {"b", ""}, {"c", "d=e"}}));
  EXPECT_TRUE(form_decode("").value().empty());
  EXPECT_FALSE(form_decode("a=%4").has_value());
  EXPECT_FALSE(form_decode("%=a").has_value());
}

RC_GTEST_PROP(PercentProperty, DecodingUndoesEncoding, (const std::string& text)) {
  RC_ASSERT(percent_decode(percent_encode(text)).value() == text);
}

RC_GTEST_PROP(FormProperty, DecodingUndoesEncoding, (const Pairs& pairs)) {
  RC_ASSERT(form_decode(form_encode(pairs)).value() == pairs);
}

}  // namespace
}  // namespace cambist::http
