#include <algorithm>
#include <sstream>

#include "config/merge.hpp"
#include "config/schema.hpp"
#include "config/settings.hpp"
#include "protocols/core/json_text.hpp"

namespace cambist::config {
namespace {

Error refusal(const Problems& problems) {
  std::string lines;
  for (const auto& problem : problems) lines += (lines.empty() ? "" : "\n") + problem.line();
  return Error{ErrorCode::invalid_request, std::move(lines)};
}

}  // namespace

Result<Settings> load(const Flags& flags, const Environment& environment) {
  auto merged = merge(flags, environment);
  if (!merged.problems.empty()) return refusal(merged.problems);
  return std::move(merged.settings);
}

Result<Settings> load_for_serving(const Flags& flags, const Environment& environment) {
  auto merged = merge(flags, environment);
  const bool only_providers =
      std::all_of(merged.problems.begin(), merged.problems.end(),
                  [](const Problem& problem) { return !problem.provider.empty(); });
  for (const auto& problem : merged.problems) {
    if (problem.provider.empty()) continue;
    Provider& provider = merged.settings.providers.at(problem.provider);
    provider.enabled = false;
    provider.problem = problem.setting + " " + problem.what;
  }
  const auto& providers = merged.settings.providers;
  const bool any = std::any_of(providers.begin(), providers.end(),
                               [](const auto& entry) { return entry.second.enabled; });
  if (!only_providers || !any) return refusal(merged.problems);
  return std::move(merged.settings);
}

Result<std::string> show(const Flags& flags, const Environment& environment) {
  const auto merged = merge(flags, environment);
  if (!merged.problems.empty()) return refusal(merged.problems);
  std::ostringstream text;
  std::string section;
  for (const auto& setting : schema()) {
    if (setting.section() != section) {
      section = setting.section();
      text << "\n[" << section << "]\n";
    }
    const std::string value = setting.shown(merged.settings);
    const std::string from = source_of(merged, setting.name);
    if (value.empty()) {
      text << "# " << setting.key() << " is not set\n";
    } else {
      text << setting.key() << " = " << value << "  # " << from << '\n';
    }
  }
  return text.str();
}

Result<std::string> show_json(const Flags& flags, const Environment& environment) {
  const auto merged = merge(flags, environment);
  if (!merged.problems.empty()) return refusal(merged.problems);
  std::string list;
  for (const auto& setting : schema()) {
    // Numbers, quoted text and lists are written in TOML as they are in JSON.
    const std::string value = setting.shown(merged.settings);
    if (!list.empty()) list += ',';
    JsonObject{list}
        .string("name", setting.name)
        .raw("value", value.empty() ? "null" : value)
        .string("source", source_of(merged, setting.name))
        .close();
  }
  return R"({"settings":[)" + list + "]}\n";
}

}  // namespace cambist::config
