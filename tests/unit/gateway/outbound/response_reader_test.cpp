#include "gateway/outbound/response_reader.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist::gateway::outbound {
namespace {

using Step = ResponseReader::Step;

// The shapes of answers run against the client itself: integration/http/client_test.cpp.

TEST(ResponseReader, IsTheSameWhereverTheBytesAreCut) {
  const std::string bytes =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3;e\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    ResponseReader reader{100, false};
    ASSERT_EQ(reader.feed(std::string_view{bytes}.substr(0, cut)), Step::more) << cut;
    ASSERT_EQ(reader.feed(std::string_view{bytes}.substr(cut)), Step::done) << cut;
    ASSERT_TRUE(reader.reusable());
    const auto response = reader.take();
    ASSERT_EQ(response.status, 200);
    ASSERT_EQ(response.body, "abcde");
    ASSERT_EQ(*http::find(response.headers, "a"), "b");
  }
}

TEST(ResponseReader, OnlyAWholeAnswerWithNothingBehindItLeavesTheConnectionUsable) {
  const auto reusable = [](const std::string& bytes) {
    ResponseReader reader{100, false};
    return reader.feed(bytes) == Step::done && reader.reusable();
  };
  EXPECT_TRUE(reusable("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  EXPECT_FALSE(reusable("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok!"));
  EXPECT_FALSE(reusable("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
  EXPECT_FALSE(reusable("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"));
}

TEST(ResponseReader, EndlessInterimAnswersAreRefused) {
  ResponseReader reader{100, false};
  auto step = Step::more;
  for (int i = 0; i < 100 && step == Step::more; ++i)
    step = reader.feed("HTTP/1.1 102 Processing\r\n\r\n");
  EXPECT_EQ(step, Step::malformed);
}

TEST(ResponseReader, AnEndBeforeAnythingIsNoAnswer) {
  ResponseReader reader{100, false};
  EXPECT_FALSE(reader.began());
  EXPECT_EQ(reader.end(), Step::malformed);
}

TEST(ResponseReader, AStatusBelowTwoHundredIsNoAnswerEvenWhenTheStreamEndsAfterIt) {
  ResponseReader reader{100, false};
  EXPECT_EQ(reader.feed("HTTP/1.1 001 Odd\r\n\r\nabc"), Step::more);
  EXPECT_EQ(reader.end(), Step::malformed);
}

TEST(ResponseReader, AStatusBelowTwoHundredIsNoAnswerWhenItsBodyIsCutEither) {
  ResponseReader reader{3, false, true};
  EXPECT_EQ(reader.feed("HTTP/1.1 099 Odd\r\nContent-Length: 9\r\n\r\nabcdefghi"),
            Step::malformed);
}

RC_GTEST_PROP(ResponseReaderProperty, AnyBytesAreReadOrRefused, (const std::string& bytes)) {
  ResponseReader reader{100, false};
  if (reader.feed("HTTP/1.1 200 OK\r\n" + bytes) == Step::more) reader.end();
}

}  // namespace
}  // namespace cambist::gateway::outbound
