// What PayPal tells, and that only what it tells verifies.
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "gateway/sandbox/paypal/signature.hpp"
#include "gateway/sandbox/webhooks/destination.hpp"
#include "tests/unit/gateway/sandbox/paypal_bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using namespace std::chrono_literals;

webhooks::Destination destination() {
  webhooks::Secrets secrets;
  secrets.emplace("paypal", Secret{"whsec_sandbox"});
  return *webhooks::read_destination("http://127.0.0.1:1/hooks", secrets);
}

std::string header(const http::Request& request, std::string_view name) {
  const auto* value = http::find(request.headers, name);
  return value == nullptr ? std::string{} : *value;
}

// Asks the sandbox itself, with the body spliced in as it came.
std::string postback(PaypalDesk& desk, const http::Request& webhook,
                     const std::string& webhook_id = "WH-SANDBOX-CAMBIST") {
  const json::object named{{"auth_algo", header(webhook, "paypal-auth-algo")},
                           {"cert_url", header(webhook, "paypal-cert-url")},
                           {"transmission_id", header(webhook, "paypal-transmission-id")},
                           {"transmission_sig", header(webhook, "paypal-transmission-sig")},
                           {"transmission_time", header(webhook, "paypal-transmission-time")},
                           {"webhook_id", webhook_id}};
  auto body = json::serialize(named);
  body.back() = ',';
  body += R"( "webhook_event" : )" + webhook.body + "\n}";
  http::Request request;
  request.method = "POST";
  request.target = "/paypal/v1/notifications/verify-webhook-signature";
  request.headers = {{"Authorization", "Bearer " + desk.ask_token().text("access_token")},
                     {"Content-Type", "application/json"}};
  request.body = std::move(body);
  return desk.send(std::move(request)).text("verification_status");
}

// With the served certificate, and nothing else of the sandbox's code.
bool verifies_offline(PaypalDesk& desk, const http::Request& webhook) {
  const auto url = header(webhook, "paypal-cert-url");
  EXPECT_EQ(url, "http://127.0.0.1:8081/paypal/v1/notifications/certs/CERT-test");
  const auto pem = desk.call("GET", url.substr(std::string{"http://127.0.0.1:8081"}.size()))
                       .outgoing.response.body;
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* leaf = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  X509* root = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  EXPECT_EQ(X509_verify(leaf, X509_get0_pubkey(root)), 1) << "the leaf is the authority's";
  const auto text = header(webhook, "paypal-transmission-id") + "|" +
                    header(webhook, "paypal-transmission-time") + "|WH-SANDBOX-CAMBIST|" +
                    std::to_string(paypal::crc32(webhook.body));
  const auto signature = from_base64(header(webhook, "paypal-transmission-sig")).value_or("");
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(leaf));
  const bool good =
      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size()) == 1;
  EVP_MD_CTX_free(context);
  X509_free(leaf);
  X509_free(root);
  BIO_free(bio);
  return good;
}

TEST(PaypalEvents, TheChecksumIsThatOfZlib) {
  EXPECT_EQ(paypal::crc32("123456789"), 3421780262U);
  EXPECT_EQ(paypal::crc32(R"({"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED"})"),
            2325436976U);
}

TEST(PaypalEvents, EveryStepIsTold) {
  PaypalDesk desk;
  const auto box = desk.mailbox();
  const auto hold = desk.authorization();
  EXPECT_EQ(box->types(), (Types{"CHECKOUT.ORDER.APPROVED", "PAYMENT.AUTHORIZATION.CREATED"}));
  const json::object part{{"amount", PaypalDesk::amount("4.00")}};
  const auto capture = desk.act_on("authorizations", hold, "capture", part).text("id");
  EXPECT_EQ(box->types(), Types{"PAYMENT.CAPTURE.COMPLETED"});
  const auto told = box->last().at("resource");
  EXPECT_EQ(told.at("custom_id").as_string(), "pay_1");
  EXPECT_EQ(told.at("supplementary_data").at("related_ids").at("authorization_id").as_string(),
            hold);
  (void)desk.act_on("authorizations", hold, "void");
  EXPECT_EQ(box->types(), Types{"PAYMENT.AUTHORIZATION.VOIDED"});
  const auto refund = desk.act_on("captures", capture, "refund");
  EXPECT_EQ(box->types(), Types{"PAYMENT.CAPTURE.REFUNDED"});
  const auto event = box->last();
  EXPECT_EQ(event.at("resource_type").as_string(), "refund");
  EXPECT_EQ(event.at("resource").at("id").as_string(), refund.text("id"));
  const auto& up = event.at("resource").at("links").at(1);
  EXPECT_EQ(up.at("rel").as_string(), "up");
  EXPECT_TRUE(up.at("href").as_string().ends_with("/v2/payments/captures/" + capture))
      << "the capture is named nowhere else";
}

TEST(PaypalEvents, ARepeatTellsNothingAndARefusalNeitherDoes) {
  PaypalDesk desk;
  const auto order = desk.approved("CAPTURE");
  const auto box = desk.mailbox();
  (void)desk.act_on_order(order, "capture", "k");
  (void)desk.act_on_order(order, "capture", "k");
  (void)desk.act_on_order(order, "capture", "other");
  EXPECT_EQ(box->types(), Types{"PAYMENT.CAPTURE.COMPLETED"});
}

