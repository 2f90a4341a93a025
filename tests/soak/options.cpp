#include "tests/soak/options.hpp"

#include <CLI/CLI.hpp>
#include <random>

namespace cambist::soak {
namespace {

constexpr auto about =
    R"(cambist-soak: the real server under load, killed at random, and judged at the end

The report goes to stdout, progress to stderr. The exit code is 0 only when nothing was lost,
nothing was doubled, and no other promise was broken.)";

}  // namespace

std::optional<Options> read_options(int argc, const char* const* argv, int& status) {
  Options options;
  double minutes = 1;
  double kill_every = options.kill_every.count();
  std::string store = "sqlite";
  CLI::App app{about};
  app.add_option("--minutes", minutes, "length of the load")
      ->check(CLI::Range(0.05, 24.0 * 60))
      ->capture_default_str();
  auto* seed = app.add_option("--seed", options.seed, "of load, kills and faults [drawn]");
  app.add_option("--store", store, "sqlite or postgres")
      ->check(CLI::IsMember({"sqlite", "postgres"}))
      ->capture_default_str();
  app.add_option("--kill-every", kill_every,
                 "seconds from a start to its kill, on average; 0: none")
      ->check(CLI::Range(0.0, 86'400.0))
      ->capture_default_str();
  app.add_option("--rate", options.rate, "payments that clients begin in a second")
      ->check(CLI::Range(0.1, 10'000.0))
      ->capture_default_str();
  app.add_option("--folder", options.folder, "where the store and the log go, and stay");
  app.add_flag("--json", options.json, "the report as one JSON document");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    status = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  options.time = std::chrono::duration<double>{minutes * 60};
  options.kill_every = std::chrono::duration<double>{kill_every};
  options.store = store == "postgres" ? test::StoreKind::postgres : test::StoreKind::sqlite;
  if (seed->empty()) options.seed = std::random_device{}();
  return options;
}

}  // namespace cambist::soak
