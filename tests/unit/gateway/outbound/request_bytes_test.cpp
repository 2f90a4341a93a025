#include "gateway/outbound/request_bytes.hpp"

#include <gtest/gtest.h>

namespace cambist::gateway::outbound {
namespace {

const http::Origin origin{true, "api.example.com", 443};

TEST(RequestBytes, ThePostOfAnEmptyBodySaysSo) {
  EXPECT_EQ(
      request_bytes({"POST", "", "/x", {{"User-Agent", "u"}}, "", ""}, origin).value(),
      "POST /x HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: u\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(request_bytes({"GET", "", "/x", {{"User-Agent", "u"}}, "", ""}, origin).value(),
            "GET /x HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: u\r\n\r\n");
}

TEST(RequestBytes, FramingAndHostAreNeverTheCallers) {
  const auto bytes = request_bytes({"POST",
                                    "",
                                    "/x",
                                    {{"content-length", "9"},
                                     {"Transfer-Encoding", "chunked"},
                                     {"HOST", "evil"},
                                     {"Connection", "close"},
                                     {"Expect", "100-continue"},
                                     {"User-Agent", "u"}},
                                    "ab",
                                    ""},
                                   origin)
                         .value();
  EXPECT_EQ(
      bytes,
      "POST /x HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: u\r\nContent-Length: 2\r\n\r\nab");
}

TEST(RequestBytes, WhatWouldEndALineIsRefused) {
  const auto refused = [](http::Request request) {
    return request_bytes(request, origin).has_error();
  };
  EXPECT_TRUE(refused({"G T", "", "/x", {}, "", ""}));
  EXPECT_TRUE(refused({"", "", "/x", {}, "", ""}));
  for (const std::string target : {"", "x", "/a b", "/a\r\nX: y", "/a#b", "http://h/x"}) {
    EXPECT_TRUE(refused({"GET", "", target, {}, "", ""})) << target;
  }
  for (const auto& value : {std::string{"a\r\nX: y"}, std::string{"a\n"}, std::string{"a\0b", 3},
                            std::string{"\x7f"}}) {
    EXPECT_TRUE(refused({"GET", "", "/x", {{"A", value}}, "", ""})) << value;
  }
  for (const std::string name : {"", "A:", "A B", "A\r\nB"})
    EXPECT_TRUE(refused({"GET", "", "/x", {{name, "v"}}, "", ""})) << name;
}

}  // namespace
}  // namespace cambist::gateway::outbound
