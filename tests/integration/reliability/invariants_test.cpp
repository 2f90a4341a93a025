// The judge itself: a day's honest work has nothing to complain of, and whatever is spoilt in it is
// found. What it judges comes from the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/reliability/operations.hpp"

namespace cambist::test {
namespace {

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

/// What a short honest day leaves behind; every test spoils a copy of its own.
class Invariants : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    Scene scene;
    scene.start();
    const auto make = [&](const char* capture, const char* then, const char* body) {
      auto id = make_payment(scene, capture);
      if (*then != '\0')
        promises().push_back(promised(
            scene.send({"/api/v1/payments/" + id + then, body, scene.fresh_key()}).json()));
      return id;
    };
    authorized() = make("manual", "", "");
    captured() = make("manual", "/capture", R"({"amount":{"value":"15.00","currency":"USD"}})");
    voided() = make("manual", "/cancel", "{}");
    refunded() = make("automatic", "/refund", R"({"amount":{"value":"5.00","currency":"USD"}})");
    ASSERT_TRUE(scene.stop_at_rest());
    honest() = scene.evidence(promises());
  }

  static Evidence& honest() {
    static Evidence evidence;
    return evidence;
  }
  static std::vector<Promised>& promises() {
    static std::vector<Promised> made;
    return made;
  }
  static std::string& authorized() {
    static std::string id;
    return id;
  }
  static std::string& captured() {
    static std::string id;
    return id;
  }
  static std::string& voided() {
    static std::string id;
    return id;
  }
  static std::string& refunded() {
    static std::string id;
    return id;
  }

  StoredPayment& payment(const std::string& id) { return evidence.books.payments.at(id); }
  /// The first effect of that kind.
  boost::json::object& effect(const std::string& kind) {
    for (auto& one : evidence.effects) {
      if (one.at("kind").as_string() == kind) return one.as_object();
    }
    throw std::runtime_error("no such effect: " + kind);
  }

  /// A webhook that was stored, told of `captured()` and was applied.
  storage::WebhookRow webhook(const std::string& event) {
    storage::WebhookRow row;
    row.provider = "stripe";
    row.event = event;
    row.status = "applied";
    row.payment = PaymentId::parse(captured()).value();
    return row;
  }
  /// An endpoint that has taken all that the outbox has, in order.
  void tell_the_merchant() {
    storage::EndpointRow row;
    row.id.bytes.back() = 1;
    evidence.books.endpoints.push_back({row, {}});
    for (const auto& [position, event] : evidence.books.outbox) {
      evidence.received.push_back({row.id.to_string(), event.id.to_string(), event.type,
                                   event.payment.to_string(), event.sequence, event.json, true});
    }
  }
  /// The arrivals of one payment, as places in `received`.
  std::vector<std::size_t> arrivals_of(const std::string& id) {
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < evidence.received.size(); ++i) {
      if (evidence.received[i].payment == id) at.push_back(i);
    }
    return at;
  }

  Evidence evidence = honest();
};

TEST_F(Invariants, FindNothingInHonestWork) {
  EXPECT_EQ(all(violations(evidence)), "");
  EXPECT_FALSE(evidence.books.outbox.empty());
  evidence.books.webhooks.push_back(webhook("evt_1"));
  tell_the_merchant();
  EXPECT_EQ(all(violations(evidence)), "");
}

// --- I1 to I4
// -------------------------------------------------------------------------------------

TEST_F(Invariants, SeeASecondEffectOfAnOperation) {
  evidence.effects.push_back(effect("refund"));
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I1", "has 2 effects"));
  EXPECT_THAT(found, says("I4", "the provider says 1000"));
}

TEST_F(Invariants, SeeASecondEffectUnderAnotherKeyOfTheSameOperation) {
  auto again = effect("capture");
  again["idempotency_key"] = std::string{again["idempotency_key"].as_string()} + "-2";
  evidence.effects.push_back(again);
  EXPECT_THAT(violations(evidence), says("I1", "has 2 effects"));
}

TEST_F(Invariants, SeeALostPayment) {
  evidence.books.payments.erase(captured());
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I2", "it is not there"));
  EXPECT_THAT(found, says("I3", "there is no such payment"));
}

TEST_F(Invariants, SeeAnAmountThatChanged) {
  payment(voided()).row.amount.minor += 1;
  EXPECT_THAT(violations(evidence), says("I2", "its amount is not the one"));
}

