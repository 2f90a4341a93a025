// The load generator as a program.
#include <csignal>
#include <exception>
#include <iostream>

#include <boost/json/serialize.hpp>

#include "benchmarks/load/driver.hpp"
#include "benchmarks/load/idle.hpp"
#include "benchmarks/load/options.hpp"
#include "benchmarks/load/report.hpp"

namespace cambist::load {
namespace {

int print(const boost::json::object& made) {
  std::cerr << table(made);
  std::cout << boost::json::serialize(made) << std::endl;
  return 0;
}

int run(const Plan& plan) {
  const auto start = Clock::now();
  const auto opens = start + std::chrono::duration_cast<Nanoseconds>(plan.warm);
  Sampler sampler{plan.watch, opens, opens + std::chrono::duration_cast<Nanoseconds>(plan.seconds)};
  Driver driver{plan, start};
  const Tally tally = driver.run();
  return print(report(plan, tally, sampler.finish()));
}

int run(const IdlePlan& plan) {
  Window window;
  const IdleTally tally = hold_idle(plan, window);
  return print(report(plan, tally, window));
}

int run(const Ended& ended) {
  (ended.status == 0 ? std::cout : std::cerr) << ended.text;
  return ended.status;
}

}  // namespace
}  // namespace cambist::load

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  cambist::load::raise_descriptor_limit();
  try {
    const auto chosen = cambist::load::read_options(argc, argv);
    return std::visit([](const auto& plan) { return cambist::load::run(plan); }, chosen);
  } catch (const std::exception& error) {
    std::cerr << "cambist-load: " << error.what() << '\n';
    return 1;
  }
}
