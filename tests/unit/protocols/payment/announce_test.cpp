// What merchants are told, and what they are not.
#include "protocols/payment/announce.hpp"

#include <boost/json.hpp>

#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using namespace std::chrono_literals;

struct Told {
  std::vector<std::string> types;
  std::vector<boost::json::value> bodies;
  [[nodiscard]] const boost::json::value& data() const { return bodies.back().at("data"); }
};

Told told(const Story& story) {
  Told all;
  Payment payment;
  for (const Event& event : story.events) {
    const Payment after = evolve(payment, event);
    for (const Announcement& one : announcements(payment, event, after)) {
      all.types.push_back(one.type);
      all.bodies.push_back(boost::json::parse(one.json));
      EXPECT_EQ(all.bodies.back().at("type").as_string(), one.type);
      EXPECT_EQ(all.bodies.back().at("data").at("sequence").to_number<std::uint64_t>(),
                after.version);
      EXPECT_EQ(all.bodies.back().at("data").at("status").as_string(), to_string(status_of(after)));
    }
    payment = after;
  }
  return all;
}

using Types = std::vector<std::string>;

TEST(Announce, AChargeIsCreatedAndCaptured) {
  Story story{CaptureMethod::automatic};
  story.details.metadata = {{"cart", "9"}};
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  const Told all = told(story);
  EXPECT_EQ(all.types, (Types{"payment.created", "payment.captured"}));
  EXPECT_EQ(
      boost::json::serialize(all.bodies.back()),
      R"({"type":"payment.captured","timestamp":"2026-11-21T12:00:00.000Z","data":{"payment_id":")" +
          story.payment.id.to_string() +
          R"(","status":"captured","amount":{"value":"100.00","currency":"USD"},)"
          R"("captured":{"value":"100.00","currency":"USD"},"refunded":{"value":"0.00","currency":"USD"},)"
          R"("provider":"stripe","provider_payment_id":"pi_1","reference":"order-7","customer_id":null,)"
          R"("metadata":{"cart":"9"},"sequence":3}})");
}

TEST(Announce, NeverTellsTokensOrFraud) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  provider::Declined no = declined();
  no.failure = {provider::FailureCode::fraud_detected, "The card was stolen.", "stolen_card"};
  ASSERT_TRUE(story.answer(no));
  const Told all = told(story);
  EXPECT_EQ(all.types, (Types{"payment.created", "payment.failed"}));
  EXPECT_EQ(all.data().at("failure").at("code").as_string(), "card_declined");
  for (const auto& body : all.bodies) {
    const std::string text = boost::json::serialize(body);
    EXPECT_EQ(text.find("pm_card_visa"), std::string::npos);
    EXPECT_EQ(text.find("fraud"), std::string::npos);
    EXPECT_EQ(text.find("stolen"), std::string::npos);
  }
}