TEST_F(Invariants, SeeMoneyThatAClientWasToldOfAndIsGone) {
  payment(captured()).row.captured_minor = 0;
  EXPECT_THAT(violations(evidence), says("I2", "more money moved than it has"));
}

TEST_F(Invariants, SeeAnEffectOfNoOperation) {
  effect("void")["idempotency_key"] = "somebody-else";
  EXPECT_THAT(violations(evidence), says("I3", "of no operation"));
}

TEST_F(Invariants, SeeAnEffectOfTheWrongKind) {
  effect("void")["kind"] = "capture";
  EXPECT_THAT(violations(evidence), says("I3", "booked a capture for a void"));
}

TEST_F(Invariants, SeeAnEffectThatWasBeforeItsIntent) {
  effect("charge")["at"] = "2020-01-01T00:00:00.000Z";
  EXPECT_THAT(violations(evidence), says("I3", "before it was durable"));
}

TEST_F(Invariants, LetPassWhatWasDoneAtTheProviderWithoutUs) {
  effect("void")["idempotency_key"] = "";
  effect("void")["by"] = "dashboard";
  for (const auto& one : violations(evidence)) EXPECT_NE(one.invariant, "I3") << to_string(one);
}

TEST_F(Invariants, SeeMoneyThatTheProviderDoesNotKnow) {
  effect("capture")["amount"].as_object()["value"] = "14.99";
  EXPECT_THAT(violations(evidence), says("I4", "captured 1500, the provider says 1499"));
}

TEST_F(Invariants, SeeMoreMovedThanAllowed) {
  payment(refunded()).row.refunded_minor = 2'001;
  payment(captured()).row.captured_minor = 2'001;
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I4", "more refunded than captured"));
  EXPECT_THAT(found, says("I4", "more captured than authorized"));
}

TEST_F(Invariants, SeeAPostingThatIsMissing) {
  payment(captured()).ledger.pop_back();
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I4", "leave"));
  EXPECT_THAT(found, says("I4", "postings too few"));
}

TEST_F(Invariants, SeeALedgerThatDoesNotBalance) {
  ASSERT_FALSE(evidence.books.balances.empty());
  for (auto& balance : evidence.books.balances) {
    if (balance.account.ends_with(":receivable")) balance.amount.minor += 7;
  }
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I4", "is off by 7"));
  EXPECT_THAT(found, says("I4", "the ledger says"));
}

// --- I5 and I7
// ------------------------------------------------------------------------------------

TEST_F(Invariants, SeeAGapInAStream) {
  auto& events = payment(captured()).events;
  events.erase(events.begin() + 2);
  EXPECT_THAT(violations(evidence), says("I5", "event 3 is missing"));
}

TEST_F(Invariants, SeeAForkInAStream) {
  auto& events = payment(captured()).events;
  events.insert(events.begin() + 1, events[1]);
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I5", "missing or there twice"));
  EXPECT_THAT(found, says("I5", "two events have the id"));
}

TEST_F(Invariants, SeeAnEventThatNobodyUnderstands) {
  payment(captured()).events[1].event.type = "moon_landed";
  EXPECT_THAT(violations(evidence), says("I5", "is not understood"));
}

TEST_F(Invariants, SeeARowThatIsNotTheFoldOfItsEvents) {
  auto& row = payment(voided()).row;
  row.status = "captured";
  row.json = "{}";
  row.version += 1;
  row.captured_minor = 2'000;
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I5", "it shows captured, its events say voided"));
  EXPECT_THAT(found, says("I5", "what the API shows"));
  EXPECT_THAT(found, says("I5", "its version is"));
  EXPECT_THAT(found, says("I5", "its sums"));
}

TEST_F(Invariants, KnowThatNothingFollowsAnEndAndNothingGoesBack) {
  using payment::Status;
  for (const auto end : {Status::voided, Status::failed, Status::expired, Status::refunded}) {
    for (const auto next : {Status::authorized, Status::captured, Status::voided, Status::failed}) {
      EXPECT_FALSE(may_follow(end, next)) << to_string(end) << " " << to_string(next);
    }
  }
  EXPECT_FALSE(may_follow(Status::captured, Status::authorized));
  EXPECT_FALSE(may_follow(Status::authorized, Status::failed));
  EXPECT_FALSE(may_follow(Status::authorized, Status::refunded));
  EXPECT_TRUE(may_follow(Status::authorized, Status::captured));
}

