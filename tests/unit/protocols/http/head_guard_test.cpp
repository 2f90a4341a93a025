#include "protocols/http/head_guard.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace cambist::http {
namespace {

using namespace std::string_literals;

// The whole table of refusals runs against the server itself:
// integration/http/raw_requests_test.cpp.

std::variant<Head, HeadRefusal> guard(const std::string& bytes) {
  return guard_head(bytes, {});
}

Head accepted(const std::string& bytes) {
  auto outcome = guard(bytes);
  if (const auto* refusal = std::get_if<HeadRefusal>(&outcome)) {
    ADD_FAILURE() << refusal->error.detail;
    return {};
  }
  return std::get<Head>(std::move(outcome));
}

int status_of(const std::string& bytes) {
  const auto outcome = guard(bytes);
  const auto* refusal = std::get_if<HeadRefusal>(&outcome);
  return refusal ? refusal->status : 200;
}

TEST(HeadGuard, ReadsEverythingTheServerActsOn) {
  const auto head = accepted(
      "POST /a?b=c HTTP/1.1\r\nHost: h\r\nX-Y:\t v \r\nExpect: 100-Continue\r\nContent-Length: "
      "007\r\n"
      "Connection: a, close\r\n\r\n");
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/a?b=c");
  EXPECT_EQ(head.headers.at(1).value, "v");
  EXPECT_EQ(head.framing, Framing::length);
  EXPECT_EQ(head.content_length, 7U);
  EXPECT_EQ(head.minor_version, 1);
  EXPECT_TRUE(head.expects_continue);
  EXPECT_FALSE(head.keep_alive);
}

TEST(HeadGuard, ADetailNeverRepeatsWhatWasSent) {
  for (const auto& bytes : {"GET /x HTTP/1.1\r\nHost: h\r\nA: canary\x01\r\n\r\n"s,
                            "CANARY /canary HTTP/1.1\r\nHost: h\r\n\r\n"s,
                            "GET /canary/../canary HTTP/1.1\r\nHost: h\r\n\r\n"s,
                            "GET /x HTTP/1.1\r\nHost: canary, canary\r\n\r\n"s,
                            "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: canary\r\n\r\n"s}) {
    const auto outcome = guard(bytes);
    ASSERT_TRUE(std::holds_alternative<HeadRefusal>(outcome));
    EXPECT_EQ(std::get<HeadRefusal>(outcome).error.detail.find("canary"), std::string::npos);
  }
}

TEST(HeadGuard, OnlyAWholeHeadIsRead) {
  EXPECT_EQ(status_of(""), 400);
  EXPECT_EQ(status_of("\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET /x HTTP/1.1\r\nHost: h\r\n"), 400);
  EXPECT_EQ(status_of("GET /x HTTP/1.1\r\nHost: h\r\n\r\nx"), 400);
}

TEST(HeadGuard, TheLimitsAreExact) {
  const auto sized = [](std::size_t size) {
    const std::string start = "GET /x HTTP/1.1\r\nHost: h\r\nA: ";
    return start + std::string(size - start.size() - 4, 'a') + "\r\n\r\n";
  };
  EXPECT_EQ(status_of(sized(16 * 1024)), 200);
  EXPECT_EQ(status_of(sized(16 * 1024 + 1)), 431);
  const auto target = [](std::size_t size) {
    return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n";
  };
  EXPECT_EQ(status_of(target(4096)), 200);
  EXPECT_EQ(status_of(target(4097)), 414);
}

TEST(HeadScan, FindsTheEndWhereverTheBytesAreCut) {
  const std::string head = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string bytes = head + "rest";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const auto first = scan_head(std::string_view{bytes}.substr(0, cut), 0);
    ASSERT_FALSE(first.bad) << cut;
    if (cut >= head.size()) {
      ASSERT_EQ(first.end, head.size()) << cut;
      continue;
    }
    ASSERT_EQ(first.end, 0U) << cut;
    ASSERT_EQ(scan_head(bytes, first.scanned).end, head.size()) << cut;
  }
}

TEST(HeadScan, BadBytesAreSeenBeforeTheHeadEnds) {
  for (const auto& bytes : {"\n"s, "G\0"s, "GET /\rx"s, "GET /x HTTP/1.1\n"s, "\r\n\r\r"s}) {
    EXPECT_TRUE(scan_head(bytes, 0).bad);
  }
  EXPECT_FALSE(scan_head("GET /x HTTP/1.1\r", 0).bad);
}

