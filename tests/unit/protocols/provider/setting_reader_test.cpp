#include "protocols/provider/setting_reader.hpp"

#include <gtest/gtest.h>

namespace cambist::provider {
namespace {

Settings settings(std::map<std::string, std::string> values) {
  Settings made{std::move(values), {}};
  made.secrets.emplace("password", Secret{"s3cr3t"});
  made.secrets.emplace("broken_secret", Secret{"a b"});
  return made;
}

TEST(SettingReader, GivesDefaultsForWhatIsNotSetOrEmpty) {
  const auto given = settings({{"word", ""}});
  SettingReader reader{given};
  EXPECT_EQ(reader.word("word", "usual"), "usual");
  EXPECT_EQ(reader.number("number", 7, 1, 9), 7);
  EXPECT_EQ(reader.choice("choice", {"first", "second"}), "first");
  EXPECT_TRUE(reader.flag("flag", true));
  EXPECT_EQ(reader.words("words", "a,b"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(reader.path("path", "/token"), "/token");
  EXPECT_TRUE(reader.secret_or_none("other_secret").empty());
  EXPECT_EQ(reader.base_url("https://pay.example").origin, "https://pay.example");
  EXPECT_EQ(reader.secret("password", "it").reveal(), "s3cr3t");
  EXPECT_FALSE(reader.problem());
}

TEST(SettingReader, KeepsTheFirstProblemAndRepeatsNoValue) {
  const auto given = settings({{"word", "se cret"}, {"number", "12"}, {"words", "a,,b"}});
  SettingReader reader{given};
  (void)reader.number("number", 1, 1, 9);
  (void)reader.word("word", "");
  ASSERT_TRUE(reader.problem());
  EXPECT_EQ(reader.problem()->field, "number");
  SettingReader second{given};
  (void)second.word("word", "");
  EXPECT_EQ(second.problem()->detail.find("se cret"), std::string::npos);
}

TEST(SettingReader, SaysWhichSettingIsWrong) {
  const auto given = settings({{"n", "-1"},
                               {"long", "0000000001"},
                               {"flag", "yes"},
                               {"choice", "third"},
                               {"words", "a,,b"},
                               {"path", "token"},
                               {"query", "/t?x"},
                               {"base_url", "ftp://x"}});
  const auto field = [&](auto read) {
    SettingReader reader{given};
    read(reader);
    return reader.problem() ? reader.problem()->field : std::string{"(none)"};
  };
  EXPECT_EQ(field([](auto& r) { (void)r.number("n", 1, 0, 9); }), "n");
  EXPECT_EQ(field([](auto& r) { (void)r.number("long", 1, 0, 9); }), "long");
  EXPECT_EQ(field([](auto& r) { (void)r.flag("flag", true); }), "flag");
  EXPECT_EQ(field([](auto& r) { (void)r.choice("choice", {"first"}); }), "choice");
  EXPECT_EQ(field([](auto& r) { (void)r.words("words"); }), "words");
  EXPECT_EQ(field([](auto& r) { (void)r.path("path", "/"); }), "path");
  EXPECT_EQ(field([](auto& r) { (void)r.path("query", "/"); }), "query");
  EXPECT_EQ(field([](auto& r) { (void)r.base_url("https://x"); }), "base_url");
  EXPECT_EQ(field([](auto& r) { (void)r.secret("missing_secret", "it"); }), "missing_secret");
  EXPECT_EQ(field([](auto& r) { (void)r.secret_or_none("broken_secret"); }), "broken_secret");
  const Settings none{};
  SettingReader reader{none};
  (void)reader.base_url({});
  EXPECT_EQ(reader.problem()->field, "base_url");
}

}  // namespace
}  // namespace cambist::provider
