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
                                  storage::KeyClaim{"key-1", {}, at, at + 24h});
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
  const auto append = make_append({}, after, decision.events, {}, counting, {});
  const auto& row = append.events[1];
  const auto fact = payment::decode(row.type, row.schema_version, row.json);
  ASSERT_TRUE(fact);
  EXPECT_EQ(owner_after({}, *fact).origin, (payment::Origin{"key-1", "req_1"}));
}

TEST(Record, AVerdictSettlesTheOperationPostsTheLedgerAndMovesTheTimer) {
  const auto [before, decision] = started();
  const auto events = verdict(before, provider::Approved{before.details.amount, "prov_1", "obj_1"});
  const auto after = evolve_all(before, events);
  const auto append = make_append(before, after, events, {}, counting, {});
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

TEST(Replies, EveryVerdictHasItsAnswerAndItsKey) {
  const Owner owner{{"key-1", "req_1"}, false};
  const auto [before, decision] = started();
  const auto answer_to = [&](provider::Verdict what) {
    const auto events = verdict(before, std::move(what));
    return outcome_of(owner, events, evolve_all(before, events));
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
