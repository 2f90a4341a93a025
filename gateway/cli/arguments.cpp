#include "gateway/cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

namespace cambist::gateway::cli {
namespace {

/// The flags of every command that reads the settings.
void add_settings_flags(CLI::App& app, config::Flags& flags) {
  app.add_option("--config", flags.config,
                 "TOML file (config/cambist.example.toml shows every setting)");
  app.add_option("--data", flags.data, "folder of the embedded store [./cambist-data]");
  app.add_option("--database", flags.database, "URL of the store, for example postgres://…");
  app.add_option("--listen", flags.listen, "HOST:PORT of the API [127.0.0.1:8080]");
  app.add_option("--sandbox-listen", flags.sandbox_listen,
                 "HOST:PORT of the sandbox [127.0.0.1:8081]");
  app.add_option("--log-level", flags.log_level, "trace, debug, info, warn or error [info]");
  auto* with = app.add_flag_callback(
      "--sandbox", [&] { flags.sandbox = true; }, "run the provider emulators inside [on]");
  app.add_flag_callback(
         "--no-sandbox", [&] { flags.sandbox = false; }, "do not")
      ->excludes(with);
}

std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (auto& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

}  // namespace

std::variant<Arguments, Exit> parse(int argc, const char* const* argv) {
  Arguments arguments;
  SandboxAlone sandbox;
  Demo demo;
  std::vector<std::string> roots;

  CLI::App app{"Cambist: an actor-based asynchronous payment runtime", "cambist"};
  app.require_subcommand(1);
  app.fallthrough(false);

  auto* serve = app.add_subcommand("serve", "run the server");
  add_settings_flags(*serve, arguments.flags);

  auto* emulators = app.add_subcommand("sandbox", "run the provider emulators alone");
  emulators->add_option("--listen", sandbox.listen, "HOST:PORT [127.0.0.1:8081]");
  emulators->add_option(
      "--root", roots,
      "PROVIDER=HOST:PORT serves one provider at the root of an address; repeatable");
  emulators->add_option("--webhooks", sandbox.webhooks,
                        "URL that webhooks go to, as URL/{provider} [none are sent]");

  auto* demonstration =
      app.add_subcommand("demo", "one payment through the public API, and its timeline");
  demonstration->add_option("--url", demo.url, "the server [http://127.0.0.1:8080]");
  demonstration->add_option("--data", arguments.flags.data,
                            "where the server keeps its development key [./cambist-data]");
  demonstration->add_flag("--json", arguments.json, "print the payment and its timeline as JSON");

  auto* configuration = app.add_subcommand("config", "check or show the settings");
  configuration->require_subcommand(1);
  auto* check = configuration->add_subcommand(
      "check", "say whether the settings are right, and which providers are on");
  add_settings_flags(*check, arguments.flags);
  check->add_flag("--json", arguments.json, "as JSON");
  auto* show = configuration->add_subcommand(
      "show", "print the settings and where each comes from; secrets are not shown");
  add_settings_flags(*show, arguments.flags);
  show->add_flag("--json", arguments.json, "as JSON");

  auto* migrate = app.add_subcommand("migrate", "bring the store to this version's schema");
  add_settings_flags(*migrate, arguments.flags);
  migrate->add_flag("--json", arguments.json, "print the migrations as JSON");

  auto* version = app.add_subcommand("version", "print the version");
  version->add_flag("--json", arguments.json, "as JSON");

  auto* doctor = app.add_subcommand(
      "doctor", "check that this machine can run the server with these settings");
  add_settings_flags(*doctor, arguments.flags);
  doctor->add_flag("--json", arguments.json, "as JSON");

  const auto commands = app.get_subcommands([](CLI::App*) { return true; });
  const std::string first = argc > 1 ? argv[1] : "";
  if (!first.empty() && first.front() != '-' &&
      std::none_of(commands.begin(), commands.end(),
                   [&](const CLI::App* command) { return command->get_name() == first; })) {
    return Exit{2, "there is no command \"" + first + "\" (cambist --help lists them)"};
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream talk;
    if (app.exit(error, out, talk) == 0) return Exit{0, out.str()};
    return Exit{2, one_line(error.what()) + " (cambist --help lists the commands and flags)"};
  }

  for (const auto& root : roots) {
    const auto at = root.find('=');
    if (at == std::string::npos || at == 0 || at + 1 == root.size()) {
      return Exit{2, "--root: \"" + root + "\" is not of the form PROVIDER=HOST:PORT"};
    }
    sandbox.roots.emplace_back(root.substr(0, at), root.substr(at + 1));
  }

  if (serve->parsed()) arguments.command = Serve{};
  if (emulators->parsed()) arguments.command = std::move(sandbox);
  if (demonstration->parsed()) arguments.command = std::move(demo);
  if (check->parsed()) arguments.command = ConfigCheck{};
  if (show->parsed()) arguments.command = ConfigShow{};
  if (migrate->parsed()) arguments.command = Migrate{};
  if (version->parsed()) arguments.command = Version{};
  if (doctor->parsed()) arguments.command = Doctor{};
  return arguments;
}

}  // namespace cambist::gateway::cli
