// One value of one setting, before it is checked, and the line it came from.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cambist::config {

/// What a file, a variable or a flag can say.
/// Shape: a variable or flag is always text; the setting's kind decides how it is read.
using Value = std::variant<std::string, bool, std::int64_t, double, std::vector<std::int64_t>,
                           std::vector<std::string>>;

/// Shape: `where` is "FILE:LINE", "environment NAME" or "flag --name"; `typed` is false for text
///        that may stand for any kind.
struct Given {
  Value value;
  std::string where;
  bool typed = true;
};

/// Settings by their dotted name, for example "server.listen".
using Layer = std::map<std::string, Given>;

/// "where: setting: what; what would be right"
struct Problem {
  std::string where;
  std::string setting;
  std::string what;
  std::string right;
  std::string provider{};  // whose own setting it is, where only that provider suffers
  [[nodiscard]] std::string line() const;
};
using Problems = std::vector<Problem>;

/// `text` as a TOML string literal.
[[nodiscard]] std::string quoted(std::string_view text);
/// At most 40 printable characters of it, quoted, for a message.
[[nodiscard]] std::string excerpt(std::string_view text);

}  // namespace cambist::config
