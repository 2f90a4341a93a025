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
  scheduled = 'c',
  captured_there = 'C',
  refunded_there = 'F',
  reversed = 'f',
  disputed = '!',
  escalated = 't',
  elsewhere = '>',     // goes on at the next provider
  fence_failed = '<',  // stays where it is, and is asked about
  received = 'm',      // money that is not all that is due
  attention = 'n',     // money for the operators
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
        else if constexpr (std::is_same_v<F, AuthorizationExpired> ||
                           std::is_same_v<F, AuthorizationEndedAtProvider>)
          return Outcome::expires;
        else if constexpr (std::is_same_v<F, CaptureScheduled>)
          return Outcome::scheduled;
        else if constexpr (std::is_same_v<F, CapturedAtProvider>)
          return Outcome::captured_there;
        else if constexpr (std::is_same_v<F, RefundedAtProvider>)
          return Outcome::refunded_there;
        else if constexpr (std::is_same_v<F, RefundReversed>)
          return Outcome::reversed;
        else if constexpr (std::is_same_v<F, DisputeChanged>)
          return Outcome::disputed;
        else if constexpr (std::is_same_v<F, OperationEscalated>)
          return Outcome::escalated;
        else if constexpr (std::is_same_v<F, FailedOver>)
          return Outcome::elsewhere;
        else if constexpr (std::is_same_v<F, FenceFailed>)
          return Outcome::fence_failed;
        else if constexpr (std::is_same_v<F, TransferReceived>)
          return Outcome::received;
        else if constexpr (std::is_same_v<F, AttentionNeeded>)
          return Outcome::attention;
        else if constexpr (std::is_same_v<F, AttemptFailed>) {
          if (!fact.inquire) return Outcome::repeats;
          return fact.unknown ? Outcome::asks : Outcome::waits;
        } else
          return Outcome::starts;
      },
      decision->events.back().fact);
}

