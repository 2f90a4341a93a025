// The program: it alone knows which storage and which providers run.
#include <iostream>

#include <boost/json.hpp>

#include "gateway/cli/arguments.hpp"
#include "gateway/cli/config_commands.hpp"
#include "gateway/cli/demo.hpp"
#include "gateway/cli/development_key.hpp"
#include "gateway/cli/doctor.hpp"
#include "gateway/cli/process.hpp"
#include "gateway/cli/sandbox_server.hpp"
#include "gateway/cli/serve.hpp"
#include "gateway/outbound/client.hpp"
#include "protocols/core/overloaded.hpp"
#include "storage/postgres/store.hpp"
#include "storage/sqlite/store.hpp"

extern char** environ;

namespace cambist {
namespace {

using gateway::cli::fail;
using gateway::cli::fail_settings;
using gateway::cli::random_bits;
using gateway::cli::status_failed;
using gateway::cli::status_settings;
using gateway::cli::wall_clock;

/// The store that the settings name.
Result<std::shared_ptr<storage::Store>> open_store(const config::Settings& settings) {
  if (!settings.storage.database.empty()) {
    auto opened = storage::postgres::open({.url = settings.storage.database});
    if (!opened) return Error{opened.error().code, "database: " + opened.error().detail};
    return std::shared_ptr<storage::Store>{std::move(*opened)};
  }
  auto opened = storage::sqlite::open(settings.storage.data);
  if (!opened) {
    return Error{opened.error().code,
                 "data " + settings.storage.data + ": " + opened.error().detail};
  }
  return std::shared_ptr<storage::Store>{std::move(*opened)};
}

config::Environment environment() {
  config::Environment found;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    const auto at = text.find('=');
    if (at != std::string_view::npos) found.emplace(text.substr(0, at), text.substr(at + 1));
  }
  return found;
}

/// From the environment, as the server reads them, so that both can be told with one variable.
gateway::sandbox::webhooks::Secrets alone_secrets(const gateway::cli::SandboxServer& emulators) {
  const auto variables = environment();
  gateway::sandbox::webhooks::Secrets secrets;
  for (const auto& provider : emulators.providers()) {
    std::string name = "CAMBIST_" + provider + "_WEBHOOK_SECRET";
    for (auto& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const auto found = variables.find(name);
    const bool set = found != variables.end() && !found->second.empty();
    secrets.emplace(provider,
                    Secret{set ? found->second : std::string{config::sandbox_webhook_secret}});
  }
  return secrets;
}

int run_sandbox(const gateway::cli::SandboxAlone& command) {
  const auto signals = gateway::cli::block_signals();
  gateway::cli::raise_descriptor_limit();
  auto started =
      gateway::cli::SandboxServer::start(command.listen, command.roots, wall_clock, random_bits);
  if (!started) return fail(status_settings, started.error().detail);
  if (!command.webhooks.empty()) {
    const auto secrets = alone_secrets(**started);
    if (auto sends = (*started)->webhooks_to(command.webhooks, secrets); !sends)
      return fail(status_settings, "--webhooks: " + sends.error().detail);
    std::cout << "  webhooks " << command.webhooks << "/{provider}\n";
  }
  for (const auto& [provider, url] : (*started)->roots())
    std::cout << "  " << provider << "  " << url << '\n';
  std::cout << "  sandbox  " << (*started)->url() << std::endl;
  int number = 0;
  sigwait(&signals, &number);
  (*started)->drain(std::chrono::seconds{1});
  return 0;
}

int run_demo(const gateway::cli::Demo& command, const gateway::cli::Arguments& arguments) {
  const auto variables = environment();
  const auto variable = [&](const char* name) -> std::string {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string{} : found->second;
  };
  gateway::cli::DemoParams params{command.url, Secret{variable("CAMBIST_API_KEY")}, arguments.json,
                                  wall_clock, random_bits};
  if (params.api_key.empty()) {
    const auto from_environment = variable("CAMBIST_DATA");
    const auto data =
        arguments.flags.data.value_or(from_environment.empty() ? "cambist-data" : from_environment);
    auto known = gateway::cli::find_development_key(data);
    if (!known)
      return fail(status_settings,
                  "CAMBIST_API_KEY: not set, and there is no development key in " + data);
    params.api_key = std::move(*known);
  }
  return gateway::cli::run_demo(*gateway::outbound::make_client({}), params, std::cout, std::cerr);
}

int run_migrate(const config::Settings& settings, bool json) {
  const auto migrations = settings.storage.database.empty()
                              ? storage::sqlite::migrate(settings.storage.data)
                              : storage::postgres::migrate({.url = settings.storage.database});
  if (!migrations) return fail(status_failed, migrations.error().detail);
  boost::json::array list;
  for (const auto& migration : *migrations) {
    if (json) {
      list.push_back({{"number", migration.number},
                      {"name", migration.name},
                      {"checksum", migration.checksum},
                      {"applied", migration.applied}});
    } else {
      std::cout << migration.number << "  " << migration.name << "  "
                << (migration.applied ? "applied now" : "was there") << '\n';
    }
  }
  if (json) std::cout << boost::json::serialize(boost::json::object{{"migrations", list}}) << '\n';
  return 0;
}

int print_version(bool json) {
  if (json) {
    std::cout << R"({"name":"cambist","version":")" CAMBIST_VERSION "\"}\n";
  } else {
    std::cout << "cambist " CAMBIST_VERSION "\n";
  }
  return 0;
}

int run(gateway::cli::Arguments arguments) {
  const auto with_settings = [&](auto action) {
    auto settings = config::load(arguments.flags, environment());
    return settings ? action(std::move(*settings)) : fail_settings(settings.error());
  };
  return std::visit(
      Overloaded{
          [&](const gateway::cli::Serve&) {
            auto settings = config::load_for_serving(arguments.flags, environment());
            if (!settings) return fail_settings(settings.error());
            return gateway::cli::serve(*settings, open_store, CAMBIST_VERSION);
          },
          [&](const gateway::cli::SandboxAlone& command) { return run_sandbox(command); },
          [&](const gateway::cli::Demo& command) { return run_demo(command, arguments); },
          [&](const gateway::cli::ConfigCheck&) {
            return gateway::cli::check_config(arguments.flags, environment(), arguments.json,
                                              std::cout);
          },
          [&](const gateway::cli::ConfigShow&) {
            return gateway::cli::show_config(arguments.flags, environment(), arguments.json,
                                             std::cout);
          },
          [&](const gateway::cli::Migrate&) {
            return with_settings(
                [&](const auto& settings) { return run_migrate(settings, arguments.json); });
          },
          [&](const gateway::cli::Version&) { return print_version(arguments.json); },
          [&](const gateway::cli::Doctor&) {
            return with_settings([&](const auto& settings) {
              const auto client = gateway::outbound::make_client({});
              const auto opens = [&]() -> Result<void> {
                auto store = open_store(settings);
                if (!store) return store.error();
                return {};
              };
              return gateway::cli::report(gateway::cli::examine(settings, *client, opens),
                                          arguments.json, std::cout);
            });
          },
      },
      arguments.command);
}

}  // namespace
}  // namespace cambist

int main(int argc, char** argv) {
  auto parsed = cambist::gateway::cli::parse(argc, argv);
  if (const auto* exit = std::get_if<cambist::gateway::cli::Exit>(&parsed)) {
    if (exit->status == 0) std::cout << exit->text;
    if (exit->status != 0) std::cerr << "cambist: " << exit->text << '\n';
    return exit->status;
  }
  try {
    return cambist::run(std::move(std::get<cambist::gateway::cli::Arguments>(parsed)));
  } catch (const std::exception& error) {
    std::cerr << "cambist: " << error.what() << '\n';
    return 1;
  }
}
