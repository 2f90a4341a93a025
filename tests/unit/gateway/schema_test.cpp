// The contract test is only as good as its validator.
#include "tests/support/schema.hpp"

#include <gtest/gtest.h>

namespace cambist::test {
namespace {

namespace json = boost::json;

Schemas schemas() {
  return Schemas{json::parse(R"({"components":{"schemas":{
      "Money":{"type":"object","required":["value"],"additionalProperties":false,
               "properties":{"value":{"type":"string","pattern":"^[0-9]+$"},"note":{"type":["string","null"]}}},
      "Tree":{"type":"object","required":["children"],
              "properties":{"children":{"type":"array","maxItems":2,"items":{"$ref":"#/components/schemas/Tree"}}}}}}})")};
}

std::size_t errors(const char* schema, const char* instance) {
  return schemas().check(json::parse(schema), json::parse(instance)).size();
}

TEST(SchemaValidator, RefusesWhatBreaksARule) {
  constexpr const char* money = R"({"$ref":"#/components/schemas/Money"})";
  for (const char* wrong : {"1", "null", "[]", "{}", R"({"value":1})", R"({"value":"x"})",
                            R"({"value":"1","more":1})", R"({"value":"1","note":1})"}) {
    EXPECT_EQ(errors(money, wrong), 1U) << wrong;
  }
  EXPECT_EQ(errors(R"({"oneOf":[{"type":"null"},{"$ref":"#/components/schemas/Money"}]})", "{}"),
            1U);
  EXPECT_EQ(errors(R"({"oneOf":[{"type":"number"},{"type":"integer"}]})", "1"), 1U);
  EXPECT_EQ(errors(R"({"enum":["a","b"]})", "\"c\""), 1U);
  EXPECT_EQ(errors(R"({"minimum":1,"maximum":2})", "3"), 1U);
  EXPECT_EQ(errors(R"({"minLength":2,"maxLength":3})", "\"a\""), 1U);
  EXPECT_EQ(errors(R"({"type":"object","additionalProperties":{"type":"string"}})", R"({"a":1})"),
            1U);
  EXPECT_EQ(
      errors(R"({"$ref":"#/components/schemas/Tree"})", R"({"children":[{"children":[{}]}]})"), 1U);
  EXPECT_EQ(errors(R"({"$ref":"#/components/schemas/Tree"})",
                   R"({"children":[{"children":[]},{"children":[]},{"children":[]}]})"),
            1U);
}

TEST(SchemaValidator, AcceptsWhatFits) {
  EXPECT_EQ(errors(R"({"$ref":"#/components/schemas/Money"})", R"({"value":"1","note":null})"), 0U);
  EXPECT_EQ(errors(R"({"oneOf":[{"type":"null"},{"$ref":"#/components/schemas/Money"}]})", "null"),
            0U);
  EXPECT_EQ(errors(R"({"anyOf":[{"type":"number"},{"type":"integer"}]})", "1"), 0U);
  EXPECT_EQ(errors(R"({"$ref":"#/components/schemas/Tree"})",
                   R"({"children":[{"children":[]}],"more":1})"),
            0U);
}

TEST(SchemaValidator, KnowsEveryKeywordOrSaysSo) {
  EXPECT_THROW(errors(R"({"dependentRequired":{}})", "{}"), std::runtime_error);
  EXPECT_THROW(errors(R"({"$ref":"other.json"})", "{}"), std::runtime_error);
}

TEST(SchemaValidator, RemembersWhichPropertiesItSaw) {
  Schemas all = schemas();
  EXPECT_EQ(all.documented(),
            (std::set<std::string>{"Money.note", "Money.value", "Tree.children"}));
  (void)all.check(json::parse(R"({"$ref":"#/components/schemas/Money"})"),
                  json::parse(R"({"value":"1"})"));
  EXPECT_EQ(all.seen(), (std::set<std::string>{"Money.value"}));
}

}  // namespace
}  // namespace cambist::test
