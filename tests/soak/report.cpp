#include "tests/soak/report.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace cambist::soak {
namespace {

namespace json = boost::json;

std::string number(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}
std::string number(const std::optional<double>& value) {
  return value ? number(*value) : std::string{"-"};
}

/// Middle and largest of the times that a restart took.
struct Times {
  std::size_t count = 0;
  std::int64_t p50_ms = 0;
  std::int64_t max_ms = 0;
};
Times times(const std::vector<Life>& lives,
            std::optional<std::chrono::milliseconds> Life::*member) {
  std::vector<std::int64_t> all;
  for (const auto& life : lives) {
    if (life.*member) all.push_back((life.*member)->count());
  }
  if (all.empty()) return {};
  std::sort(all.begin(), all.end());
  return {all.size(), all[all.size() / 2], all.back()};
}

std::uint64_t kills(const Report& report) {
  return static_cast<std::uint64_t>(std::count_if(report.lives.begin(), report.lives.end(),
                                                  [](const Life& life) { return life.killed; }));
}

std::uint64_t total(const std::map<std::string, std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                         [](auto sum, const auto& one) { return sum + one.second; });
}

std::string listed(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts)
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(count);
  return text.empty() ? "none" : text;
}

std::string answers_text(const Counts& counts) {
  std::string text;
  for (const auto& [kind, by_status] : counts.answers) {
    text += "  " + kind + std::string(kind.size() < 18 ? 18 - kind.size() : 1, ' ');
    for (const auto& [status, count] : by_status)
      text += (status == 0 ? std::string{"none"} : std::to_string(status)) + ": " +
              std::to_string(count) + "  ";
    text += "\n";
  }
  return text;
}

std::string times_text(const char* what, const Times& times) {
  return std::string{"  "} + what + " p50 " + std::to_string(times.p50_ms) + " ms, max " +
         std::to_string(times.max_ms) + " ms (" + std::to_string(times.count) + " starts)\n";
}

std::string sample_text(const Sample& sample) {
  return number(static_cast<double>(sample.resident_kib) / 1024) + " MiB, " +
         std::to_string(sample.descriptors) + " descriptors, " + std::to_string(sample.threads) +
         " threads after " + std::to_string(sample.payments) + " payments";
}

std::string growth_text(const Growth& growth) {
  std::string text = "memory and descriptors\n";
  text += "  within a life, past " + number(growth.warm_after.count()) +
          " s: " + number(growth.per_minute_within) + " KiB a minute, " +
          number(growth.per_thousand_within) + " KiB per 1000 payments (" +
          std::to_string(growth.lives_within) + " lives)\n";
  text += "  across lives, at " + number(growth.compared_at.count()) +
          " s: " + number(growth.per_minute_across) + " KiB a minute, " +
          number(growth.per_thousand_across) + " KiB per 1000 payments (" +
          std::to_string(growth.lives_across) + " lives)\n";
  if (growth.first) text += "  first  " + sample_text(*growth.first) + "\n";
  if (growth.last) text += "  last   " + sample_text(*growth.last) + "\n";
  text += "  most   " + number(static_cast<double>(growth.resident_kib_max) / 1024) + " MiB, " +
          std::to_string(growth.descriptors_max) + " descriptors, " +
          std::to_string(growth.threads_max) + " threads\n";
  return text;
}

json::value maybe(const std::optional<double>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object sample_json(const Sample& sample) {
  return {{"payments", sample.payments},
          {"resident_kib", sample.resident_kib},
          {"descriptors", sample.descriptors},
          {"threads", sample.threads}};
}

json::object growth_json(const Growth& growth) {
  json::object shown{{"kib_per_minute_within", maybe(growth.per_minute_within)},
                     {"kib_per_1000_payments_within", maybe(growth.per_thousand_within)},
                     {"lives_within", growth.lives_within},
                     {"kib_per_minute_across", maybe(growth.per_minute_across)},
                     {"kib_per_1000_payments_across", maybe(growth.per_thousand_across)},
                     {"lives_across", growth.lives_across},
                     {"compared_at_s", growth.compared_at.count()},
                     {"resident_kib_max", growth.resident_kib_max},
                     {"descriptors_max", growth.descriptors_max},
                     {"threads_max", growth.threads_max}};
  if (growth.first) shown["first"] = sample_json(*growth.first);
  if (growth.last) shown["last"] = sample_json(*growth.last);
  return shown;
}

json::object times_json(const Times& times) {
  return {{"p50_ms", times.p50_ms}, {"max_ms", times.max_ms}, {"starts", times.count}};
}

template <class T>
json::array array_of(const std::vector<T>& values) {
  json::array all;
  for (const auto& value : values) all.emplace_back(value);
  return all;
}

const char* name_of(test::StoreKind store) {
  return store == test::StoreKind::sqlite ? "sqlite" : "postgres";
}

}  // namespace

