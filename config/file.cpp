// The only file that knows TOML.
#include <algorithm>
#include <fstream>

#include <toml++/toml.h>

#include "config/layers.hpp"
#include "config/schema.hpp"
#include "config/suggest.hpp"

namespace cambist::config {
namespace {

// A settings file of this size is something else.
constexpr std::size_t file_bytes_max = 1024 * 1024;

class Reader {
 public:
  Reader(std::string path, Layer& layer, Problems& problems)
      : path_(std::move(path)), layer_(layer), problems_(problems) {
    for (const auto& setting : schema()) names_.push_back(setting.name);
  }

  void read(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string name = prefix + std::string{key.str()};
      const std::string where = path_ + ":" + std::to_string(key.source().begin.line);
      if (find_setting(name) != nullptr) {
        take(name, where, node);
      } else if (const auto* inner = node.as_table(); inner != nullptr && is_section(name)) {
        read(*inner, name + ".");
      } else {
        refuse(name, where);
      }
    }
  }

 private:
  bool is_section(const std::string& name) const {
    const std::string prefix = name + ".";
    return std::any_of(names_.begin(), names_.end(),
                       [&](const std::string& known) { return known.starts_with(prefix); });
  }

  void refuse(const std::string& name, const std::string& where) {
    std::vector<std::string> known = names_;
    for (const auto& setting : schema()) known.push_back(setting.section());
    const std::string meant = nearest(name, known);
    problems_.push_back({where, name, "there is no such setting",
                         meant.empty() ? "config/cambist.example.toml lists all of them"
                                       : "did you mean " + meant + "?"});
  }

  void take(const std::string& name, const std::string& where, const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) {
      layer_[name] = {*text, where};
    } else if (const auto flag = node.value_exact<bool>()) {
      layer_[name] = {*flag, where};
    } else if (const auto whole = node.value_exact<std::int64_t>()) {
      layer_[name] = {*whole, where};
    } else if (const auto real = node.value_exact<double>()) {
      layer_[name] = {*real, where};
    } else if (auto list = list_of<std::int64_t>(node)) {
      layer_[name] = {std::move(*list), where};
    } else if (auto words = list_of<std::string>(node)) {
      layer_[name] = {std::move(*words), where};
    } else {
      problems_.push_back(
          {where, name, "is a table, a date or a list of other things than whole numbers or texts",
           "config/cambist.example.toml shows how to write it"});
    }
  }

  template <class T>
  static std::optional<std::vector<T>> list_of(const toml::node& node) {
    const auto* array = node.as_array();
    if (array == nullptr) return std::nullopt;
    std::vector<T> list;
    for (const auto& entry : *array) {
      const auto value = entry.value_exact<T>();
      if (!value) return std::nullopt;
      list.push_back(*value);
    }
    return list;
  }

  std::string path_;
  Layer& layer_;
  Problems& problems_;
  std::vector<std::string> names_;
};

}  // namespace

Layer read_file(const std::string& path, Problems& problems) {
  Layer layer;
  std::ifstream file{path, std::ios::binary};
  // One byte more than is allowed, so that too much is seen without being read to its end.
  std::string text(file_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.fail() && !file.eof())) {
    problems.push_back({path, "config", "the file cannot be read", "name a TOML file that exists"});
    return layer;
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > file_bytes_max) {
    problems.push_back({path, "config", "the file is above 1 MiB", "name a TOML file of settings"});
    return layer;
  }
  try {
    Reader{path, layer, problems}.read(toml::parse(text, path), "");
  } catch (const toml::parse_error& error) {
    // The parser's own text may quote the line, and the line may hold a secret.
    problems.push_back({path + ":" + std::to_string(error.source().begin.line), "", "is not TOML",
                        "check the quotes, brackets and repeated keys at column " +
                            std::to_string(error.source().begin.column)});
  }
  return layer;
}

}  // namespace cambist::config
