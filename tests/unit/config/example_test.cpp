// The example file documents every setting, with the default it really has, and nothing else.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "config/schema.hpp"
#include "config/settings.hpp"
#include "tests/unit/config/written.hpp"

namespace cambist::config {
namespace {

std::string example() {
  std::ifstream file{std::string{CAMBIST_SOURCE_DIR} + "/config/cambist.example.toml"};
  return {std::istreambuf_iterator<char>{file}, {}};
}

const std::regex& commented_setting() {
  static const std::regex pattern{"^#([a-z_]+) = (.*)$"};
  return pattern;
}

// The file with every setting commented in.
std::string switched_on(const std::string& text) {
  std::istringstream lines{text};
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    result += (std::regex_match(line, match, commented_setting()) ? line.substr(1) : line) + "\n";
  }
  return result;
}

std::map<std::string, std::string> documented() {
  std::map<std::string, std::string> found;
  std::istringstream lines{example()};
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (line.starts_with('[')) section = line.substr(1, line.find(']') - 1) + ".";
    if (std::regex_match(line, match, commented_setting()))
      found[section + match[1].str()] = match[2];
  }
  return found;
}

TEST(ConfigExample, LoadsAsItIsAndWithEverythingCommentedIn) {
  const test::Written plain{example()};
  EXPECT_TRUE(load(plain.flags(), {}));
  const test::Written full{switched_on(example())};
  const auto settings = load(full.flags(), {});
  EXPECT_TRUE(settings) << settings.error().detail;
}

TEST(ConfigExample, DocumentsEachSettingAndNothingElse) {
  const auto found = documented();
  for (const auto& setting : schema()) EXPECT_TRUE(found.contains(setting.name)) << setting.name;
  for (const auto& [name, value] : found) EXPECT_NE(find_setting(name), nullptr) << name;
}

TEST(ConfigExample, ShowsTheDefaultOfEachSetting) {
  const auto defaults = load({}, {});
  ASSERT_TRUE(defaults);
  const auto found = documented();
  for (const auto& setting : schema()) {
    const std::string value = setting.shown(*defaults);
    // What is unset by default is shown with what one would write.
    if (value.empty() || !found.contains(setting.name)) continue;
    EXPECT_EQ(found.at(setting.name), value) << setting.name;
  }
}

TEST(ConfigExample, SaysWhatEachSettingMeans) {
  std::istringstream lines{example()};
  std::string before;
  for (std::string line; std::getline(lines, line); before = line) {
    if (!line.starts_with('[')) continue;
    // A section is explained above or by the comments of its settings below.
    EXPECT_TRUE(before.empty() || before.starts_with("# ")) << line;
  }
}

TEST(ConfigSchema, NamesAndVariablesAreUnique) {
  std::set<std::string> names;
  std::set<std::string> variables;
  for (const auto& setting : schema()) {
    EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
    EXPECT_TRUE(variables.insert(setting.variable).second) << setting.variable;
    EXPECT_TRUE(std::regex_match(setting.variable, std::regex{"CAMBIST_[A-Z0-9_]+"}))
        << setting.variable;
  }
  for (const char* variable :
       {"CAMBIST_LISTEN", "CAMBIST_DATA", "CAMBIST_DATABASE_URL", "CAMBIST_API_KEY",
        "CAMBIST_SANDBOX_LISTEN", "CAMBIST_SANDBOX", "CAMBIST_LOG_LEVEL", "CAMBIST_STRIPE_BASE_URL",
        "CAMBIST_STRIPE_SECRET_KEY", "CAMBIST_STRIPE_WEBHOOK_SECRET"}) {
    EXPECT_TRUE(variables.contains(variable)) << variable;
  }
}

}  // namespace
}  // namespace cambist::config
