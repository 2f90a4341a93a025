// The request that a letter becomes: where it goes, and what proves (or does not prove) its origin.
#include "gateway/sandbox/webhooks/destination.hpp"

#include "gateway/sandbox/stripe/signature.hpp"
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::webhooks {
namespace {

constexpr TimePoint at{std::chrono::seconds{1'700'000'000}};

Secrets secrets(const std::string& stripe) {
  Secrets made;
  made.emplace("stripe", Secret{stripe});
  return made;
}

Letter letter() {
  Letter made;
  made.provider = "stripe";
  made.event = "evt_1";
  made.type = "payment_intent.succeeded";
  made.body = R"({"id":"evt_1","object":"event"})";
  made.seal = [](std::string_view body, const std::vector<Secret>& shared, TimePoint now) {
    return http::Headers{{"Stripe-Signature", stripe::signature(shared, body, now)}};
  };
  return made;
}

std::string signature_of(const http::Request& request) {
  return *http::find(request.headers, "stripe-signature");
}

TEST(WebhookDestination, SignsAsTheVectorOfTheFactsSays) {
  const auto to = read_destination("http://127.0.0.1:1/hooks/", secrets("whsec_test_secret"));
  ASSERT_TRUE(to.has_value());
  const auto request = seal(letter(), *to, at);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.origin, "http://127.0.0.1:1");
  EXPECT_EQ(request.target, "/hooks/stripe");
  EXPECT_EQ(request.body, letter().body);
  EXPECT_EQ(signature_of(request),
            "t=1700000000,v1=0c8670ed117751cc551a20e35839447075c42800ea3cf3e8a2fbda99cd1e6edd");
}

TEST(WebhookDestination, EverySecretSignsWhileTheyRotate) {
  const auto to = read_destination("http://h", secrets("whsec_new, whsec_test_secret ,"));
  ASSERT_TRUE(to.has_value());
  const auto signature = signature_of(seal(letter(), *to, at));
  EXPECT_TRUE(signature.starts_with("t=1700000000,v1="));
  EXPECT_TRUE(
      signature.ends_with(",v1=0c8670ed117751cc551a20e35839447075c42800ea3cf3e8a2fbda99cd1e6edd"));
}

TEST(WebhookDestination, AnotherAttemptHasAnotherTimeAndSignature) {
  const auto to = read_destination("http://h", secrets("whsec_a"));
  const auto first = signature_of(seal(letter(), *to, at));
  const auto second = signature_of(seal(letter(), *to, at + std::chrono::seconds{1}));
  EXPECT_TRUE(second.starts_with("t=1700000001,v1="));
  EXPECT_NE(first.substr(13), second.substr(13));
}

TEST(WebhookDestination, AForgerySignsWithASecretNobodySharesOrChangesOneByte) {
  const auto to = read_destination("http://h", secrets("whsec_a"));
  const auto truth = seal(letter(), *to, at);
  auto lie = letter();
  lie.forgery = Forgery::wrong_secret;
  EXPECT_EQ(seal(lie, *to, at).body, truth.body);
  EXPECT_NE(signature_of(seal(lie, *to, at)), signature_of(truth));
  lie.forgery = Forgery::changed_body;
  lie.forged_at = 11;
  lie.forged_byte = '9';
  EXPECT_EQ(seal(lie, *to, at).body, R"({"id":"evt_9","object":"event"})");
  EXPECT_EQ(signature_of(seal(lie, *to, at)), signature_of(truth));
}

TEST(WebhookDestination, ASecretPathOrAUrlOfItsOwnSaysWhereItGoes) {
  const auto to = read_destination("http://h/hooks", secrets("whsec_a,whsec_b"));
  auto unsigned_one = letter();
  unsigned_one.seal = nullptr;
  unsigned_one.secret_path = true;
  unsigned_one.path = "pay_1/op_1";
  const auto request = seal(unsigned_one, *to, at);
  EXPECT_EQ(request.target, "/hooks/stripe/whsec_a/pay_1/op_1");
  EXPECT_EQ(http::find(request.headers, "stripe-signature"), nullptr);
  unsigned_one.url = "https://shop.example/callbacks/7";
  EXPECT_EQ(seal(unsigned_one, *to, at).origin, "https://shop.example");
  EXPECT_EQ(seal(unsigned_one, *to, at).target, "/callbacks/7");
}

TEST(WebhookDestination, WhatIsNoUrlIsRefused) {
  for (const auto* url : {"", "127.0.0.1:80", "ftp://h/x", "http://", "http://h/x?y=1",
                          "http://h/x#y", "http://h/a b", "http://h:99999/"}) {
    EXPECT_FALSE(read_destination(url, {}).has_value()) << url;
  }
  EXPECT_TRUE(read_destination("https://h.example/api/v1/webhooks", {}).has_value());
}

TEST(WebhookDestination, AnEmptySecretIsNone) {
  const auto to = read_destination("http://h", secrets(" , "));
  ASSERT_TRUE(to.has_value());
  EXPECT_TRUE(to->secrets.empty());
}

}  // namespace
}  // namespace cambist::gateway::sandbox::webhooks
