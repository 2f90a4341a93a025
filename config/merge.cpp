#include "config/merge.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "config/layers.hpp"
#include "config/schema.hpp"
#include "protocols/provider/base_url.hpp"

namespace cambist::config {
namespace {

// What stands in for a key that only the sandbox sees.
constexpr std::string_view sandbox_key = "sk_test_sandbox";

void lay_over(const Layer& layer, Merged& merged) {
  for (const auto& [name, given] : layer) {
    const Setting* setting = find_setting(name);
    if (auto complaint = setting->set(merged.settings, given)) {
      merged.problems.push_back(
          {given.where, name, std::move(complaint->what), std::move(complaint->right)});
    } else {
      merged.sources[name] = given.where;
    }
  }
}

// Two settings that contradict each other: named by the one that somebody set.
void require(bool holds, Merged& merged, const std::string& smaller, const std::string& larger) {
  if (holds) return;
  const bool set = merged.sources.contains(smaller);
  const auto& name = set ? smaller : larger;
  merged.problems.push_back({source_of(merged, name), name,
                             "does not fit the other end of its range",
                             smaller + " must not be above " + larger});
}

void check_pairs(Merged& merged) {
  const auto& payments = merged.settings.payments;
  require(payments.repeat_delay_min <= payments.repeat_delay_max, merged,
          "payments.repeat_delay_min_ms", "payments.repeat_delay_max_ms");
  require(payments.inquiry_delays.back() <= payments.inquiry_delay_max, merged,
          "payments.inquiry_delays_ms", "payments.inquiry_delay_max_ms");
  const auto& outgoing = merged.settings.outgoing;
  require(outgoing.connect_timeout <= outgoing.timeout, merged, "outgoing.connect_timeout_ms",
          "outgoing.timeout_ms");
  const auto& server = merged.settings.server;
  require(server.connections_per_address_max <= server.connections_max, merged,
          "server.connections_per_address_max", "server.connections_max");
  for (const auto& [name, provider] : merged.settings.providers) {
    const std::string section = "providers." + name + ".";
    require(provider.breaker.open_min <= provider.breaker.open_max, merged,
            section + "breaker_open_min_ms", section + "breaker_open_max_ms");
    // A call that is answered later than that would be taken for one that nobody answered. What
    // nobody set and nobody uses is in nobody's way.
    const bool used = provider.enabled || merged.sources.contains(section + "call_timeout_ms");
    require(!used || provider.call_timeout <= payments.call_grace, merged,
            section + "call_timeout_ms", "payments.call_grace_ms");
  }
}

// The same address twice can only be listened on once; port 0 is another one each time.
void check_addresses(Merged& merged) {
  const auto& settings = merged.settings;
  const bool same = settings.sandbox.enabled && settings.sandbox.listen == settings.server.listen &&
                    !settings.server.listen.ends_with(":0");
  if (!same) return;
  const std::string name =
      merged.sources.contains("sandbox.listen") ? "sandbox.listen" : "server.listen";
  merged.problems.push_back({source_of(merged, name), name,
                             "the API and the sandbox share one address",
                             "give each a port of its own"});
}

/// Whether somebody told its adapter anything: then it is meant to be used, and what is still
/// missing is a mistake. Which payments it would take, and its limits, say nothing about that.
bool is_meant(const Provider& provider) {
  const auto& [values, secrets] = provider.settings;
  return !values.empty() || std::any_of(secrets.begin(), secrets.end(),
                                        [](const auto& entry) { return !entry.second.empty(); });
}

void check_provider(Merged& merged, const provider::Entry& entry) {
  const std::string name{entry.name};
  const std::string section = "providers." + name + ".";
  Provider& provider = merged.settings.providers.at(name);
  const bool sandbox = merged.settings.sandbox.enabled;
  provider.sandbox_secrets = merged.settings.sandbox.secrets;
  const bool asked_for = merged.sources.contains(section + "enabled");
  if (!asked_for) provider.enabled = sandbox || is_meant(provider);
  if (asked_for && !provider.enabled) provider.off_by = source_of(merged, section + "enabled");
  if (!provider.enabled) return;

  const auto made =
      entry.make(adapter_settings(name, provider, sandbox ? "http://127.0.0.1:1" : ""));
  if (made) return;
  const auto& error = made.error();
  const std::string setting = section + error.field;
  const Setting* known = find_setting(setting);
  const std::string variable =
      known == nullptr ? "" : "set " + known->variable + " or the file's " + setting;
  merged.problems.push_back({source_of(merged, setting), setting, error.detail, variable, name});
}

// Certificates that cannot be used would be found out at the first payment; it is said at start.
void check_ca_file(Merged& merged) {
  const std::string& path = merged.settings.outbound.ca_file;
  if (path.empty()) return;
  std::ifstream in;
  // A device or a pipe may never end, or never begin.
  std::error_code failed;
  if (std::filesystem::is_regular_file(path, failed)) in.open(path);
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (text.find("-----BEGIN CERTIFICATE-----") != std::string::npos) return;
  merged.problems.push_back(
      {source_of(merged, "outbound.ca_file"), "outbound.ca_file",
       "\"" + path + "\" " + (in.is_open() ? "holds no certificate" : "cannot be read"),
       "name a readable PEM file, or leave it empty for the system's roots"});
}

void check_providers(Merged& merged) {
  bool any = false;
  for (const auto& entry : provider::registry()) {
    check_provider(merged, entry);
    any = any || merged.settings.providers.at(std::string{entry.name}).enabled;
  }
  if (any) return;
  merged.problems.push_back(
      {source_of(merged, "sandbox.enabled"), "providers", "none is enabled",
       "set a provider's secret key, for example CAMBIST_STRIPE_SECRET_KEY, or switch "
       "the sandbox on"});
}

}  // namespace

provider::Settings adapter_settings(std::string_view name, const Provider& provider,
                                    std::string_view sandbox_url) {
  provider::Settings made;
  made.values = provider.settings.values;
  for (const auto& [key, secret] : provider.settings.secrets)
    made.secrets.emplace(key, secret.clone());

  const auto set_url = made.values.find("base_url");
  bool stands_in = false;
  if (set_url == made.values.end()) {
    stands_in = !sandbox_url.empty();
    if (stands_in) made.values["base_url"] = std::string{sandbox_url} + "/" + std::string{name};
  } else {
    const auto base = provider::parse_base_url(set_url->second);
    stands_in = provider.sandbox_secrets && base && provider::is_loopback(provider::host_of(*base));
  }
  if (!stands_in) return made;
  const auto* entry = provider::find_entry(name);
  const auto stands_for = [entry](std::string_view key) -> std::string_view {
    for (const auto& [setting, value] : entry->sandbox) {
      if (setting == key) return value;
    }
    return {};
  };
  for (const auto& key : entry->secrets) {
    auto& secret = made.secrets[std::string{key}];
    if (!secret.empty()) continue;
    const std::string_view given = stands_for(key);
    secret = Secret{std::string{!given.empty()            ? given
                                : key == "webhook_secret" ? sandbox_webhook_secret
                                                          : sandbox_key}};
  }
  for (const auto& key : entry->settings) {
    if (const auto given = stands_for(key); !given.empty())
      made.values.try_emplace(std::string{key}, given);
  }
  return made;
}

std::string source_of(const Merged& merged, const std::string& name) {
  const auto found = merged.sources.find(name);
  return found == merged.sources.end() ? "default" : found->second;
}

Merged merge(const Flags& flags, const Environment& environment) {
  Merged merged;
  for (const auto& entry : provider::registry()) merged.settings.providers[std::string{entry.name}];

  const auto variable = environment.find("CAMBIST_CONFIG");
  std::string path = flags.config.value_or("");
  if (!flags.config && variable != environment.end()) path = variable->second;
  if (flags.config && path.empty()) {
    merged.problems.push_back(
        {"flag --config", "config", "names no file", "name a TOML file that exists"});
  }
  if (!path.empty()) lay_over(read_file(path, merged.problems), merged);
  lay_over(read_environment(environment, merged.problems), merged);
  lay_over(read_flags(flags), merged);

  // Development is where the sandbox runs: endpoints may then be on this machine.
  if (!merged.sources.contains("webhooks.allow_loopback"))
    merged.settings.webhooks.allow_loopback = merged.settings.sandbox.enabled;
  // An address on this machine may be a proxy to the real provider as well: secrets that everybody
  // knows would let anybody speak for it.
  if (!merged.sources.contains("sandbox.secrets"))
    merged.settings.sandbox.secrets = merged.settings.sandbox.enabled;
  check_addresses(merged);
  check_ca_file(merged);
  check_providers(merged);
  check_pairs(merged);  // behind what decides which providers are on
  return merged;
}

}  // namespace cambist::config
