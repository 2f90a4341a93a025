#include "protocols/api/answers.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace cambist::api {
namespace {

namespace json = boost::json;

payment::Payment authorized() {
  payment::Payment payment;
  payment.id = PaymentId{{1, 2, 3}};
  payment.tenant = default_tenant();
  payment.version = 3;
  payment.details.amount = Money{10'000, *Currency::parse("USD")};
  payment.details.capture = payment::CaptureMethod::manual;
  payment.details.provider = "stripe";
  payment.provider = "stripe";
  payment.details.method = {"card", "pm_card_visa", {}};
  payment.details.reference = "order-7";
  payment.details.metadata = {{"cart", "9"}};
  payment.state = payment::Authorized{zero(payment.details.amount.currency), std::nullopt};
  payment.provider_payment_id = "pi_1";
  payment.method = {"visa", "4242"};
  payment.created_at = *parse_rfc3339("2026-11-21T10:00:00.250Z");
  payment.updated_at = *parse_rfc3339("2026-11-21T10:00:01Z");
  return payment;
}

payment::Payment failed(provider::Failure failure) {
  payment::Payment payment = authorized();
  payment.state = payment::Failed{std::move(failure)};
  return payment;
}

TEST(Render, ShowsAPaymentExactlyAsTheDesignDoes) {
  const std::string id = PaymentId{{1, 2, 3}}.to_string();
  EXPECT_EQ(
      render(authorized()),
      R"({"id":")" + id +
          R"(","status":"authorized","amount":{"value":"100.00","currency":"USD"},)"
          R"("captured":{"value":"0.00","currency":"USD"},"refunded":{"value":"0.00","currency":"USD"},)"
          R"("provider":"stripe","provider_payment_id":"pi_1",)"
          R"("payment_method":{"type":"card","brand":"visa","last4":"4242"},"reference":"order-7",)"
          R"("customer_id":null,"description":null,"metadata":{"cart":"9"},"next_action":null,"failure":null,)"
          R"("dispute":null,"capture_at":null,"created_at":"2026-11-21T10:00:00.250Z","updated_at":"2026-11-21T10:00:01.000Z"})");
}

TEST(Render, NeverShowsTheToken) {
  EXPECT_EQ(render(authorized()).find("pm_card_visa"), std::string::npos);
}

TEST(Render, ShowsWhatThePayerMustDo) {
  payment::Payment payment = authorized();
  payment::Operation operation;
  operation.amount = payment.details.amount;
  payment.state = payment::AwaitingAction{
      operation,
      {"redirect", "https://bank.example/3ds", "", *parse_rfc3339("2026-11-21T11:00:00Z")}};
  const auto shown = json::parse(render(payment));
  EXPECT_EQ(shown.at("status").as_string(), "requires_action");
  EXPECT_EQ(json::serialize(shown.at("next_action")),
            R"({"type":"redirect","url":"https://bank.example/3ds","instructions":null,)"
            R"("expires_at":"2026-11-21T11:00:00.000Z"})");
}

TEST(Render, ShowsThePresentProviderAndNoMoreOfAPhoneThanItsEnd) {
  payment::Payment payment = authorized();
  payment.provider = "mpesa";
  payment.method = {};
  payment.details.method = {"mobile_money", "", {{"phone", "+254712345678"}, {"country", "KE"}}};
  const std::string text = render(payment);
  const auto shown = json::parse(text);
  EXPECT_EQ(shown.at("provider").as_string(), "mpesa");
  EXPECT_EQ(shown.at("payment_method").at("last4").as_string(), "5678");
  EXPECT_EQ(text.find("71234"), std::string::npos);
}

TEST(Render, ShowsWhyAPaymentFailed) {
  const auto shown = json::parse(render(failed(
      {provider::FailureCode::insufficient_funds, "Not enough funds.", "insufficient_funds"})));
  EXPECT_EQ(
      json::serialize(shown.at("failure")),
      R"({"code":"insufficient_funds","message":"Not enough funds.","decline_code":"insufficient_funds"})");
}