int exit_code(const Report& report) {
  const bool fine = report.verdict.clean() && report.unrest.empty() && report.problems.empty();
  return fine ? 0 : 1;
}

std::string as_text(const Report& report) {
  const auto& counts = report.counts;
  const auto& verdict = report.verdict;
  std::string text = "soak: " + number(report.options.time.count() / 60) + " minutes, seed " +
                     std::to_string(report.options.seed) + ", " + name_of(report.options.store) +
                     "\n";
  text += "payments accepted " + std::to_string(counts.accepted) + " (" +
          std::to_string(counts.arrived) + " arrived, " + std::to_string(counts.crowded_out) +
          " found no client, " + std::to_string(counts.abandoned) + " abandoned)\n";
  text += "requests " + std::to_string(counts.requests) + ", without an answer in the end " +
          std::to_string(counts.gave_up) + "\n" + answers_text(counts);
  text += "kills " + std::to_string(kills(report)) + "\n";
  text += times_text("until /readyz       ", times(report.lives, &Life::ready));
  text += times_text("until a payment     ", times(report.lives, &Life::first_taken));
  text += "provider and webhook faults " + std::to_string(total(report.faults)) + ": " +
          listed(report.faults) + "\n";
  text += growth_text(report.growth);
  text += "drained in " + number(report.drained_in.count()) + " s; read in " +
          number(verdict.read_in.count()) + " s, judged in " + number(verdict.judged_in.count()) +
          " s: " + std::to_string(verdict.payments) + " payments, " +
          std::to_string(verdict.effects) + " effects, " + std::to_string(verdict.webhooks) +
          " webhooks, " + std::to_string(verdict.events) + " events, " +
          std::to_string(verdict.arrivals) + " arrivals\n";
  for (const auto& violation : verdict.violations)
    text += "VIOLATION " + test::to_string(violation) + "\n";
  for (const auto& story : verdict.stories) text += story;
  for (const auto& spot : verdict.blind) text += "THE JUDGE DOES NOT SEE: " + spot + "\n";
  if (!report.unrest.empty()) text += "NOT AT REST: " + report.unrest + "\n";
  for (const auto& problem : report.problems) text += "PROBLEM " + problem + "\n";
  text += "lost " + std::to_string(lost(verdict)) + ", doubled " +
          std::to_string(doubled(verdict)) + ", violations " +
          std::to_string(verdict.violations.size()) + "\n";
  return text;
}

json::object as_json(const Report& report) {
  const auto& counts = report.counts;
  json::object answers;
  for (const auto& [kind, by_status] : counts.answers) {
    json::object one;
    for (const auto& [status, count] : by_status) one[std::to_string(status)] = count;
    answers[kind] = std::move(one);
  }
  json::object faults;
  for (const auto& [name, count] : report.faults) faults[name] = count;
  std::vector<std::string> violations;
  for (const auto& violation : report.verdict.violations)
    violations.push_back(test::to_string(violation));
  return {{"minutes", report.options.time.count() / 60},
          {"seed", report.options.seed},
          {"store", name_of(report.options.store)},
          {"payments_accepted", counts.accepted},
          {"payments_arrived", counts.arrived},
          {"payments_crowded_out", counts.crowded_out},
          {"requests", counts.requests},
          {"requests_without_answer", counts.gave_up},
          {"answers", std::move(answers)},
          {"kills", kills(report)},
          {"ready", times_json(times(report.lives, &Life::ready))},
          {"first_payment", times_json(times(report.lives, &Life::first_taken))},
          {"faults", std::move(faults)},
          {"forged_accepted", report.forged_accepted},
          {"growth", growth_json(report.growth)},
          {"drained_in_s", report.drained_in.count()},
          {"read_in_s", report.verdict.read_in.count()},
          {"judged_in_s", report.verdict.judged_in.count()},
          {"payments_stored", report.verdict.payments},
          {"effects", report.verdict.effects},
          {"webhooks", report.verdict.webhooks},
          {"events", report.verdict.events},
          {"arrivals", report.verdict.arrivals},
          {"lost", lost(report.verdict)},
          {"doubled", doubled(report.verdict)},
          {"violations", array_of(violations)},
          {"stories", array_of(report.verdict.stories)},
          {"blind", array_of(report.verdict.blind)},
          {"unrest", report.unrest},
          {"problems", array_of(report.problems)}};
}

}  // namespace cambist::soak
