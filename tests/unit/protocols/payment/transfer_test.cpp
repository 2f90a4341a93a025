// A payment by bank transfer: money comes by itself, in parts, too much, too late, and is taken
// back.
#include "protocols/payment/announce.hpp"
#include "protocols/payment/codec.hpp"
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using provider::TransferKind;
using provider::TransferSeen;

constexpr const char* receivable = "provider:stripe:receivable";

/// The payer has been told where to pay, until 72 h from now.
Story waiting() {
  Story story{CaptureMethod::automatic};
  (void)story.create();
  auto required = action_required(story.now + std::chrono::hours{72});
  required.action = {"bank_transfer", "", "Pay.", story.now + std::chrono::hours{72}};
  (void)story.answer(std::move(required));
  return story;
}

TransferSeen money(std::int64_t minor, std::string id = "FT1",
                   TransferKind kind = TransferKind::credit) {
  return {usd(minor), std::move(id), kind, {}, "ASHA JUMA"};
}

template <class F>
std::vector<F> all(const Story& story) {
  std::vector<F> found;
  for (const Event& event : story.events) {
    if (const auto* fact = std::get_if<F>(&event.fact)) found.push_back(*fact);
  }
  return found;
}

/// Every posting has its counterpart, and what the bank holds is what somebody owns.
void expect_balanced(const Story& story) {
  std::int64_t sum = 0;
  for (const Posting& posting : story.ledger) sum += posting.amount.minor;
  EXPECT_EQ(sum, 0);
  EXPECT_EQ(story.balance("customer:unapplied"), -unapplied(story.payment).minor);
}

/// The time is up: the bank is asked, still waits, and the payment is given up.
void let_expire(Story& story) {
  story.now += std::chrono::hours{73};
  const auto asked = story.fire();
  ASSERT_TRUE(asked);
  ASSERT_EQ(asked->effects.size(), 1U);
  const auto& call = std::get<CallProvider>(asked->effects.front()).call;
  auto still = action_required(story.state<AwaitingAction>().action.expires_at);
  still.action = story.state<AwaitingAction>().action;
  ASSERT_TRUE(story.tell(Story::answer_to(call, still)));
  ASSERT_TRUE(story.is<Voiding>());
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
}