TEST(PaypalEvents, EveryAttemptIsSignedAnewAndVerifies) {
  PaypalDesk desk;
  const auto box = desk.mailbox();
  (void)desk.captured();
  const auto first = webhooks::seal(box->letters.back(), destination(), desk.now);
  const auto later = webhooks::seal(box->letters.back(), destination(), desk.now + 30s);
  EXPECT_EQ(first.target, "/hooks/paypal");
  EXPECT_EQ(header(first, "paypal-auth-algo"), "SHA256withRSA");
  EXPECT_EQ(header(first, "paypal-transmission-time").size(), 20U);
  EXPECT_NE(header(first, "paypal-transmission-id"), header(later, "paypal-transmission-id"));
  EXPECT_NE(header(first, "paypal-transmission-sig"), header(later, "paypal-transmission-sig"));
  EXPECT_TRUE(verifies_offline(desk, first));
  EXPECT_TRUE(verifies_offline(desk, later));
  EXPECT_EQ(postback(desk, first), "SUCCESS");
  EXPECT_EQ(postback(desk, later), "SUCCESS");
}

TEST(PaypalEvents, NoForgeryVerifies) {
  PaypalDesk desk;
  const auto box = desk.mailbox();
  EXPECT_EQ(desk.faults(R"({"provider":"paypal","operation":"webhook","fault":"forge"})").status(),
            200);
  int changed = 0;
  int wrong = 0;
  for (int i = 0; i < 20; ++i) (void)desk.order("CAPTURE"), (void)desk.captured();
  for (const auto& letter : box->letters) {
    const auto sent = webhooks::seal(letter, destination(), desk.now);
    const bool truth = letter.forgery == webhooks::Forgery::none;
    changed += letter.forgery == webhooks::Forgery::changed_body ? 1 : 0;
    wrong += letter.forgery == webhooks::Forgery::wrong_secret ? 1 : 0;
    EXPECT_EQ(verifies_offline(desk, sent), truth);
    EXPECT_EQ(postback(desk, sent), truth ? "SUCCESS" : "FAILURE");
    EXPECT_NO_THROW((void)json::parse(sent.body)) << "a lie is well formed";
  }
  EXPECT_GT(changed, 0);
  EXPECT_GT(wrong, 0);
}

TEST(PaypalEvents, ThePostbackBelievesNothingThatWasChanged) {
  PaypalDesk desk;
  const auto box = desk.mailbox();
  (void)desk.captured();
  const auto good = webhooks::seal(box->letters.back(), destination(), desk.now);
  EXPECT_EQ(postback(desk, good, "WH-ANOTHER"), "FAILURE");
  for (const std::string name :
       {"paypal-transmission-id", "paypal-transmission-time", "paypal-transmission-sig",
        "paypal-cert-url", "paypal-auth-algo"}) {
    auto changed = good;
    for (auto& item : changed.headers) {
      if (http::find({item}, name) != nullptr)
        item.value.back() = item.value.back() == 'A' ? 'B' : 'A';
    }
    EXPECT_EQ(postback(desk, changed), "FAILURE") << name;
  }
  auto spaced = good;
  spaced.body.insert(1, " ");
  EXPECT_EQ(postback(desk, spaced), "FAILURE") << "the same JSON in other bytes";
  const auto lacking =
      desk.paypal("POST", "/v1/notifications/verify-webhook-signature", json::object{});
  EXPECT_EQ(lacking.status(), 400);
}

TEST(PaypalEvents, WhatWasToldCanBeReadAndSentAgain) {
  PaypalDesk desk;
  const auto box = desk.mailbox();
  (void)desk.captured();
  const auto first = box->letters.back();
  const auto read = desk.paypal("GET", "/v1/notifications/webhooks-events/" + first.event);
  EXPECT_EQ(json::serialize(read.body), first.body);
  const auto resent =
      desk.call("POST", "/sandbox/webhooks/resend", R"({"event":")" + first.event + "\"}");
  EXPECT_EQ(resent.status(), 200) << json::serialize(resent.body);
  EXPECT_EQ(box->letters.back().body, first.body);
  EXPECT_TRUE(verifies_offline(desk, webhooks::seal(box->letters.back(), destination(), desk.now)));
  EXPECT_EQ(desk.paypal("GET", "/v1/notifications/webhooks-events/WH-none").status(), 404);
}

TEST(PaypalEvents, AResetForgetsEverything) {
  PaypalDesk desk;
  const auto id = desk.captured();
  EXPECT_EQ(desk.call("POST", "/sandbox/reset").status(), 200);
  EXPECT_EQ(desk.show("payments/captures", id).status(), 401) << "the token too";
  desk.renew_token();
  EXPECT_EQ(desk.show("payments/captures", id).status(), 404);
  EXPECT_EQ(desk.call("GET", "/paypal/sandbox/tokens").number("issued"), 1);
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
