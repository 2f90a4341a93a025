#include "gateway/cli/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <random>
#include <thread>

#include "gateway/log.hpp"

// jemalloc reads this before main begins; without jemalloc it is a string that nobody reads. Two
// arenas, because a dozen threads that each keep a heap of their own would hold memory that nobody
// uses; one background thread gives back what has not been used for ten seconds, so that a peak of
// load is not paid for ever.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:2,background_thread:true,max_background_threads:1";
}

namespace cambist::gateway::cli {

int fail(int status, const std::string& line) {
  std::cerr << "cambist: " << line << '\n';
  return status;
}

int fail_settings(const Error& error) {
  std::cerr << error.detail << (error.detail.ends_with('\n') ? "" : "\n");
  return status_settings;
}

TimePoint wall_clock() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

std::uint64_t random_bits() {
  thread_local std::mt19937_64 engine{[] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64{seed};
  }()};
  return engine();
}

sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT}) sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

void wait_for_stop(const sigset_t& signals) {
  int number = 0;
  sigwait(&signals, &number);
  log_event(LogLevel::info, "draining",
            {{"signal", std::string_view{number == SIGINT ? "SIGINT" : "SIGTERM"}}});
  std::thread{[signals] {
    int second = 0;
    sigwait(&signals, &second);
    _exit(128 + second);
  }}.detach();
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

}  // namespace cambist::gateway::cli
