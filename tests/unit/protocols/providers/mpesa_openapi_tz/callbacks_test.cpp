// Callbacks: who may send one, and what M-Pesa is told.
#include <gtest/gtest.h>

#include "protocols/providers/mpesa_openapi_tz/ids.hpp"
#include "tests/unit/protocols/providers/mpesa_openapi_tz/account.hpp"

namespace cambist::mpesa_openapi_tz {
namespace {

using test::adapter;

http::Request posted(std::string target, std::string peer = "127.0.0.1") {
  http::Request request;
  request.method = "POST";
  request.target = std::move(target);
  request.peer = std::move(peer);
  request.body = "{}";
  return request;
}

const std::string base = "/api/v1/webhooks/mpesa_openapi_tz";

ErrorCode refusal(const http::Request& request, const provider::Settings& from = test::settings()) {
  const auto verified = adapter(from)->verify_webhook(request, TimePoint{});
  EXPECT_FALSE(verified) << request.target;
  return verified ? ErrorCode::internal : verified.error().code;
}

TEST(MpesaTzCallback, EitherSecretOpensTheDoorWhileOneIsRolled) {
  for (const char* path : {"/whsec_new", "/whsec_old", "/whsec_new/anything", "/whsec_old?x=1"})
    EXPECT_TRUE(adapter()->verify_webhook(posted(base + path), TimePoint{})) << path;
}

TEST(MpesaTzCallback, NothingElseDoes) {
  for (const char* path : {"", "/", "/whsec_", "/whsec_newer", "/WHSEC_NEW", "/whsec_new,whsec_old",
                           "/x/whsec_new", "//whsec_new", "?whsec_new"})
    EXPECT_EQ(refusal(posted(base + path)), ErrorCode::unauthenticated) << path;
  EXPECT_EQ(refusal(posted("/api/v1/webhooks/stripe/whsec_new")), ErrorCode::unauthenticated);
}

TEST(MpesaTzCallback, WithoutASecretThereAreNoCallbacks) {
  auto settings = test::settings();
  settings.secrets.erase("webhook_secret");
  EXPECT_EQ(refusal(posted(base + "/whsec_new"), settings), ErrorCode::not_found);
  EXPECT_EQ(refusal(posted(base + "/"), settings), ErrorCode::not_found);
}

TEST(MpesaTzCallback, WhereOneMayComeFromCanBeSaid) {
  const auto settings = test::settings_with("allowed_peers", "10.0.0.1, 10.0.0.2");
  for (const char* peer : {"10.0.0.1", "10.0.0.2"})
    EXPECT_TRUE(adapter(settings)->verify_webhook(posted(base + "/whsec_new", peer), TimePoint{}));
  for (const char* peer : {"10.0.0.3", "", "10.0.0.1, 10.0.0.2", "10.0.0.10"})
    EXPECT_EQ(refusal(posted(base + "/whsec_new", peer), settings), ErrorCode::unauthenticated)
        << peer;
  EXPECT_EQ(refusal(posted(base + "/wrong", "10.0.0.1"), settings), ErrorCode::unauthenticated);
}

TEST(MpesaTzCallback, WhatIsNoResultIsRefusedByField) {
  const auto field = [](std::string_view body) {
    const auto notice = adapter()->read_webhook(body);
    return notice ? std::string{"(taken)"} : notice.error().field;
  };
  EXPECT_EQ(field(""), "body");
  EXPECT_EQ(field("[]"), "body");
  EXPECT_EQ(field("{\"a\":"), "body");
  EXPECT_EQ(field("{}"), "input_ThirdPartyConversationID");
  EXPECT_EQ(field(R"({"input_ThirdPartyConversationID":""})"), "input_ThirdPartyConversationID");
  EXPECT_EQ(field(R"({"input_ThirdPartyConversationID":{}})"), "input_ThirdPartyConversationID");
  EXPECT_EQ(field(R"({"input_ThirdPartyConversationID":"a\nb"})"),
            "input_ThirdPartyConversationID");
  EXPECT_EQ(field(R"({"input_ThirdPartyConversationID":"abc"})"), "input_ResultCode");
  EXPECT_EQ(field(R"({"input_ThirdPartyConversationID":"abc","input_ResultCode":"a b"})"),
            "input_ResultCode");
}

std::string result(const std::string& code, const std::string& transaction) {
  return R"({"input_ThirdPartyConversationID":")" + conversation_of(test::call()) +
         R"(","input_ResultCode":")" + code + R"(","input_TransactionID":")" + transaction + "\"}";
}

TEST(MpesaTzCallback, TheSameResultTwiceIsOneAndAnotherIsAnother) {
  const auto id = [](const std::string& body) { return adapter()->read_webhook(body)->id; };
  EXPECT_EQ(id(result("INS-0", "hv9a1cg4ccv")), id(result("INS-0", "hv9a1cg4ccv")));
  EXPECT_NE(id(result("INS-0", "hv9a1cg4ccv")), id(result("INS-6", "hv9a1cg4ccv")));
  EXPECT_NE(id(result("INS-0", "hv9a1cg4ccv")), id(result("INS-0", "hv9a1cg4ccw")));
}

TEST(MpesaTzCallback, AReceiptIsOnlyTakenFromASuccess) {
  const auto object = [](const std::string& body) {
    return std::get<provider::Happened>(adapter()->read_webhook(body)->news).provider_object;
  };
  EXPECT_EQ(object(result("INS-0", "hv9a1cg4ccv")), "hv9a1cg4ccv");
  EXPECT_EQ(object(result("INS-6", "hv9a1cg4ccv")), "");
  EXPECT_EQ(object(result("INS-0", "../../x")), "");
}

TEST(MpesaTzCallback, TheListenerAnswersAsDocumented) {
  EXPECT_EQ(
      adapter()->acknowledgement(
          R"({"input_OriginalConversationID":"fd1e","input_ThirdPartyConversationID":"1e9b"})"),
      R"({"output_OriginalConversationID":"fd1e","output_ResponseCode":"0",)"
      R"("output_ResponseDesc":"Successfully Accepted Result",)"
      R"("output_ThirdPartyConversationID":"1e9b"})");
}

TEST(MpesaTzCallback, AForeignBodyIsAnsweredWithoutEchoingIt) {
  const std::string blank = R"({"output_OriginalConversationID":"","output_ResponseCode":"0",)"
                            R"("output_ResponseDesc":"Successfully Accepted Result",)"
                            R"("output_ThirdPartyConversationID":""})";
  EXPECT_EQ(adapter()->acknowledgement("<html>"), blank);
  EXPECT_EQ(adapter()->acknowledgement(R"({"input_OriginalConversationID":"<script>"})"), blank);
}

}  // namespace
}  // namespace cambist::mpesa_openapi_tz