TEST(Render, ShowsTheDisputeAndTheTimeOfTheCapture) {
  payment::Payment payment = authorized();
  payment.capture_at = *parse_rfc3339("2026-11-22T10:00:00Z");
  payment::Dispute dispute;
  dispute.id = "du_1";
  dispute.amount = Money{500, *Currency::parse("USD")};
  dispute.reason = "fraudulent";
  dispute.opened_at = *parse_rfc3339("2026-11-23T10:00:00Z");
  payment.disputes.push_back(dispute);
  const auto shown = json::parse(render(payment));
  EXPECT_EQ(shown.at("capture_at").as_string(), "2026-11-22T10:00:00.000Z");
  EXPECT_EQ(json::serialize(shown.at("dispute")),
            R"({"id":"du_1","status":"open","amount":{"value":"5.00","currency":"USD"},)"
            R"("reason":"fraudulent","inquiry":false,"evidence_due_by":null,)"
            R"("opened_at":"2026-11-23T10:00:00.000Z","closed_at":null})");
}

TEST(Render, EscapesWhatClientsWrote) {
  payment::Payment payment = authorized();
  payment.details.description = "a \"quote\"\n\\ \xc3\xa9 </script>";
  payment.details.metadata = {{"k\"ey", "v\tl"}};
  const auto shown = json::parse(render(payment));
  EXPECT_EQ(shown.at("description").as_string(), payment.details.description);
  EXPECT_EQ(shown.at("metadata").at("k\"ey").as_string(), "v\tl");
}

TEST(Fraud, LooksLikeAnyOtherDeclineEverywhere) {
  const provider::Failure fraud{provider::FailureCode::fraud_detected,
                                "The card was reported stolen.", "stolen_card"};
  const auto payment = failed(fraud);
  const Answer answer = failure_answer(fraud, true, payment, "req_1");
  EXPECT_EQ(answer.status, 402);
  for (const std::string& text : {answer.body, render(payment)}) {
    EXPECT_EQ(text.find("fraud"), std::string::npos) << text;
    EXPECT_EQ(text.find("stolen"), std::string::npos) << text;
    EXPECT_NE(text.find("card_declined"), std::string::npos) << text;
  }
}

TEST(FailureAnswer, IsA402ForADeclineWithThePaymentInside) {
  const provider::Failure failure{provider::FailureCode::card_declined, "The card was declined.",
                                  "do_not_honor"};
  const auto payment = failed(failure);
  const Answer answer = failure_answer(failure, true, payment, "req_1");
  const auto shown = json::parse(answer.body);
  EXPECT_EQ(answer.status, 402);
  EXPECT_TRUE(answer.problem);
  EXPECT_FALSE(answer.retry_after_s);
  EXPECT_EQ(shown.at("status").as_int64(), 402);
  EXPECT_EQ(shown.at("code").as_string(), "card_declined");
  EXPECT_EQ(shown.at("decline_code").as_string(), "do_not_honor");
  EXPECT_EQ(shown.at("request_id").as_string(), "req_1");
  EXPECT_EQ(json::serialize(shown.at("payment")), render(payment));
}

TEST(FailureAnswer, IsA503WithRetryAfterWhenTheProviderIsAway) {
  for (const auto code :
       {provider::FailureCode::provider_down, provider::FailureCode::network_error,
        provider::FailureCode::configuration_error, provider::FailureCode::unknown}) {
    const provider::Failure failure{code, "The provider cannot be reached.", ""};
    const Answer answer = failure_answer(failure, false, failed(failure), "req_1");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(json::parse(answer.body).at("code").as_string(), "provider_unavailable");
    EXPECT_GT(answer.retry_after_s.value_or(0), 0);
  }
}

TEST(FailureAnswer, OfAnOutageToWhoWasTold202IsNoReasonToRepeatTheRequest) {
  const provider::Failure failure{provider::FailureCode::provider_down, "It is away.", ""};
  const auto payment = failed(failure);
  const Answer answer = failure_answer(failure, false, payment, "req_1", true);
  EXPECT_EQ(answer.status, 424);
  EXPECT_FALSE(answer.retry_after_s);
  const auto shown = json::parse(answer.body);
  EXPECT_EQ(shown.at("status").as_int64(), 424);
  EXPECT_EQ(shown.at("code").as_string(), "provider_unavailable");
  EXPECT_EQ(json::serialize(shown.at("payment")), render(payment));
  // What is final anyway stays as it is.
  EXPECT_EQ(failure_answer(failure, true, payment, "req_1", true).status, 402);
}

