#include "protocols/api/json.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace cambist::api {
namespace {

std::string nested(int depth) {
  std::string text = "1";
  for (int i = 0; i < depth; ++i) text = R"({"a":)" + text + "}";
  return text;
}

std::string many_keys(int count) {
  std::string text = "{";
  for (int i = 0; i < count; ++i)
    text += (i > 0 ? "," : "") + std::string{"\"k"} + std::to_string(i) + "\":1";
  return text + "}";
}

struct Refusal {
  std::string what;
  std::string body;
  ErrorCode code;
  std::string field;
};
void PrintTo(const Refusal& r, std::ostream* out) {
  *out << r.what;
}
// Numbers alone would be replaced by the value in the names of ctest.
const auto case_name = [](const auto& info) { return "Case" + std::to_string(info.index); };

class JsonRefusals : public ::testing::TestWithParam<Refusal> {};

TEST_P(JsonRefusals, NameTheReasonAndThePath) {
  const auto& expected = GetParam();
  const auto read = read_object(expected.body);
  ASSERT_FALSE(read) << expected.what;
  EXPECT_EQ(to_string(read.error().code), to_string(expected.code)) << read.error().detail;
  EXPECT_EQ(read.error().field, expected.field) << read.error().detail;
  EXPECT_FALSE(read.error().detail.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, JsonRefusals,
    ::testing::Values(
        Refusal{"empty", "", ErrorCode::malformed_json, ""},
        Refusal{"only white space", "  \n", ErrorCode::malformed_json, ""},
        Refusal{"array", "[]", ErrorCode::malformed_json, ""},
        Refusal{"string", R"("a")", ErrorCode::malformed_json, ""},
        Refusal{"null", "null", ErrorCode::malformed_json, ""},
        Refusal{"cut", R"({"a":)", ErrorCode::malformed_json, "a"},
        Refusal{"two values", R"({} {})", ErrorCode::malformed_json, ""},
        Refusal{"text after", R"({}x)", ErrorCode::malformed_json, ""},
        Refusal{"byte order mark", "\xEF\xBB\xBF{}", ErrorCode::malformed_json, ""},
        Refusal{"trailing comma", R"({"a":1,})", ErrorCode::malformed_json, "a"},
        Refusal{"comment", R"({/*a*/})", ErrorCode::malformed_json, ""},
        Refusal{"NaN", R"({"a":NaN})", ErrorCode::malformed_json, "a"},
        Refusal{"number out of range", R"({"a":1e999})", ErrorCode::malformed_json, "a"},
        Refusal{"leading zero", R"({"a":01})", ErrorCode::malformed_json, "a"},
        Refusal{"bad UTF-8", "{\"a\":\"\xff\"}", ErrorCode::malformed_json, "a"},
        Refusal{"overlong UTF-8", "{\"a\":\"\xc0\xaf\"}", ErrorCode::malformed_json, "a"},
        Refusal{"UTF-8 surrogate", "{\"a\":\"\xed\xa0\x80\"}", ErrorCode::malformed_json, "a"},
        Refusal{"cut UTF-8", "{\"a\":\"\xe2\x82\"}", ErrorCode::malformed_json, "a"},
        Refusal{"bad UTF-8 in a key", "{\"\xff\":1}", ErrorCode::malformed_json, ""},
        Refusal{"lone surrogate", R"({"a":"\ud800"})", ErrorCode::malformed_json, "a"},
        Refusal{"low surrogate first", R"({"a":"\udc00\ud800"})", ErrorCode::malformed_json, "a"},
        Refusal{"control character", "{\"a\":\"\x01\"}", ErrorCode::malformed_json, "a"},
        Refusal{"NUL", R"({"a":"x\u0000"})", ErrorCode::malformed_json, "a"},
        Refusal{"NUL in a key", R"({"a":{"x\u0000":1}})", ErrorCode::malformed_json, "a"},
        Refusal{"duplicate key", R"({"a":1,"b":2,"a":1})", ErrorCode::malformed_json, "a"},
        Refusal{"duplicate below", R"({"a":{"b":1,"b":2}})", ErrorCode::malformed_json, "a.b"},
        Refusal{"duplicate in an array", R"({"a":[{}, {"b":1,"b":2}]})", ErrorCode::malformed_json,
                "a[1].b"},
        Refusal{"duplicate by escape", "{\"a\":1,\"\\u0061\":2}", ErrorCode::malformed_json, "a"},
        Refusal{"too deep", nested(17), ErrorCode::invalid_request,
                "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a"},
        Refusal{"too many keys", many_keys(1'001), ErrorCode::invalid_request, "k1000"},
        Refusal{"text too long", R"({"a":")" + std::string(16 * 1024 + 1, 'x') + "\"}",
                ErrorCode::invalid_request, "a"},
        Refusal{"key too long", "{\"" + std::string(16 * 1024 + 1, 'x') + "\":1}",
                ErrorCode::invalid_request, ""},
        Refusal{"card number", R"({"a":{"b":["x","4242 4242 4242 4242"]}})",
                ErrorCode::card_data_refused, "a.b[1]"},
        Refusal{"card number as a number", R"({"a":4242424242424242})",
                ErrorCode::card_data_refused, "a"},
        Refusal{"card number as a float", R"({"a":4.242424242424242e15})",
                ErrorCode::card_data_refused, "a"},
        Refusal{"card number as a key", R"({"m":{"4242424242424242":"x"}})",
                ErrorCode::card_data_refused, "m"},
        Refusal{"card number by escapes", "{\"a\":\"\\u00342424242\\u0034242424242\"}",
                ErrorCode::card_data_refused, "a"},
        Refusal{"security code", R"({"card":{"cvc":"123"}})", ErrorCode::card_data_refused,
                "card.cvc"},
        Refusal{"security code as a number", R"({"CVV":123})", ErrorCode::card_data_refused, "CVV"},
        Refusal{"secret below its name", R"({"pin":{"value":["1234"]}})",
                ErrorCode::card_data_refused, "pin.value[0]"}),
    case_name);

TEST(StrictJson, AcceptsWhatIsWithinEachLimit) {
  EXPECT_TRUE(read_object(nested(16)));
  EXPECT_TRUE(read_object(many_keys(1'000)));
  EXPECT_TRUE(read_object(R"({"a":")" + std::string(16 * 1024, 'x') + "\"}"));
  EXPECT_TRUE(read_object(R"( {"cvc": null, "pin": "none", "pan": {}} )"));
}

TEST(StrictJson, KeepsValuesAsTheyWere) {
  const auto read = read_object(
      R"({"s":"a\u00e9\ud83d\ude00\n","i":-7,"u":18446744073709551615,"d":1.5,"b":true,"n":null,
                                    "l":[1,[2],{}],"o":{"x":{"y":"z"}}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(
      boost::json::serialize(*read),
      boost::json::serialize(boost::json::parse(
          R"({"s":"a\u00e9\ud83d\ude00\n","i":-7,"u":18446744073709551615,"d":1.5,"b":true,"n":null,)"
          R"("l":[1,[2],{}],"o":{"x":{"y":"z"}}})")));
}

TEST(StrictJson, NeverRepeatsACardNumberInAnError) {
  for (const std::string body : {R"({"4242424242424242":1})", R"({"a":"4242424242424242","a":1})",
                                 R"({"x":{"4242 4242 4242 4242":{}}})"}) {
    const auto read = read_object(body);
    ASSERT_FALSE(read);
    EXPECT_EQ((read.error().detail + read.error().field).find("4242"), std::string::npos);
  }
}

TEST(StrictJson, ShowsNamesWithoutWhatCouldBreakALog) {
  EXPECT_EQ(shown_name("a\nb\"c\xff"), "a?b?c?");
  EXPECT_EQ(shown_name(std::string(100, 'a')).size(), 64U);
}

TEST(CanonicalJson, IsTheSameForReorderedAndRespacedBodies) {
  const auto a = read_object(R"({"b":{"y":[1,2.0,{"d":1,"c":null}],"x":"é"},"a":1e2})");
  const auto b = read_object(
      "{ \"a\" : 100 ,\n \"b\": {\"x\":\"\\u00e9\", \"y\":[1.0, 2,{\"c\":null,\"d\":1}]}}");
  ASSERT_TRUE(a && b);
  EXPECT_EQ(canonical(*a), canonical(*b));
  EXPECT_EQ(canonical(*a), R"({"a":100,"b":{"x":"é","y":[1,2,{"c":null,"d":1}]}})");
}

// Kept keys compare digests of this text: it must not change with the way it is written.
TEST(CanonicalJson, WritesEveryByteOfATextAsTheLibraryDoes) {
  std::string all = "plain";
  for (char c = 1; c > 0 && c < 127; ++c) all += c;
  all += "\x7f \xc3\xa9 \xe2\x82\xac";
  for (const std::string& text :
       {std::string{}, std::string{"a b-c_d.e"}, std::string{"a\"b"}, all}) {
    EXPECT_EQ(canonical(boost::json::value(text)), boost::json::serialize(text));
    EXPECT_EQ(canonical(boost::json::object({{text, 1}})),
              "{" + boost::json::serialize(text) + ":1}");
  }
}

TEST(CanonicalJson, TellsTypesAndOrderOfArraysApart) {
  const auto text = [](const char* body) { return canonical(*read_object(body)); };
  EXPECT_NE(text(R"({"a":"1"})"), text(R"({"a":1})"));
  EXPECT_NE(text(R"({"a":[1,2]})"), text(R"({"a":[2,1]})"));
  EXPECT_NE(text(R"({"a":null})"), text(R"({})"));
  EXPECT_NE(text(R"({"a":{}})"), text(R"({"a":[]})"));
  EXPECT_NE(text(R"({"a":1.5})"), text(R"({"a":1})"));
}

}  // namespace
}  // namespace cambist::api
