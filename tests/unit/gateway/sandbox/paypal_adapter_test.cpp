// PayPal's adapter and PayPal's emulator were written apart, from the same facts: here they meet.
#include <algorithm>
#include <map>

#include "gateway/sandbox/webhooks/destination.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/providers/paypal/certificate.hpp"
#include "tests/unit/gateway/sandbox/paypal_bench.hpp"
#include "tests/unit/protocols/providers/paypal/colliding_body.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using namespace std::chrono_literals;
using provider::Call;
using provider::OperationKind;
using provider::Verdict;

class PaypalAdapter : public ::testing::Test {
 protected:
  PaypalAdapter() {
    const auto* entry = provider::find_entry("paypal");
    provider::Settings settings;
    for (const auto& [name, value] : entry->sandbox) settings.values.emplace(name, value);
    settings.values["base_url"] = "http://127.0.0.1:8081/paypal";
    settings.secrets.emplace("secret_key", Secret{"sk_test_sandbox"});
    adapter_ = *entry->make(settings);
    const auto answer = send(*adapter_->build_token_request(desk.now));
    token_ = adapter_->read_token(answer.outgoing.response)->value.clone();
  }

  Answer send(http::Request request) {
    EXPECT_EQ(request.origin, "http://127.0.0.1:8081");
    request.origin.clear();
    return desk.send(std::move(request));
  }
  Verdict make(const Call& call) {
    auto request = *adapter_->build(call);
    adapter_->attach_token(request, token_);
    return adapter_->interpret(call, send(std::move(request)).outgoing.response);
  }
  Call call(OperationKind kind, std::int64_t minor = 1000) {
    Call made;
    made.kind = kind;
    made.operation = OperationId::make(desk.now, random_);
    made.payment = payment_;
    made.idempotency_key = made.operation.to_string();
    made.amount = Money{minor, *Currency::parse("USD")};
    made.remaining = made.amount;
    made.provider_payment_id = order;
    made.method.type = "paypal";
    made.return_url = "https://shop.example/ok";
    made.started_at = desk.now;
    return made;
  }
  /// A first operation up to where the payer has approved.
  Call approved(OperationKind kind, const std::string& description = {}) {
    auto made = call(kind);
    made.description = description;
    const auto verdict = make(made);
    const auto* action = std::get_if<provider::ActionRequired>(&verdict);
    EXPECT_NE(action, nullptr) << name_of(verdict);
    if (action != nullptr) order = made.provider_payment_id = action->provider_payment_id;
    EXPECT_TRUE(std::holds_alternative<provider::ActionRequired>(make(made)));
    EXPECT_EQ(desk.payer(order), 200);
    const auto next = make(made);
    const auto* progressed = std::get_if<provider::Progressed>(&next);
    EXPECT_NE(progressed, nullptr) << name_of(next);
    if (progressed != nullptr) made.step = progressed->step;
    return made;
  }
  std::string effect_of(const Verdict& verdict) {
    const auto* approved = std::get_if<provider::Approved>(&verdict);
    EXPECT_NE(approved, nullptr) << name_of(verdict);
    return approved == nullptr ? std::string{} : approved->provider_object;
  }
  /// Whether the adapter takes a letter for genuine and believes it, by what the emulator serves as
  /// evidence and shows of what the letter is about.
  bool believes(const webhooks::Letter& letter) {
    webhooks::Secrets secrets;
    secrets.emplace("paypal", Secret{"whsec_sandbox"});
    const auto to = *webhooks::read_destination("http://127.0.0.1:1/hooks", secrets);
    return believes(webhooks::seal(letter, to, desk.now));
  }
  bool believes(const http::Request& webhook) {
    const auto evidence = adapter_->evidence_for(webhook);
    if (!evidence || !*evidence) return false;
    const auto fetched = send((*evidence)->request);
    if (!adapter_->verify_with(webhook, fetched.outgoing.response, desk.now)) return false;
    const auto asked = adapter_->confirmation_for(webhook);
    if (!asked) return false;
    if (!*asked) return true;
    auto question = (*asked)->request;
    adapter_->attach_token(question, token_);
    const auto shown = send(std::move(question));
    return adapter_->confirm_with(webhook, shown.outgoing.response).has_value();
  }

