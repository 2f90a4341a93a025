#include "benchmarks/load/report.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include <boost/json/serialize.hpp>

namespace cambist::load {
namespace {

namespace json = boost::json;

/// Fewer digits than a double has: a report is read by people too.
double rounded(double value, int digits) {
  const double scale = std::pow(10.0, digits);
  return std::round(value * scale) / scale;
}

double milliseconds(Nanoseconds duration) {
  return rounded(std::chrono::duration<double, std::milli>(duration).count(), 3);
}

json::object latency(const Histogram& histogram) {
  return {{"p50", milliseconds(histogram.quantile(0.50))},
          {"p95", milliseconds(histogram.quantile(0.95))},
          {"p99", milliseconds(histogram.quantile(0.99))},
          {"max", milliseconds(histogram.max())}};
}

double mib(std::uint64_t kib) {
  return rounded(static_cast<double>(kib) / 1024, 1);
}

/// CPU of the window, by process; `thousands` of payments it was spent on.
json::object cpu(const Watch& watch, const Window& window, double thousands) {
  json::object out;
  const auto each = [&](double spent) { return thousands > 0 ? rounded(spent / thousands, 4) : 0; };
  for (std::size_t i = 0; i < watch.processes.size(); ++i) {
    out[watch.processes[i].name] =
        each(window.closed.processes[i].cpu_s - window.opened.processes[i].cpu_s);
  }
  out["generator"] = each(window.closed.generator_cpu_s - window.opened.generator_cpu_s);
  return out;
}

double other_cpu_s(const Window& window) {
  double other = window.closed.machine_cpu_s - window.opened.machine_cpu_s -
                 (window.closed.generator_cpu_s - window.opened.generator_cpu_s);
  for (std::size_t i = 0; i < window.closed.processes.size(); ++i) {
    other -= window.closed.processes[i].cpu_s - window.opened.processes[i].cpu_s;
  }
  return rounded(other, 2);
}

json::object memory(const Watch& watch, const Sample& sample) {
  json::object out;
  for (std::size_t i = 0; i < watch.processes.size(); ++i) {
    const auto& tree = sample.processes[i];
    out[watch.processes[i].name] = json::object{{"rss_peak", mib(tree.rss_peak_kib)},
                                                {"rss", mib(tree.rss_kib)},
                                                {"pss", mib(tree.pss_kib)}};
  }
  return out;
}

json::object journal(const Window& window, double payments) {
  if (!window.opened.journal || !window.closed.journal) return {};
  const auto& from = *window.opened.journal;
  const auto& to = *window.closed.journal;
  const double commits = to.commits - from.commits;
  const double appends = to.appends - from.appends;
  json::object out{{"commits", commits}, {"appends", appends}};
  if (commits > 0) {
    out["appends_per_commit"] = rounded(appends / commits, 2);
    out["commit_ms"] = rounded((to.commit_s - from.commit_s) / commits * 1000, 3);
  }
  if (payments > 0) out["commits_per_payment"] = rounded(commits / payments, 3);
  return out;
}

void add_row(std::string& text, std::string_view name, std::string_view value) {
  text += "  ";
  text += name;
  text.append(name.size() < 22 ? 22 - name.size() : 1, ' ');
  text += value;
  text += '\n';
}

/// A value as people read it: no exponents, objects as a list of names and values.
std::string shown(const json::value& value) {
  if (value.is_double()) {
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.10g", value.get_double());
    return digits.data();
  }
  if (value.is_string()) return std::string{value.get_string()};
  const auto* parts = value.if_object();
  if (parts == nullptr) return json::serialize(value);
  std::string line;
  for (const auto& [name, part] : *parts) {
    if (!line.empty()) line += "  ";
    line += part.is_object() ? std::string{name} + " (" + shown(part) + ")"
                             : std::string{name} + " " + shown(part);
  }
  return line;
}

}  // namespace

json::object report(const Plan& plan, const Tally& tally, const Window& window) {
  const double seconds = std::chrono::duration<double>(window.closed.at - window.opened.at).count();
  const auto payments = static_cast<double>(tally.payments);
  std::uint64_t errors = 0;
  json::object by;
  for (const auto& [why, count] : tally.errors) {
    errors += count;
    by[why] = count;
  }
  json::object out{
      {"loop", plan.rate > 0 ? "open" : "closed"},
      {"rate", plan.rate},
      {"conc", plan.connections},
      {"secs", rounded(seconds, 3)},
      {"payments", tally.payments},
      {"pps", seconds > 0 ? rounded(payments / seconds, 1) : 0},
      {"errors", errors},
      {"errors_by", std::move(by)},
      {"given_up", tally.given_up},
      {"unanswered", tally.unanswered},
      {"create_ms", latency(tally.create)},
      {"capture_ms", latency(tally.capture)},
      {"cpu_s_per_1000", cpu(plan.watch, window, payments / 1000)},
      {"memory_mib", memory(plan.watch, window.closed)},
      {"load_cpu_s", rounded(window.closed.generator_cpu_s - window.opened.generator_cpu_s, 3)},
      {"other_cpu_s", other_cpu_s(window)},
      {"total_done", tally.payments_in_all},
      {"first_error", tally.first_error},
  };
  if (auto counts = journal(window, payments); !counts.empty()) out["journal"] = std::move(counts);
  return out;
}

json::object report(const IdlePlan& plan, const IdleTally& tally, const Window& window) {
  return {{"idle", tally.wanted},
          {"opened", tally.opened},
          {"open_at_end", tally.open_at_end},
          {"seconds_to_open", rounded(tally.seconds_to_open, 3)},
          {"memory_before_mib", memory(plan.watch, window.opened)},
          {"memory_mib", memory(plan.watch, window.closed)},
          {"cpu_s", cpu(plan.watch, window, 1)}};
}

std::string table(const json::object& report) {
  std::string text;
  for (const auto& [name, value] : report) {
    if (const auto line = shown(value); !line.empty()) add_row(text, name, line);
  }
  return text;
}

}  // namespace cambist::load
