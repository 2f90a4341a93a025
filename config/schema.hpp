// Every setting there is: its name, how it is read into the settings, and how it is shown.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "config/value.hpp"

namespace cambist::config {

/// What is wrong with a value, and what would be right.
struct Complaint {
  std::string what;
  std::string right;
};

/// Shape: `name` is dotted, as the file has it ("server.listen"); `section` is "server", the part
///        before its last dot. `shown` is a TOML literal, or empty when there is no value.
struct Setting {
  std::string name;
  std::string variable;  // CAMBIST_…
  bool secret = false;
  std::function<std::optional<Complaint>(Settings&, const Given&)> set;
  std::function<std::string(const Settings&)> shown;

  [[nodiscard]] std::string section() const;
  [[nodiscard]] std::string key() const;
};

/// In the order of `show` and of the example file.
[[nodiscard]] const std::vector<Setting>& schema();
[[nodiscard]] const Setting* find_setting(std::string_view name);

}  // namespace cambist::config
