// Planted faults (protocols/core/planted.hpp) must never reach anybody: their list, their places,
// and what is compiled with them agree, and the program holds nothing of them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

const fs::path root{CAMBIST_SOURCE_DIR};

std::string text_of(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::set<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator at{text.begin(), text.end(), pattern}, end; at != end; ++at)
    found.insert((*at)[1]);
  return found;
}

/// The faults that the product asks for, by the file that asks.
std::map<std::string, std::set<std::string>> places() {
  static const std::regex asked{R"re(planted\(\s*"([^"]*)"\s*\))re"};
  std::map<std::string, std::set<std::string>> found;
  for (const char* room : {"protocols", "storage", "config", "actors", "gateway"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / room)) {
      const auto extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".hpp" && extension != ".cpp")) continue;
      auto names = matches(text_of(entry.path()), asked);
      if (!names.empty()) found[fs::relative(entry.path(), root).generic_string()] = names;
    }
  }
  return found;
}

std::set<std::string> listed() {
  static const std::regex line{R"re(\{"([a-z_]+)", "I\d)re"};
  return matches(text_of(root / "tests/support/planted.cpp"), line);
}

TEST(PlantedFaults, AreListedExactlyAsTheyStandInTheCode) {
  std::set<std::string> asked;
  for (const auto& [file, names] : places()) asked.insert(names.begin(), names.end());
  EXPECT_EQ(asked, listed());
  EXPECT_GE(asked.size(), 12U);
}

TEST(PlantedFaults, AreCompiledInFromExactlyTheFilesThatHaveThem) {
  const std::string cmake = text_of(root / "tests/CMakeLists.txt");
  const auto start = cmake.find("set(planted_sources");
  ASSERT_NE(start, std::string::npos);
  static const std::regex source{R"re(\s([a-z_/]+\.cpp))re"};
  const auto compiled = matches(cmake.substr(start, cmake.find(')', start) - start), source);
  std::set<std::string> having;
  for (const auto& [file, names] : places()) having.insert(file);
  EXPECT_EQ(compiled, having);
}

// One header with two meanings in one program would be two definitions of one thing.
TEST(PlantedFaults, StandInNoHeader) {
  for (const auto& [file, names] : places()) EXPECT_TRUE(file.ends_with(".cpp")) << file;
}

TEST(PlantedFaults, LeaveNothingInTheProgram) {
  if (!fs::exists(CAMBIST_BINARY)) GTEST_SKIP() << "the program is not built";
  const std::string program = text_of(CAMBIST_BINARY);
  ASSERT_NE(program.find("payment.client_answered"), std::string::npos)
      << "not even the names of failpoints are found in it";
  for (const auto& name : listed()) {
    EXPECT_EQ(program.find(name), std::string::npos) << name << " is in the program";
  }
}

}  // namespace
