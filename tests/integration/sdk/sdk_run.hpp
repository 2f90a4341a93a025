// How the tests of official SDKs start node, here where the packages are.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace cambist::test::sdk {

inline const std::filesystem::path here =
    std::filesystem::path{CAMBIST_SOURCE_DIR} / "tests/integration/sdk";

inline std::string contents(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream{file}.rdbuf();
  return text.str();
}

/// Runs a command in this folder; the shell only changes the folder.
inline int run(const std::vector<std::string>& command, const std::string& log,
               std::map<std::string, std::string> variables, std::chrono::milliseconds patience) {
  std::vector<std::string> arguments{"sh", "-c", R"(cd "$1" && shift && exec "$@" >&2)", "sh",
                                     here.string()};
  arguments.insert(arguments.end(), command.begin(), command.end());
  variables.emplace("CI", "1");
  Process process{arguments, variables, log};
  return process.wait(patience).value_or(-1);
}

/// Two tests at once must not install into the same folder: the second waits, and finds it done.
inline void install(const std::string& package, const std::string& log) {
  const auto installed = "node_modules/" + package + "/package.json";
  if (std::filesystem::exists(here / installed)) return;
  const std::string command = "test -f " + installed + " || npm ci";
  ASSERT_EQ(run({"flock", "package.json", "sh", "-c", command}, log, {},
                std::chrono::milliseconds{300'000}),
            0)
      << "npm ci failed:\n"
      << contents(log);
}

}  // namespace cambist::test::sdk
