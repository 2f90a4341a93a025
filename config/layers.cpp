#include "config/layers.hpp"

#include "config/schema.hpp"
#include "config/suggest.hpp"

namespace cambist::config {
namespace {

// "CAMBIST_" and the section a setting stands in, such as "CAMBIST_SERVER_" or "CAMBIST_STRIPE_".
std::string section_prefix(std::string_view name) {
  constexpr std::string_view providers = "providers.";
  if (name.starts_with(providers)) name.remove_prefix(providers.size());
  std::string prefix = "CAMBIST_";
  for (const char c : name.substr(0, name.find('.'))) {
    prefix += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return prefix + "_";
}

// Somebody meant a setting: the name is nearly one, begins with one, or stands in a section of
// ours. Other names (CAMBIST_HOME of a script, say) are not ours to refuse.
bool is_meant_for_us(std::string_view variable) {
  constexpr std::size_t typo_max = 2;
  for (const auto& setting : schema()) {
    if (distance(variable, setting.variable) <= typo_max ||
        variable.starts_with(setting.variable + "_") ||
        (setting.name.find('.') != std::string::npos &&
         variable.starts_with(section_prefix(setting.name)))) {
      return true;
    }
  }
  return false;
}

}  // namespace

Layer read_environment(const Environment& environment, Problems& problems) {
  std::map<std::string, std::string> names;
  std::vector<std::string> known{"CAMBIST_CONFIG"};
  for (const auto& setting : schema()) {
    names.emplace(setting.variable, setting.name);
    known.push_back(setting.variable);
  }
  Layer layer;
  for (const auto& [variable, value] : environment) {
    if (!variable.starts_with("CAMBIST_") || variable == "CAMBIST_CONFIG") continue;
    const auto found = names.find(variable);
    if (found == names.end()) {
      if (!is_meant_for_us(variable)) continue;
      const std::string meant = nearest(variable, known);
      problems.push_back({"environment " + variable, "", "there is no such setting",
                          meant.empty() ? "unset it" : "did you mean " + meant + "?"});
    } else if (!value.empty()) {
      layer[found->second] = {value, "environment " + variable, false};
    }
  }
  return layer;
}

Layer read_flags(const Flags& flags) {
  Layer layer;
  const auto put = [&layer](const char* name, const char* flag,
                            const std::optional<std::string>& value) {
    if (value) layer[name] = {*value, std::string{"flag "} + flag, false};
  };
  put("server.listen", "--listen", flags.listen);
  put("storage.data", "--data", flags.data);
  put("storage.database", "--database", flags.database);
  put("sandbox.listen", "--sandbox-listen", flags.sandbox_listen);
  put("log.level", "--log-level", flags.log_level);
  if (flags.sandbox) {
    layer["sandbox.enabled"] = {*flags.sandbox,
                                *flags.sandbox ? "flag --sandbox" : "flag --no-sandbox"};
  }
  return layer;
}

}  // namespace cambist::config
