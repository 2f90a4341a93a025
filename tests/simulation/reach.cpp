#include "tests/simulation/reach.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "protocols/payment/codec.hpp"
#include "protocols/payment/machine.hpp"
#include "tests/simulation/reach_expected.hpp"

namespace cambist::sim {
namespace {

constexpr std::array<std::string_view, faults_count> fault_names{"timeout_before",
                                                                 "timeout_after",
                                                                 "reset_before",
                                                                 "reset_mid_body",
                                                                 "http_500",
                                                                 "http_500_after",
                                                                 "http_502_html",
                                                                 "http_503",
                                                                 "http_429",
                                                                 "slow",
                                                                 "truncated_json",
                                                                 "wrong_type",
                                                                 "provider_unreachable",
                                                                 "call_doubled",
                                                                 "call_late",
                                                                 "provider_outage",
                                                                 "webhook_doubled",
                                                                 "webhook_reordered",
                                                                 "webhook_delayed",
                                                                 "webhook_dropped",
                                                                 "webhook_forged",
                                                                 "webhook_lost",
                                                                 "append_refused",
                                                                 "append_unanswered",
                                                                 "read_refused",
                                                                 "store_stalled",
                                                                 "store_down",
                                                                 "crash",
                                                                 "crash_before_commit",
                                                                 "crash_after_commit",
                                                                 "restart",
                                                                 "actor_killed",
                                                                 "actor_threw",
                                                                 "clock_jumped",
                                                                 "client_request_lost",
                                                                 "client_answer_lost",
                                                                 "client_request_doubled",
                                                                 "merchant_failed",
                                                                 "merchant_wire",
                                                                 "breaker_operated",
                                                                 "webhooks_replayed",
                                                                 "dashboard_act",
                                                                 "dispute"};

std::string status_name(payment::Status status) {
  return std::string{payment::to_string(status)};
}

}  // namespace

std::string_view to_string(Fault fault) noexcept {
  return fault_names[static_cast<std::size_t>(fault)];
}

std::string_view state_name(const payment::State& state) noexcept {
  constexpr std::array<std::string_view, std::variant_size_v<payment::State>> names{
      "Nothing", "Starting", "AwaitingAction", "Authorized", "Capturing",
      "Voiding", "Captured", "Refunding",      "Voided",     "Failed",
      "Expired", "Fencing",  "Compensating"};
  return names[state.index()];
}

void Reach::steps(const test::Books& books) {
  for (const auto& [id, stored] : books.payments) {
    payment::Payment payment;
    for (const auto& [sequence, row] : stored.events) {
      auto fact = payment::decode(row.type, row.schema_version, row.json);
      if (!fact) break;
      const auto before = payment::status_of(payment);
      ++facts_[{std::string{state_name(payment.state)}, row.type}];
      payment = payment::evolve(std::move(payment), {row.at, std::move(*fact)});
      const auto after = payment::status_of(payment);
      if (before != after) ++statuses_[{status_name(before), status_name(after)}];
    }
  }
}

void Reach::add(const Reach& other) {
  for (std::size_t fault = 0; fault < faults_count; ++fault) {
    for (std::size_t status = 0; status < statuses_count; ++status)
      met_[fault][status] += other.met_[fault][status];
  }
  for (const auto& [pair, count] : other.statuses_) statuses_[pair] += count;
  for (const auto& [pair, count] : other.facts_) facts_[pair] += count;
  for (const auto& [pair, count] : other.breaker_) breaker_[pair] += count;
}

std::vector<std::string> Reach::missing() const {
  std::vector<std::string> missing;
  for (std::size_t fault = 0; fault < faults_count; ++fault) {
    for (std::size_t status = 0; status < statuses_count; ++status) {
      const auto kind = static_cast<Fault>(fault);
      const auto at = static_cast<payment::Status>(status);
      if (met_[fault][status] == 0 && can_meet(kind, at))
        missing.push_back(std::string{to_string(kind)} + " x " + status_name(at));
    }
  }
  for (const auto& [from, to] : expected_statuses()) {
    if (!statuses_.contains({from, to})) missing.push_back(from + " -> " + to);
  }
  for (const auto& [state, fact] : expected_facts()) {
    if (!facts_.contains({state, fact})) missing.push_back(state + " + " + fact);
  }
  for (const auto& [from, to] : expected_breaker()) {
    if (!breaker_.contains({from, to})) missing.push_back("breaker " + from + " -> " + to);
  }
  return missing;
}

std::string Reach::unexpected() const {
  std::string text;
  const auto list = [&text](const Pairs& met, const Expected& expected, const char* between) {
    for (const auto& [pair, count] : met) {
      if (!expected.contains(pair))
        text += fmt::format("  {}{}{} ({} times)\n", pair.first, between, pair.second, count);
    }
  };
  list(statuses_, expected_statuses(), " -> ");
  list(facts_, expected_facts(), " + ");
  list(breaker_, expected_breaker(), " -> ");
  return text.empty() ? "  nothing\n" : text;
}

std::string Reach::report() const {
  std::string text = fmt::format("{:24}", "fault \\ status");
  for (std::size_t status = 0; status < statuses_count; ++status)
    text += fmt::format(" {:>9.9}", payment::to_string(static_cast<payment::Status>(status)));
  text += "\n";
  for (std::size_t fault = 0; fault < faults_count; ++fault) {
    text += fmt::format("{:24}", fault_names[fault]);
    for (std::size_t status = 0; status < statuses_count; ++status) {
      const auto count = met_[fault][status];
      const bool possible =
          can_meet(static_cast<Fault>(fault), static_cast<payment::Status>(status));
      text += count > 0 ? fmt::format(" {:>9}", count)
                        : fmt::format(" {:>9}", possible ? "MISSING" : "-");
    }
    text += "\n";
  }
  const auto list = [&text](const char* title, const Pairs& pairs, const char* between) {
    text += fmt::format("\n{}\n", title);
    for (const auto& [pair, count] : pairs)
      text += fmt::format("  {:>10}  {}{}{}\n", count, pair.first, between, pair.second);
  };
  list("statuses of payments", statuses_, " -> ");
  list("states of payments and what happened in them", facts_, " + ");
  list("the breaker", breaker_, " -> ");
  text += "\nexpected and not met\n";
  const auto none = missing();
  for (const auto& one : none) text += "  " + one + "\n";
  if (none.empty()) text += "  nothing\n";
  text += "\nmet and not expected\n" + unexpected();
  return text;
}

}  // namespace cambist::sim
