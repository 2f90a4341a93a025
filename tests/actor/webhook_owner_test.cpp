// A callback whose path names one payment and whose body brings the provider's id of a payment: a
// path is no signature, so that the id must be that payment's, or nobody's yet.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

class WebhookOwner : public testing::Test {
 protected:
  /// Its answer was lost: nobody here knows how the provider calls it.
  PaymentId unnamed() {
    world_.wire->script = {Fault::lost_before};
    for (int i = 0; i < 20; ++i) world_.wire->inquiry_script.push_back(Fault::garbage);
    const PaymentId id = world_.create().id;
    world_.pass(9s);
    EXPECT_EQ(world_.status(id), "processing");
    return id;
  }
  TakenPtr call_back(const std::string& event, const PaymentId& named, const std::string& object,
                     const std::string& type = "charged 10000") {
    auto request = scripted_webhook(event, type, named.to_string(), object);
    request.target = "/api/v1/webhooks/stub/secret/" + named.to_string();
    return world_.webhook(std::move(request));
  }
  static std::string at_provider(const PaymentId& id) { return "prov_" + id.to_string(); }

  ActorWorld world_;
};

TEST_F(WebhookOwner, TheMoneyOfOnePaymentIsNeverAnothers) {
  const PaymentId paid = world_.captured();
  const PaymentId other = unnamed();
  const auto taken = call_back("evt_1", other, at_provider(paid));
  world_.pass(2s);
  EXPECT_TRUE(taken->stored());  // whoever sent it learns nothing
  EXPECT_EQ(world_.status(other), "processing");
  const auto kept = world_.stored_webhook("evt_1");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->status, "dead");
  EXPECT_EQ(kept->error, "The provider's id belongs to another payment.");
  EXPECT_EQ(kept->payment, other);
  EXPECT_FALSE(kept->due);
  EXPECT_EQ(world_.telemetry->settled_webhooks["dead"], 1);
  world_.check_invariants();
}

TEST_F(WebhookOwner, AReplayedOneIsLookedAtAgain) {
  const PaymentId paid = world_.captured();
  const PaymentId other = unnamed();
  (void)call_back("evt_1", other, at_provider(paid));
  world_.pass(2s);
  (void)world_.replay({world_.stored_webhook("evt_1")->id});
  world_.pass(2s);
  EXPECT_EQ(world_.webhook_status("evt_1"), "dead");
  EXPECT_EQ(world_.telemetry->settled_webhooks["dead"], 2);
  EXPECT_EQ(world_.status(other), "processing");
}

TEST_F(WebhookOwner, AnIdThatNobodyHasStillNamesThePayment) {
  const PaymentId id = unnamed();
  (void)call_back("evt_1", id, at_provider(id));
  world_.pass(2s);
  EXPECT_EQ(world_.webhook_status("evt_1"), "applied");
  EXPECT_EQ(world_.status(id), "captured");
}

TEST_F(WebhookOwner, APaymentsOwnIdIsNoObstacle) {
  const PaymentId id = world_.captured();
  (void)call_back("evt_1", id, at_provider(id), "dispute dp_1 500 open");
  world_.pass(2s);
  EXPECT_EQ(world_.webhook_status("evt_1"), "applied");
}

TEST_F(WebhookOwner, WhileItCannotBeLookedUpNothingIsDelivered) {
  const PaymentId paid = world_.captured();
  const PaymentId other = unnamed();
  world_.faults->refuse_lookups = 1'000;
  (void)call_back("evt_1", other, at_provider(paid));
  world_.pass(5s);
  EXPECT_EQ(world_.webhook_status("evt_1"), "received");
  world_.faults->refuse_lookups = 0;
  world_.pass(5s);
  EXPECT_EQ(world_.webhook_status("evt_1"), "dead");
  EXPECT_EQ(world_.status(other), "processing");
}

TEST_F(WebhookOwner, WhatComesBehindItIsNotHeldUp) {
  const PaymentId paid = world_.captured();
  const PaymentId other = unnamed();
  (void)call_back("evt_1", other, at_provider(paid));
  (void)call_back("evt_2", paid, at_provider(paid), "dispute dp_1 500 open");
  world_.pass(2s);
  EXPECT_EQ(world_.webhook_status("evt_1"), "dead");
  EXPECT_EQ(world_.webhook_status("evt_2"), "applied");
}

TEST_F(WebhookOwner, ASignedOneWithoutAPathIsNotLookedUp) {
  const PaymentId id = world_.captured();
  world_.pass(1s);
  world_.faults->refuse_lookups = 1'000;  // would hold up what is looked up
  (void)world_.webhook(scripted_webhook("evt_1", "happened", id.to_string(), at_provider(id)));
  world_.pass(200ms);
  EXPECT_NE(world_.webhook_status("evt_1"), "received");
}

}  // namespace
}  // namespace cambist::test
