#include "tests/soak/weather.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <random>

namespace cambist::soak {
namespace {

using namespace std::chrono_literals;

/// Of a call to the provider. `weight` is the share of it in a hundred calls of fair weather.
struct CallFault {
  const char* name;
  double percent;
  int delay_ms = 0;
};
constexpr std::array call_faults{
    CallFault{"timeout_before", 0.2}, CallFault{"timeout_after", 0.3},
    CallFault{"reset_before", 0.3},   CallFault{"reset_mid_body", 0.4},
    CallFault{"http_500", 0.3},       CallFault{"http_500_after", 0.4},
    CallFault{"http_502_html", 0.2},  CallFault{"http_503", 0.4},
    CallFault{"http_429", 0.2},       CallFault{"truncated_json", 0.3},
    CallFault{"wrong_type", 0.1},     CallFault{"slow", 1.0, 200},
};
/// Of a webhook on its way to us. None is dropped: what nobody tells must come from an inquiry,
/// and a payer's answer is asked about after hours only.
constexpr std::array webhook_faults{CallFault{"duplicate", 3}, CallFault{"reorder", 3},
                                    CallFault{"delay", 3, 1'500}, CallFault{"forge", 2}};

std::string rule(const char* operation, const CallFault& fault, double share, bool on_create) {
  char probability[32];
  std::snprintf(probability, sizeof probability, "%.6f",
                std::min(fault.percent * share / 100, 1.0));
  return std::string{R"({"provider":"*","operation":")"} + operation + R"(","fault":")" +
         fault.name + R"(","probability":)" + probability +
         (fault.delay_ms > 0 ? R"(,"delay_ms":)" + std::to_string(fault.delay_ms) : "") +
         (on_create ? R"(,"step":"create")" : "") + "}";
}

/// Every fault at `share` times its weight of fair weather.
std::string rules(double share) {
  std::string text;
  const auto add = [&](const std::string& one) { text += (text.empty() ? "" : ",") + one; };
  for (const auto& fault : call_faults) {
    add(rule("*", fault, share, false));
    add(rule("*", fault, share, true));
  }
  for (const auto& fault : webhook_faults) add(rule("webhook", fault, 1, false));
  return R"({"rules":[)" + text + "]}";
}

}  // namespace

Weather::Weather(const test::SandboxProcess& sandbox, test::Merchant& merchant, std::uint64_t seed)
    : sandbox_(sandbox), merchant_(merchant), thread_([this, seed] { run(seed); }) {}

Weather::~Weather() {
  finish();
}

void Weather::finish() {
  {
    const std::lock_guard lock{mutex_};
    if (over_) return;
    over_ = true;
    changed_.notify_all();
  }
  thread_.join();
  merchant_.fail(0);
  change(R"({"rules":[]})");
}

void Weather::run(std::uint64_t seed) {
  Draws random{seed};
  std::unique_lock lock{mutex_};
  for (;;) {
    const auto draw = random() % 10;
    // Fair, rough, or for a moment hardly anything gets through.
    const double share = draw < 6 ? 1 : draw < 9 ? 3 : 12;
    const auto lasts = draw < 9 ? std::chrono::milliseconds{3'000 + random() % 9'000} : 1'500ms;
    // In bursts: an event that fails is tried again after 5 s, and the window of an endpoint of 256
    // events waits for it, so that steady failures would only measure that.
    merchant_.fail(draw % 3 == 0 ? 25 : 0);
    try {
      change(rules(share));
    } catch (const std::exception& error) {
      std::fprintf(stderr, "the weather stays: %s\n", error.what());
    }
    if (changed_.wait_for(lock, std::min(lasts, 1'000ms), [this] { return over_; })) return;
    merchant_.fail(0);
    if (changed_.wait_for(lock, lasts - std::min(lasts, 1'000ms), [this] { return over_; })) return;
  }
}

void Weather::change(const std::string& rules) {
  const auto shown = sandbox_.client().get("/sandbox/faults");
  if (shown.status == 200) {
    const auto before = shown.json();
    for (const auto& one : before.at("rules").as_array())
      struck_[std::string{one.at("fault").as_string()}] +=
          one.at("fired").to_number<std::uint64_t>();
  }
  sandbox_.faults(rules);
}

}  // namespace cambist::soak
