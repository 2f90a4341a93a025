// What processes cost, from /proc: CPU of a whole process tree, and the most memory it had.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cambist::load {

/// A process tree with a name for the report.
struct Watched {
  std::string name;
  pid_t root = 0;
};

/// The parts of /proc/PID/stat that count.
/// Units: clock ticks.
struct ProcessStat {
  pid_t parent = 0;
  std::uint64_t own_ticks = 0;     // user and system
  std::uint64_t reaped_ticks = 0;  // of children that have ended and were waited for
};
/// The name in it may hold spaces and parentheses.
[[nodiscard]] std::optional<ProcessStat> read_stat(std::string_view line);
/// The value of a line such as "VmHWM:   1234 kB" of /proc/PID/status.
/// Units: KiB.
[[nodiscard]] std::optional<std::uint64_t> read_kib(std::string_view status, std::string_view name);

/// Shape: memory is the sum over the tree, shared pages counted in each.
struct TreeCost {
  double cpu_s = 0;
  std::uint64_t rss_peak_kib = 0;  // VmHWM
  std::uint64_t rss_kib = 0;       // VmRSS
  std::uint64_t pss_kib = 0;       // shared pages divided by their users
};
/// CPU that the whole machine has spent, from the first line of /proc/stat: what others did while
/// we measured is told by it. Units: clock ticks; waiting for disks and time stolen by the host are
/// not in it.
[[nodiscard]] std::optional<std::uint64_t> read_busy(std::string_view stat);
[[nodiscard]] double machine_busy_s();

/// Processes that end while it looks are left out.
[[nodiscard]] TreeCost measure_tree(pid_t root);

}  // namespace cambist::load
