#include "protocols/core/json_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>

namespace cambist {
namespace {

std::string as_json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonText, EscapesExactlyWhatMustBe) {
  EXPECT_EQ(as_json("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(as_json("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(as_json(std::string_view{"\0\x1f", 2}), R"("\u0000\u001f")");
  EXPECT_EQ(as_json("caf\xc3\xa9 \xe2\x82\xac"), "\"caf\xc3\xa9 \xe2\x82\xac\"");
}

RC_GTEST_PROP(JsonText, WhatItWritesIsReadBackAsItWas, (const std::vector<std::uint8_t>& codes)) {
  std::string text;  // ASCII, control characters included: any of it is UTF-8
  for (const auto code : codes) text += static_cast<char>(code & 0x7fU);
  RC_ASSERT(boost::json::parse(as_json(text)).as_string() == text);
}

TEST(JsonText, AnObjectHasItsMembersInOrder) {
  std::string out = "[";
  JsonObject object{out};
  object.string("a", "x").string_or_null("b", "").integer("c", -7).boolean("d", true);
  JsonObject inner{object.key("e")};
  inner.integer("f", INT64_MIN).close();
  object.members_of("{}").members_of(R"({"g":1,"h":[]})").null("i").close();
  EXPECT_EQ(
      out,
      R"([{"a":"x","b":null,"c":-7,"d":true,"e":{"f":-9223372036854775808},"g":1,"h":[],"i":null})");
}

TEST(JsonText, AnObjectMayBeEmptyOrBeginWithTheMembersOfAnother) {
  std::string out;
  JsonObject{out}.close();
  EXPECT_EQ(out, "{}");
  out.clear();
  JsonObject{out}.members_of(R"({"g":1})").close();
  EXPECT_EQ(out, R"({"g":1})");
}

}  // namespace
}  // namespace cambist
