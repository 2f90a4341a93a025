// Every input that was ever worth keeping still holds, in the ordinary build and without clang.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/fuzz/support/target.hpp"

namespace cambist::fuzz {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  return fs::path{CAMBIST_SOURCE_DIR} / "tests" / "fuzz";
}

std::vector<fs::path> corpus_of(std::string_view name) {
  std::vector<fs::path> files;
  const auto where = folder() / name;
  if (!fs::is_directory(where)) return files;
  for (const auto& entry : fs::directory_iterator{where}) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string contents(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

class FuzzCorpus : public testing::TestWithParam<Target> {};

// A cut input is what a lost connection makes of it, and costs nothing to try.
TEST_P(FuzzCorpus, HoldsAsItIsAndWhereverItIsCut) {
  const Target target = GetParam();
  const auto files = corpus_of(target.name);
  ASSERT_GE(files.size(), 2U) << "a target needs seeds in tests/fuzz/" << target.name << "/";
  target.run({});
  for (const auto& file : files) {
    const std::string bytes = contents(file);
    running(file.string());
    target.run(bytes);
    const std::size_t step = std::max<std::size_t>(1, bytes.size() / 64);
    for (std::size_t cut = 0; cut < bytes.size(); cut += step) {
      running(file.string() + ", its first " + std::to_string(cut) + " bytes");
      target.run(std::string_view{bytes}.substr(0, cut));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, FuzzCorpus, testing::ValuesIn(targets()),
                         [](const auto& named) { return std::string{named.param.name}; });

TEST(FuzzTargets, AreNamedAfterTheirFileAndEachHasOne) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator{folder()})
    if (entry.path().extension() == ".cpp") files.push_back(entry.path().stem());
  std::vector<std::string> names;
  for (const auto& target : targets()) names.emplace_back(target.name);
  std::sort(files.begin(), files.end());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(files, names);
}

TEST(FuzzTargetsDeathTest, SayWhatDoesNotHoldAndAtWhichInput) {
  EXPECT_DEATH((running("corpus/x"), must(false, "two are one")),
               "DOES NOT HOLD: two are one\nat corpus/x");
}

}  // namespace
}  // namespace cambist::fuzz
