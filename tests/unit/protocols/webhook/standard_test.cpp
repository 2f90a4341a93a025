#include "protocols/webhook/standard.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "protocols/core/base64.hpp"

namespace cambist::webhook {
namespace {

using namespace std::chrono_literals;

// Source: facts/webhooks.md section 2, the public vector of the scheme's libraries.
const std::vector<std::string> secret{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
const std::vector<std::string> other{"whsec_" + to_base64(std::string(32, 'x'))};
constexpr const char* id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr const char* body = R"({"test": 2432232314})";
constexpr const char* signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
constexpr auto signed_at = TimePoint{1'614'265'330s};

http::Headers headers(std::string signatures = signature, std::string timestamp = "1614265330") {
  return {{"webhook-id", id},
          {"webhook-timestamp", std::move(timestamp)},
          {"webhook-signature", std::move(signatures)}};
}

bool genuine(const http::Headers& sent, std::string_view text = body, TimePoint now = signed_at,
             const std::vector<std::string>& secrets = secret) {
  const auto verified = verify(sent, text, secrets, now);
  if (!verified) EXPECT_EQ(verified.error().code, ErrorCode::unauthenticated);
  return verified.has_value();
}

TEST(StandardWebhooks, MatchesThePublicVector) {
  EXPECT_EQ(sign(id, 1'614'265'330, body, secret).value(), signature);
  EXPECT_TRUE(genuine(headers()));
}

TEST(StandardWebhooks, WhatIsSignedIsVerified) {
  const auto sent = signed_headers("evt_1", signed_at, body, other).value();
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_TRUE(genuine(sent, body, signed_at, other));
  EXPECT_FALSE(genuine(sent, body, signed_at, secret));
}

// Whatever is sent, at any time: our secret takes it as it was signed, near the time it was signed,
// and in no other way.
RC_GTEST_PROP(StandardWebhooksProperty, IsGenuineAsItWasSignedAndInNoOtherWay,
              (const std::string& text, const std::array<std::uint8_t, 32>& key)) {
  const std::vector<std::string> drawn{make_secret(key)};
  const auto at =
      TimePoint{std::chrono::seconds{*rc::gen::inRange<std::int64_t>(1, 4'000'000'000)}};
  const auto sent = signed_headers("evt_1", at, text, drawn).value();
  RC_ASSERT(genuine(sent, text, at + std::chrono::seconds{*rc::gen::inRange(-300, 301)}, drawn));
  const auto later = std::chrono::seconds{*rc::gen::inRange(301, 1'000'000)};
  RC_ASSERT(!genuine(sent, text, at + later, drawn) && !genuine(sent, text, at - later, drawn));
  RC_ASSERT(!genuine(sent, text, at, other));
  auto changed = text + *rc::gen::arbitrary<char>();
  changed[*rc::gen::inRange<std::size_t>(0, changed.size())] = *rc::gen::arbitrary<char>();
  RC_ASSERT(!genuine(sent, changed, at, drawn));
}

TEST(StandardWebhooks, SignsWithBothSecretsWhileOneIsRotated) {
  const std::vector<std::string> both{other[0], secret[0]};
  const auto value = sign(id, 1'614'265'330, body, both).value();
  EXPECT_EQ(value.substr(value.find(' ') + 1), signature);
  EXPECT_EQ(std::count(value.begin(), value.end(), ' '), 1);
  EXPECT_TRUE(genuine(headers(value)));
  EXPECT_TRUE(genuine(headers(value), body, signed_at, other));
}

TEST(StandardWebhooks, IsGoodForFiveMinutesBothWays) {
  EXPECT_TRUE(genuine(headers(), body, signed_at + 300s));
  EXPECT_FALSE(genuine(headers(), body, signed_at + 301s));
  EXPECT_TRUE(genuine(headers(), body, signed_at - 300s));
  EXPECT_FALSE(genuine(headers(), body, signed_at - 301s));
}

TEST(StandardWebhooks, RefusesWhatWasChanged) {
  EXPECT_FALSE(genuine(headers(), R"({"test":2432232314})"));
  EXPECT_FALSE(genuine(headers(), ""));
  for (const char* value : {"", "v1", "v1,", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                            "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                            "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                            "v1=g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE", "v1,g0hM9SsE",
                            "v1,G0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                            "v1,g0hM9SsE-OTPJTGt_tmIKtSyZlE3uFJELVlNIOLJ1OE="}) {
    EXPECT_FALSE(genuine(headers(value))) << value;
  }
  for (const char* time : {"", "0", "1614265331", "1614265330.0", "01614265330", "-1614265330",
                           "+1614265330", " 1614265330", "16142653300000000000", "now"}) {
    EXPECT_FALSE(genuine(headers(signature, time))) << time;
  }
}

TEST(StandardWebhooks, NeedsEachHeaderOnce) {
  for (std::size_t i = 0; i < 3; ++i) {
    auto without = headers();
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(genuine(without)) << i;
    auto twice = headers();
    twice.push_back(twice[i]);
    EXPECT_FALSE(genuine(twice)) << i;
  }
  auto renamed = headers();
  renamed[0].value = "msg_other";
  EXPECT_FALSE(genuine(renamed));
}

// "a.b" signed at 1 and "a" signed at "b.1" would be one text.
TEST(StandardWebhooks, AnIdHoldsNoPoint) {
  for (const char* bad : {"", "evt.1", "evt 1", "evt\n1", "\xc3\xa4"}) {
    const auto value = sign(bad, 1, body, secret);
    ASSERT_FALSE(value) << bad;
    EXPECT_EQ(value.error().field, "id");
  }
  EXPECT_FALSE(sign(std::string(256, 'e'), 1, body, secret));
}

TEST(StandardWebhooks, ASecretIsTwentyFourToSixtyFourBytes) {
  for (const std::size_t size : {24U, 32U, 64U}) {
    const auto key = read_secret("whsec_" + to_base64(std::string(size, 'k')));
    ASSERT_TRUE(key) << size;
    EXPECT_EQ(key->reveal().size(), size);
  }
  for (const std::size_t size : {0U, 1U, 23U, 65U, 1000U}) {
    EXPECT_FALSE(read_secret("whsec_" + to_base64(std::string(size, 'k')))) << size;
  }
  for (const char* text :
       {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
        "whsec_not base64 at all......"}) {
    const auto key = read_secret(text);
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error().field, "secret");
    EXPECT_EQ(key.error().detail.find("MfKQ"), std::string::npos) << "the secret is shown";
    EXPECT_FALSE(sign(id, 1, body, std::vector<std::string>{secret[0], text}));
    EXPECT_FALSE(verify(headers(), body, std::vector<std::string>{text}, signed_at));
  }
  EXPECT_FALSE(sign(id, 1, body, {}));
  EXPECT_FALSE(verify(headers(), body, {}, signed_at));
}

TEST(StandardWebhooks, AMadeSecretHoldsTheBytesItWasMadeFrom) {
  std::array<std::uint8_t, 32> bytes{};
  for (std::size_t i = 0; i < 32; ++i) bytes[i] = static_cast<std::uint8_t>(i * 9);
  const auto text = make_secret(bytes);
  EXPECT_TRUE(text.starts_with("whsec_"));
  const auto key = read_secret(text);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->reveal(),
            (std::string_view{reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
}

}  // namespace
}  // namespace cambist::webhook