  PaypalDesk desk;
  std::string order;
  std::shared_ptr<const provider::Adapter> adapter_;
  Secret token_{""};

 private:
  std::uint64_t draws_ = 1;
  Random random_ = [this] { return draws_++ * 0x9E3779B97F4A7C15ULL; };
  PaymentId payment_ = PaymentId::make(TimePoint{1s}, random_);
};

TEST_F(PaypalAdapter, AHoldLivesThroughCaptureRefundAndVoid) {
  const auto box = desk.mailbox();
  auto hold = approved(OperationKind::authorize);
  const auto authorization = effect_of(make(hold));
  EXPECT_EQ(effect_of(make(hold)), authorization) << "a repeat finds the first";
  hold.inquiry = true;
  EXPECT_EQ(effect_of(make(hold)), authorization);

  auto capture = call(OperationKind::capture, 400);
  capture.authorization_object = authorization;
  capture.final_capture = false;
  capture.inquiry = true;
  EXPECT_TRUE(std::holds_alternative<provider::NotExecuted>(make(capture)));
  capture.inquiry = false;
  const auto captured = effect_of(make(capture));
  capture.inquiry = true;
  EXPECT_EQ(effect_of(make(capture)), captured);

  auto refund = call(OperationKind::refund, 150);
  refund.capture_object = captured;
  refund.inquiry = true;
  EXPECT_TRUE(std::holds_alternative<provider::NotExecuted>(make(refund)));
  refund.inquiry = false;
  const auto refunded = effect_of(make(refund));
  refund.inquiry = true;
  EXPECT_EQ(effect_of(make(refund)), refunded);

  auto release = call(OperationKind::void_authorization, 600);
  release.authorization_object = authorization;
  (void)effect_of(make(release));
  EXPECT_EQ(desk.effects(),
            (Effects{"authorize 10.00", "capture 4.00", "refund 1.50", "void 6.00"}));
  for (const auto& letter : box->letters) {
    EXPECT_TRUE(believes(letter)) << letter.type;
    const auto notice = adapter_->read_webhook(letter.body);
    ASSERT_TRUE(notice.has_value()) << letter.type;
    EXPECT_EQ(notice->payment, hold.payment.to_string()) << letter.type;
  }
  EXPECT_EQ(box->letters.size(), 5U);
}

TEST_F(PaypalAdapter, ARefusalIsADeclineAndAPendingCaptureIsPending) {
  const auto refused = approved(OperationKind::charge, "chairs [TRANSACTION_REFUSED]");
  EXPECT_TRUE(std::holds_alternative<provider::Declined>(make(refused)));
  order.clear();
  auto pending = approved(OperationKind::charge, "chairs [PENDING]");
  EXPECT_TRUE(std::holds_alternative<provider::Pending>(make(pending)));
  desk.now += 10s;
  pending.inquiry = true;
  (void)effect_of(make(pending));
  EXPECT_EQ(desk.effects(), Effects{"charge 10.00"});
}

TEST_F(PaypalAdapter, AnApprovalThatRanOutIsADecline) {
  const auto hold = approved(OperationKind::authorize);
  desk.now += 3h;
  EXPECT_TRUE(std::holds_alternative<provider::Declined>(make(hold)));
}