// Text that is nearly a head: pieces with meaning, glued in any order, and sometimes a byte of
// anything.
rc::Gen<std::string> nearly_a_head() {
  const auto piece = rc::gen::element<std::string>(
      "GET ", "POST ", "DELETE ", "/x", "/a?b=%41", "/..", "%2e", " ", " HTTP/1.1", " HTTP/1.0",
      "\r\n", "\r\n", "\r", "\n", "Host: h", "Host: [::1]:80", "\r\nHost: h",
      "\r\nContent-Length: 3", "\r\nContent-Length: 0", "\r\nTransfer-Encoding: chunked",
      "\r\nConnection: close", "\r\nConnection: keep-alive", "\r\nExpect: 100-continue", "\r\nX: y",
      "\r\n folded", ":", ",", "\t", "\xc3\xa9", "#");
  const auto any =
      rc::gen::map(rc::gen::arbitrary<char>(), [](char c) { return std::string(1, c); });
  const auto glued = rc::gen::map(rc::gen::container<std::vector<std::string>>(
                                      rc::gen::weightedOneOf<std::string>({{12, piece}, {1, any}})),
                                  [](const std::vector<std::string>& parts) {
                                    std::string all;
                                    for (const auto& part : parts) all += part;
                                    return all;
                                  });
  const auto good_line = rc::gen::element<std::string>(
      "\r\nX: y", "\r\nX:", "\r\nA-b: \tc d ", "\r\nConnection: close",
      "\r\nConnection: keep-alive", "\r\nContent-Length: 3", "\r\nContent-Length: 0",
      "\r\nTransfer-Encoding: Chunked", "\r\nExpect: 100-continue", "\r\nU: \xc3\xa9");
  const auto start = rc::gen::element<std::string>("GET /x HTTP/1.1", "POST /a?b=%41 HTTP/1.1",
                                                   "PUT /~a/b;c=d HTTP/1.0", "HEAD / HTTP/1.1",
                                                   "POST /{\"a\"}|^` HTTP/1.1");
  const auto lines = rc::gen::mapcat(start, [good_line](const std::string& first) {
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(good_line),
                        [first](const auto& parts) {
                          std::string all = first + "\r\nHost: h";
                          for (const auto& part : parts) all += part;
                          return all + "\r\n\r\n";
                        });
  });
  const auto fields = rc::gen::map(glued, [](const std::string& middle) {
    return "GET /x HTTP/1.1\r\nHost: h" + middle + "\r\n\r\n";
  });
  const auto whole = rc::gen::map(glued, [](const std::string& all) { return all + "\r\n\r\n"; });
  return rc::gen::weightedOneOf<std::string>({{6, lines}, {2, fields}, {1, whole}, {1, glued}});
}

RC_GTEST_PROP(HeadGuardProperty, WhatIsAcceptedMeansTheSameToAnotherParser, ()) {
  namespace beast = boost::beast::http;
  const auto bytes = *nearly_a_head();
  const auto outcome = guard(bytes);
  const auto* head = std::get_if<Head>(&outcome);
  RC_CLASSIFY(head != nullptr, "accepted");
  if (head == nullptr) return;
  beast::request_parser<beast::string_body> parser;
  parser.header_limit(64 * 1024);
  boost::system::error_code error;
  const auto used = parser.put(boost::asio::buffer(bytes), error);
  RC_ASSERT(!error || error == beast::error::need_more);
  RC_ASSERT(used == bytes.size());
  RC_ASSERT(parser.is_header_done());
  const auto& message = parser.get();
  RC_ASSERT(std::string{message.method_string()} == head->method);
  RC_ASSERT(std::string{message.target()} == head->target);
  RC_ASSERT(message.version() == 10U + static_cast<unsigned>(head->minor_version));
  RC_ASSERT(message.keep_alive() ||
            !head->keep_alive);  // Beast lets keep-alive win over close; we do not
  RC_ASSERT(parser.chunked() == (head->framing == Framing::chunked));
  RC_ASSERT(parser.content_length().value_or(0) == head->content_length);
  RC_ASSERT(static_cast<std::size_t>(std::distance(message.begin(), message.end())) ==
            head->headers.size());
  std::size_t i = 0;
  for (const auto& field : message) {
    // Beast groups fields of one name; a name that stands once is compared.
    const auto& ours = head->headers;
    const auto same = std::count_if(ours.begin(), ours.end(), [&](const Header& h) {
      return h.name == std::string{field.name_string()};
    });
    if (same == 1)
      RC_ASSERT(*find(ours, std::string{field.name_string()}) == std::string{field.value()});
    ++i;
  }
  RC_ASSERT(i == head->headers.size());
}

RC_GTEST_PROP(HeadGuardProperty, AnyBytesAreAcceptedOrRefused, (const std::string& bytes)) {
  const auto outcome = guard(bytes);
  if (const auto* refusal = std::get_if<HeadRefusal>(&outcome)) RC_ASSERT(refusal->status >= 400);
}

}  // namespace
}  // namespace cambist::http
