// Every state with every command: what each pair comes to, so that nothing hides behind a
// catch-all.
#include <algorithm>
#include <array>
#include <map>

#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

/// What a command comes to, in one character.
enum class Outcome : char {
  nothing = '.',  // decides nothing: stale or not its turn
  illegal = 'x',  // illegal_transition
  busy = 'b',     // operation_in_progress
  unknown = 'u',  // outcome_unknown
  starts = 'S',   // an operation starts (or the payer's action is taken up)
  approved = 'A',
  declined = 'D',
  refused = 'R',  // settled as refused
  repeats = 'r',  // sent again with the same key
  asks = 'q',     // unknown from here on, or again: asked
  waits = 'w',    // the provider will tell, or is asked later: nothing is unknown
  payer = 'P',    // the payer must act
  next_step = 's',
  expires = 'E',
  effect_only = 'e',  // an inquiry is given, nothing is recorded
};

Outcome outcome_of(const Result<Decision>& decision) {
  if (!decision) {
    switch (decision.error().code) {
      case ErrorCode::illegal_transition:
        return Outcome::illegal;
      case ErrorCode::operation_in_progress:
        return Outcome::busy;
      case ErrorCode::outcome_unknown:
        return Outcome::unknown;
      default:
        ADD_FAILURE() << to_string(decision.error().code);
        return Outcome::nothing;
    }
  }
  if (decision->events.empty())
    return decision->effects.empty() ? Outcome::nothing : Outcome::effect_only;
  return std::visit(
      [](const auto& fact) {
        using F = std::decay_t<decltype(fact)>;
        if constexpr (std::is_same_v<F, OperationApproved>)
          return Outcome::approved;
        else if constexpr (std::is_same_v<F, OperationDeclined>)
          return Outcome::declined;
        else if constexpr (std::is_same_v<F, OperationRefused>)
          return Outcome::refused;
        else if constexpr (std::is_same_v<F, ActionWasRequired>)
          return Outcome::payer;
        else if constexpr (std::is_same_v<F, StepCompleted>)
          return Outcome::next_step;
        else if constexpr (std::is_same_v<F, OperationPending>)
          return Outcome::waits;
        else if constexpr (std::is_same_v<F, AuthorizationExpired>)
          return Outcome::expires;
        else if constexpr (std::is_same_v<F, AttemptFailed>) {
          if (!fact.inquire) return Outcome::repeats;
          return fact.unknown ? Outcome::asks : Outcome::waits;
        } else
          return Outcome::starts;
      },
      decision->events.back().fact);
}

constexpr std::array commands{"create",     "capture",      "cancel",          "refund",
                              "confirm",    "timer",        "approved",        "declined",
                              "refused",    "rejected",     "action_required", "pending",
                              "progressed", "not_executed", "silent"};

/// The command of that name, as an answer to the call that is under way.
Command command_of(std::size_t index, Story& story) {
  const OperationId id = story.operation_id();
  switch (index) {
    case 0:
      return Create{story.next_id<PaymentId>(), default_tenant(), story.details, id};
    case 1:
      return Capture{std::nullopt, true, id};
    case 2:
      return Cancel{"", id};
    case 3:
      return Refund{std::nullopt, "", id};
    case 4:
      return Confirm{};
    case 5:
      return TimerFired{};
    default:
      break;
  }
  provider::Call call;
  if (const Operation* operation = running(story.payment))
    call = call_for(story.payment, *operation);
  const auto answer = [&](provider::Verdict verdict) {
    return Story::answer_to(call, std::move(verdict));
  };
  switch (index) {
    case 6:
      return answer(approved(call.amount));
    case 7:
      return answer(declined());
    case 8:
      return answer(refused(true));
    case 9:
      return answer(refused(false));
    case 10:
      return answer(action_required());
    case 11:
      return answer(provider::Pending{});
    case 12:
      return answer(provider::Progressed{"pi_1", 1});
    case 13:
      return answer(provider::NotExecuted{});
    default:
      return answer(unknown());
  }
}

Story starting(CaptureMethod capture = CaptureMethod::automatic) {
  Story story{capture};
  (void)story.create();
  return story;
}
Story then(Story story, Result<Decision> (Story::*command)()) {
  (void)(story.*command)();
  return story;
}
Story answered(Story story, provider::Verdict verdict) {
  (void)story.answer(std::move(verdict));
  return story;
}
Story with_capture(std::int64_t minor, bool final_capture) {
  Story story = Story::authorized();
  (void)story.capture(usd(minor), final_capture);
  return story;
}
Story with_refund(std::int64_t minor) {
  Story story = Story::captured();
  (void)story.refund(usd(minor));
  return story;
}
Story expired() {
  Story story = Story::authorized();
  story.now += std::chrono::hours{24 * 8};
  (void)story.fire();
  return story;
}

