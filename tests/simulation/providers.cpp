#include "tests/simulation/providers.hpp"

#include <stdexcept>

#include "config/settings.hpp"

namespace cambist::sim {
namespace {

provider::Settings settings_of(const provider::Entry& entry) {
  auto settings = config::adapter_settings(entry.name, config::Provider{}, sandbox_url);
  // Three days would be longer than a run waits for everything to come to rest.
  if (entry.name == "bank_transfer") settings.values["expires_after_h"] = "2";
  return settings;
}

}  // namespace

std::map<std::string, std::shared_ptr<const provider::Adapter>> make_adapters() {
  std::map<std::string, std::shared_ptr<const provider::Adapter>> made;
  for (const auto& entry : provider::registry()) {
    auto adapter = entry.make(settings_of(entry));
    if (!adapter) {
      throw std::runtime_error("no adapter of " + std::string{entry.name} + ": " +
                               adapter.error().field + " " + adapter.error().detail);
    }
    made.emplace(entry.name, std::move(*adapter));
  }
  return made;
}

gateway::sandbox::webhooks::Secrets webhook_secrets() {
  gateway::sandbox::webhooks::Secrets secrets;
  for (const auto& entry : provider::registry()) {
    const auto settings = settings_of(entry);
    const auto secret = settings.secrets.find("webhook_secret");
    secrets.emplace(std::string{entry.name}, secret == settings.secrets.end()
                                                 ? Secret{"signs with a key of its own"}
                                                 : secret->second.clone());
  }
  return secrets;
}

std::vector<routing::Account> accounts() {
  std::vector<routing::Account> all;
  for (const auto& name : provider_names()) {
    routing::Account account;
    account.provider = name;
    account.place = all.size();
    all.push_back(std::move(account));
  }
  return all;
}

std::vector<std::string> provider_names() {
  std::vector<std::string> names;
  for (const auto& entry : provider::registry()) names.emplace_back(entry.name);
  return names;
}

}  // namespace cambist::sim
