// A settings file that lives as long as the test.
#pragma once

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "config/settings.hpp"

namespace cambist::config::test {

class Written {
 public:
  explicit Written(const std::string& text) {
    static int count = 0;
    path_ = testing::TempDir() + "cambist-settings-" + std::to_string(::getpid()) + "-" +
            std::to_string(++count) + ".toml";
    std::ofstream{path_, std::ios::binary} << text;
  }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;
  ~Written() { std::filesystem::remove(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] Flags flags() const {
    Flags flags;
    flags.config = path_;
    return flags;
  }

 private:
  std::string path_;
};

/// The problems that a file has, its path left out; empty when it has none.
inline std::string problems_of(const std::string& toml, const Environment& environment = {},
                               Flags flags = {}) {
  const Written file{toml};
  flags.config = file.path();
  const auto loaded = load(flags, environment);
  if (loaded) return {};
  std::string text = loaded.error().detail;
  for (std::size_t at = text.find(file.path()); at != std::string::npos;
       at = text.find(file.path())) {
    text.replace(at, file.path().size(), "FILE");
  }
  return text;
}

}  // namespace cambist::config::test
