// cambist-sim: plays whole worlds from seeds, and stops at the first promise that is broken.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "tests/simulation/world.hpp"
#include "tests/support/planted.hpp"

namespace {

using cambist::sim::Outcome;
using cambist::sim::Reach;
using cambist::sim::World;

struct Options {
  std::optional<std::uint64_t> seed{};
  std::string seeds{};
  std::uint64_t fresh = 0;
  double minutes = 0;
  unsigned jobs = 1;
  bool trace = false;
  bool report = false;
  double again_percent = 0;
  bool keep_going = false;
  std::string payment{};
};

void print_violations(const Outcome& outcome) {
  fmt::print("seed {} ({}): {} promises broken after {} steps\n", outcome.seed, outcome.profile,
             outcome.violations.size(), outcome.steps);
  std::size_t shown = 0;
  for (const auto& violation : outcome.violations) {
    if (++shown > 20) {
      fmt::print("  …\n");
      break;
    }
    fmt::print("  {}\n", to_string(violation));
  }
}

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
  fmt::print("seed {} ({}): {} payments, {} requests, {} faults, {} crashes, {} steps, {:.0f} s "
             "simulated in {:.2f} s, hash {:016x}, {} violations\n",
             outcome.seed, outcome.profile, outcome.payments, outcome.requests, outcome.faults,
             outcome.crashes, outcome.steps, outcome.simulated_s, took.count(), outcome.hash,
             outcome.violations.size());
  return outcome.violations.empty() ? 0 : 1;
}

/// What many runs came to.
class Tally {
 public:
  Tally(bool keep_going, double again_percent)
      : keep_going_(keep_going), again_percent_(again_percent) {}

  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  [[nodiscard]] bool again(std::uint64_t seed) const {
    return again_percent_ > 0 && static_cast<double>(seed % 10'000) < again_percent_ * 100;
  }
  void add(const Outcome& outcome) {
    const std::lock_guard lock{mutex_};
    ++runs_;
    payments_ += outcome.payments;
    faults_ += outcome.faults;
    crashes_ += outcome.crashes;
    reach_.add(outcome.reach);
    if (outcome.violations.empty()) return;
    ++broken_;
    if (stopped_) return;
    if (!keep_going_) {
      stopped_ = true;
      fmt::print("the last steps:\n{}", outcome.last_steps);
    }
    print_violations(outcome);
    std::fflush(stdout);
  }
  void differs(std::uint64_t seed, std::uint64_t first, std::uint64_t second) {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
    ++broken_;
    fmt::print("seed {} is not the same twice: {:016x}, {:016x}\n", seed, first, second);
  }
  void compared() { ++compared_; }
  void progress(double elapsed_s) {
    const std::lock_guard lock{mutex_};
    fmt::print(stderr, "{:>8.0f} s: {} runs, {} payments, {} faults, {} crashes, {:.0f} payments/s, "
               "{} broken\n", elapsed_s, runs_, payments_, faults_, crashes_,
               static_cast<double>(payments_) / elapsed_s, broken_);
  }
  int finish(double elapsed_s, bool report) {
    if (report) fmt::print("{}", reach_.report());
    fmt::print("{} runs, {} payments, {} faults, {} crashes in {:.1f} s ({:.0f} payments/s); {} "
               "played twice; {} broken\n", runs_, payments_, faults_, crashes_, elapsed_s,
               static_cast<double>(payments_) / elapsed_s, compared_.load(), broken_);
    return broken_ == 0 ? 0 : 1;
  }

 private:
  const bool keep_going_;
  const double again_percent_;
  std::mutex mutex_;
  std::atomic<bool> stopped_{false};
  std::atomic<std::uint64_t> compared_{0};
  std::uint64_t runs_ = 0, payments_ = 0, faults_ = 0, crashes_ = 0, broken_ = 0;
  Reach reach_;
};

int play_many(const Options& options, std::uint64_t first, std::uint64_t end) {
  Tally tally{options.keep_going, options.again_percent};
  const auto started = std::chrono::steady_clock::now();
  const auto elapsed = [&started] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  };
  std::atomic<std::uint64_t> next{first};
  std::atomic<unsigned> working{options.jobs};
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < options.jobs; ++i) {
    workers.emplace_back([&] {
      while (!tally.stopped() && (options.minutes == 0 || elapsed() < options.minutes * 60)) {
        const auto seed = next++;
        if (seed >= end) break;
        const Outcome outcome = World{seed}.run();
        tally.add(outcome);
        if (!tally.again(seed)) continue;
        tally.compared();
        const auto hash = World{seed}.run().hash;
        if (hash != outcome.hash) tally.differs(seed, outcome.hash, hash);
      }
      --working;
    });
  }
  for (int seconds = 1; working > 0; ++seconds) {
    std::this_thread::sleep_for(std::chrono::seconds{1});
    if (seconds % 30 == 0) tally.progress(elapsed());
  }
  for (auto& worker : workers) worker.join();
  return tally.finish(elapsed(), options.report);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Plays payments, faults and crashes from one seed, on a virtual clock."};
  app.add_option("--seed", options.seed, "play this one, exactly as before");
  app.add_option("--seeds", options.seeds, "A..B: play A to B, stop at the first broken promise");
  app.add_option("--fresh", options.fresh, "so many seeds that nobody has played; they are printed");
  app.add_option("--minutes", options.minutes, "fresh seeds for so long");
  app.add_option("--jobs", options.jobs, "threads")->check(CLI::Range(1U, 64U));
  app.add_flag("--trace", options.trace, "print every step (with --seed)");
  app.add_option("--payment", options.payment, "print all that is kept of this one (with --seed)");
  app.add_flag("--report", options.report, "print what was come by, and what was not");
  app.add_option("--again", options.again_percent, "percent of the seeds to play twice and compare");
#ifdef CAMBIST_PLANTED_FAULTS
  std::string plant;
  app.add_option("--plant", plant, "this fault is in the product; --plant list: all there are");
#endif
  app.add_flag("--keep-going", options.keep_going, "do not stop at a broken promise");
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(spdlog::level::off);
#ifdef CAMBIST_PLANTED_FAULTS
  if (plant == "list") {
    for (const auto& fault : cambist::test::planted_faults())
      fmt::print("{}\t{}\t{}\n", fault.name, fault.breaks, fault.what);
    return 0;
  }
  if (!cambist::test::plant(plant)) {
    fmt::print(stderr, "error: there is no fault {} to plant\n", plant);
    return 2;
  }
#endif

  if (options.seed) return play_one(options);
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  if (!options.seeds.empty()) {
    const auto dots = options.seeds.find("..");
    try {
      first = std::stoull(options.seeds.substr(0, dots));
      end = std::stoull(dots == std::string::npos ? "" : options.seeds.substr(dots + 2)) + 1;
    } catch (const std::exception&) {
      fmt::print(stderr, "error: --seeds must be A..B\n");
      return 2;
    }
  } else if (options.fresh > 0 || options.minutes > 0) {
    std::random_device device;
    first = (std::uint64_t{device()} << 20U) + 1'000'000;
    end = options.fresh > 0 ? first + options.fresh : first + (std::uint64_t{1} << 40U);
    fmt::print("fresh seeds from {} on\n", first);
    std::fflush(stdout);
  } else {
    fmt::print(stderr, "error: one of --seed, --seeds, --fresh and --minutes is needed\n");
    return 2;
  }
  return play_many(options, first, end);
}
