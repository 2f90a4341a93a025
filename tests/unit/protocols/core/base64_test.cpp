#include "protocols/core/base64.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist {
namespace {

// Source: RFC 4648 section 10.
TEST(Base64, MatchesThePublishedVectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

RC_GTEST_PROP(Base64, GivesBackTheBytesItWasGiven, ()) {
  const auto bytes = *rc::gen::arbitrary<std::string>();
  RC_ASSERT(from_base64(to_base64(bytes)) == bytes);
}

TEST(Base64, TakesNoSecondSpelling) {
  for (const char* text : {"Zg",     "Zg=",   "Zg===", "Z",        "Zh==",     "Zm9=", "Zm8",
                           "Zm9v\n", " Zm9v", "Zm9v ", "Zm-v",     "Zm_v",     "Z=g=", "=Zg=",
                           "====",   "==",    "=",     "Zg==Zg==", "Zm9v====", "Zm9!", "Zm9\x80"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
  EXPECT_EQ(from_base64(std::string_view{"Zm\0v", 4}), std::nullopt);
}

}  // namespace
}  // namespace cambist
