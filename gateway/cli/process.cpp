#include "gateway/cli/process.hpp"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <random>
#include <thread>

#include "gateway/log.hpp"

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
  constexpr timespec trim_every{10, 0};
  int number = sigtimedwait(&signals, nullptr, &trim_every);
  while (number < 0) {
    malloc_trim(0);
    number = sigtimedwait(&signals, nullptr, &trim_every);
  }
  log_event(LogLevel::info, "draining",
            {{"signal", std::string_view{number == SIGINT ? "SIGINT" : "SIGTERM"}}});
  std::thread{[signals] {
    int second = 0;
    sigwait(&signals, &second);
    _exit(128 + second);
  }}.detach();
}

void limit_arenas() {
  mallopt(M_ARENA_MAX, 2);
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

}  // namespace cambist::gateway::cli
