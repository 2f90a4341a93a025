#include "actors/payment/record.hpp"

#include <gtest/gtest.h>

#include "actors/payment/owner.hpp"
#include "actors/payment/replies.hpp"
#include "protocols/payment/codec.hpp"

namespace cambist::actors::live {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint at{1'800'000'000s};
const Random counting = [n = std::uint64_t{0}]() mutable { return ++n; };

payment::Create create_command() {
  payment::Details details;
  details.amount = Money{5'000, *Currency::parse("EUR")};
  details.capture = payment::CaptureMethod::manual;
  details.provider = "stub";
  details.method = {"card", "pm_1"};
  details.reference = "order-7";
  return {PaymentId::make(at, counting), default_tenant(), details,
          OperationId::make(at, counting)};
}

struct Started {
  payment::Payment after;
  payment::Decision decision;
};

Started started(const payment::Origin& origin = {"key-1", "req_1"}) {
  auto decision = *payment::decide({}, create_command(), {}, at, 0.5);
  sign(decision.events, origin);
  return {evolve_all({}, decision.events), decision};
}

std::vector<payment::Event> verdict(const payment::Payment& payment, provider::Verdict verdict) {
  const auto* operation = payment::running(payment);
  return payment::decide(
             payment,
             payment::ProviderAnswered{
                 operation->id, operation->attempts, operation->inquire, std::move(verdict), {}},
             {}, at + 1s, 0.5)
      ->events;
}

TEST(Record, ACreateWritesEventsRowOperationTimerAndKeyInOneAppend) {
  const auto [after, decision] = started();
  const auto append = make_append({}, after, decision.events, {}, counting,
                                  storage::KeyClaim{"key-1", {}, at, at + 24h}, api::render(after));
  EXPECT_EQ(append.expected_version, 0U);
  ASSERT_EQ(append.events.size(), 2U);
  EXPECT_EQ(append.events[0].type, "payment_created");
  EXPECT_NE(append.events[0].id, append.events[1].id);
  EXPECT_EQ(append.row.version, 2U);
  EXPECT_EQ(append.row.status, "processing");
  EXPECT_TRUE(append.row.open);
  EXPECT_EQ(append.row.reference, "order-7");
  ASSERT_EQ(append.operations.size(), 1U);
  EXPECT_EQ(append.operations[0].status, "pending");
  ASSERT_TRUE(append.timer);
  EXPECT_TRUE(append.timer->due.has_value());  // somebody asks if nobody answers
  EXPECT_TRUE(std::holds_alternative<storage::KeyClaim>(append.key));
}

TEST(Record, TheOriginSurvivesTheCodec) {
  const auto [after, decision] = started();
  const auto append = make_append({}, after, decision.events, {}, counting, {}, api::render(after));
  const auto& row = append.events[1];
  const auto fact = payment::decode(row.type, row.schema_version, row.json);
  ASSERT_TRUE(fact);
  EXPECT_EQ(owner_after({}, *fact).origin, (payment::Origin{"key-1", "req_1"}));
}

TEST(Record, AVerdictSettlesTheOperationPostsTheLedgerAndMovesTheTimer) {
  const auto [before, decision] = started();
  const auto events = verdict(before, provider::Approved{before.details.amount, "prov_1", "obj_1"});
  const auto after = evolve_all(before, events);
  const auto append = make_append(before, after, events, {}, counting, {}, api::render(after));
  EXPECT_EQ(append.expected_version, before.version);
  EXPECT_EQ(append.row.status, "authorized");
  EXPECT_FALSE(append.row.open);
  ASSERT_EQ(append.operations.size(), 1U);
  EXPECT_EQ(append.operations[0].status, "succeeded");
  EXPECT_EQ(append.operations[0].provider_object, "obj_1");
  std::int64_t sum = 0;
  for (const auto& posting : append.ledger) {
    sum += posting.amount.minor;
    EXPECT_EQ(posting.operation, append.operations[0].id);
  }
  EXPECT_EQ(sum, 0);
  EXPECT_FALSE(append.ledger.empty());
}

payment::Payment authorized() {
  const auto [before, decision] = started();
  return evolve_all(before,
                    verdict(before, provider::Approved{before.details.amount, "prov_1", "obj_1"}));
}

struct Step {
  payment::Payment before;
  payment::Payment after;
  std::vector<payment::Event> events;
};
Step step(payment::Payment before, const payment::Command& command, TimePoint when) {
  auto decision = *payment::decide(before, command, {}, when, 0.5);
  auto after = evolve_all(before, decision.events);
  return {std::move(before), std::move(after), std::move(decision.events)};
}
storage::Append append_of(const Step& step, std::string_view request_id = {}) {
  return make_append(step.before, step.after, step.events, {}, counting, {},
                     api::render(step.after), request_id);
}

/// A capture that has been unknown for a day, and the step that calls the operators.
Step escalated() {
  auto before = authorized();
  before =
      step(before, payment::Capture{std::nullopt, true, OperationId::make(at, counting)}, at).after;
  const auto* operation = payment::running(before);
  before = step(before,
                payment::ProviderAnswered{operation->id,
                                          operation->attempts,
                                          false,
                                          provider::Unknown{{provider::FailureCode::timeout, "?"}},
                                          {}},
                at)
               .after;
  return step(before, payment::TimerFired{}, at + 24h);
}

TEST(Record, WhatIsToldToMerchantsIsWrittenInTheSameAppend) {
  const auto [after, decision] = started();
  const auto append = make_append({}, after, decision.events, {}, counting, {}, api::render(after));
  ASSERT_EQ(append.outbox.size(), 1U);
  EXPECT_EQ(append.outbox[0].type, "payment.created");
  EXPECT_EQ(append.outbox[0].sequence, 1U);
  EXPECT_EQ(append.outbox[0].payment, after.id);
  EXPECT_EQ(append.outbox[0].at, at);
  EXPECT_FALSE(append.outbox[0].id.empty());
  EXPECT_NE(append.outbox[0].json.find("payment.created"), std::string::npos);
}

TEST(Record, ATimerSaysWhatItIsFor) {
  const auto [after, decision] = started();
  EXPECT_EQ(
      make_append({}, after, decision.events, {}, counting, {}, api::render(after)).timer->kind,
      "call_deadline");
  auto scheduled = step(authorized(), payment::ScheduleCapture{at + 1h}, at + 1s);
  const auto append = append_of(scheduled);
  ASSERT_TRUE(append.timer);
  EXPECT_EQ(append.timer->kind, "scheduled_capture");
  EXPECT_EQ(append.timer->due, at + 1h);
}

TEST(Record, AnEscalationOpensATaskWithTheOperationsBytes) {
  const auto called = escalated();
  const auto append = append_of(called);
  ASSERT_EQ(append.tasks.size(), 1U);
  const auto& task = append.tasks[0];
  EXPECT_EQ(task.id.bytes, payment::running(called.after)->id.bytes);
  EXPECT_EQ(task.kind, "unknown_outcome");
  EXPECT_EQ(task.status, "open");
  EXPECT_EQ(task.operation_kind, "capture");
  EXPECT_EQ(task.amount, called.after.details.amount);
  EXPECT_EQ(task.created_at, at + 24h);
  EXPECT_FALSE(task.detail.empty());
  EXPECT_EQ(tasks_change(append.tasks), 1);
  ASSERT_EQ(append.outbox.size(), 1U);
  EXPECT_EQ(append.outbox[0].type, "task.opened");
  EXPECT_TRUE(append.audit.empty());
}

TEST(Record, AnOperatorsWordEndsTheTaskAndIsAudited) {
  const auto called = escalated();
  const OperationId id = payment::running(called.after)->id;
  const auto decided = step(
      called.after, payment::ResolveOperation{id, true, "ch_1", "Seen.", "ops@shop"}, at + 25h);
  const auto append = append_of(decided, "req_7");
  ASSERT_EQ(append.tasks.size(), 1U);
  EXPECT_EQ(append.tasks[0].status, "resolved");
  EXPECT_EQ(append.tasks[0].outcome, "succeeded");
  EXPECT_EQ(append.tasks[0].reason, "Seen.");
  EXPECT_EQ(append.tasks[0].resolved_by, "ops@shop");
  EXPECT_EQ(append.tasks[0].created_at, at + 24h) << "a row is written whole";
  EXPECT_EQ(append.tasks[0].resolved_at, at + 25h);
  EXPECT_EQ(tasks_change(append.tasks), -1);
  ASSERT_EQ(append.audit.size(), 1U);
  EXPECT_EQ(append.audit[0].action, "task.resolve");
  EXPECT_EQ(append.audit[0].actor, "ops@shop");
  EXPECT_EQ(append.audit[0].object, append.tasks[0].id.to_string());
  EXPECT_EQ(append.audit[0].request_id, "req_7");
  EXPECT_NE(append.audit[0].detail.find(R"("outcome":"succeeded")"), std::string::npos);
  const auto known = now_known(decided.before, decided.after, decided.events);
  ASSERT_TRUE(known);
  EXPECT_TRUE(known->by_operator);
  EXPECT_EQ(known->unknown_for, 25h);
}

TEST(Record, AnAnswerAfterAllEndsTheTaskToo) {
  const auto called = escalated();
  const auto* operation = payment::running(called.after);
  const auto answered =
      step(called.after,
           payment::ProviderAnswered{operation->id,
                                     operation->attempts,
                                     true,
                                     provider::Approved{called.after.details.amount},
                                     {}},
           at + 26h);
  const auto append = append_of(answered);
  ASSERT_EQ(append.tasks.size(), 1U);
  EXPECT_EQ(append.tasks[0].outcome, "settled");
  EXPECT_TRUE(append.tasks[0].resolved_by.empty());
  EXPECT_TRUE(append.audit.empty());
  ASSERT_EQ(append.outbox.size(), 2U);
  EXPECT_EQ(append.outbox[0].type, "payment.captured");
  EXPECT_EQ(append.outbox[1].type, "task.resolved");
  EXPECT_FALSE(now_known(answered.before, answered.after, answered.events)->by_operator);
}

TEST(Record, ANoticeOfNoOperationIsPostedUnderTheFirst) {
  const auto before = authorized();
  provider::Notice notice;
  notice.id = "evt_1";
  notice.news = provider::CaptureSeen{before.details.amount};
  const auto heard = step(before, payment::Notified{notice}, at + 2s);
  const auto append = append_of(heard);
  ASSERT_FALSE(append.ledger.empty());
  for (const auto& posting : append.ledger) EXPECT_EQ(posting.operation, before.history.front().id);
  EXPECT_FALSE(now_known(heard.before, heard.after, heard.events));
}

TEST(Replies, WhatABreakerDidDoesNotHideTheAnswer) {
  const Owner owner{{"key-1", "req_1"}, false};
  const auto [before, decision] = started();
  const auto* operation = payment::running(before);
  payment::ProviderAnswered report{
      operation->id,
      operation->attempts,
      false,
      provider::Refused{{provider::FailureCode::provider_down, "down"}, true, false},
      {}};
  report.exchange.breaker = "turned_away";
  const auto turned = step(before, report, at + 1s);
  ASSERT_EQ(turned.events.size(), 2U);
  const auto outcome = outcome_of(owner, turned.events, turned.after, api::render(turned.after));
  EXPECT_EQ(outcome.answer->status, 503);
  EXPECT_TRUE(outcome.settled);
  Owner folded = owner;
  for (const auto& event : turned.events) folded = owner_after(folded, event.fact);
  EXPECT_TRUE(folded.origin.key.empty());
}

TEST(Replies, AnOperatorsWordIsTheAnswerOfTheRequestItSettles) {
  const Owner owner{{"key-1", "req_1"}, false};
  const auto called = escalated();
  const auto decided =
      step(called.after,
           payment::ResolveOperation{payment::running(called.after)->id, true, "", "Seen.", "ops"},
           at + 25h);
  const auto outcome = outcome_of(owner, decided.events, decided.after, api::render(decided.after));
  EXPECT_EQ(outcome.answer->status, 200);
  EXPECT_TRUE(std::holds_alternative<storage::KeyAnswer>(key_change(owner, outcome)));
}

TEST(Replies, AKeyIsFreedOnlyWhileItsClientHasBeenToldNothing) {
  const Owner owner{{"key-1", "req_1"}, false};
  const auto [before, decision] = started();
  const provider::Failure down{provider::FailureCode::provider_down, "down"};
  const auto events = verdict(before, provider::Refused{down, true, false});
  const auto after = evolve_all(before, events);
  const auto waits = outcome_of(owner, events, after, api::render(after), false);
  EXPECT_TRUE(std::holds_alternative<storage::KeyRelease>(key_change(owner, waits)));
  const auto told = outcome_of(owner, events, after, api::render(after), true);
  const auto change = key_change(owner, told);
  ASSERT_TRUE(std::holds_alternative<storage::KeyAnswer>(change));
  EXPECT_EQ(std::get<storage::KeyAnswer>(change).status, 424);
}

TEST(Replies, AnEscalationAnswersNobody) {
  const auto called = escalated();
  EXPECT_FALSE(outcome_of({{"key-1", "req_1"}, false}, called.events, called.after,
                          api::render(called.after))
                   .answer);
}

TEST(Replies, AScheduleIsAnsweredAtOnce) {
  const auto scheduled = step(authorized(), payment::ScheduleCapture{at + 1h}, at + 1s);
  const auto outcome = outcome_of({{"key-1", "req_1"}, false}, scheduled.events, scheduled.after,
                                  api::render(scheduled.after));
  ASSERT_TRUE(outcome.answer);
  EXPECT_EQ(outcome.answer->status, 200);
  EXPECT_TRUE(outcome.settled);
  EXPECT_NE(outcome.answer->body.find("\"capture_at\":\""), std::string::npos);
}

TEST(Replies, EveryVerdictHasItsAnswerAndItsKey) {
  const Owner owner{{"key-1", "req_1"}, false};
  const auto [before, decision] = started();
  const auto answer_to = [&](provider::Verdict what) {
    const auto events = verdict(before, std::move(what));
    const auto after = evolve_all(before, events);
    return outcome_of(owner, events, after, api::render(after));
  };
  const provider::Failure down{provider::FailureCode::provider_down, "down"};
  const provider::Failure bad{provider::FailureCode::invalid_request, "bad"};
  const provider::Failure poor{provider::FailureCode::insufficient_funds, "poor"};

  const auto approved = answer_to(provider::Approved{before.details.amount});
  EXPECT_EQ(approved.answer->status, 201);
  EXPECT_TRUE(std::holds_alternative<storage::KeyAnswer>(key_change(owner, approved)));

  const auto declined = answer_to(provider::Declined{poor});
  EXPECT_EQ(declined.answer->status, 402);
  EXPECT_TRUE(std::holds_alternative<storage::KeyAnswer>(key_change(owner, declined)));

  const auto outage = answer_to(provider::Refused{down, true, false});
  EXPECT_EQ(outage.answer->status, 503);
  EXPECT_TRUE(outage.answer->retry_after_s.has_value());
  EXPECT_TRUE(std::holds_alternative<storage::KeyRelease>(key_change(owner, outage)));

  const auto rejected = answer_to(provider::Refused{bad, false, false});
  EXPECT_EQ(rejected.answer->status, 422);
  EXPECT_TRUE(std::holds_alternative<storage::KeyAnswer>(key_change(owner, rejected)));

  const auto action = answer_to(provider::ActionRequired{{"redirect", "https://a.test"}});
  EXPECT_EQ(action.answer->status, 201);
  EXPECT_TRUE(std::holds_alternative<storage::KeyAnswer>(key_change(owner, action)));

  const auto pending = answer_to(provider::Pending{"prov_1"});
  EXPECT_EQ(pending.answer->status, 202);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(key_change(owner, pending)));

  const auto unknown = answer_to(provider::Unknown{down});
  EXPECT_FALSE(unknown.answer.has_value());
  EXPECT_TRUE(std::holds_alternative<std::monostate>(key_change(owner, unknown)));
}

TEST(Replies, WithoutAKeyNothingIsStoredUnderOne) {
  const Outcome outcome{api::Answer{}, true};
  EXPECT_TRUE(std::holds_alternative<std::monostate>(key_change(Owner{}, outcome)));
}

TEST(Owner, EndsWithTheAnswerAndConfirmBeginsAnotherOne) {
  Owner owner{{"key-1", "req_1"}, false};
  owner = owner_after(owner, payment::ActionWasRequired{});
  EXPECT_TRUE(owner.origin.key.empty());
  owner = owner_after(owner, payment::ActionConfirmed{{}, {"key-2", "req_2"}});
  EXPECT_EQ(owner.origin.key, "key-2");
  EXPECT_TRUE(owner.confirm);
  owner = owner_after(owner, payment::AttemptFailed{});
  EXPECT_EQ(owner.origin.key, "key-2");
  owner = owner_after(owner, payment::OperationApproved{});
  EXPECT_TRUE(owner.origin.key.empty());
}

TEST(KeyAnswer, TellsApartReplayReuseAndInProgress) {
  storage::KeyRecord record;
  record.fingerprint = sha256("a");
  EXPECT_EQ(answer_from_key(record, sha256("b"), "req").status, 422);
  EXPECT_EQ(answer_from_key(record, sha256("a"), "req").status, 409);
  EXPECT_EQ(answer_from_key(std::nullopt, sha256("a"), "req").status, 409);
  record.completed = true;
  record.status = 201;
  record.body = R"({"id":"pay_1"})";
  EXPECT_EQ(answer_from_key(record, sha256("b"), "req").status, 422);
  const auto replayed = answer_from_key(record, sha256("a"), "req");
  EXPECT_EQ(replayed.status, 201);
  EXPECT_EQ(replayed.body, record.body);
  EXPECT_TRUE(replayed.replayed);
}

}  // namespace
}  // namespace cambist::actors::live
