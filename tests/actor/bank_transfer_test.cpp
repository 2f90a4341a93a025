// Payments by bank transfer through the whole tree: nobody is called, the bank tells, and money
// that nobody expected is a task.
#include <gtest/gtest.h>

#include "protocols/bank/callback.hpp"
#include "protocols/bank/reference.hpp"
#include "protocols/bank/signature.hpp"
#include "protocols/providers/bank_transfer/adapter.hpp"
#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

const Secret secret{"bank-demo-secret"};

Money tzs(std::int64_t minor) {
  return {minor, Currency::parse("TZS").value()};
}

ActorWorld::Adjust with_a_bank() {
  return [](actors::RuntimeParams& params) {
    provider::Settings settings;
    settings.values = {
        {"account_number", "20110000001"}, {"account_name", "NEST RENTALS"}, {"bank_name", "NMB"}};
    settings.secrets.emplace("webhook_secret", secret.clone());
    params.providers["bank_transfer"].adapter = bank_transfer::make_adapter(settings).value();
  };
}

void by_transfer(payment::Details& details) {
  details.provider = "bank_transfer";
  details.method = {"bank_transfer", "", {}};
  details.amount = tzs(45'000'000);
}

ActorWorld::Created waiting(ActorWorld& world) {
  auto created = world.create(payment::CaptureMethod::automatic, "", "", by_transfer);
  world.settle();
  return created;
}

std::string reference_of(const PaymentId& id) {
  return bank::make_reference(id, {});
}

bank::Credit credit(const std::string& reference, std::int64_t minor,
                    const std::string& id = "FT1") {
  bank::Credit entry;
  entry.id = id;
  entry.account = "20110000001";
  entry.amount = tzs(minor);
  entry.narrative = "RENT " + bank::in_groups(reference);
  return entry;
}

TakenPtr tell(ActorWorld& world, const bank::Credit& entry) {
  http::Request request;
  request.method = "POST";
  request.target = "/api/v1/webhooks/bank_transfer/x";
  request.body = bank::write_callback(entry);
  request.headers = {{"X-Bank-Signature", bank::sign(request.body, world.now(), secret)}};
  auto taken = world.webhook(std::move(request), "bank_transfer");
  world.settle();
  return taken;
}

/// The same entry as a line of a statement that somebody with a key of ours brought.
TakenPtr import(ActorWorld& world, const bank::Credit& entry) {
  http::Request request;
  request.body = bank::write_callback(entry);
  auto taken = world.webhook(std::move(request), "bank_transfer", true);
  world.settle();
  return taken;
}

std::vector<storage::TaskRow> tasks(ActorWorld& world) {
  storage::TaskQuery query;
  query.tenant = default_tenant();
  query.limit = 100;
  return world.reader().tasks(query).value();
}

TEST(BankTransfer, TellsThePayerWithoutCallingAnybody) {
  ActorWorld world{1, with_a_bank()};
  const auto created = waiting(world);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_NE(created.asked->body().find(R"("type":"bank_transfer")"), std::string::npos);
  EXPECT_NE(created.asked->body().find(bank::in_groups(reference_of(created.id))),
            std::string::npos);
  EXPECT_EQ(world.status(created.id), "requires_action");
  EXPECT_TRUE(
      world.reader().payment_at_provider("bank_transfer", reference_of(created.id)).value());
}

TEST(BankTransfer, ACallbackOfAllThatIsDueCapturesIt) {
  ActorWorld world{1, with_a_bank()};
  const auto id = waiting(world).id;
  EXPECT_TRUE(tell(world, credit(reference_of(id), 45'000'000))->stored());
  EXPECT_EQ(world.status(id), "captured");
  EXPECT_EQ(world.webhook_status("FT1:credit"), "applied");
  EXPECT_TRUE(tasks(world).empty());
  world.check_invariants();
}

TEST(BankTransfer, ACallbackThatIsNotTheBanksChangesNothing) {
  ActorWorld world{1, with_a_bank()};
  const auto id = waiting(world).id;
  http::Request forged;
  forged.target = "/api/v1/webhooks/bank_transfer/x";
  forged.body = bank::write_callback(credit(reference_of(id), 45'000'000));
  forged.headers = {{"X-Bank-Signature", bank::sign(forged.body, world.now(), Secret{"another"})}};
  const auto taken = world.webhook(std::move(forged), "bank_transfer");
  world.settle();
  EXPECT_EQ(taken->code(), ErrorCode::unauthenticated);
  EXPECT_EQ(world.status(id), "requires_action");
}

TEST(BankTransfer, ACallbackAndAStatementCountOnce) {
  ActorWorld world{1, with_a_bank()};
  const auto id = waiting(world).id;
  const auto half = credit(reference_of(id), 22'500'000);
  EXPECT_TRUE(tell(world, half)->stored());
  EXPECT_TRUE(import(world, half)->duplicate());
  EXPECT_TRUE(tell(world, half)->duplicate());
  EXPECT_EQ(world.status(id), "requires_action");
  // What the callbacks lost is found in the statement.
  EXPECT_TRUE(import(world, credit(reference_of(id), 22'500'000, "FT2"))->stored());
  EXPECT_EQ(world.status(id), "captured");
  world.check_invariants();
}

TEST(BankTransfer, WhatIsNobodysIsParkedAndSeen) {
  ActorWorld world{1, with_a_bank()};
  const auto id = waiting(world).id;
  auto entry = credit(reference_of(id), 45'000'000);
  entry.narrative = "RENT";
  EXPECT_TRUE(tell(world, entry)->stored());
  EXPECT_EQ(world.webhook_status("FT1:credit"), "parked");
  EXPECT_TRUE(tell(world, credit("880000004225", 5, "FT2"))->stored());
  EXPECT_EQ(world.webhook_status("FT2:credit"), "parked");
  EXPECT_EQ(world.status(id), "requires_action");
}