TEST(PaymentByTransfer, TheExactAmountCompletesIt) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(10'000)));
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(story.balance(receivable), 10'000);
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
  EXPECT_TRUE(all<AttentionNeeded>(story).empty());
  EXPECT_EQ(story.payment.history.back().provider_object, "FT1");
  expect_balanced(story);
}

TEST(PaymentByTransfer, PartsAddUp) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(4'000, "FT1")));
  EXPECT_EQ(story.status(), Status::requires_action);
  EXPECT_EQ(story.balance("merchant:payable"), 0);
  EXPECT_EQ(story.balance("customer:unapplied"), -4'000);
  ASSERT_TRUE(story.hear(money(5'999, "FT2")));
  EXPECT_EQ(story.status(), Status::requires_action);
  ASSERT_TRUE(story.hear(money(1, "FT3")));
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(story.balance(receivable), 10'000);
  EXPECT_EQ(unapplied(story.payment), usd(0));
  expect_balanced(story);
}

TEST(PaymentByTransfer, TheSameTransferCountsOnce) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(5'000)));
  const auto again = story.hear(money(5'000));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->events.empty());
  EXPECT_EQ(story.status(), Status::requires_action);
  EXPECT_EQ(story.balance(receivable), 5'000);
}

TEST(PaymentByTransfer, TooMuchCompletesItAndIsATask) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(12'500)));
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(captured(story.payment), usd(10'000));
  const auto asked = all<AttentionNeeded>(story);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].kind, AttentionKind::overpayment);
  EXPECT_EQ(asked[0].amount, usd(2'500));
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
  EXPECT_EQ(unapplied(story.payment), usd(2'500));
  expect_balanced(story);
}

TEST(PaymentByTransfer, APartAtTheEndIsATask) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(4'000)));
  let_expire(story);
  EXPECT_EQ(story.status(), Status::expired);
  const auto asked = all<AttentionNeeded>(story);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].kind, AttentionKind::underpayment);
  EXPECT_EQ(asked[0].amount, usd(4'000));
  expect_balanced(story);
}

TEST(PaymentByTransfer, NothingAtTheEndIsNoTask) {
  Story story = waiting();
  let_expire(story);
  EXPECT_EQ(story.status(), Status::expired);
  EXPECT_TRUE(all<AttentionNeeded>(story).empty());
}

TEST(PaymentByTransfer, APartOfACanceledPaymentIsATask) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(4'000)));
  ASSERT_TRUE(story.cancel());
  EXPECT_REFUSED(story.hear(money(6'000, "FT2")), ErrorCode::operation_in_progress, "");
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_EQ(story.status(), Status::voided);
  ASSERT_EQ(all<AttentionNeeded>(story).size(), 1U);
  ASSERT_TRUE(story.hear(money(6'000, "FT2")));
  EXPECT_EQ(all<AttentionNeeded>(story).back().kind, AttentionKind::late_payment);
  EXPECT_EQ(story.status(), Status::voided);
  expect_balanced(story);
}

TEST(PaymentByTransfer, MoneyForAPaidPaymentIsATaskAndNoMoneyOfTheMerchant) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(10'000, "FT1")));
  ASSERT_TRUE(story.hear(money(10'000, "FT2")));
  EXPECT_EQ(captured(story.payment), usd(10'000));
  EXPECT_EQ(all<AttentionNeeded>(story).at(0).kind, AttentionKind::duplicate_payment);
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
  expect_balanced(story);
}

TEST(PaymentByTransfer, MoneyInAnotherCurrencyPaysNothing) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(TransferSeen{eur(10'000), "FT1"}));
  EXPECT_EQ(story.status(), Status::requires_action);
  EXPECT_EQ(all<AttentionNeeded>(story).at(0).kind, AttentionKind::currency_differs);
  EXPECT_EQ(unapplied(story.payment), usd(0));
  expect_balanced(story);
}

TEST(PaymentByTransfer, APartThatIsTakenBackNoLongerCounts) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(6'000, "FT1")));
  ASSERT_TRUE(story.hear(money(6'000, "FT1", TransferKind::reversal)));
  EXPECT_EQ(all<AttentionNeeded>(story).at(0).kind, AttentionKind::reversal);
  ASSERT_TRUE(story.hear(money(6'000, "FT2")));
  EXPECT_EQ(story.status(), Status::requires_action);
  ASSERT_TRUE(story.hear(money(4'000, "FT3")));
  EXPECT_EQ(story.status(), Status::captured);
  expect_balanced(story);
}

TEST(PaymentByTransfer, MoneyThatIsTakenBackAfterTheEndIsATaskAndStandsInTheBooks) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(10'000, "FT1")));
  ASSERT_TRUE(story.hear(money(10'000, "FT9", TransferKind::reversal)));
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_EQ(all<AttentionNeeded>(story).at(0).kind, AttentionKind::reversal);
  EXPECT_EQ(story.balance(receivable), 0);
  EXPECT_EQ(story.balance("customer:unapplied"), 10'000);
  expect_balanced(story);
}

TEST(PaymentByTransfer, ARefundThatCameBackIsATaskAndNoPayment) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(10'000, "FT5", TransferKind::returned)));
  EXPECT_EQ(story.status(), Status::requires_action);
  EXPECT_EQ(all<AttentionNeeded>(story).at(0).kind, AttentionKind::refund_returned);
  expect_balanced(story);
}

TEST(PaymentByTransfer, MoneyThatIsNoneDecidesNothing) {
  Story story = waiting();
  for (const auto& seen : {money(0), money(-5), money(5, "")}) {
    const auto decision = story.hear(seen);
    ASSERT_TRUE(decision);
    EXPECT_TRUE(decision->events.empty());
  }
}

TEST(PaymentByTransfer, APaymentThatSettlesWithoutTransfersTakesNothingFromThem) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(4'000)));
  ASSERT_TRUE(story.confirm());
  ASSERT_TRUE(story.answer(approved(usd(10'000))));
  EXPECT_EQ(story.balance("merchant:payable"), -10'000);
  EXPECT_EQ(story.balance(receivable), 10'000);  // 4,000 that came, 6,000 that is still to come
  expect_balanced(story);
}

TEST(PaymentByTransfer, ATaskIsClosedOnceWithAReason) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(10'001)));
  const TaskId task = all<AttentionNeeded>(story).at(0).task;
  EXPECT_REFUSED(story.tell(ResolveAttention{TaskId{}, "x", "ops"}), ErrorCode::illegal_transition,
                 "");
  ASSERT_TRUE(story.tell(ResolveAttention{task, "Sent back.", "ops"}));
  EXPECT_FALSE(find_attention(story.payment, task)->open);
  EXPECT_EQ(story.status(), Status::captured);
  EXPECT_REFUSED(story.tell(ResolveAttention{task, "x", "ops"}), ErrorCode::illegal_transition, "");
}

TEST(PaymentByTransfer, TasksAreToldToMerchants) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(10'001)));
  Payment before;
  std::vector<std::string> types;
  for (const Event& event : story.events) {
    const Payment after = evolve(before, event);
    for (const auto& told : announcements(before, event, after)) types.push_back(told.type);
    before = after;
  }
  EXPECT_EQ(types.back(), "task.opened");
  EXPECT_EQ(types[types.size() - 2], "payment.captured");
}

TEST(PaymentByTransfer, ARefundCallsTheOperatorsAtOnce) {
  Story story = waiting();
  ASSERT_TRUE(story.hear(money(10'000)));
  ASSERT_TRUE(story.refund(usd(3'000)));
  ASSERT_TRUE(story.answer(provider::Pending{"", "", "Send it."}));
  ASSERT_EQ(all<OperationEscalated>(story).size(), 1U);
  EXPECT_EQ(all<OperationEscalated>(story)[0].reason, "Send it.");
  // Asked again, the operators are not called again.
  story.now = story.call_at();
  ASSERT_TRUE(story.answer(provider::Pending{"", "", "Send it."}));
  EXPECT_EQ(all<OperationEscalated>(story).size(), 1U);
  ASSERT_TRUE(story.resolve(true));
  EXPECT_EQ(story.status(), Status::partially_refunded);
}

}  // namespace
}  // namespace cambist::payment
