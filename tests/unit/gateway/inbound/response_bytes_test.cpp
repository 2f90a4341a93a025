#include "gateway/inbound/response_bytes.hpp"

#include <gtest/gtest.h>

namespace cambist::gateway::inbound {
namespace {

ResponseForm form(bool keep_alive = true, int minor = 1) {
  return {"now", keep_alive, minor};
}

TEST(ResponseBytes, AHeadIsStatusFramingAndHeaders) {
  EXPECT_EQ(response_head({201, {{"X-A", "b"}}, "body"}, form()),
            "HTTP/1.1 201 Created\r\nDate: now\r\nContent-Length: 4\r\nX-A: b\r\nCache-Control: "
            "no-store\r\n"
            "X-Content-Type-Options: nosniff\r\n\r\n");
}

TEST(ResponseBytes, TheConnectionIsToldWhenItIsNotWhatTheVersionSays) {
  EXPECT_NE(response_head({}, form(false)).find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_EQ(response_head({}, form(true)).find("Connection"), std::string::npos);
  EXPECT_NE(response_head({}, form(true, 0)).find("\r\nConnection: keep-alive\r\n"),
            std::string::npos);
}

TEST(ResponseBytes, NoBytesOfAHandlerEndALine) {
  const auto head = response_head(
      {200, {{"X-A", "b\r\n\r\nEvil: 1\0\x7f"}, {"X B", "1"}, {"", "1"}, {"X:Y", "1"}}, ""},
      form());
  EXPECT_NE(head.find("X-A: b    Evil: 1"), std::string::npos);
  for (const auto* absent : {"X B", "X:Y", "\r\n: 1", "\r\nEvil"})
    EXPECT_EQ(head.find(absent), std::string::npos) << absent;
}

TEST(ResponseBytes, FramingIsNeverTheHandlers) {
  const auto head = response_head({200,
                                   {{"content-length", "99"},
                                    {"Transfer-Encoding", "chunked"},
                                    {"connection", "upgrade"},
                                    {"Trailer", "x"},
                                    {"date", "then"}},
                                   "ok"},
                                  form());
  EXPECT_NE(head.find("Content-Length: 2\r\n"), std::string::npos);
  for (const auto* absent : {"99", "chunked", "upgrade", "Trailer", "then"})
    EXPECT_EQ(head.find(absent), std::string::npos) << absent;
}

TEST(ResponseBytes, WhatHasNoBodyHasNoLength) {
  EXPECT_EQ(response_head({204, {}, ""}, form()).find("Content-Length"), std::string::npos);
  EXPECT_EQ(response_head({304, {}, ""}, form()).find("Content-Length"), std::string::npos);
  EXPECT_TRUE(allows_body(200));
}

TEST(ResponseBytes, DatesAreInTheFormOfHttp) {
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(1795255449), "Sat, 21 Nov 2026 10:04:09 GMT");
}

}  // namespace
}  // namespace cambist::gateway::inbound
