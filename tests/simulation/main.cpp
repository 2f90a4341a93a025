// cambist-sim: plays whole worlds from seeds, and stops at the first promise that is broken.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <mutex>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>

#include "tests/simulation/profile.hpp"
#include "tests/simulation/tally.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/planted.hpp"

namespace {

using cambist::sim::Outcome;
using cambist::sim::Tally;
using cambist::sim::World;

struct Options {
  std::optional<std::uint64_t> seed{};
  std::string seeds{};
  std::string file{};
  std::uint64_t fresh = 0;
  double minutes = 0;
  unsigned jobs = 1;
  bool trace = false;
  bool report = false;
  double again_percent = 0;
  bool keep_going = false;
  bool must_break = false;
  std::string payment{};
  std::string plant{};
};

/// The next seed to play; nullopt: there is no other.
using Seeds = std::function<std::optional<std::uint64_t>()>;

int play_one(const Options& options) {
  const auto started = std::chrono::steady_clock::now();
  World world{*options.seed, options.trace ? stdout : nullptr};
  const Outcome outcome = world.run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  if (!outcome.violations.empty()) {
    fmt::print("the last steps:\n{}", outcome.last_steps);
    print_violations(outcome);
  }
  if (options.report) fmt::print("{}", outcome.reach.report());
  if (!options.payment.empty()) fmt::print("{}", world.story(options.payment));
  fmt::print(
      "seed {} ({}): {} payments, {} requests, {} faults, {} crashes, {} steps, {:.0f} s "
      "simulated in {:.2f} s, hash {:016x}, {} violations\n",
      outcome.seed, outcome.profile, outcome.payments, outcome.requests, outcome.faults,
      outcome.crashes, outcome.steps, outcome.simulated_s, took.count(), outcome.hash,
      outcome.violations.size());
  return outcome.violations.empty() ? 0 : 1;
}

/// Whether the planted fault was acted out, and broke what it is said to break.
bool found(const Options& options, const Tally& tally) {
  for (const auto& fault : cambist::test::planted_faults()) {
    if (fault.name == options.plant)
      return cambist::test::planted_hits() > 0 && tally.broke(std::string{fault.breaks});
  }
  return false;
}

int play_many(const Options& options, const Seeds& next) {
  Tally tally{options.keep_going, options.again_percent};
  const auto started = std::chrono::steady_clock::now();
  const auto elapsed = [&started] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  };
  std::mutex taking;
  std::atomic<unsigned> working{options.jobs};
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < options.jobs; ++i) {
    workers.emplace_back([&] {
      while (!tally.stopped() && (options.minutes == 0 || elapsed() < options.minutes * 60)) {
        std::optional<std::uint64_t> seed;
        {
          const std::lock_guard lock{taking};
          seed = next();
        }
        if (!seed) break;
        const Outcome outcome = World{*seed}.run();
        tally.add(outcome);
        if (tally.again(*seed)) tally.compare(*seed, outcome.hash, World{*seed}.run().hash);
      }
      --working;
      working.notify_all();
    });
  }
  std::thread reporter{[&] {
    double told = 0;
    while (working > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds{200});
      if (elapsed() - told < 30) continue;
      told = elapsed();
      tally.progress(told);
    }
  }};
  for (auto& worker : workers) worker.join();
  reporter.join();
  const int broken = tally.finish(elapsed(), options.report);
  return options.must_break ? (found(options, tally) ? 0 : 1) : broken;
}

Seeds from_to(std::uint64_t first, std::uint64_t last) {
  return [first, last]() mutable -> std::optional<std::uint64_t> {
    if (first > last) return std::nullopt;
    return first++;
  };
}

/// "A..B".
std::optional<Seeds> read_range(const std::string& text) {
  const auto dots = text.find("..");
  if (dots == std::string::npos) return std::nullopt;
  try {
    return from_to(std::stoull(text.substr(0, dots)), std::stoull(text.substr(dots + 2)));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

/// The first word of each line that is a number.
Seeds read_file(const std::string& path) {
  std::vector<std::uint64_t> seeds;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) {
    std::istringstream words{line};
    std::uint64_t seed = 0;
    if (words >> seed) seeds.push_back(seed);
  }
  return [seeds, at = std::size_t{0}]() mutable -> std::optional<std::uint64_t> {
    if (at == seeds.size()) return std::nullopt;
    return seeds[at++];
  };
}

/// Seeds that nobody has played: from CAMBIST_FRESH_SEED on, or drawn.
Seeds draw_fresh(std::uint64_t count) {
  std::random_device device;
  const char* given = std::getenv("CAMBIST_FRESH_SEED");
  const std::uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10)
                                               : (std::uint64_t{device()} << 20U) + 1'000'000;
  fmt::print("fresh seeds from {} on\n", first);
  std::fflush(stdout);
  return from_to(first, count > 0 ? first + count - 1 : UINT64_MAX);
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("--seed", options.seed, "play this one, exactly as before");
  app.add_option("--seeds", options.seeds, "A..B: play these, stop at the first broken promise");
  app.add_option("--fresh", options.fresh, "so many seeds that nobody has played");
  app.add_option("--minutes", options.minutes, "fresh seeds for so long");
  app.add_option("--file", options.file, "the seeds that begin the lines of this file");
  app.add_option("--jobs", options.jobs, "threads")->check(CLI::Range(1U, 64U));
  app.add_flag("--trace", options.trace, "print every step (with --seed)");
  app.add_option("--payment", options.payment,
                 "print all that is kept of this payment (with --seed)");
  app.add_flag("--report", options.report, "print what was come by, and what was not");
  app.add_option("--again", options.again_percent,
                 "percent of the seeds to play twice and compare");
  app.add_flag("--keep-going", options.keep_going, "do not stop at a broken promise");
#ifdef CAMBIST_PLANTED_FAULTS
  app.add_option("--plant", options.plant, "this fault is in the product; \"list\": all there are");
  app.add_flag("--must-break", options.must_break,
               "fail unless the planted fault breaks what it is said to break");
#endif
}

/// Nullopt: go on.
std::optional<int> plant(const std::string& name) {
  if (name == "list") {
    for (const auto& fault : cambist::test::planted_faults())
      fmt::print("{}\t{}\t{}\n", fault.name, fault.breaks, fault.what);
    return 0;
  }
  if (name.empty() || cambist::test::plant(name)) return std::nullopt;
  fmt::print(stderr, "error: there is no fault {} to plant\n", name);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Plays payments, faults and crashes from one seed, on a virtual clock."};
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(spdlog::level::off);
  if (const auto done = plant(options.plant)) return *done;
  cambist::sim::Profile::stripe_alone = !options.plant.empty();

  if (options.seed) return play_one(options);
  if (!options.file.empty()) return play_many(options, read_file(options.file));
  if (!options.seeds.empty()) {
    const auto seeds = read_range(options.seeds);
    if (seeds) return play_many(options, *seeds);
    fmt::print(stderr, "error: --seeds must be A..B\n");
    return 2;
  }
  if (options.fresh > 0 || options.minutes > 0)
    return play_many(options, draw_fresh(options.fresh));
  fmt::print(stderr, "error: one of --seed, --seeds, --file, --fresh and --minutes is needed\n");
  return 2;
}
