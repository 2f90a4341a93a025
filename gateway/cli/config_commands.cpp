#include "gateway/cli/config_commands.hpp"

#include <ostream>
#include <sstream>
#include <string>

#include <boost/json.hpp>

#include "gateway/cli/process.hpp"

namespace cambist::gateway::cli {
namespace {

namespace json = boost::json;

/// Why it is off; empty when it is on.
std::string why_off(const config::Provider& provider) {
  if (provider.enabled) return {};
  return provider.off_by.empty() ? "nothing is set" : "switched off by " + provider.off_by;
}

json::array providers_of(const config::Settings& settings) {
  json::array list;
  for (const auto& entry : provider::registry()) {
    const std::string why = why_off(settings.providers.at(std::string{entry.name}));
    list.push_back({{"name", entry.name},
                    {"state", why.empty() ? "on" : "off"},
                    {"detail", why.empty() ? json::value(nullptr) : json::value(why)}});
  }
  return list;
}

/// One line of `detail` for each problem.
json::array problems_of(const Error& error) {
  json::array list;
  std::istringstream lines{error.detail};
  for (std::string line; std::getline(lines, line);) list.emplace_back(line);
  return list;
}

}  // namespace

int check_config(const config::Flags& flags, const config::Environment& environment, bool as_json,
                 std::ostream& out) {
  const auto settings = config::load(flags, environment);
  if (!settings) {
    if (as_json) {
      out << json::object{{"right", false}, {"problems", problems_of(settings.error())}} << '\n';
    }
    return fail_settings(settings.error());
  }
  if (as_json) {
    out << json::object{{"right", true}, {"providers", providers_of(*settings)}} << '\n';
    return 0;
  }
  out << "the settings are right\n";
  for (const auto& entry : provider::registry()) {
    const std::string why = why_off(settings->providers.at(std::string{entry.name}));
    out << entry.name << ": " << (why.empty() ? "on" : "off (" + why + ")") << '\n';
  }
  return 0;
}

int show_config(const config::Flags& flags, const config::Environment& environment, bool json,
                std::ostream& out) {
  const auto shown =
      json ? config::show_json(flags, environment) : config::show(flags, environment);
  if (!shown) return fail_settings(shown.error());
  out << *shown;
  return 0;
}

}  // namespace cambist::gateway::cli
