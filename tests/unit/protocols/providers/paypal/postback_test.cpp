// Webhooks that PayPal is asked about.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/protocols/providers/paypal/signed_webhook.hpp"

namespace cambist::paypal {
namespace {

namespace json = boost::json;
using test::header_of;
using test::SignedWebhook;

const TimePoint now = parse_rfc3339("2026-12-01T08:00:05Z").value();

std::shared_ptr<const provider::Adapter> adapter() {
  return provider::find_entry("paypal")
      ->make(test::paypal_settings({{"webhook_verification", "postback"}}))
      .value();
}

http::Response said(std::string_view status, int code = 200) {
  return {code, {}, R"({"verification_status":")" + std::string{status} + "\"}"};
}

TEST(PayPalPostback, TheEventGoesBackByteByByte) {
  SignedWebhook webhook;
  webhook.body = "{\"id\":\"WH-1\", \"amount\":12.0,\n \"x\":1e2}";
  const auto sent = webhook.request();
  const auto evidence = adapter()->evidence_for(sent).value();
  ASSERT_TRUE(evidence);
  const auto& request = evidence->request;
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.origin + request.target,
            "https://api-m.sandbox.paypal.com/v1/notifications/verify-webhook-signature");
  EXPECT_TRUE(evidence->with_token);
  EXPECT_FALSE(evidence->keep);
  EXPECT_NE(request.body.find("\"webhook_event\":" + webhook.body), std::string::npos);
  const auto asked = json::parse(request.body).as_object();
  const auto field = [&asked](std::string_view name) {
    return json::value_to<std::string>(asked.at(name));
  };
  EXPECT_EQ(field("webhook_id"), "WH-SANDBOX");
  EXPECT_EQ(field("transmission_id"), webhook.id);
  EXPECT_EQ(field("transmission_time"), webhook.time);
  EXPECT_EQ(field("cert_url"), webhook.cert_url);
  EXPECT_EQ(field("auth_algo"), "SHA256withRSA");
  EXPECT_EQ(field("transmission_sig"), *http::find(sent.headers, "PAYPAL-TRANSMISSION-SIG"));
}

TEST(PayPalPostback, AnEventCannotBringFieldsOfItsOwn) {
  for (const char* body : {R"({},"webhook_id":"WH-ANOTHER","x":{})", R"({}} )", "", "null", "[]",
                           "\"x\"", "{\"a\":", "{}{}"}) {
    SignedWebhook webhook;
    webhook.body = body;
    const auto evidence = adapter()->evidence_for(webhook.request());
    ASSERT_FALSE(evidence) << body;
    EXPECT_EQ(evidence.error().code, ErrorCode::unauthenticated) << body;
  }
}

TEST(PayPalPostback, OnlySuccessIsSuccess) {
  const auto webhook = SignedWebhook{}.request();
  EXPECT_TRUE(adapter()->verify_with(webhook, said("SUCCESS"), now));
  EXPECT_EQ(adapter()->verify_with(webhook, said("FAILURE"), now).error().code,
            ErrorCode::unauthenticated);
}

TEST(PayPalPostback, WithoutAWordOfPayPalItIsSentAgain) {
  const auto webhook = SignedWebhook{}.request();
  for (const auto& answer :
       {said("success"), said(""), said("SUCCESS", 201), said("SUCCESS", 500), said("FAILURE", 503),
        http::Response{200, {}, "SUCCESS"}, http::Response{200, {}, ""},
        http::Response{200, {}, R"(["SUCCESS"])"}, http::Response{401, {}, "{}"}}) {
    const auto verified = adapter()->verify_with(webhook, answer, now);
    ASSERT_FALSE(verified) << answer.body;
    EXPECT_EQ(verified.error().code, ErrorCode::unavailable) << answer.status << answer.body;
  }
}

TEST(PayPalPostback, WhatCannotBeGenuineIsNotAskedAbout) {
  auto webhook = SignedWebhook{}.request();
  header_of(webhook, "PayPal-Cert-Url") = "https://evil.example/v1/notifications/certs/CERT-1";
  EXPECT_FALSE(adapter()->evidence_for(webhook));
  EXPECT_FALSE(adapter()->verify_with(webhook, said("SUCCESS"), now));
}

TEST(PayPalPostback, AnOldOneIsRefusedThoughPayPalSignedIt) {
  const auto webhook = SignedWebhook{}.request();
  const auto verified =
      adapter()->verify_with(webhook, said("SUCCESS"), now + std::chrono::hours{24 * 4});
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, ErrorCode::unauthenticated);
}

}  // namespace
}  // namespace cambist::paypal