struct Row {
  std::string name;
  Story story;
  std::string_view expected;  // one Outcome per command, in the order of `commands`
};

std::vector<Row> grid() {
  const auto voiding = [] { return then(Story::authorized(), &Story::cancel); };
  const auto giving_up = [] { return then(Story::awaiting(), &Story::cancel); };
  // clang-format off
  return {
      // create capture cancel refund confirm | timer | approved declined refused rejected action pending progressed not_executed silent
      {"nothing",                  Story{},                                              "Sxxxx" "." "........."},
      {"starting",                 starting(),                                           "xbbbb" "." "ADrRPwsqq"},
      {"starting, unknown",        answered(starting(), unknown()),                      "xuuuu" "." "ADqqPwsrq"},
      {"starting, sent again",     answered(answered(starting(), unknown()), provider::NotExecuted{}),
                                                                                         "xuuuu" "." "ADqqPwsqq"},
      {"starting, accepted",       answered(starting(), provider::Pending{}),            "xbbbb" "." "ADwwPwsrq"},
      {"awaiting action",          Story::awaiting(),                                    "xxSxS" "." "ADwwPwsww"},
      {"action confirmed",         then(Story::awaiting(), &Story::confirm),             "xbbbb" "." "ADwwPwsrq"},
      {"authorized",               Story::authorized(),                                  "xSSxx" "." "........."},
      {"authorized, part taken",   answered(with_capture(4'000, false), approved(usd(4'000))),
                                                                                         "xSxxx" "." "........."},
      {"capturing",                with_capture(4'000, true),                            "xbbbb" "." "ADrRqwsqq"},
      {"capturing, unknown",       answered(with_capture(4'000, true), unknown()),       "xuuuu" "." "ADqqqwsrq"},
      {"voiding",                  voiding(),                                            "xbbbb" "." "ADrRqwsqq"},
      {"voiding, unknown",         answered(voiding(), unknown()),                       "xuuuu" "." "ADqqqwsrq"},
      {"giving up",                giving_up(),                                          "xbbbb" "." "ADrRqwsqq"},
      {"giving up, unknown",       answered(giving_up(), unknown()),                     "xuuuu" "." "ADqqqwsrq"},
      {"captured",                 Story::captured(),                                    "xxxSx" "." "........."},
      {"captured, part refunded",  answered(with_refund(4'000), approved(usd(4'000))),   "xxxSx" "." "........."},
      {"refunding",                with_refund(4'000),                                   "xbbbb" "." "ADrRqwsqq"},
      {"refunding, unknown",       answered(with_refund(4'000), unknown()),              "xuuuu" "." "ADqqqwsrq"},
      {"refunded",                 answered(with_refund(10'000), approved(usd(10'000))), "xxxxx" "." "........."},
      {"voided",                   answered(voiding(), approved(Money{})),               "xxxxx" "." "........."},
      {"failed",                   answered(starting(), declined()),                     "xxxxx" "." "........."},
      {"expired",                  expired(),                                            "xxxxx" "." "........."},
  };
  // clang-format on
}

TEST(PaymentGrid, EveryStateAnswersEveryCommandAsWritten) {
  for (Row& row : grid()) {
    ASSERT_EQ(row.expected.size(), commands.size()) << row.name;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const Payment before = row.story.payment;
      const auto decision = decide(row.story.payment, command_of(i, row.story), row.story.policy,
                                   row.story.now, row.story.roll);
      EXPECT_EQ(static_cast<char>(outcome_of(decision)), row.expected[i])
          << row.name << " + " << commands[i];
      EXPECT_EQ(row.story.payment, before);
    }
  }
}

TEST(PaymentGrid, HoldsEveryStateEveryCommandAndEveryVerdict) {
  std::vector<bool> states(std::variant_size_v<State>);
  std::vector<bool> told(std::variant_size_v<Command>);
  std::vector<bool> verdicts(std::variant_size_v<provider::Verdict>);
  for (Row& row : grid()) {
    states[row.story.payment.state.index()] = true;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const Command command = command_of(i, row.story);
      told[command.index()] = true;
      if (const auto* answer = std::get_if<ProviderAnswered>(&command))
        verdicts[answer->verdict.index()] = true;
    }
  }
  EXPECT_EQ(std::count(states.begin(), states.end(), false), 0);
  EXPECT_EQ(std::count(told.begin(), told.end(), false), 0);
  EXPECT_EQ(std::count(verdicts.begin(), verdicts.end(), false), 0);
}

TEST(PaymentGrid, AnOverdueTimerDoesWhatEachStateOwes) {
  const std::map<std::string, char> expected{{"nothing", '.'},
                                             {"starting", 'q'},
                                             {"starting, unknown", 'e'},
                                             {"starting, sent again", 'q'},
                                             {"starting, accepted", 'e'},
                                             {"awaiting action", 'e'},
                                             {"action confirmed", 'e'},
                                             {"authorized", 'E'},
                                             {"authorized, part taken", 'E'},
                                             {"capturing", 'q'},
                                             {"capturing, unknown", 'e'},
                                             {"voiding", 'q'},
                                             {"voiding, unknown", 'e'},
                                             {"giving up", 'q'},
                                             {"giving up, unknown", 'e'},
                                             {"captured", '.'},
                                             {"captured, part refunded", '.'},
                                             {"refunding", 'q'},
                                             {"refunding, unknown", 'e'},
                                             {"refunded", '.'},
                                             {"voided", '.'},
                                             {"failed", '.'},
                                             {"expired", '.'}};
  for (Row& row : grid()) {
    const auto decision = decide(row.story.payment, TimerFired{}, row.story.policy,
                                 row.story.now + std::chrono::hours{24 * 365}, row.story.roll);
    ASSERT_TRUE(expected.contains(row.name)) << row.name;
    EXPECT_EQ(static_cast<char>(outcome_of(decision)), expected.at(row.name)) << row.name;
    if (decision) {
      for (const Effect& effect : decision->effects)
        EXPECT_TRUE(std::get<CallProvider>(effect).call.inquiry);
    }
  }
}

TEST(PaymentGrid, WhateverIsNotSettledHasADeadline) {
  for (const Row& row : grid()) {
    const bool waits = running(row.story.payment) != nullptr || row.story.is<Authorized>();
    EXPECT_EQ(wake_at(row.story.payment, row.story.policy).has_value(), waits) << row.name;
  }
}

TEST(PaymentGrid, EveryStateHasItsStatus) {
  const std::map<std::string, Status> expected{
      {"nothing", Status::pending},
      {"starting", Status::processing},
      {"starting, unknown", Status::processing},
      {"starting, sent again", Status::processing},
      {"starting, accepted", Status::processing},
      {"awaiting action", Status::requires_action},
      {"action confirmed", Status::processing},
      {"authorized", Status::authorized},
      {"authorized, part taken", Status::partially_captured},
      {"capturing", Status::processing},
      {"capturing, unknown", Status::processing},
      {"voiding", Status::processing},
      {"voiding, unknown", Status::processing},
      {"giving up", Status::processing},
      {"giving up, unknown", Status::processing},
      {"captured", Status::captured},
      {"captured, part refunded", Status::partially_refunded},
      {"refunding", Status::processing},
      {"refunding, unknown", Status::processing},
      {"refunded", Status::refunded},
      {"voided", Status::voided},
      {"failed", Status::failed},
      {"expired", Status::expired}};
  for (const Row& row : grid())
    EXPECT_EQ(status_of(row.story.payment), expected.at(row.name)) << row.name;
}

TEST(PaymentGrid, AFactThatDoesNotFitChangesNothingButTheVersion) {
  const OperationId nobody = Story{}.operation_id();
  const std::vector<Fact> facts{StepCompleted{nobody, 1},
                                OperationApproved{nobody, approved(usd(1))},
                                OperationDeclined{nobody, declined()},
                                OperationRefused{nobody, refused()},
                                AttemptFailed{nobody},
                                OperationPending{nobody},
                                ActionWasRequired{nobody, action_required()},
                                ActionConfirmed{nobody, {}}};
  for (const Row& row : grid()) {
    for (const Fact& fact : facts) {
      // The stories number operations from 2; this one is number 1 and belongs to none of them.
      const Payment after = evolve(row.story.payment, Event{row.story.now, fact});
      EXPECT_EQ(after.state, row.story.payment.state) << row.name;
      EXPECT_EQ(after.history, row.story.payment.history) << row.name;
      EXPECT_EQ(after.version, row.story.payment.version + 1) << row.name;
      EXPECT_TRUE(postings(row.story.payment, Event{row.story.now, fact}).empty()) << row.name;
    }
  }
}

}  // namespace
}  // namespace cambist::payment