TEST(BankTransfer, MoneyTakenBackIsKnownByTheBanksIdOfTheCreditAlone) {
  ActorWorld world{1, with_a_bank()};
  const auto id = waiting(world).id;
  (void)tell(world, credit(reference_of(id), 45'000'000));
  auto back = credit(reference_of(id), 45'000'000);
  back.kind = bank::EntryKind::reversal;
  back.narrative = "REVERSAL";
  EXPECT_TRUE(import(world, back)->stored());
  EXPECT_EQ(world.webhook_status("FT1:reversal"), "applied");
  EXPECT_EQ(world.stored_webhook("FT1:reversal")->payment, id);
  const auto open = tasks(world);
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].kind, "reversal");
  EXPECT_EQ(open[0].amount, tzs(45'000'000));
  world.check_invariants();
}

TEST(BankTransfer, MoneyTakenBackOfACreditThatIsNobodysIsParkedUntilSomebodysItIs) {
  ActorWorld world{1, with_a_bank()};
  const auto id = waiting(world).id;
  auto back = credit(reference_of(id), 45'000'000);
  back.kind = bank::EntryKind::reversal;
  back.narrative = "REVERSAL";
  EXPECT_TRUE(import(world, back)->stored());
  EXPECT_EQ(world.webhook_status("FT1:reversal"), "parked");
  (void)tell(world, credit(reference_of(id), 45'000'000));
  world.pass(2min);
  EXPECT_EQ(world.webhook_status("FT1:reversal"), "applied");
  ASSERT_EQ(tasks(world).size(), 1U);
  EXPECT_EQ(tasks(world)[0].kind, "reversal");
}

TEST(BankTransfer, TooMuchIsCapturedAndATaskThatIsClosedWithAReason) {
  ActorWorld world{1, with_a_bank()};
  const auto id = waiting(world).id;
  (void)tell(world, credit(reference_of(id), 45'000'100));
  EXPECT_EQ(world.status(id), "captured");
  auto open = tasks(world);
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].kind, "overpayment");
  EXPECT_EQ(open[0].status, "open");
  EXPECT_EQ(open[0].amount, tzs(100));
  EXPECT_TRUE(open[0].operation.empty());
  EXPECT_EQ(world.telemetry->tasks, 1);

  const auto asked = world.perform(id, payment::ResolveAttention{open[0].id, "Sent back.", "ops"});
  world.settle();
  EXPECT_EQ(asked->status(), 200);
  open = tasks(world);
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].status, "resolved");
  EXPECT_EQ(open[0].outcome, "reviewed");
  EXPECT_EQ(open[0].resolved_by, "ops");
  EXPECT_EQ(world.telemetry->tasks, 0);
  const auto log = world.reader().audit(default_tenant(), std::nullopt, 10).value();
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0].object, open[0].id.to_string());
  world.check_invariants();
}

TEST(BankTransfer, WhatComesAfterTheEndIsATaskAndChangesNothing) {
  ActorWorld world{1, with_a_bank()};
  const auto id = waiting(world).id;
  (void)tell(world, credit(reference_of(id), 10'000'000));
  world.pass(73h);
  world.settle();
  EXPECT_EQ(world.status(id), "expired");
  ASSERT_EQ(tasks(world).size(), 1U);
  EXPECT_EQ(tasks(world)[0].kind, "underpayment");
  (void)tell(world, credit(reference_of(id), 35'000'000, "FT2"));
  EXPECT_EQ(world.status(id), "expired");
  ASSERT_EQ(tasks(world).size(), 2U);
  EXPECT_EQ(tasks(world)[0].kind, "late_payment");  // the newest first
  world.check_invariants();
}

TEST(BankTransfer, ACrashBetweenPartsLosesNone) {
  ActorWorld world{1, with_a_bank()};
  const auto id = waiting(world).id;
  (void)tell(world, credit(reference_of(id), 20'000'000));
  world.crash();
  world.start();
  world.settle();
  EXPECT_TRUE(tell(world, credit(reference_of(id), 20'000'000))->duplicate());
  (void)tell(world, credit(reference_of(id), 25'000'000, "FT2"));
  EXPECT_EQ(world.status(id), "captured");
  world.check_invariants();
}

TEST(BankTransfer, ARefundIsATaskAtOnce) {
  ActorWorld world{1, with_a_bank()};
  const auto id = waiting(world).id;
  (void)tell(world, credit(reference_of(id), 45'000'000));
  payment::Refund refund = world.refund();
  refund.amount = tzs(5'000'000);
  const auto asked = world.perform(id, refund, "refund-1");
  world.settle();
  EXPECT_EQ(asked->status(), 202);
  const auto open = tasks(world);
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].kind, "unknown_outcome");
  (void)world.perform(id,
                      payment::ResolveOperation{open[0].operation, true, "FT9", "Sent.", "ops"});
  world.settle();
  EXPECT_EQ(world.status(id), "partially_refunded");
  world.check_invariants();
}

TEST(BankTransfer, NothingCanBeHeld) {
  ActorWorld world{1, with_a_bank()};
  const auto created = world.create(payment::CaptureMethod::manual, "", "", by_transfer);
  world.settle();
  EXPECT_EQ(created.asked->status(), 422);
}

}  // namespace
}  // namespace cambist::test
