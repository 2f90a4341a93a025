// The command line as a value: which command, and what its flags say. CLI11 stays in arguments.cpp.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/settings.hpp"

namespace cambist::gateway::cli {

struct Serve {};
/// The emulators alone. `roots` are (provider, HOST:PORT) pairs.
struct SandboxAlone {
  std::string listen = "127.0.0.1:8081";
  std::vector<std::pair<std::string, std::string>> roots;
  std::string webhooks;
};
struct Demo {
  std::string url = "http://127.0.0.1:8080";
};
struct ConfigCheck {};
struct ConfigShow {};
struct Migrate {};
struct Version {};
struct Doctor {};
using Command =
    std::variant<Serve, SandboxAlone, Demo, ConfigCheck, ConfigShow, Migrate, Version, Doctor>;

struct Arguments {
  Command command;
  config::Flags flags;
  bool json = false;
};

/// The program ends here: help was asked for (`status` 0, `text` for stdout) or the line is wrong
/// (`status` 2, `text` one line for stderr).
struct Exit {
  int status = 0;
  std::string text;
};

[[nodiscard]] std::variant<Arguments, Exit> parse(int argc, const char* const* argv);

}  // namespace cambist::gateway::cli