constexpr std::array commands{
    "create",       "capture",        "cancel",         "refund",        "confirm",
    "timer",        "approved",       "declined",       "refused",       "rejected",
    "action",       "pending",        "progressed",     "not_executed",  "silent",
    "schedule",     "resolve: yes",   "resolve: no",    "irrelevant",    "happened",
    "ended there",  "captured there", "refunded there", "refund failed", "disputed",
    "dispute lost", "money came",     "money short",    "see to"};

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
    case 15:
      return ScheduleCapture{story.now + std::chrono::hours{24}};
    case 18:
      return Story::notice(provider::Irrelevant{});
    case 19:
      return Story::notice(provider::Happened{});
    case 20:
      return Story::notice(provider::AuthorizationEnded{true});
    case 21:
      return Story::notice(provider::CaptureSeen{usd(10'000)});
    case 22:
      return Story::notice(refund_seen(usd(4'000)));
    case 23:
      return Story::notice(refund_seen(usd(4'000), "re_y", provider::RefundStatus::failed));
    case 24:
      return Story::notice(dispute_seen(usd(3'000)));
    case 25:
      return Story::notice(dispute_seen(usd(3'000), provider::DisputeStatus::lost));
    case 26:
      return Story::notice(provider::TransferSeen{usd(10'000), "FT1"});
    case 27:
      return Story::notice(provider::TransferSeen{usd(4'000), "FT2"});
    case 28:
      return ResolveAttention{TaskId{}, "Seen.", "ops"};
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
    case 14:
      return answer(unknown());
    default:
      return ResolveOperation{call.operation, index == 16, "", "Seen.", "ops"};
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
/// At paypal, while stripe is asked about money of the attempt that it had refused.
Story suspected() {
  Story story = Story::at_paypal();
  (void)story.hear_from("stripe", provider::Happened{}, "pi_1");
  return story;
}
/// The same, while that money is returned.
Story returning() {
  Story story = Story::at_paypal();
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_1");
  return story;
}
/// The payer's turn at paypal, while money of stripe is returned.
Story returning_beside_action() {
  Story story = Story::routed();
  (void)story.answer(refused(false));
  provider::ActionRequired required = action_required();
  required.provider_payment_id = "pp_1";
  (void)story.answer(std::move(required));
  (void)story.hear_from("stripe", provider::CaptureSeen{usd(10'000)}, "pi_1");
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
      // | schedule | resolve: yes, no | irrelevant happened ended captured refunded refund-failed disputed dispute-lost
      // | money: all, a part | see to a task
      {"nothing",                  Story{},                                              "Sxxxx" "." "........." "x" "xx" "........" "..x"},
      {"starting",                 starting(),                                           "xbbbb" "." "ADrRPwsqq" "x" "xx" ".eeebbbb" "Amx"},
      {"starting, manual",         starting(CaptureMethod::manual),                      "xbbbb" "." "ADrRPwsqq" "c" "xx" ".eeebbbb" "nnx"},
      {"starting, unknown",        answered(starting(), unknown()),                      "xuuuu" "." "ADqqPwsrq" "x" "AR" ".eeebbbb" "Amx"},
      {"starting, sent again",     answered(answered(starting(), unknown()), provider::NotExecuted{}),
                                                                                         "xuuuu" "." "ADqqPwsqq" "x" "AR" ".eeebbbb" "Amx"},
      {"starting, accepted",       answered(starting(), provider::Pending{}),            "xbbbb" "." "ADwwPwsrq" "x" "xx" ".eeebbbb" "Amx"},
      {"awaiting action",          Story::awaiting(),                                    "xxSxS" "." "ADwwPwsww" "x" "xx" ".eeebbbb" "Amx"},
      {"awaiting, manual",         answered(starting(CaptureMethod::manual), action_required()),
                                                                                         "xxSxS" "." "ADwwPwsww" "c" "xx" ".eeebbbb" "nnx"},
      {"action confirmed",         then(Story::awaiting(), &Story::confirm),             "xbbbb" "." "ADwwPwsrq" "x" "xx" ".eeebbbb" "Amx"},
      {"authorized",               Story::authorized(),                                  "xSSxx" "." "........." "c" "xx" "..ECbbbb" "nnx"},
      {"authorized, part taken",   answered(with_capture(4'000, false), approved(usd(4'000))),
                                                                                         "xSxxx" "." "........." "x" "xx" "..ECbb!!" "nnx"},
      {"capturing",                with_capture(4'000, true),                            "xbbbb" "." "ADrRqwsqq" "b" "xx" ".eeebbbb" "nnx"},
      {"capturing, unknown",       answered(with_capture(4'000, true), unknown()),       "xuuuu" "." "ADqqqwsrq" "u" "AR" ".eeebbbb" "nnx"},
      {"voiding",                  voiding(),                                            "xbbbb" "." "ADrRqwsqq" "b" "xx" ".eeebbbb" "bbx"},
      {"voiding, unknown",         answered(voiding(), unknown()),                       "xuuuu" "." "ADqqqwsrq" "u" "AR" ".eeebbbb" "bbx"},
      {"giving up",                giving_up(),                                          "xbbbb" "." "ADrRqwsqq" "x" "xx" ".eeebbbb" "bbx"},
      {"giving up, unknown",       answered(giving_up(), unknown()),                     "xuuuu" "." "ADqqqwsrq" "x" "AR" ".eeebbbb" "bbx"},
      {"captured",                 Story::captured(),                                    "xxxSx" "." "........." "x" "xx" "....Ff!!" "nnx"},
      {"captured, part refunded",  answered(with_refund(4'000), approved(usd(4'000))),   "xxxSx" "." "........." "x" "xx" "....Ff!!" "nnx"},
      {"refunding",                with_refund(4'000),                                   "xbbbb" "." "ADrRqwsqq" "x" "xx" ".eeeFf!!" "nnx"},
      {"refunding, unknown",       answered(with_refund(4'000), unknown()),              "xuuuu" "." "ADqqqwsrq" "x" "AR" ".eeeFf!!" "nnx"},
      {"refunded",                 answered(with_refund(10'000), approved(usd(10'000))), "xxxxx" "." "........." "x" "xx" ".....f!!" "nnx"},
      {"voided",                   answered(voiding(), approved(Money{})),               "xxxxx" "." "........." "x" "xx" "...n..bb" "nnx"},
      {"failed",                   answered(starting(), declined()),                     "xxxxx" "." "........." "x" "xx" "...n..bb" "nnx"},
      {"starting, others next",    Story::routed(),                                      "xbbbb" "." "ADr>Pwsqq" "x" "xx" ".eeebbbb" "Amx"},
      {"fencing",                  Story::fencing(),                                     "xbbbb" "." "><wwqwsqq" "x" "xx" ".eeebbbb" "bbx"},
      {"unfenced",                 answered(Story::fencing(), declined()),               "xbbbb" "." "ADwwPwRRq" "x" "xx" ".eeebbbb" "Amx"},
      {"suspected late money",     suspected(),                                          "xuuuu" "." "tDqqRwRRq" "x" "tR" "........" "..x"},
      {"returning late money",     returning(),                                          "xbbbb" "." "Awwwqwsqq" "x" "AR" "........" "..x"},
      {"returning, payer's turn",  returning_beside_action(),                            "xbbbb" "." "Awwwqwsqq" "x" "AR" "........" "..x"},
      {"expired",                  expired(),                                            "xxxxx" "." "........." "x" "xx" "...n..bb" "nnx"},
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
  std::vector<bool> news(std::variant_size_v<provider::News>);
  // charge_seen_test.cpp has a grid of its own for the word of providers that cannot be asked.
  news[provider::News{provider::ChargeSeen{}}.index()] = true;
  for (Row& row : grid()) {
    states[row.story.payment.state.index()] = true;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const Command command = command_of(i, row.story);
      told[command.index()] = true;
      if (const auto* answer = std::get_if<ProviderAnswered>(&command))
        verdicts[answer->verdict.index()] = true;
      if (const auto* notified = std::get_if<Notified>(&command))
        news[notified->notice.news.index()] = true;
    }
  }
  EXPECT_EQ(std::count(states.begin(), states.end(), false), 0);
  EXPECT_EQ(std::count(told.begin(), told.end(), false), 0);
  EXPECT_EQ(std::count(verdicts.begin(), verdicts.end(), false), 0);
  EXPECT_EQ(std::count(news.begin(), news.end(), false), 0);
}

TEST(PaymentGrid, AnOverdueTimerDoesWhatEachStateOwes) {
  const std::map<std::string, char> expected{{"nothing", '.'},
                                             {"starting", 'q'},
                                             {"starting, manual", 'q'},
                                             {"awaiting, manual", 'e'},
                                             {"starting, unknown", 't'},
                                             {"starting, sent again", 'q'},
                                             {"starting, accepted", 't'},
                                             {"awaiting action", 'e'},
                                             {"action confirmed", 't'},
                                             {"authorized", 'E'},
                                             {"authorized, part taken", 'E'},
                                             {"capturing", 'q'},
                                             {"capturing, unknown", 't'},
                                             {"voiding", 'q'},
                                             {"voiding, unknown", 't'},
                                             {"giving up", 'q'},
                                             {"giving up, unknown", 't'},
                                             {"captured", '.'},
                                             {"captured, part refunded", '.'},
                                             {"refunding", 'q'},
                                             {"refunding, unknown", 't'},
                                             {"refunded", '.'},
                                             {"voided", '.'},
                                             {"failed", '.'},
                                             {"starting, others next", 'q'},
                                             {"fencing", 'q'},
                                             {"unfenced", 't'},
                                             {"suspected late money", 't'},
                                             {"returning late money", 'q'},
                                             {"returning, payer's turn", 'q'},
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
      {"starting, manual", Status::processing},
      {"starting, unknown", Status::processing},
      {"starting, sent again", Status::processing},
      {"starting, accepted", Status::processing},
      {"awaiting action", Status::requires_action},
      {"awaiting, manual", Status::requires_action},
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
      {"starting, others next", Status::processing},
      {"fencing", Status::processing},
      {"unfenced", Status::processing},
      {"suspected late money", Status::captured},
      {"returning late money", Status::captured},
      {"returning, payer's turn", Status::requires_action},
      {"expired", Status::expired}};
  for (const Row& row : grid())
    EXPECT_EQ(status_of(row.story.payment), expected.at(row.name)) << row.name;
}

TEST(PaymentGrid, AFactThatDoesNotFitChangesNothingButTheVersion) {
  OperationId nobody;
  nobody.bytes[0] = 0xff;
  const std::vector<Fact> facts{StepCompleted{nobody, 1},
                                OperationApproved{nobody, approved(usd(1))},
                                OperationDeclined{nobody, declined()},
                                OperationRefused{nobody, refused()},
                                AttemptFailed{nobody},
                                OperationPending{nobody},
                                ActionWasRequired{nobody, action_required()},
                                ActionConfirmed{nobody, {}},
                                OperationEscalated{nobody},
                                OperatorDecided{nobody, true},
                                BreakerNoticed{nobody, "stripe", "open", "opened"},
                                CapturedAtProvider{usd(10'001)},
                                RefundedAtProvider{"re_x", nobody, usd(10'001)},
                                RefundedAtProvider{"re_x", nobody, eur(1)},
                                RefundReversed{"re_x", nobody, usd(1)},
                                DisputeChanged{"du_x", eur(1)},
                                Routed{},
                                AttemptFenced{nobody, refused(), {}, {}},
                                FenceFailed{nobody, {}},
                                FailedOver{nobody, refused(), {}, "a", "b", "", {}},
                                TransferReceived{"FT1", provider::TransferKind::credit, eur(1)},
                                AttentionResolved{TaskId{}}};
  for (const Row& row : grid()) {
    for (const Fact& fact : facts) {
      // The stories number operations from 2; this one belongs to none of them.
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
