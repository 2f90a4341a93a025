// Reads the include lines of every room and fails on one that points the wrong way (the table of
// rooms in the README). Third parties have arrows too: libpq and SQLite stay in their own folders,
// Beast stays in the gateway.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Include {
  std::string file;  // relative to the root, with '/'
  int line = 0;
  std::string target;
  bool quoted = false;
};

const std::vector<std::string> rooms{"protocols", "storage", "config", "actors", "gateway"};

std::vector<Include> includes_below(const fs::path& root, const std::string& folder) {
  static const std::regex pattern{R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])"};
  std::vector<Include> found;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    const auto extension = entry.path().extension();
    if (!entry.is_regular_file() || (extension != ".hpp" && extension != ".cpp")) continue;
    std::ifstream in{entry.path()};
    std::string text;
    for (int line = 1; std::getline(in, text); ++line) {
      std::smatch match;
      if (std::regex_search(text, match, pattern)) {
        found.push_back(
            {fs::relative(entry.path(), root).generic_string(), line, match[2], match[1] == "\""});
      }
    }
  }
  return found;
}

std::string first_folder(const std::string& path) {
  return path.substr(0, path.find('/'));
}

/// What a file may include of ours.
bool own_arrow_allowed(const std::string& file, const std::string& target) {
  static const std::map<std::string, std::set<std::string>> arrows{
      {"protocols", {"protocols"}},
      {"storage", {"protocols", "storage"}},
      {"config", {"protocols", "config"}},
      {"actors", {"protocols", "actors"}},
      {"gateway", {"protocols", "actors", "config", "gateway"}},
  };
  if (file == "gateway/main.cpp") return true;
  const auto room = first_folder(file);
  if (arrows.at(room).contains(first_folder(target))) return true;
  // Ports of storage, not the stores behind them; the gateway speaks of stored rows only through
  // them too.
  return (room == "actors" || room == "gateway") && target == "storage/store.hpp";
}

/// What a file may include of others. Standard headers have no folder and no extension.
bool third_party_allowed(const std::string& file, const std::string& target) {
  if (target.find('/') == std::string::npos && target.find('.') == std::string::npos) return true;
  const auto starts = [&](const char* prefix) { return target.rfind(prefix, 0) == 0; };
  const auto below = [&](const char* folder) { return file.rfind(folder, 0) == 0; };
  if (file == "gateway/main.cpp") return true;
  if (target == "pugixml.hpp") return below("protocols/bank/");  // bank statements are XML
  if (below("protocols/")) {
    return starts("boost/json") || starts("boost/system") || starts("openssl/");
  }
  if (starts("sqlite3.h")) return below("storage/sqlite/");
  if (starts("libpq")) return below("storage/postgres/");
  if (starts("spdlog/") || starts("fmt/")) return !below("config/");
  const bool posix = starts("sys/") || starts("unistd.h") || starts("fcntl.h") ||
                     starts("signal.h") || starts("netinet/") || starts("arpa/") ||
                     starts("poll.h") || starts("malloc.h");
  if (posix) {
    return below("storage/sqlite/") || below("storage/postgres/") || below("gateway/");
  }
  if (below("storage/")) return starts("openssl/") ? false : starts("boost/system");
  if (below("config/")) return starts("toml++/");
  if (below("actors/")) return starts("caf/") || starts("boost/system");
  if (below("gateway/")) {
    return starts("boost/") || starts("openssl/") || starts("caf/") || starts("CLI/") ||
           starts("prometheus/");
  }
  return false;
}

TEST(Tidy, IncludesPointTheWayTheRoomsAllow) {
  const fs::path root{CAMBIST_SOURCE_DIR};
  std::size_t seen = 0;
  for (const auto& room : rooms) {
    for (const auto& include : includes_below(root, room)) {
      ++seen;
      const bool allowed = include.quoted ? own_arrow_allowed(include.file, include.target)
                                          : third_party_allowed(include.file, include.target);
      EXPECT_TRUE(allowed) << include.file << ':' << include.line << " may not include "
                           << include.target;
    }
  }
  EXPECT_GT(seen, 200U) << "the reader found too few include lines to be believed";
}

TEST(Tidy, BeastStaysInOneTranslationUnitForEachDirection) {
  const fs::path root{CAMBIST_SOURCE_DIR};
  std::set<std::string> users;
  for (const auto& include : includes_below(root, "gateway")) {
    if (include.target.rfind("boost/beast", 0) == 0) users.insert(include.file);
  }
  for (const auto& file : users) {
    EXPECT_TRUE(file.ends_with(".cpp"))
        << file << ": Beast in a header is paid for by everyone who includes it";
  }
  EXPECT_LE(users.size(), 4U);
}

TEST(Tidy, TheReaderOfIncludesSeesAWrongArrow) {
  EXPECT_FALSE(own_arrow_allowed("protocols/payment/machine.cpp", "actors/messages.hpp"));
  EXPECT_FALSE(own_arrow_allowed("actors/journal/journal.cpp", "storage/sqlite/store.hpp"));
  EXPECT_FALSE(own_arrow_allowed("gateway/api/api.cpp", "storage/sqlite/store.hpp"));
  EXPECT_FALSE(own_arrow_allowed("actors/payment/payment.cpp", "config/settings.hpp"));
  EXPECT_FALSE(third_party_allowed("protocols/core/ids.cpp", "caf/all.hpp"));
  EXPECT_TRUE(third_party_allowed("protocols/bank/camt.cpp", "pugixml.hpp"));
  EXPECT_FALSE(third_party_allowed("protocols/providers/stripe/adapter.cpp", "pugixml.hpp"));
  EXPECT_FALSE(third_party_allowed("actors/provider/provider.cpp", "boost/beast/http.hpp"));
  EXPECT_FALSE(third_party_allowed("storage/memory/store.cpp", "sqlite3.h"));
  EXPECT_TRUE(own_arrow_allowed("gateway/main.cpp", "storage/sqlite/store.hpp"));
}

/// Promises about the text of the sources: no clock or randomness in what must be deterministic.
TEST(Tidy, MachinesAndActorsReadNoClockAndDrawNoRandomness) {
  static const std::regex banned{
      R"(system_clock::now|steady_clock::now|random_device|high_resolution_clock|std::rand\b|this_thread|getenv)"};
  const fs::path root{CAMBIST_SOURCE_DIR};
  for (const char* room : {"protocols", "actors", "config"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / room)) {
      const auto extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".hpp" && extension != ".cpp")) continue;
      std::ifstream in{entry.path()};
      std::string text;
      for (int line = 1; std::getline(in, text); ++line) {
        EXPECT_FALSE(std::regex_search(text, banned))
            << fs::relative(entry.path(), root).generic_string() << ':' << line << ": " << text;
      }
    }
  }
}

}  // namespace