TEST_F(Invariants, SeeAPaymentThatNobodyWillWake) {
  ASSERT_TRUE(payment(authorized()).due.has_value());  // its authorization expires some day
  payment(authorized()).due.reset();
  payment(voided()).due = TimePoint{};
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I7", "no timer will wake it"));
  EXPECT_THAT(found, says("I7", "nothing is owed"));
}

TEST_F(Invariants, SeeAPaymentThatIsStillUnderWayWhenAllIsSettled) {
  auto& events = payment(voided()).events;
  ASSERT_EQ(events.back().event.type, "operation_approved");
  events.pop_back();
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I7", "still processing"));
  EXPECT_THAT(found, says("I5", "it is open and not marked so"));
}

TEST_F(Invariants, SeeAGuess) {
  for (auto& operation : payment(voided()).operations) operation.status = "declined";
  effect("charge")["kind"] = "authorize";
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I7", "the provider has done it"));
  EXPECT_THAT(found, says("I7", "the provider knows nothing of it"));
}

// --- I6 and I10
// -----------------------------------------------------------------------------------

TEST_F(Invariants, SeeAWebhookThatIsStoredTwiceOrForgedOrForgotten) {
  evidence.books.webhooks = {webhook("evt_1"), webhook("evt_1"), webhook("evt_forged"),
                             webhook("evt_2"), webhook("evt_3")};
  evidence.forged.insert("evt_forged");
  evidence.books.webhooks[3].status = "retrying";
  evidence.books.webhooks[4].payment.reset();
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I6", "evt_1: stored twice"));
  EXPECT_THAT(found, says("I6", "evt_forged: forged"));
  EXPECT_THAT(found, says("I6", "evt_2: retrying, and nothing will look at it again"));
  EXPECT_THAT(found, says("I6", "evt_2: not settled"));
  EXPECT_THAT(found, says("I6", "evt_3: applied to no payment"));
}

TEST_F(Invariants, SeeAnEventThatNeverArrived) {
  tell_the_merchant();
  evidence.received.pop_back();
  EXPECT_THAT(violations(evidence), says("I10", "never reached"));
}

TEST_F(Invariants, DoNotTakeAFailedDeliveryForAnArrival) {
  tell_the_merchant();
  evidence.received.back().taken = false;
  EXPECT_THAT(violations(evidence), says("I10", "never reached"));
}

TEST_F(Invariants, SeeEventsOutOfOrder) {
  tell_the_merchant();
  const auto at = arrivals_of(refunded());
  ASSERT_GE(at.size(), 2U);
  std::swap(evidence.received[at.front()], evidence.received[at.back()]);
  EXPECT_THAT(violations(evidence), says("I10", "came behind a later one"));
}

TEST_F(Invariants, SeeADeliveryThatIsNotTheSameAsTheFirst) {
  tell_the_merchant();
  evidence.received.push_back(evidence.received[0]);
  EXPECT_EQ(all(violations(evidence)), "");  // again is fine
  evidence.received.back().body = "another";
  EXPECT_THAT(violations(evidence), says("I10", "another body"));
}

TEST_F(Invariants, SeeAnEventThatNobodyMade) {
  tell_the_merchant();
  evidence.received[1].id = "evt_made_up";
  EXPECT_THAT(violations(evidence), says("I10", "not in the outbox"));
}

TEST_F(Invariants, SeeAnOutboxOutOfOrderOrAheadOfItsPayment) {
  tell_the_merchant();
  for (auto& [position, row] : evidence.books.outbox) {
    if (row.payment.to_string() != refunded()) continue;
    row.sequence = 1'000;
    break;
  }
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I10", "a version that the payment does not have"));
  EXPECT_THAT(found, says("I10", "stands behind a later one"));
}

TEST_F(Invariants, SeeAnOutboxThatDoesNotTellWhatHappened) {
  auto& outbox = evidence.books.outbox;
  ASSERT_FALSE(outbox.empty());
  outbox.pop_back();
  outbox.front().row.json += " ";
  const auto found = violations(evidence);
  EXPECT_THAT(found, says("I10", "things, the outbox has"));
  EXPECT_THAT(found, says("I10", "where its events tell"));
}

}  // namespace
}  // namespace cambist::test
