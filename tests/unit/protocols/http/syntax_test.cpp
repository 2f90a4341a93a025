#include "protocols/http/syntax.hpp"

#include <gtest/gtest.h>

namespace cambist::http {
namespace {

TEST(HttpSyntax, ATokenHasNoSeparators) {
  EXPECT_TRUE(is_token("X-Request_Id.1~"));
  for (const std::string_view bad : {"", "a b", "a:b", "a\r", "a\xc3", "a,b", "a(b)", "a\"", "a/b"})
    EXPECT_FALSE(is_token(bad)) << bad;
}

TEST(HttpSyntax, AListIsSearchedByWholeItems) {
  EXPECT_TRUE(list_has("close", "close"));
  EXPECT_TRUE(list_has("keep-alive ,\tCLOSE", "close"));
  EXPECT_TRUE(list_has(",,close", "close"));
  EXPECT_FALSE(list_has("closed", "close"));
  EXPECT_FALSE(list_has("not close", "close"));
  EXPECT_FALSE(list_has("", "close"));
}

TEST(HttpSyntax, TrimTakesOnlySpacesAndTabsFromTheEnds) {
  EXPECT_EQ(trim(" \ta b\t "), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim("\ra"), "\ra");
}

}  // namespace
}  // namespace cambist::http