TEST(Announce, CapturesInPartsAndVoids) {
  Story story = Story::authorized();
  ASSERT_TRUE(story.capture(usd(4'000), false));
  ASSERT_TRUE(story.answer(approved(usd(4'000))));
  ASSERT_TRUE(story.capture());
  ASSERT_TRUE(story.answer(declined()));
  ASSERT_TRUE(story.capture());
  ASSERT_TRUE(story.answer(approved(usd(6'000))));
  EXPECT_EQ(told(story).types,
            (Types{"payment.created", "payment.authorized", "payment.partially_captured",
                   "capture.failed", "payment.captured"}));
  Story voided = Story::authorized();
  ASSERT_TRUE(voided.cancel());
  ASSERT_TRUE(voided.answer(approved(Money{})));
  EXPECT_EQ(told(voided).types.back(), "payment.canceled");
}

TEST(Announce, AnActionOnceAndItsEnd) {
  Story story = Story::awaiting();
  story.now += 24h;
  const auto call = std::get<CallProvider>(story.fire()->effects.at(0)).call;
  ASSERT_TRUE(story.tell(Story::answer_to(call, action_required())));
  ASSERT_TRUE(story.answer(approved(Money{})));
  EXPECT_EQ(told(story).types,
            (Types{"payment.created", "payment.requires_action", "payment.expired"}));
}

TEST(Announce, RefundsOursAndOthersAndThoseThatFail) {
  Story story = Story::captured();
  ASSERT_TRUE(story.refund(usd(1'000)));
  ASSERT_TRUE(story.answer(approved(usd(1'000), "re_1")));
  EXPECT_EQ(told(story).data().at("refund").at("provider_refund_id").as_string(), "re_1");
  ASSERT_TRUE(story.hear(refund_seen(usd(2'000))));
  EXPECT_TRUE(told(story).data().at("refund").at("operation_id").is_null());
  ASSERT_TRUE(story.hear(refund_seen(usd(1'000), "re_1", provider::RefundStatus::failed)));
  EXPECT_EQ(told(story).data().at("refund").at("amount").at("value").as_string(), "10.00");
  ASSERT_TRUE(story.refund(usd(3'000)));
  ASSERT_TRUE(story.answer(declined()));
  ASSERT_TRUE(story.hear(refund_seen(usd(1), "re_9", provider::RefundStatus::failed)));
  EXPECT_EQ(told(story).types,
            (Types{"payment.created", "payment.captured", "refund.created", "refund.succeeded",
                   "refund.succeeded", "refund.failed", "refund.created", "refund.failed"}));
}

TEST(Announce, DisputesAsTheyGoOn) {
  Story story = Story::captured();
  ASSERT_TRUE(story.hear(dispute_seen(usd(3'000))));
  EXPECT_EQ(told(story).data().at("dispute").at("status").as_string(), "open");
  ASSERT_TRUE(story.hear(dispute_seen(usd(3'000), provider::DisputeStatus::under_review)));
  ASSERT_TRUE(story.hear(dispute_seen(usd(3'000), provider::DisputeStatus::won)));
  auto other = dispute_seen(usd(1'000), provider::DisputeStatus::lost);
  other.dispute = "du_2";
  ASSERT_TRUE(story.hear(other));
  EXPECT_EQ(told(story).types,
            (Types{"payment.created", "payment.captured", "dispute.opened", "dispute.under_review",
                   "dispute.won", "dispute.opened", "dispute.lost"}));
}

TEST(Announce, ATaskFromItsOpeningToItsEnd) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(unknown()));
  story.now += 24h;
  ASSERT_TRUE(story.fire());
  EXPECT_EQ(told(story).data().at("task").at("status").as_string(), "open");
  Story settled = story;
  ASSERT_TRUE(story.resolve(false));
  EXPECT_EQ(told(story).types,
            (Types{"payment.created", "task.opened", "task.resolved", "payment.failed"}));
  ASSERT_TRUE(settled.answer(approved(usd(10'000))));
  EXPECT_EQ(told(settled).types,
            (Types{"payment.created", "task.opened", "payment.captured", "task.resolved"}));
  EXPECT_EQ(told(settled).data().at("task").at("outcome").as_string(), "settled");
}

TEST(Announce, ATaskOfWhatIsGivenUpEndsWithIt) {
  Story story{CaptureMethod::automatic};
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(unknown()));
  story.now += 24h;
  ASSERT_TRUE(story.fire());
  ASSERT_TRUE(story.answer(action_required()));
  ASSERT_TRUE(story.cancel());
  ASSERT_TRUE(story.answer(approved(Money{})));
  EXPECT_EQ(told(story).types.back(), "task.resolved");
}

TEST(Announce, AnOutageOnTheWayToAScheduledCaptureIsNotWorthAWord) {
  Story story;
  story.details.capture_at = story.now + 1h;
  ASSERT_TRUE(story.create());
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  story.now += 1h;
  ASSERT_TRUE(story.fire());
  ASSERT_TRUE(story.answer(refused(false)));
  EXPECT_EQ(told(story).types.back(), "payment.authorized");
  story.now = *wake_at(story.payment, story.policy);
  ASSERT_TRUE(story.fire());
  ASSERT_TRUE(story.answer(declined()));
  EXPECT_EQ(told(story).types.back(), "capture.failed");
}

TEST(Announce, WhatEndsOrIsCapturedAtTheProvider) {
  Story ended = Story::authorized();
  ASSERT_TRUE(ended.hear(provider::AuthorizationEnded{true}));
  EXPECT_EQ(told(ended).types.back(), "payment.expired");
  Story captured = Story::authorized();
  ASSERT_TRUE(captured.hear(provider::CaptureSeen{usd(10'000)}));
  EXPECT_EQ(told(captured).types.back(), "payment.captured");
}

}  // namespace
}  // namespace cambist::payment
