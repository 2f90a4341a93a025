// Sessions: nothing secret travels in the clear, and one session is encrypted once.
#include "protocols/providers/mpesa_openapi_tz/session.hpp"

#include <gtest/gtest.h>

#include "protocols/core/base64.hpp"
#include "protocols/providers/mpesa_openapi_tz/sandbox_key.hpp"
#include "tests/unit/protocols/providers/mpesa_openapi_tz/account.hpp"

namespace cambist::mpesa_openapi_tz {
namespace {

using test::adapter;

const std::string* authorization(const http::Request& request) {
  return http::find(request.headers, "Authorization");
}

http::Response session(std::string body, int status = 200) {
  return {status, {}, std::move(body)};
}

const std::string given = R"({"output_ResponseCode":"INS-0","output_SessionID":"abc123"})";

TEST(MpesaTzSession, TheKeyIsAskedForASessionAndNeverShown) {
  const auto request = adapter()->build_token_request(TimePoint{}).value();
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target, "/sandbox/ipg/v2/vodacomTZN/getSession/");
  EXPECT_EQ(*http::find(request.headers, "Origin"), "*");
  const auto* bearer = authorization(request);
  ASSERT_NE(bearer, nullptr);
  EXPECT_EQ(bearer->find("sk_test"), std::string::npos);
  const auto sealed = from_base64(std::string_view{*bearer}.substr(7));
  ASSERT_TRUE(sealed);
  EXPECT_EQ(sealed->size(), 512U) << "what a key of 4096 bits makes";
}

TEST(MpesaTzSession, TwoEncryptionsOfOneTextDiffer) {
  const auto key = PublicKey::parse(sandbox_public_key).value();
  EXPECT_NE(key.encrypt("x").value(), key.encrypt("x").value());
}

TEST(MpesaTzSession, ASessionBecomesABearerThatIsNotTheSession) {
  const auto token = adapter()->read_token(session(given)).value();
  EXPECT_EQ(from_base64(token.value.reveal())->size(), 512U);
  EXPECT_EQ(token.lifetime, std::chrono::seconds{3'600});
  EXPECT_EQ(token.usable_after, std::chrono::seconds{0});

  auto request = adapter()->build(test::call()).value();
  EXPECT_EQ(authorization(request), nullptr) << "build makes requests without a session";
  adapter()->attach_token(request, token.value);
  EXPECT_EQ(*authorization(request), "Bearer " + std::string{token.value.reveal()});
}

TEST(MpesaTzSession, HowLongASessionLivesAndWarmsUpIsASetting) {
  auto settings = test::settings_with("session_ttl_s", "600");
  settings.values["session_warmup_s"] = "30";
  const auto token = adapter(settings)->read_token(session(given)).value();
  EXPECT_EQ(token.lifetime, std::chrono::seconds{600});
  EXPECT_EQ(token.usable_after, std::chrono::seconds{30});
}

TEST(MpesaTzSession, ARefusedKeyIsTheAccountsFault) {
  for (const int status : {401, 403}) {
    const auto refused = adapter()->read_token(session("{}", status));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unauthenticated) << status;
  }
}

TEST(MpesaTzSession, WhateverIsNoSessionIsNoneNow) {
  const std::string longer(300, 'a');
  const http::Response answers[] = {
      session(""),
      session("{"),
      session("[]"),
      session(R"({"output_ResponseCode":"INS-0"})"),
      session(R"({"output_ResponseCode":"INS-0","output_SessionID":""})"),
      session(R"({"output_ResponseCode":"INS-0","output_SessionID":"a b"})"),
      session(R"({"output_ResponseCode":"INS-0","output_SessionID":"a\r\nb"})"),
      session(R"({"output_ResponseCode":"INS-0","output_SessionID":")" + longer + "\"}"),
      session(R"({"output_ResponseCode":"INS-0","output_SessionID":["abc"]})"),
      session(R"({"output_ResponseCode":"INS-1","output_SessionID":"abc"})"),
      session(R"({"output_SessionID":"abc"})"),
      session(R"({"output_ResponseCode":"INS-989"})", 400),
      session(given, 500),
      session(given, 302),
  };
  for (const auto& answer : answers) {
    const auto token = adapter()->read_token(answer);
    ASSERT_FALSE(token) << answer.status << answer.body;
    EXPECT_EQ(token.error().code, ErrorCode::unavailable) << answer.body;
    EXPECT_EQ(token.error().detail.find("abc"), std::string::npos);
  }
}

TEST(MpesaTzSession, ADeclineIsA401ThatRefusesNoSession) {
  const auto refused = [](std::string body, int status = 401) {
    return adapter()->token_refused({status, {}, std::move(body)});
  };
  EXPECT_TRUE(refused(R"({"output_error":"Session is not valid"})"));
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused(R"({"output_ResponseCode":"INS-2"})"));
  EXPECT_FALSE(refused(R"({"output_ResponseCode":"INS-6"})")) << "it would be sent again";
  EXPECT_FALSE(refused(R"({"output_ResponseCode":"INS-2001"})")) << "not understood: asked about";
  EXPECT_FALSE(refused("", 403));
  EXPECT_FALSE(refused(R"({"output_ResponseCode":"INS-2"})", 400));
}

TEST(MpesaTzSession, AKeyThatIsNoneIsRefused) {
  const std::string whole{sandbox_public_key};
  for (const std::string& text :
       {std::string{}, std::string{"no base64!"}, std::string{"AAAA"}, whole.substr(4),
        whole.substr(0, whole.size() - 4), to_base64(*from_base64(whole) + "x")}) {
    EXPECT_FALSE(PublicKey::parse(text)) << text.substr(0, 12);
  }
  EXPECT_FALSE(PublicKey{}.encrypt("x"));
}

TEST(MpesaTzSession, WhatDoesNotFitIntoTheKeyIsNotCut) {
  const auto key = PublicKey::parse(sandbox_public_key).value();
  EXPECT_TRUE(key.encrypt(std::string(501, 'a')));
  EXPECT_FALSE(key.encrypt(std::string(502, 'a')));
  EXPECT_FALSE(key.encrypt(""));
}

}  // namespace
}  // namespace cambist::mpesa_openapi_tz
