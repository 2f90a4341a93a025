#include "protocols/http/chunk_reader.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace cambist::http {
namespace {

using Step = ChunkReader::Step;

struct Read {
  Step step;
  std::size_t consumed;
  std::string body;
};

Read read(const std::string& bytes, std::size_t limit = 1000) {
  ChunkReader reader{limit};
  std::string body;
  const auto progress = reader.feed(bytes, body);
  return {progress.step, progress.consumed, body};
}

TEST(ChunkReader, JoinsChunksAndLeavesWhatFollows) {
  const auto all = read("3\r\nabc\r\nA;x=y;z\r\n0123456789\r\n0\r\nX: y\r\n\r\nGET /");
  EXPECT_EQ(all.step, Step::done);
  EXPECT_EQ(all.body, "abc0123456789");
  EXPECT_EQ(all.consumed,
            std::string{"3\r\nabc\r\nA;x=y;z\r\n0123456789\r\n0\r\nX: y\r\n\r\n"}.size());
}

TEST(ChunkReader, IsTheSameWhereverTheBytesAreCut) {
  const std::string bytes =
      "3;e\r\nabc\r\n00a\r\n\r\n\r\n\r\n\r\n\r\n\r\n0 ;l\r\nX: y\r\nZ: \r\n\r\n";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    ChunkReader reader{1000};
    std::string body;
    auto progress = reader.feed(std::string_view{bytes}.substr(0, cut), body);
    if (cut < bytes.size()) {
      ASSERT_EQ(progress.step, Step::more) << cut;
      progress = reader.feed(std::string_view{bytes}.substr(cut), body);
    }
    ASSERT_EQ(progress.step, Step::done) << cut;
    ASSERT_EQ(body, "abc\r\n\r\n\r\n\r\n\r\n") << cut;
  }
}

TEST(ChunkReader, TheLimitCountsAllChunks) {
  EXPECT_EQ(read("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 5).step, Step::done);
  EXPECT_EQ(read("3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n", 5).step, Step::too_large);
  EXPECT_EQ(read("6", 5).step, Step::more);
  EXPECT_EQ(read("6\r", 5).step, Step::too_large);  // before a byte of it was taken
}

TEST(ChunkReader, WhatIsNotDataHasALimitOfItsOwn) {
  std::string small;
  for (int i = 0; i < 1000; ++i) small += "1\r\na\r\n";
  EXPECT_EQ(read(small + "0\r\n\r\n", 1000).step, Step::done);
  for (const std::string endless : {"1;", "0\r\nX: ", "0\r\n"}) {
    std::string bytes = endless;
    while (bytes.size() < 20'000) bytes += endless == "0\r\n" ? "X: y\r\n" : "e";
    EXPECT_EQ(read(bytes, 1000).step, Step::too_large) << endless;
  }
}

TEST(ChunkReader, EveryDeviationIsRefused) {
  for (const std::string bad : {"\r\n",           "x\r\n",
                                "-1\r\n",         "0x1\r\n",
                                " 1\r\n",         "1 \r\n",
                                "1 x\r\n",        "1\n",
                                "1\r\r",          "1;\n",
                                "1;\x01\r\n",     "1\r\nab",
                                "1\r\na\n",       "1\r\na\r\r",
                                "0\r\n\rx",       "0\r\n\n",
                                "0\r\n x\r\n",    "0\r\nX: \n",
                                "0\r\nX\r\n\n",   "0\r\nX\r\n",
                                "0\r\nX : y\r\n", "1000000000000000\r\n",
                                "1,1\r\n"}) {
    EXPECT_EQ(read(bad).step, Step::bad) << bad;
  }
}

RC_GTEST_PROP(ChunkReaderProperty, AnyChunkingOfAnyBodyComesBack,
              (const std::vector<std::string>& chunks, unsigned char step)) {
  std::string bytes;
  std::string whole;
  for (const auto& chunk : chunks) {
    if (chunk.empty()) continue;
    char size[16];
    std::snprintf(size, sizeof size, "%zx", chunk.size());
    bytes += std::string{size} + (step % 2 ? ";ext" : "") + "\r\n" + chunk + "\r\n";
    whole += chunk;
  }
  bytes += "0\r\n\r\n";
  ChunkReader reader{whole.size()};
  std::string body;
  std::size_t at = 0;
  auto last = Step::more;
  while (at < bytes.size() && last == Step::more) {
    const auto part = std::string_view{bytes}.substr(at, 1 + step);
    const auto progress = reader.feed(part, body);
    at += progress.consumed;
    last = progress.step;
  }
  RC_ASSERT(last == Step::done);
  RC_ASSERT(at == bytes.size());
  RC_ASSERT(body == whole);
}

RC_GTEST_PROP(ChunkReaderProperty, WhatIsAcceptedMeansTheSameToAnotherParser, ()) {
  namespace beast = boost::beast::http;
  const auto parts = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("3\r\nabc\r\n", "1;x=y\r\na\r\n", "0\r\n", "\r\n", "X: y\r\n",
                                    "2", "ab", "\r", "\n", ";", "f", " "));
  std::string bytes;
  for (const auto& part : parts) bytes += part;
  if (*rc::gen::arbitrary<bool>()) {  // otherwise few are accepted
    bytes = "5;e\r\n01234\r\n1\r\na\r\n0" + std::string{*rc::gen::element(";l\r\n", "\r\n")} +
            *rc::gen::element<std::string>("", "X: y\r\n", "X:\r\nY: \r\n") + "\r\n" + bytes;
  }
  const auto ours = read(bytes);
  RC_CLASSIFY(ours.step == Step::done, "accepted");
  if (ours.step != Step::done) return;
  beast::request_parser<beast::string_body> parser;
  parser.eager(true);
  const auto whole =
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + bytes.substr(0, ours.consumed);
  boost::system::error_code error;
  const auto used = parser.put(boost::asio::buffer(whole), error);
  // We do not look inside extensions, and so accept some that are no extensions. Where a chunk ends
  // is never in doubt.
  if (error == beast::error::bad_chunk_extension) return;
  RC_ASSERT(!error);
  RC_ASSERT(used == whole.size());
  RC_ASSERT(parser.is_done());
  RC_ASSERT(parser.get().body() == ours.body);
}

}  // namespace
}  // namespace cambist::http
