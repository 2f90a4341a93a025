#include <sstream>

#include "config/merge.hpp"
#include "config/schema.hpp"
#include "config/settings.hpp"

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
    const auto source = merged.sources.find(setting.name);
    const std::string from = source == merged.sources.end() ? "default" : source->second;
    if (value.empty()) {
      text << "# " << setting.key() << " is not set\n";
    } else {
      text << setting.key() << " = " << value << "  # " << from << '\n';
    }
  }
  return text.str();
}

}  // namespace cambist::config
