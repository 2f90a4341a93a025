#include "tests/fuzz/support/adapters.hpp"

#include <string>

namespace cambist::fuzz {

std::vector<std::shared_ptr<const provider::Adapter>> adapters(std::string_view ending) {
  std::vector<std::shared_ptr<const provider::Adapter>> all;
  for (const auto& entry : provider::registry()) {
    provider::Settings settings;
    for (const auto name : entry.secrets)
      settings.secrets.emplace(name, Secret{"sk_test_" + std::string{ending}});
    for (const auto& [name, value] : entry.sandbox) {
      if (!settings.secrets.contains(std::string{name})) settings.values.emplace(name, value);
    }
    auto made = entry.make(settings);
    must(made.has_value(),
         "an adapter is made from its secrets and what its entry says for the sandbox");
    all.push_back(std::move(*made));
  }
  return all;
}

http::Headers read_headers(Parts& parts) {
  http::Headers headers;
  for (auto line = parts.line(); !line.empty(); line = parts.line()) {
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    headers.push_back({std::string{line.substr(0, colon)}, std::string{line.substr(colon + 2)}});
  }
  return headers;
}

}  // namespace cambist::fuzz
