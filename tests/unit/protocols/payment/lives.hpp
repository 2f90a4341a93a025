// Random lives of a payment, one moment after the other: what clients, providers, operators and
// time may do next.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <rapidcheck/gtest.h>

#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {

inline rc::Gen<provider::Verdict> verdicts(const provider::Call& call) {
  const std::int64_t most = std::max<std::int64_t>(call.amount.minor, 1);
  return rc::gen::weightedOneOf<provider::Verdict>({
      {6, rc::gen::just(provider::Verdict{approved(call.amount)})},
      {1, rc::gen::map(rc::gen::inRange<std::int64_t>(-1, most + 2),
                       [c = call.amount.currency](std::int64_t minor) {
                         return provider::Verdict{approved(Money{minor, c})};
                       })},
      {2, rc::gen::just(provider::Verdict{declined()})},
      {2, rc::gen::map(rc::gen::arbitrary<bool>(),
                       [](bool repeatable) { return provider::Verdict{refused(repeatable)}; })},
      {1, rc::gen::just(provider::Verdict{action_required()})},
      {1, rc::gen::just(provider::Verdict{provider::Pending{"pi_1", ""}})},
      {1, rc::gen::map(rc::gen::inRange(0, 4),
                       [](int step) {
                         return provider::Verdict{provider::Progressed{"pi_1", step}};
                       })},
      {2, rc::gen::just(provider::Verdict{provider::NotExecuted{}})},
      {3, rc::gen::just(provider::Verdict{unknown()})},
  });
}

inline provider::News some_news(const Story& story) {
  const std::int64_t amount = story.details.amount.minor;
  const Money money = usd(*rc::gen::inRange<std::int64_t>(0, amount + 2));
  const std::string object = *rc::gen::element<std::string>("a", "b", "c");
  switch (
      *rc::gen::weightedElement<int>({{1, 0}, {2, 1}, {1, 2}, {2, 3}, {4, 4}, {4, 5}, {3, 6}})) {
    case 6:
      return provider::TransferSeen{
          money, object,
          *rc::gen::element(provider::TransferKind::credit, provider::TransferKind::reversal,
                            provider::TransferKind::returned)};
    case 0:
      return provider::Irrelevant{};
    case 1:
      return provider::Happened{};
    case 2:
      return provider::AuthorizationEnded{*rc::gen::arbitrary<bool>()};
    case 3:
      return provider::CaptureSeen{money};
    case 4: {
      provider::RefundSeen seen = refund_seen(
          money, object,
          *rc::gen::element(provider::RefundStatus::pending, provider::RefundStatus::succeeded,
                            provider::RefundStatus::failed));
      // Sometimes one of ours, running or settled.
      if (const Operation* operation = running(story.payment);
          operation != nullptr && *rc::gen::arbitrary<bool>()) {
        seen.operation = operation->id.to_string();
      } else if (!story.payment.history.empty() && *rc::gen::arbitrary<bool>()) {
        seen.operation = story.payment.history.back().id.to_string();
      }
      return seen;
    }
    default: {
      provider::DisputeSeen seen = dispute_seen(
          money,
          *rc::gen::element(provider::DisputeStatus::open, provider::DisputeStatus::under_review,
                            provider::DisputeStatus::won, provider::DisputeStatus::lost));
      seen.dispute = object;
      seen.inquiry = *rc::gen::inRange(0, 4) == 0;
      return seen;
    }
  }
}

inline Command some_answer(const provider::Call& call) {
  auto report = Story::answer_to(call, *verdicts(call));
  report.exchange.breaker =
      *rc::gen::element<std::string>("", "", "", "turned_away", "opened", "probe", "closed");
  return report;
}

/// What happens next, after some time; nullopt: the process dies and starts again.
/// Shape: `calls` are all that were ever given, the newest last.
inline std::optional<Command> next_command(Story& story, const std::vector<provider::Call>& calls) {
  story.roll = *rc::gen::inRange(0, 1'000'000) / 1e6;
  story.now += Duration{*rc::gen::element<std::int64_t>(0, 1, 300'000, 2'000'000, 31'000'000,
                                                        3'600'000'000, 90'000'000'000)};
  const std::int64_t amount = story.details.amount.minor;
  const auto some = [&]() -> std::optional<Money> {
    if (*rc::gen::inRange(0, 3) == 0) return std::nullopt;
    return usd(*rc::gen::inRange<std::int64_t>(0, amount + 2));
  };
  switch (*rc::gen::weightedElement<int>({{1, 0},
                                          {3, 1},
                                          {1, 2},
                                          {3, 3},
                                          {2, 4},
                                          {3, 5},
                                          {12, 6},
                                          {3, 7},
                                          {2, 8},
                                          {8, 9},
                                          {2, 10},
                                          {1, 11}})) {
    case 0:
      return Create{story.next_id<PaymentId>(), default_tenant(), story.details,
                    story.operation_id()};
    case 1:
      return Capture{some(), *rc::gen::arbitrary<bool>(), story.operation_id()};
    case 2:
      return Cancel{"", story.operation_id()};
    case 3:
      return Refund{some(), "", story.operation_id()};
    case 4:
      return Confirm{};
    case 6:  // the newest call is answered
      if (!calls.empty()) return some_answer(calls.back());
      return TimerFired{};
    case 7:  // any call that ever was is answered, perhaps for the second time
      if (!calls.empty())
        return some_answer(calls[*rc::gen::inRange<std::size_t>(0, calls.size())]);
      return TimerFired{};
    case 8:
      return std::nullopt;
    case 9:
      return Story::notice(some_news(story));
    case 10: {
      std::optional<TimePoint> at;
      if (*rc::gen::inRange(0, 3) > 0)
        at = story.now + std::chrono::minutes{*rc::gen::inRange(-60, 60 * 24 * 8)};
      return ScheduleCapture{at};
    }
    case 11: {
      const Operation* operation = running(story.payment);
      return ResolveOperation{operation != nullptr ? operation->id : story.operation_id(),
                              *rc::gen::arbitrary<bool>(), "", "Seen.", "ops"};
    }
    default:
      return TimerFired{};
  }
}

}  // namespace cambist::payment