TEST_F(PaypalAdapter, WhatTakesEffectByItselfIsBorneOutByWhatTheEmulatorShows) {
  const auto box = desk.mailbox();
  for (const char* wish : {"chairs", "chairs [REFUND_PENDING]", "chairs [REFUND_FAILED]",
                           "chairs [DISPUTE]", "chairs [REVERSED]"}) {
    const auto charge = approved(OperationKind::charge, wish);
    auto refund = call(OperationKind::refund, 150);
    refund.capture_object = effect_of(make(charge));
    (void)make(refund);
    order.clear();
  }
  const auto dispute =
      std::string{desk.call("GET", "/sandbox/ledger")["disputes"].at(0).at("id").as_string()};
  auto hold = approved(OperationKind::authorize);
  (void)effect_of(make(hold));
  EXPECT_EQ(desk.call("POST", "/sandbox/dashboard/paypal/" + order + "/cancel").status(), 200);
  order.clear();
  hold = approved(OperationKind::authorize);
  (void)effect_of(make(hold));
  desk.now += 10s;
  (void)desk.call("GET", "/sandbox/ledger");
  EXPECT_EQ(
      desk.paypal("POST", "/v1/customer/disputes/" + dispute + "/accept-claim", json::object{})
          .status(),
      200);
  desk.now += 29 * 24h;
  (void)desk.call("GET", "/sandbox/ledger");
  desk.renew_token();
  token_ = adapter_->read_token(send(*adapter_->build_token_request(desk.now)).outgoing.response)
               ->value.clone();
  std::map<std::string, int> believed;
  for (const auto& letter : box->letters) {
    EXPECT_TRUE(believes(letter)) << letter.body;
    const auto notice = adapter_->read_webhook(letter.body);
    ASSERT_TRUE(notice.has_value()) << letter.type;
    if (!std::holds_alternative<provider::Happened>(notice->news))
      ++believed[std::string{letter.type}];
  }
  EXPECT_EQ(believed, (std::map<std::string, int>{{"CUSTOMER.DISPUTE.CREATED", 1},
                                                  {"CUSTOMER.DISPUTE.RESOLVED", 1},
                                                  {"PAYMENT.AUTHORIZATION.VOIDED", 2},
                                                  {"PAYMENT.CAPTURE.COMPLETED", 5},
                                                  {"PAYMENT.CAPTURE.REFUNDED", 3},
                                                  {"PAYMENT.CAPTURE.REVERSED", 1},
                                                  {"PAYMENT.REFUND.FAILED", 1},
                                                  {"PAYMENT.REFUND.PENDING", 2}}));
}

// One genuine transmission is all it takes for a body of the same checksum, and it is of no use.
TEST_F(PaypalAdapter, ABodyThatFitsAGenuineSignatureIsNotBelieved) {
  const auto box = desk.mailbox();
  const auto hold = approved(OperationKind::authorize);
  (void)effect_of(make(hold));
  const auto letter = std::find_if(box->letters.begin(), box->letters.end(), [](const auto& one) {
    return one.type == "PAYMENT.AUTHORIZATION.CREATED";
  });
  ASSERT_NE(letter, box->letters.end());
  webhooks::Secrets secrets;
  secrets.emplace("paypal", Secret{"whsec_sandbox"});
  const auto to = *webhooks::read_destination("http://127.0.0.1:1/hooks", secrets);
  auto forged = webhooks::seal(*letter, to, desk.now);
  ASSERT_TRUE(believes(forged));
  const auto checksum = cambist::paypal::crc32(forged.body);
  const auto replace = [&forged](std::string_view from, std::string_view by) {
    const auto at = forged.body.find(from);
    ASSERT_NE(at, std::string::npos);
    forged.body.replace(at, from.size(), by);
  };
  replace("PAYMENT.AUTHORIZATION.CREATED", "PAYMENT.AUTHORIZATION.VOIDED");
  replace(R"("status":"CREATED")", R"("status":"VOIDED")");
  forged.body = cambist::test::with_checksum(forged.body, checksum);
  const auto evidence = send((*adapter_->evidence_for(forged))->request);
  EXPECT_TRUE(adapter_->verify_with(forged, evidence.outgoing.response, desk.now))
      << "the certificate sees nothing";
  EXPECT_FALSE(believes(forged));
  EXPECT_EQ(desk.call("POST", "/sandbox/dashboard/paypal/" + order + "/cancel").status(), 200);
  EXPECT_TRUE(believes(forged)) << "now it is so";
}

TEST_F(PaypalAdapter, NoForgeryIsBelieved) {
  const auto box = desk.mailbox();
  EXPECT_EQ(desk.faults(R"({"provider":"paypal","operation":"webhook","fault":"forge"})").status(),
            200);
  for (int i = 0; i < 10; ++i) (void)desk.captured();
  EXPECT_EQ(box->letters.size(), 40U);
  for (const auto& letter : box->letters)
    EXPECT_EQ(believes(letter), letter.forgery == webhooks::Forgery::none) << letter.type;
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
