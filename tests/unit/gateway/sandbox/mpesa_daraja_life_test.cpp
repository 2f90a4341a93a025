// Whole lives of payments: the machine and the adapter against the emulated Daraja, with callbacks
// that come, come twice, or never come. What the books say must be what the ledger saw.
#include <gtest/gtest.h>

#include <deque>

#include "protocols/providers/mpesa_daraja/adapter.hpp"
#include "tests/unit/gateway/sandbox/bench.hpp"
#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using namespace std::chrono_literals;
using payment::Status;
using provider::OperationKind;

Money shillings(std::int64_t whole) {
  return {whole * 100, Currency::parse("KES").value()};
}

class Life {
 public:
  explicit Life(const std::string& phone, std::int64_t amount = 1'500)
      : story_{payment::CaptureMethod::automatic, shillings(amount)} {
    story_.details.provider = "mpesa_daraja";
    story_.details.method = {"mobile_money", "", {{"phone", phone}}};
    provider::Settings settings;
    for (const auto& [name, value] : mpesa_daraja::sandbox_settings())
      settings.values.emplace(name, value);
    for (const auto& name : mpesa_daraja::secret_names())
      settings.secrets.emplace(name, Secret{"sk_test_sandbox"});
    settings.values["base_url"] = "http://127.0.0.1:8081/mpesa_daraja";
    adapter_ = mpesa_daraja::make_adapter(settings).value();
    story_.now = desk_.now;
  }

  // --- what is done ---
  void create() {
    tell(payment::Create{story_.next_id<PaymentId>(), default_tenant(), story_.details,
                         story_.operation_id()});
    settle();
  }
  void refund(std::optional<Money> amount = {}) {
    tell(payment::Refund{amount, "requested_by_customer", story_.operation_id()});
    settle();
  }
  void payer(const std::string& act) {
    const auto done = desk_.call(
        "POST", "/sandbox/payer/mpesa_daraja/" + story_.payment.provider_payment_id + "/" + act);
    EXPECT_EQ(done.status(), 200) << act;
    settle();
  }
  /// Second by second: what is due is done, and what was told arrives.
  void pass(std::chrono::seconds so_long) {
    for (; so_long > 0s; so_long -= 1s) {
      story_.now = desk_.now += 1s;
      (void)desk_.call("GET", "/mpesa_daraja/nothing");
      const auto wake = payment::wake_at(story_.payment, story_.policy);
      if (wake && *wake <= story_.now) tell(payment::TimerFired{});
      settle();
    }
  }
  void fault(const std::string& operation, const std::string& fault, int count = 1) {
    const auto set =
        desk_.faults(R"({"provider":"mpesa_daraja","operation":")" + operation + R"(","fault":")" +
                     fault + R"(","count":)" + std::to_string(count) + "}");
    EXPECT_EQ(set.status(), 200);
  }
  void pay() {
    create();
    payer("approve");
    ASSERT_EQ(status(), Status::captured);
  }
  /// The callbacks that were dropped come after all.
  void resend() {
    (void)desk_.call("POST", "/sandbox/webhooks/resend", R"({"all":true})");
    settle();
  }
  void forget_tokens() { token_ = Secret{"of-yesterday"}; }

  // --- what there is ---
  [[nodiscard]] Status status() const { return story_.status(); }
  [[nodiscard]] const payment::Payment& payment() const { return story_.payment; }
  Effects effects() { return desk_.effects(); }
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }
  [[nodiscard]] int refused_notices() const { return refused_notices_; }

 private:
  void tell(const payment::Command& command) {
    const auto decision = story_.tell(command);
    if (!decision) {
      EXPECT_TRUE(std::holds_alternative<payment::Notified>(command)) << decision.error().detail;
      ++refused_notices_;
      return;
    }
    for (const auto& effect : decision->effects)
      owed_.push_back(std::get<payment::CallProvider>(effect));
  }

  /// Calls that are due are made, and letters are read, until nothing is left to do now.
  void settle() {
    for (bool busy = true; busy;) {
      busy = false;
      for (std::size_t i = 0; i < owed_.size(); ++i) {
        if (owed_[i].not_before > story_.now) continue;
        const auto call = owed_[i].call;
        owed_.erase(owed_.begin() + static_cast<std::ptrdiff_t>(i));
        tell(payment::Story::answer_to(call, ask(call)));
        busy = true;
        break;
      }
      for (; read_ < box_->letters.size(); busy = true) read(box_->letters[read_++]);
    }
  }

  provider::Verdict ask(const provider::Call& call) {
    EXPECT_TRUE(adapter_->check(call)) << "what is called was checked before";
    if (auto verdict = adapter_->answer_locally(call)) return *verdict;
    auto answer = send(adapter_->build(call).value());
    if (answer && adapter_->token_refused(*answer)) {
      token_ = Secret{};
      answer = send(adapter_->build(call).value());
    }
    if (!answer) {
      return provider::verdict_without_answer({http::FailurePhase::maybe_sent, "response_timeout"});
    }
    return adapter_->interpret(call, *answer);
  }

  std::optional<http::Response> send(http::Request request) {
    if (token_.empty()) {
      const auto given =
          desk_.send(adapter_->build_token_request(story_.now).value()).outgoing.response;
      token_ = std::move(adapter_->read_token(given).value().value);
    }
    adapter_->attach_token(request, token_);
    paths_.push_back(request.target);
    auto outgoing = desk_.send(std::move(request)).outgoing;
    if (outgoing.delivery != inbound::Delivery::normal) return std::nullopt;
    return std::move(outgoing.response);
  }

  void read(const webhooks::Letter& letter) {
    if (letter.dropped) return;
    EXPECT_TRUE(letter.secret_path);
    auto notice = adapter_->read_webhook_at(letter.path, letter.body);
    ASSERT_TRUE(notice) << notice.error().field;
    EXPECT_EQ(notice->payment, story_.payment.id.to_string());
    tell(payment::Notified{*std::move(notice)});
  }

  Desk desk_;
  std::shared_ptr<Mailbox> box_ = desk_.mailbox();
  std::size_t read_ = 0;
  payment::Story story_;
  std::shared_ptr<const provider::Adapter> adapter_;
  Secret token_;
  std::string rules_;
  std::deque<payment::CallProvider> owed_;
  std::vector<std::string> paths_;
  int refused_notices_ = 0;
};

