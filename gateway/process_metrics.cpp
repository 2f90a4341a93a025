#include "gateway/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

namespace cambist::gateway {
namespace {

prometheus::MetricFamily one(const char* name, const char* help, prometheus::MetricType type,
                             double value) {
  prometheus::ClientMetric metric;
  if (type == prometheus::MetricType::Counter)
    metric.counter.value = value;
  else
    metric.gauge.value = value;
  return {name, help, type, {std::move(metric)}};
}

struct Stat {
  double cpu_ticks = 0;
  double threads = 0;
  double start_ticks = 0;
  double virtual_bytes = 0;
  double resident_pages = 0;
};

// Source: proc(5), /proc/[pid]/stat; the name in parentheses may hold anything, so reading starts
// behind it.
std::optional<Stat> read_stat() {
  std::ifstream in{"/proc/self/stat"};
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  const std::size_t end = line.rfind(')');
  if (end == std::string::npos) return std::nullopt;
  std::istringstream rest{line.substr(end + 1)};
  std::string state;
  rest >> state;
  Stat stat;
  double value = 0;
  for (int field = 4; field <= 24 && rest >> value; ++field) {
    if (field == 14 || field == 15) stat.cpu_ticks += value;
    if (field == 20) stat.threads = value;
    if (field == 22) stat.start_ticks = value;
    if (field == 23) stat.virtual_bytes = value;
    if (field == 24) stat.resident_pages = value;
  }
  return stat;
}

// Seconds since the epoch at which the machine was started.
std::optional<double> boot_time() {
  std::ifstream in{"/proc/stat"};
  std::string word;
  while (in >> word) {
    double value = 0;
    if (word == "btime" && in >> value) return value;
    in.ignore(1 << 20, '\n');
  }
  return std::nullopt;
}

std::optional<double> open_files() {
  std::error_code error;
  double count = 0;
  for (std::filesystem::directory_iterator at{"/proc/self/fd", error}, end; !error && at != end;
       at.increment(error)) {
    ++count;
  }
  if (error) return std::nullopt;
  return count;
}

}  // namespace

std::vector<prometheus::MetricFamily> process_metrics() {
  using prometheus::MetricType;
  static const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  static const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  static const auto boot = boot_time();
  std::vector<prometheus::MetricFamily> all;
  if (const auto stat = read_stat()) {
    all.push_back(one("process_cpu_seconds_total", "User and system CPU time.", MetricType::Counter,
                      stat->cpu_ticks / ticks));
    all.push_back(one("process_resident_memory_bytes", "Resident memory.", MetricType::Gauge,
                      stat->resident_pages * page));
    all.push_back(one("process_virtual_memory_bytes", "Virtual memory.", MetricType::Gauge,
                      stat->virtual_bytes));
    all.push_back(
        one("process_threads", "Threads of the process.", MetricType::Gauge, stat->threads));
    if (boot) {
      all.push_back(one("process_start_time_seconds",
                        "Start of the process, in seconds since the Unix epoch.", MetricType::Gauge,
                        *boot + stat->start_ticks / ticks));
    }
  }
  if (const auto files = open_files()) {
    all.push_back(one("process_open_fds", "Open file descriptors.", MetricType::Gauge, *files));
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    all.push_back(one("process_max_fds", "Limit of open file descriptors.", MetricType::Gauge,
                      static_cast<double>(limit.rlim_cur)));
  }
  return all;
}

}  // namespace cambist::gateway
