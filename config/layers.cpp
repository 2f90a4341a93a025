#include "config/layers.hpp"

#include "config/schema.hpp"
#include "config/suggest.hpp"

namespace cambist::config {

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