constexpr auto ordinary = "0712345670";

// --- charges -------------------------------------------------------------------------------------

TEST(DarajaLife, AnApprovedPromptIsCapturedWithItsReceipt) {
  Life life{ordinary};
  life.create();
  EXPECT_EQ(life.status(), Status::requires_action);
  life.payer("approve");
  EXPECT_EQ(life.status(), Status::captured);
  EXPECT_EQ(life.effects(), Effects{"charge 1500.00"});
  EXPECT_EQ(life.payment().history[0].provider_object.size(), 10U);
  life.pass(300s);
  EXPECT_EQ(life.effects().size(), 1U);
}

TEST(DarajaLife, ADeclinedOrIgnoredPromptFailsWithDarajasCode) {
  for (const auto& [act, code] : {std::pair{"decline", "1032"}, std::pair{"ignore", "1037"}}) {
    Life life{ordinary};
    life.create();
    life.payer(act);
    life.pass(90s);
    EXPECT_EQ(life.status(), Status::failed) << act;
    EXPECT_EQ(life.payment().history[0].failure->decline_code, code);
    EXPECT_TRUE(life.effects().empty());
  }
}

TEST(DarajaLife, ACallbackThatNeverComesIsAskedAfter) {
  for (const auto* phone : {ordinary, "0712345601"}) {
    Life life{phone};
    life.fault("webhook", "drop");
    life.create();
    life.payer("approve");
    EXPECT_EQ(life.status(), Status::requires_action);
    life.pass(25s);
    EXPECT_EQ(life.status(), phone == ordinary ? Status::captured : Status::failed);
    EXPECT_EQ(life.effects().size(), phone == ordinary ? 1U : 0U);
  }
}

TEST(DarajaLife, ALostPromptIsNeverSentAgainAndFoundByItsCallback) {
  for (const auto* lost : {"timeout_after", "reset_mid_body", "http_500_after", "truncated_json"}) {
    Life life{"0712345605"};  // pays by itself
    life.fault("charge", lost);
    life.create();
    EXPECT_EQ(life.status(), Status::processing) << lost;
    EXPECT_EQ(life.payment().provider_payment_id, "");
    life.pass(3s);
    EXPECT_EQ(life.status(), Status::captured) << lost;
    EXPECT_EQ(life.effects(), Effects{"charge 1500.00"}) << lost;
    EXPECT_EQ(life.paths()[0], "/mpesa_daraja/mpesa/stkpush/v1/processrequest");
    for (std::size_t i = 1; i < life.paths().size(); ++i)
      EXPECT_EQ(life.paths()[i], "/mpesa_daraja/mpesa/stkpushquery/v1/query");
  }
}

TEST(DarajaLife, ALostPromptWithoutACallbackStaysForTheOperators) {
  for (const auto* lost : {"timeout_before", "timeout_after"}) {
    Life life{"0712345605"};
    life.fault("charge", lost);
    life.fault("webhook", "drop");
    life.create();
    life.pass(600s);
    EXPECT_EQ(life.status(), Status::processing) << "nobody knows, so nobody says it failed";
    EXPECT_LE(life.paths().size(), 1U) << "and nothing is sent again";
  }
}

TEST(DarajaLife, APromptThatWasSurelyNotSentIsSentAgain) {
  Life life{ordinary};
  life.fault("charge", "http_429");
  life.create();
  life.pass(3s);
  EXPECT_EQ(life.status(), Status::requires_action);
  life.payer("approve");
  EXPECT_EQ(life.effects(), Effects{"charge 1500.00"});
}

