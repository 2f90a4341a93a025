#include "tests/soak/client.hpp"

#include <algorithm>
#include <thread>

#include "gateway/cli/http_call.hpp"
#include "gateway/outbound/client.hpp"

namespace cambist::soak {
namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds answer_wait = 15s;  // far above the server's own deadline of 3 s
constexpr Milliseconds patience = 60s;
constexpr Milliseconds pause_min = 20ms;
constexpr Milliseconds pause_max = 1s;

/// The problem's `code`, or nothing.
std::string code_of(const test::ApiResponse& answer) {
  const auto body = answer.json();
  const auto* object = body.if_object();
  const auto* code = object == nullptr ? nullptr : object->if_contains("code");
  return code != nullptr && code->is_string() ? std::string{code->as_string()} : std::string{};
}

gateway::outbound::ClientLimits limits() {
  gateway::outbound::ClientLimits limits;
  limits.connections_per_origin = 1'024;
  limits.connect_timeout = 1s;
  return limits;
}

}  // namespace

void Doorway::open() {
  const std::lock_guard lock{mutex_};
  open_ = true;
  changed_.notify_all();
}

void Doorway::close() {
  const std::lock_guard lock{mutex_};
  open_ = false;
}

bool Doorway::wait_open(std::chrono::milliseconds timeout) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, timeout, [this] { return open_; });
}

bool is_final(const test::ApiResponse& answer) {
  if (answer.status >= 200 && answer.status < 300) return true;
  if (answer.status == 409) {
    const auto code = code_of(answer);
    return code != "operation_in_progress" && code != "outcome_unknown" &&
           code != "idempotency_in_progress" && code != "version_conflict";
  }
  return answer.status >= 400 && answer.status < 500 && answer.status != 429;
}

Asker::Asker(std::string origin, std::string api_key, Tally& tally, Doorway& doorway)
    : origin_(std::move(origin)),
      api_key_(std::move(api_key)),
      tally_(tally),
      doorway_(doorway),
      http_(gateway::outbound::make_client(limits())) {}

test::ApiResponse Asker::once(const Ask& ask, std::chrono::milliseconds timeout) const {
  http::Request request{ask.method, origin_, ask.target, {}, ask.body, {}};
  request.headers = {{"Authorization", "Bearer " + api_key_}};
  if (ask.method == "POST") request.headers.push_back({"Content-Type", "application/json"});
  if (!ask.key.empty()) request.headers.push_back({"Idempotency-Key", ask.key});
  auto response = gateway::cli::call(*http_, std::move(request), timeout);
  test::ApiResponse answer{0, {}, {}};
  if (response) {
    answer = {response->status, std::move(response->headers), std::move(response->body)};
  } else {
    answer.body = response.error().detail;
  }
  tally_.answered(ask.kind, answer.status);
  tally_.told(answer);
  return answer;
}

test::ApiResponse Asker::insist(const Ask& ask, std::uint64_t seed) const {
  Draws random{seed};
  const auto deadline = Steady::now() + patience;
  for (auto pause = pause_min;; pause = std::min(pause * 2, pause_max)) {
    const auto answer = once(ask, answer_wait);
    if (is_final(answer)) return answer;
    const auto left = std::chrono::duration_cast<Milliseconds>(deadline - Steady::now());
    if (left <= 0ms || (answer.status == 0 && !doorway_.wait_open(left))) {
      tally_.gave_up(ask.kind + " " + ask.target + " with " + ask.key, answer);
      return answer;
    }
    // The pace of a client that was told "not now", with jitter; not a wait for something.
    std::this_thread::sleep_for(pause / 2 +
                                Milliseconds{static_cast<std::int64_t>(
                                    random() % static_cast<std::uint64_t>(pause.count()))});
  }
}

std::pair<test::ApiResponse, test::ApiResponse> Asker::both(const Ask& one, const Ask& other,
                                                            std::uint64_t seed) const {
  test::ApiResponse first, second;
  std::thread beside{[&] { second = insist(other, seed + 1); }};
  first = insist(one, seed);
  beside.join();
  return {std::move(first), std::move(second)};
}

}  // namespace cambist::soak
