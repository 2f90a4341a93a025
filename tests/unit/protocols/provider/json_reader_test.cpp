#include "protocols/provider/json_reader.hpp"

#include <gtest/gtest.h>

namespace cambist::provider {
namespace {

std::string shown(std::string_view body) {
  std::string text;
  for (const auto& span : json_spans(body)) {
    text += span.key + "=" +
            std::string{body.substr(span.value_begin, span.end - span.value_begin)} + ";";
  }
  return text;
}

TEST(JsonReader, FindsMembersWhereTheyStand) {
  EXPECT_EQ(shown(R"({"a":1,"b":{"c":"}\"]","d":[{},{"a":2}]},"e":"x"})"),
            R"(a=1;b={"c":"}\"]","d":[{},{"a":2}]};e="x";)");
  EXPECT_EQ(shown(" {\n\t\"a\" : [ 1 , 2 ] ,\r\n \"b\" : null } "), "a=[ 1 , 2 ];b=null;");
  EXPECT_EQ(shown("{}"), "");
  EXPECT_EQ(shown(R"({"a\"b":true})"), R"(a\"b=true;)");
}

TEST(JsonReader, SurvivesWhatIsNoJson) {
  for (const char* body : {"", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":\"", "{\"a\":]]]}",
                           "{\"a\":{\"b\":", "{\"a\":\"\\", "[{\"a\":1}]", "{,}"}) {
    for (const auto& span : json_spans(body)) {
      EXPECT_LE(span.begin, span.value_begin);
      EXPECT_LE(span.value_begin, span.end);
      EXPECT_LE(span.end, std::string_view{body}.size()) << body;
    }
  }
}

TEST(JsonReader, TakesNumbersAndFlagsInBothSpellings) {
  const auto object =
      read_json_object(R"({"n":15000,"t":"15000","f":1.5,"m":-1,"big":"1000000000000000",
                           "yes":"true","no":false,"other":"TRUE"})")
          .value();
  EXPECT_EQ(json_whole(object, "n"), 15'000);
  EXPECT_EQ(json_whole(object, "t"), 15'000);
  for (const char* none : {"f", "m", "big", "yes", "missing"})
    EXPECT_FALSE(json_whole(object, none)) << none;
  EXPECT_EQ(json_flag(object, "yes"), true);
  EXPECT_EQ(json_flag(object, "no"), false);
  EXPECT_FALSE(json_flag(object, "other"));
  EXPECT_FALSE(json_flag(object, "n"));
  EXPECT_FALSE(read_json_object("[]"));
  EXPECT_FALSE(read_json_object("{"));
}

TEST(JsonReader, TakesWordsOnlyThatAreFitForALog) {
  const auto object =
      read_json_object(R"({"id":"MP26.A-1_x","space":"a b","line":"a\n","no":7})").value();
  EXPECT_EQ(json_word(object, "id"), "MP26.A-1_x");
  for (const char* none : {"space", "line", "no", "missing"})
    EXPECT_EQ(json_word(object, none), "") << none;
  EXPECT_FALSE(is_json_word(std::string(65, 'a')));
}

}  // namespace
}  // namespace cambist::provider