TEST(DarajaLife, AnAnswerAfterThePromptsTimeStillCounts) {
  Life life{"0712345604"};
  life.create();
  life.pass(200s);
  EXPECT_EQ(life.status(), Status::processing);
  life.payer("approve");
  EXPECT_EQ(life.status(), Status::captured);
  EXPECT_EQ(life.effects(), Effects{"charge 1500.00"});
}

TEST(DarajaLife, CallbacksThatComeTwiceChangeNothing) {
  Life life{ordinary};
  life.fault("webhook", "duplicate");
  life.create();
  life.payer("approve");
  EXPECT_EQ(life.status(), Status::captured);
  EXPECT_EQ(payment::captured(life.payment()), shillings(1'500));
  EXPECT_EQ(life.effects().size(), 1U);
  EXPECT_EQ(life.refused_notices(), 0);
}

TEST(DarajaLife, ATokenThatHasEndedIsRenewedOnTheWay) {
  Life life{ordinary};
  life.forget_tokens();
  life.create();
  EXPECT_EQ(life.status(), Status::requires_action);
}

TEST(DarajaLife, ALateCallbackOfTheChargeDoesNotDisturbARefund) {
  Life life{ordinary};
  life.fault("webhook", "drop");
  life.create();
  life.payer("approve");
  life.pass(25s);
  ASSERT_EQ(life.status(), Status::captured);
  life.refund(shillings(400));
  life.resend();
  EXPECT_FALSE(payment::running(life.payment())->escalation);
  life.pass(3s);
  EXPECT_EQ(life.status(), Status::partially_refunded);
}

// --- refunds -------------------------------------------------------------------------------------

TEST(DarajaLife, TheWholeIsReversed) {
  Life life{ordinary};
  life.pay();
  life.refund();
  EXPECT_EQ(life.status(), Status::processing);
  life.pass(3s);
  EXPECT_EQ(life.status(), Status::refunded);
  EXPECT_EQ(life.effects(), (Effects{"charge 1500.00", "refund 1500.00"}));
  EXPECT_EQ(life.paths().back().find("b2c"), std::string::npos);
}

TEST(DarajaLife, PartsArePaidBackAndTheRestIsNoReversal) {
  Life life{ordinary};
  life.pay();
  life.refund(shillings(400));
  life.pass(3s);
  EXPECT_EQ(life.status(), Status::partially_refunded);
  life.refund();
  life.pass(3s);
  EXPECT_EQ(life.status(), Status::refunded);
  EXPECT_EQ(life.effects(), (Effects{"charge 1500.00", "refund 400.00", "refund 1100.00"}));
  for (const auto& path : life.paths()) EXPECT_EQ(path.find("reversal"), std::string::npos);
}

TEST(DarajaLife, WithoutAReceiptThePayerIsPaid) {
  Life life{ordinary};
  life.fault("webhook", "drop");
  life.create();
  life.payer("approve");
  life.pass(25s);
  ASSERT_EQ(life.status(), Status::captured);
  life.refund();
  life.pass(3s);
  EXPECT_EQ(life.status(), Status::refunded);
  EXPECT_EQ(life.effects(), (Effects{"charge 1500.00", "refund 1500.00"}));
}

TEST(DarajaLife, ARefundWhoseResultIsLostIsFoundByAStatusQuery) {
  Life life{"0712345613"};
  life.pay();
  life.refund(shillings(400));
  life.pass(60s);
  EXPECT_EQ(life.status(), Status::partially_refunded);
  EXPECT_EQ(life.effects(), (Effects{"charge 1500.00", "refund 400.00"}));
}

TEST(DarajaLife, ARefundWhoseAnswerIsLostIsMadeOnce) {
  for (const bool whole : {true, false}) {
    Life life{ordinary};
    life.pay();
    life.fault("refund", "timeout_after");
    life.refund(whole ? std::nullopt : std::optional{shillings(400)});
    life.pass(60s);
    EXPECT_EQ(life.status(), whole ? Status::refunded : Status::partially_refunded);
    EXPECT_EQ(life.effects().size(), 2U);
  }
}

TEST(DarajaLife, ARefundThatFailsLeavesThePaymentCaptured) {
  for (const bool whole : {true, false}) {
    Life life{"0712345611"};
    life.pay();
    life.refund(whole ? std::nullopt : std::optional{shillings(400)});
    life.pass(3s);
    EXPECT_EQ(life.status(), Status::captured);
    EXPECT_EQ(life.payment().history.back().failure->decline_code, "1");
    EXPECT_EQ(life.effects().size(), 1U);
  }
}

TEST(DarajaLife, ARefundThatExpiredInTheQueueIsNotCalledEitherWay) {
  Life life{"0712345612"};
  life.pay();
  life.refund(shillings(400));
  life.pass(120s);
  EXPECT_EQ(life.status(), Status::processing);
  EXPECT_EQ(life.effects().size(), 1U);
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
