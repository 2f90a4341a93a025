#include "benchmarks/load/sampler.hpp"

#include <sys/resource.h>

namespace cambist::load {
namespace {

double own_cpu_s() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

Sample take_sample(const Watch& watch) {
  Sample sample;
  sample.at = Clock::now();
  sample.generator_cpu_s = own_cpu_s();
  sample.machine_cpu_s = machine_busy_s();
  for (const auto& process : watch.processes) {
    sample.processes.push_back(measure_tree(process.root));
  }
  if (watch.metrics) {
    const auto answer = get_once(watch.metrics->first, watch.metrics->second);
    if (answer && answer->status == 200) sample.journal = journal_counts(answer->body);
  }
  return sample;
}

Sampler::Sampler(Watch watch, Clock::time_point opens, Clock::time_point closes)
    : watch_(std::move(watch)), thread_([this, opens, closes] { run(opens, closes); }) {}

Sampler::~Sampler() {
  if (thread_.joinable()) static_cast<void>(finish());
}

Window Sampler::finish() {
  {
    const std::lock_guard lock{mutex_};
    finished_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  return window_;
}

void Sampler::wait_until(Clock::time_point when) {
  std::unique_lock lock{mutex_};
  changed_.wait_until(lock, when, [this] { return finished_; });
}

void Sampler::run(Clock::time_point opens, Clock::time_point closes) {
  wait_until(opens);
  window_.opened = take_sample(watch_);
  wait_until(closes);
  window_.closed = take_sample(watch_);
}

}  // namespace cambist::load
