// The judge of what clients saw: an honest history has nothing to complain of, and whatever is
// spoilt in it is found.
#include "tests/support/history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/support/history_desk.hpp"

namespace cambist::test {
namespace {

using payment::approved;
using payment::declined;
using payment::usd;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

auto says(const char* invariant, const char* what) {
  return Contains(
      AllOf(Field(&Violation::invariant, invariant), Field(&Violation::what, HasSubstr(what))));
}

std::string all(const std::vector<Violation>& found) {
  std::string text;
  for (const auto& one : found) text += to_string(one) + "\n";
  return text;
}

/// A payment of 100.00 that is authorized, captured with 60.00, and refunded with 10.00, each step
/// with a key of its own.
class History : public testing::Test {
 protected:
  void SetUp() override {
    created = desk.create(10'000, "k-create");
    id = desk.id_of(created);
    desk.provider_says(id, approved(usd(10'000)));
    read = desk.read(id);
    captured = desk.capture(id, 6'000, "k-capture");
    desk.provider_says(id, approved(usd(6'000)));
    refunded = desk.refund(id, 1'000, "k-refund");
    desk.provider_says(id, approved(usd(1'000), "re_1"));
  }

  ClientCall& call(std::size_t at) { return desk.calls.at(at); }
  /// The stream without its last events.
  void lose(std::size_t count) {
    auto& events = desk.books.payments.at(id).events;
    events.resize(events.size() - count);
  }

  Desk desk;
  std::string id;
  std::size_t created = 0;
  std::size_t read = 0;
  std::size_t captured = 0;
  std::size_t refunded = 0;
};

TEST_F(History, OfHonestWorkIsBelieved) {
  EXPECT_EQ(call(created).status, 201);
  EXPECT_EQ(call(refunded).status, 200);
  EXPECT_EQ(all(desk.judged()), "");
}

// --- what was shown
// -------------------------------------------------------------------------------

TEST_F(History, ShowsAPaymentThatIsNotThere) {
  desk.books.payments.clear();
  EXPECT_THAT(desk.judged(), says("I2", "it is not there"));
}

TEST_F(History, ShowsAVerdictThatACrashHasLost) {
  lose(1);
  EXPECT_THAT(desk.judged(), says("I2", "as it never was"));
}

TEST_F(History, ShowsAnAmountThatNeverWas) {
  auto& body = call(read).body;
  body.replace(body.find("100.00"), 6, "101.00");
  EXPECT_THAT(desk.judged(), says("I2", "as it never was"));
}

TEST_F(History, ShowsThePaymentInsideAProblemTooAsItWas) {
  const auto other = desk.create(5'000, "k-other");
  desk.provider_says(desk.id_of(other), declined());
  ASSERT_EQ(call(other).status, 402);
  EXPECT_EQ(all(desk.judged()), "");
  auto& body = call(other).body;
  const auto at = body.rfind("\"failed\"");
  ASSERT_NE(at, std::string::npos);
  body.replace(at, 8, "\"voided\"");
  EXPECT_THAT(desk.judged(), says("I2", "as it never was"));
}

TEST_F(History, GoesBackInTime) {
  const auto late = desk.read(id);
  call(late).body = call(created).body;
  EXPECT_THAT(desk.judged(), says("I2", "after somebody had seen"));
}

TEST_F(History, MayShowTheOldAnswerAgainUnderItsKey) {
  const auto again = desk.capture(id, 6'000, "k-capture");
  ASSERT_TRUE(call(again).replayed);
  EXPECT_EQ(all(desk.judged()), "");
  call(again).replayed = false;
  EXPECT_THAT(desk.judged(), says("I2", "after somebody had seen"));
}

TEST_F(History, OfConcurrentReadsMayShowEither) {
  const auto late = desk.read(id);
  call(late).body = call(read).body;
  call(late).asked = call(read).asked;  // it was on its way all the time
  EXPECT_EQ(all(desk.judged()), "");
}

TEST_F(History, ShowsWhatHasNotHappenedYet) {
  call(read).answered_at = call(created).asked_at;
  EXPECT_THAT(desk.judged(), says("I2", "before it happened"));
  call(read).answered_at = {};  // nobody knows when
  EXPECT_EQ(all(desk.judged()), "");
}

TEST_F(History, SpeaksOfAnotherPayment) {
  const auto other = desk.create(10'000);
  desk.provider_says(desk.id_of(other), approved(usd(10'000)));
  call(desk.read(id)).payment = desk.id_of(other);
  EXPECT_THAT(desk.judged(), says("I2", "and spoke of"));
}

TEST_F(History, ForgetsThatThereIsAPayment) {
  const auto late = desk.read(id);
  call(late).status = 404;
  call(late).body = R"({"status":404,"code":"not_found"})";
  EXPECT_THAT(desk.judged(), says("I2", "was told that there is none"));
}

// --- what was accepted
// -------------------------------------------------------------------------------

TEST_F(History, HasAnAcceptedCommandThatBeganNothing) {
  // Another one's operation stands in the stream.
  call(captured).key = "k-mine";
  call(captured).request_id = "req_mine";
  const auto found = desk.judged();
  EXPECT_THAT(found, says("I2", "and began nothing"));
  EXPECT_THAT(found, says("I3", "nobody sent it"));
}

TEST_F(History, HasAnAcceptedCommandThatBeganSomethingElse) {
  call(captured).command = payment::Capture{usd(5'000), true, OperationId{}};
  EXPECT_THAT(desk.judged(), says("I2", "began something else"));
}

TEST_F(History, HasAnAnswerOlderThanWhatItAnswers) {
  call(captured).body = call(read).body;
  EXPECT_THAT(desk.judged(), says("I2", "a version before it began"));
}

TEST_F(History, HasAnOperationThatWasSeenBeforeItWasAskedFor) {
  call(captured).asked = *call(refunded).answered + 1;
  call(captured).answered = *call(refunded).answered + 2;
  call(captured).replayed = true;
  EXPECT_THAT(desk.judged(), says("I5", "had been seen before it was asked"));
}

TEST_F(History, CallsADeclinedOperationDone) {
  const auto other = desk.create(5'000);
  desk.provider_says(desk.id_of(other), declined());
  call(other).status = 201;
  EXPECT_THAT(desk.judged(), says("I2", "which is not how it ended"));
}

TEST_F(History, KnowsAKeylessCommandByItsRequest) {
  const auto more = desk.refund(id, 500);
  desk.provider_says(id, approved(usd(500), "re_2"));
  ASSERT_EQ(call(more).status, 200);
  EXPECT_EQ(all(desk.judged()), "");
  call(more).request_id = "req_other";
  EXPECT_THAT(desk.judged(), says("I2", "and began nothing"));
}

TEST_F(History, KnowsACommandWithoutAnyNameByItsTime) {
  const auto more = desk.refund(id, 500);
  desk.provider_says(id, approved(usd(500), "re_2"));
  call(more).request_id.clear();
  HistoryRules rules;
  rules.all_clients = false;
  EXPECT_EQ(all(desk.judged(rules)), "");
  call(more).asked_at = call(more).answered_at;
  EXPECT_THAT(desk.judged(rules), says("I2", "and began nothing"));
}

TEST_F(History, HasACommandThatTheMachineWouldHaveRefused) {
  // Two refunds at once: the second one's events stand in the stream before the first is settled.
  const auto first = desk.refund(id, 1'000);
  desk.time_is_up(id);
  const auto second = desk.refund(id, 500);
  ASSERT_EQ(call(second).status, 409);
  auto& events = desk.books.payments.at(id).events;
  auto forged = events.back();
  forged.sequence += 1;
  auto fact = payment::decode(forged.event.type, forged.event.schema_version, forged.event.json);
  auto& operation = std::get<payment::OperationStarted>(*fact).operation;
  operation.id.bytes[0] = 1;
  operation.amount = usd(500);
  operation.origin.request_id = call(second).request_id;
  forged.event.json = payment::encode(*fact).json;
  forged.event.at += std::chrono::microseconds{1};
  events.push_back(forged);
  EXPECT_THAT(desk.judged(), says("I5", "was refused (operation_in_progress) and began something"));
  auto shown = payment::evolve(desk.payment(id), {forged.event.at, *fact});
  call(second).status = 202;
  call(second).body = api::render(shown);
  EXPECT_THAT(desk.judged(), says("I5", "where the machine refuses it"));
  EXPECT_EQ(call(first).status, 202);
}

TEST_F(History, OfA202BelievesThatItWasTakenUnlessAGatewaySaidIt) {
  const auto late = desk.cancel(id);
  ASSERT_EQ(call(late).status, 409);
  call(late).status = 202;
  call(late).body = call(refunded).body;
  EXPECT_THAT(desk.judged(), says("I2", "and began nothing"));
  HistoryRules rules;
  rules.taken_on_202 = false;
  EXPECT_EQ(all(desk.judged(rules)), "");
}

TEST_F(History, HasARequestThatBeganTwice) {
  call(refunded).key.clear();
  auto& events = desk.books.payments.at(id).events;
  auto twin = events.at(events.size() - 2);
  twin.sequence = events.size() + 1;
  events.push_back(twin);
  EXPECT_THAT(desk.judged(), says("I1", "began more than once"));
}

// --- what was refused
// -------------------------------------------------------------------------------

TEST_F(History, ExplainsARefusalByTheMachine) {
  const auto late = desk.cancel(id);
  const auto much = desk.refund(id, 6'000);
  ASSERT_EQ(call(late).status, 409);
  ASSERT_EQ(call(much).status, 422);
  EXPECT_EQ(all(desk.judged()), "");
}

TEST_F(History, HasARefusalThatNoVersionExplains) {
  const auto fine = desk.refund(id, 500);
  desk.hang_up(id);
  call(fine).answered = call(fine).asked + 1;
  call(fine).status = 422;
  call(fine).body = R"({"status":422,"code":"amount_too_large","detail":"No."})";
  const auto found = desk.judged();
  EXPECT_THAT(found, says("I5", "no version at which the machine says so"));
  EXPECT_THAT(found, says("I5", "was refused (amount_too_large) and began something"));
}

TEST_F(History, HasARefusalThatWasTrueOnlyBefore) {
  // What was said while the capture ran is no answer to who asked after it.
  const auto other = desk.create(10'000);
  const auto other_id = desk.id_of(other);
  const auto early = desk.capture(other_id);
  ASSERT_EQ(call(early).status, 409);
  desk.provider_says(other_id, approved(usd(10'000)));
  desk.read(other_id);
  EXPECT_EQ(all(desk.judged()), "");
  call(early).asked = *call(desk.read(other_id)).answered + 1;
  call(early).answered = call(early).asked + 1;
  EXPECT_THAT(desk.judged(), says("I5", "no version at which the machine says so"));
}

TEST_F(History, LeavesOpenWhatBecameOfAnUnavailableServer) {
  call(captured).status = 503;
  call(captured).body = R"({"status":503,"code":"unavailable","detail":"Not now."})";
  EXPECT_EQ(all(desk.judged()), "");
  call(captured).body = R"({"status":503,"code":"overloaded","detail":"Not now."})";
  EXPECT_THAT(desk.judged(), says("I5", "was refused (overloaded) and began something"));
}

// --- keys
// -------------------------------------------------------------------------------

TEST_F(History, HasOneAnswerForAKey) {
  const auto again = desk.create(10'000, "k-create");
  ASSERT_TRUE(call(again).replayed);
  EXPECT_EQ(call(again).body, call(created).body);
  EXPECT_EQ(all(desk.judged()), "");
  call(again).body = call(read).body = api::render(desk.payment(id));
  EXPECT_THAT(desk.judged(), says("I8", "otherwise than the one before"));
}

TEST_F(History, HasTwoStatusesForAKey) {
  const auto again = desk.create(10'000, "k-create");
  call(again).status = 200;
  EXPECT_THAT(desk.judged(), says("I8", "otherwise than the one before"));
}

TEST_F(History, RefusesAnotherRequestWithAUsedKey) {
  const auto other = desk.create(9'999, "k-create");
  ASSERT_EQ(call(other).status, 422);
  EXPECT_EQ(all(desk.judged()), "");
  call(other).status = call(created).status;
  call(other).body = call(created).body;
  call(other).replayed = true;
  EXPECT_THAT(desk.judged(), says("I8", "and another request with it too"));
}

TEST_F(History, TellsWhoAsksAgainToWaitThoughItIsAnswered) {
  const auto again = desk.create(10'000, "k-create");
  call(again).status = 409;
  call(again).body = R"({"status":409,"code":"idempotency_in_progress"})";
  EXPECT_THAT(desk.judged(), says("I8", "though its answer had been given"));
}

TEST_F(History, MayTellWhoAsksMeanwhileToWait) {
  const auto first = desk.create(1'000, "k-new");
  const auto second = desk.create(1'000, "k-new");
  ASSERT_EQ(call(second).status, 409);
  desk.provider_says(desk.id_of(first), approved(usd(1'000)));
  EXPECT_EQ(all(desk.judged()), "");
  desk.calls.erase(desk.calls.begin() + static_cast<std::ptrdiff_t>(first));
  HistoryRules rules;
  rules.all_clients = false;
  EXPECT_THAT(desk.judged(rules), says("I8", "no other request has it"));
}

TEST_F(History, SaysThatAKeyIsUsedWhenItIsNot) {
  const auto other = desk.create(9'999, "k-create");
  call(other).fingerprint = call(created).fingerprint;
  EXPECT_THAT(desk.judged(), says("I8", "no other request has it"));
}

TEST_F(History, HasAKeyThatBeganTwice) {
  const auto other = desk.create(10'000);
  const auto other_id = desk.id_of(other);
  desk.provider_says(other_id, approved(usd(10'000)));
  auto& row = desk.books.payments.at(other_id).events.at(1).event;
  auto fact = payment::decode(row.type, row.schema_version, row.json);
  std::get<payment::OperationStarted>(*fact).operation.origin.key = "k-create";
  row.json = payment::encode(*fact).json;
  EXPECT_THAT(desk.judged(), says("I8", "began more than one operation"));
}

TEST_F(History, GivesAKeyBackWhenNothingWasDone) {
  const auto first = desk.create(1'000, "k-again");
  desk.provider_says(desk.id_of(first), payment::refused(false));
  ASSERT_EQ(call(first).status, 503);
  const auto second = desk.create(1'000, "k-again");
  desk.provider_says(desk.id_of(second), approved(usd(1'000)));
  ASSERT_EQ(call(second).status, 201);
  EXPECT_EQ(all(desk.judged()), "");
}

TEST_F(History, MayBeginAnewWhenAKeyIsTooOld) {
  const auto again = desk.create(10'000, "k-create");
  auto& later = call(again);
  const auto other = desk.create(10'000);
  desk.provider_says(desk.id_of(other), approved(usd(10'000)));
  later.status = 201;
  later.replayed = false;
  later.body = call(other).body;
  later.request_id = std::exchange(call(other).request_id, "req_nobody");
  call(other).answered.reset();
  call(other).key.clear();
  EXPECT_THAT(desk.judged(), says("I8", "otherwise than the one before"));
  later.asked_at += std::chrono::hours{24 * 7};
  later.answered_at += std::chrono::hours{24 * 7};
  EXPECT_EQ(all(desk.judged()), "");
}

}  // namespace
}  // namespace cambist::test
