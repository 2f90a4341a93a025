#include "tests/soak/gauge.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace cambist::soak {
namespace {

using namespace std::chrono_literals;

struct Sums {
  double xx = 0;
  double xy = 0;
};

/// Of the distances from the means.
Sums sums(const std::vector<Point>& points) {
  Point mean;
  for (const auto& point : points) {
    mean.x += point.x / static_cast<double>(points.size());
    mean.y += point.y / static_cast<double>(points.size());
  }
  Sums found;
  for (const auto& point : points) {
    found.xx += (point.x - mean.x) * (point.x - mean.x);
    found.xy += (point.x - mean.x) * (point.y - mean.y);
  }
  return found;
}

/// Samples of one life, as points over time or over payments.
Point over_minutes(const Sample& sample) {
  return {sample.at.count() / 60, static_cast<double>(sample.resident_kib)};
}
Point over_thousands(const Sample& sample) {
  return {static_cast<double>(sample.payments) / 1000, static_cast<double>(sample.resident_kib)};
}

void growth_within(const std::map<std::size_t, std::vector<Sample>>& lives, Growth& found) {
  std::vector<std::vector<Point>> minutes, thousands;
  for (const auto& [life, samples] : lives) {
    std::vector<Point> time, payments;
    for (const auto& sample : samples) {
      if (sample.age < found.warm_after) continue;
      time.push_back(over_minutes(sample));
      payments.push_back(over_thousands(sample));
    }
    if (time.size() < 2) continue;
    minutes.push_back(std::move(time));
    thousands.push_back(std::move(payments));
  }
  found.lives_within = minutes.size();
  found.per_minute_within = slope_within(minutes);
  found.per_thousand_within = slope_within(thousands);
}

void growth_across(const std::map<std::size_t, std::vector<Sample>>& lives, Growth& found) {
  std::vector<Point> minutes, thousands;
  for (const auto& [life, samples] : lives) {
    const auto at = std::find_if(samples.begin(), samples.end(), [&](const Sample& sample) {
      return sample.age >= found.compared_at;
    });
    if (at == samples.end() || at->age > found.compared_at + 2s) continue;
    if (!found.first) found.first = *at;
    found.last = *at;
    minutes.push_back(over_minutes(*at));
    thousands.push_back(over_thousands(*at));
  }
  found.lives_across = minutes.size();
  found.per_minute_across = slope(minutes);
  found.per_thousand_across = slope(thousands);
}

}  // namespace

std::optional<Sample> look_at(pid_t pid) {
  const auto folder = "/proc/" + std::to_string(pid);
  Sample sample;
  std::ifstream status{folder + "/status"};
  for (std::string name; status >> name;) {
    if (name == "VmRSS:") status >> sample.resident_kib;
    if (name == "Threads:") status >> sample.threads;
    status.ignore(1'000, '\n');
  }
  std::error_code gone;
  std::filesystem::directory_iterator descriptor{folder + "/fd", gone};
  for (; !gone && descriptor != std::filesystem::directory_iterator{}; descriptor.increment(gone))
    ++sample.descriptors;
  // What is dying has neither memory nor descriptors.
  if (gone || sample.resident_kib == 0 || sample.descriptors == 0) return std::nullopt;
  return sample;
}

std::optional<double> slope(const std::vector<Point>& points) {
  return slope_within({points});
}

std::optional<double> slope_within(const std::vector<std::vector<Point>>& groups) {
  Sums all;
  for (const auto& group : groups) {
    const auto one = sums(group);
    all.xx += one.xx;
    all.xy += one.xy;
  }
  if (!(all.xx > 0)) return std::nullopt;
  return all.xy / all.xx;
}

Growth growth(const std::vector<Sample>& samples, std::chrono::duration<double> warm_after,
              std::chrono::duration<double> compared_at) {
  Growth found;
  found.warm_after = warm_after;
  found.compared_at = compared_at;
  std::map<std::size_t, std::vector<Sample>> lives;
  for (const auto& sample : samples) {
    lives[sample.life].push_back(sample);
    found.resident_kib_max = std::max(found.resident_kib_max, sample.resident_kib);
    found.descriptors_max = std::max(found.descriptors_max, sample.descriptors);
    found.threads_max = std::max(found.threads_max, sample.threads);
  }
  growth_within(lives, found);
  growth_across(lives, found);
  return found;
}

Gauge::Gauge(const Keeper& keeper, const Tally& tally)
    : keeper_(keeper), tally_(tally), thread_([this] { run(); }) {}

Gauge::~Gauge() {
  finish();
}

void Gauge::finish() {
  {
    const std::lock_guard lock{mutex_};
    over_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Gauge::run() {
  std::unique_lock lock{mutex_};
  auto next = began_;
  for (std::uint64_t second = 1;; ++second) {
    next += 1s;
    if (changed_.wait_until(lock, next, [this] { return over_; })) return;
    const auto running = keeper_.running();
    auto sample = running.pid == 0 ? std::nullopt : look_at(running.pid);
    if (!sample) continue;
    sample->life = running.life;
    sample->at = Steady::now() - began_;
    sample->age = Steady::now() - running.started;
    sample->payments = tally_.accepted_so_far();
    samples_.push_back(*sample);
    if (second % 10 == 0) tell(*sample);
  }
}

void Gauge::tell(const Sample& sample) const {
  std::fprintf(stderr,
               "%6.0f s  %8llu payments  life %3zu (%.0f s)  %7.1f MiB  %4lld descriptors  %lld "
               "threads\n",
               sample.at.count(), static_cast<unsigned long long>(sample.payments), sample.life + 1,
               sample.age.count(), static_cast<double>(sample.resident_kib) / 1024,
               static_cast<long long>(sample.descriptors), static_cast<long long>(sample.threads));
}

}  // namespace cambist::soak