TEST(FailureAnswer, IsA422WhenTheProviderRefusedTheRequest) {
  const provider::Failure failure{provider::FailureCode::invalid_request, "No such payment method.",
                                  ""};
  const Answer answer = failure_answer(failure, false, failed(failure), "req_1");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(json::parse(answer.body).at("code").as_string(), "provider_refused");
}

TEST(Problem, HasEveryMemberAndTheFieldWhenThereIsOne) {
  const Answer with =
      problem({ErrorCode::invalid_request, "must be above zero", "amount.value"}, "req_9");
  EXPECT_EQ(
      with.body,
      R"({"type":"urn:cambist:problem:invalid_request","title":"The request is not valid","status":400,)"
      R"("detail":"must be above zero","code":"invalid_request","request_id":"req_9",)"
      R"("field":"amount.value"})");
  EXPECT_TRUE(with.problem);
  const Answer without = problem({ErrorCode::not_found, "no"}, "req_9");
  EXPECT_EQ(json::parse(without.body).as_object().if_contains("field"), nullptr);
}

TEST(Problem, EveryCodeHasItsStatusAndOnlyThoseThatPassTellWhen) {
  const std::vector<std::pair<ErrorCode, int>> expected{{ErrorCode::invalid_request, 400},
                                                        {ErrorCode::malformed_json, 400},
                                                        {ErrorCode::card_data_refused, 422},
                                                        {ErrorCode::unauthenticated, 401},
                                                        {ErrorCode::forbidden, 403},
                                                        {ErrorCode::not_found, 404},
                                                        {ErrorCode::method_not_allowed, 405},
                                                        {ErrorCode::illegal_transition, 409},
                                                        {ErrorCode::operation_in_progress, 409},
                                                        {ErrorCode::outcome_unknown, 409},
                                                        {ErrorCode::amount_too_large, 422},
                                                        {ErrorCode::unsupported_by_provider, 422},
                                                        {ErrorCode::idempotency_key_reused, 422},
                                                        {ErrorCode::idempotency_in_progress, 409},
                                                        {ErrorCode::payload_too_large, 413},
                                                        {ErrorCode::header_too_large, 431},
                                                        {ErrorCode::uri_too_long, 414},
                                                        {ErrorCode::unsupported_media_type, 415},
                                                        {ErrorCode::not_implemented, 501},
                                                        {ErrorCode::rate_limited, 429},
                                                        {ErrorCode::overloaded, 503},
                                                        {ErrorCode::unavailable, 503},
                                                        {ErrorCode::provider_unavailable, 503},
                                                        {ErrorCode::timeout, 504},
                                                        {ErrorCode::version_conflict, 409},
                                                        {ErrorCode::internal, 500}};
  for (const auto& [code, status] : expected) {
    const Answer answer = problem({code, "why"}, "req_1");
    EXPECT_EQ(answer.status, status) << to_string(code);
    EXPECT_EQ(status_of(code), status);
    EXPECT_EQ(json::parse(answer.body).at("code").as_string(), to_string(code));
    const bool passes =
        (status == 409 && code != ErrorCode::illegal_transition) || status == 429 || status == 503;
    EXPECT_EQ(answer.retry_after_s.has_value(), passes) << to_string(code);
  }
  EXPECT_EQ(problem({ErrorCode::rate_limited, "why"}, "r", 7).retry_after_s, 7);
}

TEST(PaymentAnswer, SaysWhereThePaymentIsWhenItIsNewOrUnderWay) {
  const auto payment = authorized();
  EXPECT_EQ(payment_answer(201, payment).location, "/api/v1/payments/" + payment.id.to_string());
  EXPECT_EQ(payment_answer(202, payment).location, "/api/v1/payments/" + payment.id.to_string());
  EXPECT_EQ(payment_answer(200, payment).location, "");
}

TEST(Replay, GivesTheSameAnswerAgainAndSaysSo) {
  const auto payment = authorized();
  const Answer first = payment_answer(201, payment);
  const Answer again = replay(201, first.body);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.location, first.location);
  EXPECT_TRUE(again.replayed);
  EXPECT_FALSE(again.problem);
  EXPECT_TRUE(replay(402, "{}").problem);
  EXPECT_EQ(replay(201, "").location, "");
  EXPECT_EQ(replay(201, R"({"id":")").location, "");
}

}  // namespace
}  // namespace cambist::api
