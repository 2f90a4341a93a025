#include "protocols/providers/stripe/signature.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "protocols/core/digest.hpp"
#include "protocols/providers/stripe/adapter.hpp"

namespace cambist::stripe {
namespace {

using namespace std::chrono_literals;

// Source: facts/stripe.md section 10, checked with Stripe's own library.
constexpr const char* secret = "whsec_test_secret";
constexpr const char* body = R"({"id":"evt_1","object":"event"})";
constexpr const char* good =
    "t=1700000000,v1=0c8670ed117751cc551a20e35839447075c42800ea3cf3e8a2fbda99cd1e6edd";
constexpr auto signed_at = TimePoint{1'700'000'000s};

std::vector<Secret> secrets(std::initializer_list<const char*> texts = {secret}) {
  std::vector<Secret> made;
  for (const char* text : texts) made.emplace_back(std::string{text});
  return made;
}

http::Request request(std::string header = good, std::string sent = body) {
  http::Request made;
  made.method = "POST";
  made.target = "/api/v1/webhooks/stripe";
  made.headers = {{"Content-Type", "application/json"}, {"Stripe-Signature", std::move(header)}};
  made.body = std::move(sent);
  return made;
}

bool genuine(const http::Request& sent, TimePoint now = signed_at,
             std::initializer_list<const char*> known = {secret}) {
  const auto verified = verify_signature(sent, secrets(known), now);
  if (!verified) {
    EXPECT_EQ(verified.error(), (Error{ErrorCode::unauthenticated,
                                       "the webhook's signature is not right or too old"}));
  }
  return verified.has_value();
}

TEST(StripeSignature, MatchesTheVectorOfStripesLibrary) {
  EXPECT_TRUE(genuine(request()));
  EXPECT_EQ(sign(body, signed_at, secrets()), good);
}

RC_GTEST_PROP(StripeSignatureProperty, IsGenuineAsItWasSignedAndInNoOtherWay,
              (const std::string& text)) {
  const auto at =
      TimePoint{std::chrono::seconds{*rc::gen::inRange<std::int64_t>(1, 4'000'000'000)}};
  const auto header = sign(text, at, secrets());
  RC_ASSERT(
      genuine(request(header, text), at + std::chrono::seconds{*rc::gen::inRange(-300, 301)}));
  const auto later = std::chrono::seconds{*rc::gen::inRange(301, 1'000'000)};
  RC_ASSERT(!genuine(request(header, text), at + later));
  RC_ASSERT(!genuine(request(header, text), at - later));
  RC_ASSERT(!genuine(request(header, text), at, {"whsec_another"}));
  auto changed = text + *rc::gen::arbitrary<char>();
  changed[*rc::gen::inRange<std::size_t>(0, changed.size())] = *rc::gen::arbitrary<char>();
  RC_ASSERT(!genuine(request(header, changed), at));
}

TEST(StripeSignature, IsGoodForFiveMinutesBothWays) {
  EXPECT_TRUE(genuine(request(), signed_at + 300s));
  EXPECT_TRUE(genuine(request(), signed_at + 300s + 999ms));  // seconds, as Stripe counts
  EXPECT_FALSE(genuine(request(), signed_at + 301s));
  EXPECT_TRUE(genuine(request(), signed_at - 300s));
  EXPECT_FALSE(genuine(request(), signed_at - 301s));
}

TEST(StripeSignature, AnySecretThatIsConfiguredMayHaveSigned) {
  EXPECT_TRUE(genuine(request(), signed_at, {"whsec_new", secret}));
  EXPECT_TRUE(genuine(request(), signed_at, {secret, "whsec_old"}));
  EXPECT_FALSE(genuine(request(), signed_at, {"whsec_new", "whsec_old"}));
  EXPECT_FALSE(genuine(request(), signed_at, {}));
}

TEST(StripeSignature, AnySignatureOfTheSchemeMayMatch) {
  const auto both = sign(body, signed_at, secrets({"whsec_new", secret}));
  EXPECT_TRUE(genuine(request(both)));
  EXPECT_TRUE(genuine(request(both), signed_at, {"whsec_new"}));
  EXPECT_FALSE(genuine(request(both), signed_at, {"whsec_other"}));
}

TEST(StripeSignature, PassesOtherSchemesOver) {
  const std::string text{good};
  EXPECT_TRUE(genuine(request("v0=ffff," + text + ",v2=aaaa")));
  EXPECT_FALSE(genuine(request("t=1700000000,v0=" + text.substr(text.find("v1=") + 3))));
}

// The body is signed as bytes: what a JSON parser would take for the same is not the same.
TEST(StripeSignature, CoversEveryByteOfTheBody) {
  const std::string text{body};
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(genuine(request(good, changed))) << at;
  }
  const char* const others[] = {"",
                                R"({"id": "evt_1", "object": "event"})",
                                R"({"object":"event","id":"evt_1"})",
                                "{\n  \"id\": \"evt_1\",\n  \"object\": \"event\"\n}",
                                R"({"id":"evt_1","object":"event"}
)",
                                R"( {"id":"evt_1","object":"event"})",
                                "\xef\xbb\xbf{\"id\":\"evt_1\",\"object\":\"event\"}"};
  for (const char* other : others) EXPECT_FALSE(genuine(request(good, other))) << other;
}

TEST(StripeSignature, RefusesEveryMutationOfAGoodHeader) {
  const std::string text{good};
  const std::string digits = text.substr(text.find("v1=") + 3);
  std::string upper = text;
  for (std::size_t i = text.find("v1=") + 3; i < upper.size(); ++i) {
    upper[i] = static_cast<char>(std::toupper(upper[i]));
  }
  const std::string tail = ",v1=" + digits;
  const std::string other_time = to_hex(hmac_sha256(secret, std::string{"1700000001."} + body));
  const std::string decoded_key =
      to_hex(hmac_sha256("test_secret", "1700000000." + std::string{body}));
  const std::string no_dot = to_hex(hmac_sha256(secret, "1700000000" + std::string{body}));
  const std::string bare = to_hex(hmac_sha256(secret, body));
  const std::string mutations[] = {
      "",
      ",",
      "t",
      "v1",
      "t=1700000000",
      "v1=" + digits,
      "t=1700000000,v1",
      "t=1700000000,v1=",
      "t=1700000000,v1=" + digits.substr(1),
      text + "0",
      text.substr(0, text.size() - 1),
      "t=1700000000,v1=" + std::string(64, '0'),
      "t=1700000000,v1=" + other_time,
      "t=1700000000,v1=" + decoded_key,
      "t=1700000000,v1=" + no_dot,
      "t=1700000000,v1=" + bare,
      "t=1700000000,v1=sha256:" + digits,
      "t=1700000000,v1=\"" + digits + "\"",
      "t=1700000000,V1=" + digits,
      "T=1700000000" + tail,
      "t=1700000001" + tail,
      "t=1699999999" + tail,
      "t=" + tail,
      "t=-1700000000" + tail,
      "t=+1700000000" + tail,
      "t=01700000000" + tail,
      "t=1700000000.0" + tail,
      "t=1.7e9" + tail,
      "t=0x6553f100" + tail,
      "t= 1700000000" + tail,
      "t=1700000000 " + tail,
      "t=17000000000000000000000" + tail,
      "t=now" + tail,
      "t=1700000000,t=1700000000" + tail,
      "t=1700000000,t=1700000009" + tail,
      "t=1700000000;v1=" + digits,
      "t=1700000000, v1=" + digits,
      "t=1700000000,v1 =" + digits,
      "t=1700000000,v1= " + digits,
      "t=1700000000,v1=" + digits + " ",
      "t:1700000000,v1:" + digits,
      "t=1700000000,v0=" + digits,
      "t=1700000000,v11=" + digits,
      upper,
  };
  EXPECT_GE(std::size(mutations), 30U);
  for (const auto& header : mutations) EXPECT_FALSE(genuine(request(header))) << header;
}

TEST(StripeSignature, RefusesARequestWithoutItsHeaderOrWithTwo) {
  auto without = request();
  without.headers.pop_back();
  EXPECT_FALSE(genuine(without));
  auto twice = request();
  twice.headers.push_back({"stripe-signature", good});
  EXPECT_FALSE(genuine(twice));
  auto lower = request();
  lower.headers.back().name = "stripe-signature";
  EXPECT_TRUE(genuine(lower));
}

std::shared_ptr<const provider::Adapter> adapter(std::optional<std::string> webhook_secret) {
  provider::Settings settings;
  settings.secrets.emplace("secret_key", Secret{"sk_test_hidden"});
  if (webhook_secret) settings.secrets.emplace("webhook_secret", Secret{*webhook_secret});
  return make_adapter(settings).value();
}

TEST(StripeWebhookSecret, MayBeAListWhileItIsRolled) {
  for (const char* list : {"whsec_test_secret", "whsec_new,whsec_test_secret",
                           "whsec_test_secret,whsec_old", "a,b,c,whsec_test_secret"}) {
    EXPECT_TRUE(adapter(list)->verify_webhook(request(), signed_at)) << list;
  }
  const auto other = adapter("whsec_new,whsec_old")->verify_webhook(request(), signed_at);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::unauthenticated);
}

TEST(StripeWebhookSecret, WithoutOneThereAreNoWebhooks) {
  for (const auto& none : {std::optional<std::string>{}, std::optional<std::string>{""}}) {
    const auto verified = adapter(none)->verify_webhook(request(), signed_at);
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().code, ErrorCode::not_found);
  }
}

TEST(StripeWebhookSecret, IsRefusedWhenItsListIsBroken) {
  for (const char* list : {",", "whsec_a,", ",whsec_a", "whsec_a,,whsec_b", "whsec_a, whsec_b",
                           "whsec_a whsec_b", " whsec_a", "whsec_a\n", "1,2,3,4,5,6,7,8,9"}) {
    provider::Settings settings;
    settings.secrets.emplace("secret_key", Secret{"sk_test_hidden"});
    settings.secrets.emplace("webhook_secret", Secret{list});
    const auto made = make_adapter(settings);
    ASSERT_FALSE(made) << list;
    EXPECT_EQ(made.error().field, "webhook_secret") << list;
    EXPECT_EQ(made.error().detail.find("whsec_a"), std::string::npos) << "the secret is shown";
  }
}

}  // namespace
}  // namespace cambist::stripe
