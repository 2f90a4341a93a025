#include "benchmarks/load/processes.hpp"

#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace cambist::load {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream in{path};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::map<pid_t, ProcessStat> every_process() {
  std::map<pid_t, ProcessStat> all;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const auto name = entry.path().filename().string();
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc{} || end != name.data() + name.size()) continue;
    if (auto stat = read_stat(file_text("/proc/" + name + "/stat"))) all.emplace(pid, *stat);
  }
  return all;
}

bool belongs_to(pid_t pid, pid_t root, const std::map<pid_t, ProcessStat>& all) {
  // A tree of processes is not deeper than this; a loop could only be a reused id.
  for (int depth = 0; depth < 64 && pid != 0; ++depth) {
    if (pid == root) return true;
    const auto found = all.find(pid);
    if (found == all.end()) return false;
    pid = found->second.parent;
  }
  return false;
}

double ticks_per_s() {
  static const auto found = static_cast<double>(sysconf(_SC_CLK_TCK));
  return found;
}

}  // namespace

std::optional<std::uint64_t> read_busy(std::string_view stat) {
  std::istringstream fields{std::string{stat.substr(0, stat.find('\n'))}};
  std::string name;
  std::uint64_t user = 0;
  std::uint64_t nice = 0;
  std::uint64_t system = 0;
  std::uint64_t idle = 0;
  std::uint64_t disk_wait = 0;
  std::uint64_t interrupt = 0;
  std::uint64_t soft_interrupt = 0;
  fields >> name >> user >> nice >> system >> idle >> disk_wait >> interrupt >> soft_interrupt;
  if (!fields || name != "cpu") return std::nullopt;
  return user + nice + system + interrupt + soft_interrupt;
}

double machine_busy_s() {
  return static_cast<double>(read_busy(file_text("/proc/stat")).value_or(0)) / ticks_per_s();
}

std::optional<ProcessStat> read_stat(std::string_view line) {
  const auto name_end = line.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  std::istringstream fields{std::string{line.substr(name_end + 1)}};
  std::string state;
  std::string skipped;
  ProcessStat stat;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  std::uint64_t child_user = 0;
  std::uint64_t child_system = 0;
  fields >> state >> stat.parent;
  for (int i = 0; i < 9; ++i) fields >> skipped;  // group to major faults of children
  fields >> user >> system >> child_user >> child_system;
  if (!fields) return std::nullopt;
  stat.own_ticks = user + system;
  stat.reaped_ticks = child_user + child_system;
  return stat;
}

std::optional<std::uint64_t> read_kib(std::string_view status, std::string_view name) {
  for (std::size_t at = status.find(name); at != std::string_view::npos;
       at = status.find(name, at + 1)) {
    const bool line_start = at == 0 || status[at - 1] == '\n';
    if (!line_start || status.substr(at + name.size(), 1) != ":") continue;
    auto rest = status.substr(at + name.size() + 1);
    const auto digit = rest.find_first_not_of(" \t");
    if (digit == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(digit);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc{}) return std::nullopt;
    return value;
  }
  return std::nullopt;
}

TreeCost measure_tree(pid_t root) {
  const auto all = every_process();
  TreeCost cost;
  std::uint64_t ticks = 0;
  for (const auto& [pid, stat] : all) {
    if (!belongs_to(pid, root, all)) continue;
    ticks += stat.own_ticks + stat.reaped_ticks;
    const auto folder = "/proc/" + std::to_string(pid);
    const auto status = file_text(folder + "/status");
    cost.rss_peak_kib += read_kib(status, "VmHWM").value_or(0);
    cost.rss_kib += read_kib(status, "VmRSS").value_or(0);
    cost.pss_kib += read_kib(file_text(folder + "/smaps_rollup"), "Pss").value_or(0);
  }
  cost.cpu_s = static_cast<double>(ticks) / ticks_per_s();
  return cost;
}

}  // namespace cambist::load
