#include "gateway/sandbox/form.hpp"

#include <gtest/gtest.h>

namespace cambist::gateway::sandbox {
namespace {

TEST(Form, DecodesEscapesPlusAndBrackets) {
  const auto form =
      Form::decode("a=b+c%20d&metadata%5Border%5D=%2B1&expand[]=x&expand[]=y&empty=&&flag").value();
  EXPECT_EQ(*form.find("a"), "b c d");
  EXPECT_EQ(*form.find("metadata[order]"), "+1");
  EXPECT_EQ(form.below("expand"), (Form::Fields{{"", "x"}, {"", "y"}}));
  EXPECT_EQ(*form.find("empty"), "");
  EXPECT_EQ(*form.find("flag"), "");
  EXPECT_EQ(form.find("nobody"), nullptr);
}

TEST(Form, TheLastOfEqualNamesCounts) {
  EXPECT_EQ(*Form::decode("a=1&a=2").value().find("a"), "2");
}

TEST(Form, RefusesBrokenEscapesAndBrokenText) {
  for (const auto* text : {"a=%", "a=%4", "a=%4g", "%zz=1", "a=%FF", "a=%C0%80", "a=%ED%A0%80",
                           "a=%F4%90%80%80", "a=%E2%82"}) {
    EXPECT_FALSE(Form::decode(text).has_value()) << text;
  }
  for (const auto* text : {"a=%E2%82%AC", "a=%F0%9F%92%B0", "a=%C2%80", "a=%ED%9F%BF"}) {
    EXPECT_TRUE(Form::decode(text).has_value()) << text;
  }
}

TEST(Form, FingerprintsIgnoreOrderAndNothingElse) {
  const auto print = [](const char* text) {
    return Form::decode(text).value().fingerprint("POST /x");
  };
  EXPECT_EQ(print("a=1&b=2"), print("b=2&a=1"));
  EXPECT_NE(print("a=1&b=2"), print("a=1&b=3"));
  EXPECT_NE(print("a=bc"), print("ab=c"));
  EXPECT_NE(print("a=1"), print("a=1&b="));
  EXPECT_NE(print("a=1&a=2"), print("a=2"));
  EXPECT_NE(Form::decode("a=1").value().fingerprint("POST /x"),
            Form::decode("a=1").value().fingerprint("POST /y"));
}

TEST(Form, PatternsFitOneOrAnyNumberOfBrackets) {
  EXPECT_TRUE(fits("amount", "amount"));
  EXPECT_FALSE(fits("amounts", "amount"));
  EXPECT_TRUE(fits("metadata[a]", "metadata[*]"));
  EXPECT_TRUE(fits("expand[]", "expand[*]"));
  EXPECT_FALSE(fits("metadata[a][b]", "metadata[*]"));
  EXPECT_FALSE(fits("metadata[a", "metadata[*]"));
  EXPECT_FALSE(fits("metadata", "metadata[*]"));
  EXPECT_TRUE(fits("shipping[address][city]", "shipping[**]"));
  EXPECT_FALSE(fits("shipping", "shipping[**]"));
}

TEST(Form, EscapingIsUndoneByUnescaping) {
  std::string all;
  for (int c = 1; c < 256; ++c) all.push_back(static_cast<char>(c));
  EXPECT_EQ(unescape(escape(all), true).value(), all);
  EXPECT_EQ(escape("a b+c"), "a%20b%2Bc");
}

}  // namespace
}  // namespace cambist::gateway::sandbox
