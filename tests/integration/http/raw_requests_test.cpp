// Every way of framing a request that two readers could understand differently, and what the server
// says to it. Source: facts/security.md section 5.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/integration/http/server_fixture.hpp"

namespace cambist::test {
namespace {

using namespace std::string_literals;

struct RawCase {
  const char* name;
  std::string bytes;
  int status;
};

void PrintTo(const RawCase& c, std::ostream* out) {
  *out << c.name;
}

std::string with(const std::string& line, const std::string& fields, const std::string& body = {}) {
  return line + "\r\nHost: h\r\n" + fields + "\r\n" + body;
}
std::string post(const std::string& fields, const std::string& body = {}) {
  return with("POST /x HTTP/1.1", fields, body);
}
std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}
std::string get(const std::string& target) {
  return with("GET " + target + " HTTP/1.1", "");
}

const std::vector<RawCase> refused{
    // Where does the body end?
    {"TransferEncodingWithContentLength",
     post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"), 400},
    {"ContentLengthWithTransferEncoding",
     post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
    {"TransferEncodingGzip", post("Transfer-Encoding: gzip\r\n"), 501},
    {"TransferEncodingGzipChunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501},
    {"TransferEncodingChunkedGzip", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), 501},
    {"TransferEncodingIdentity", post("Transfer-Encoding: identity\r\n"), 501},
    {"TransferEncodingChunkedTwiceInAList",
     post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 501},
    {"TransferEncodingTwice",
     post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
    {"TransferEncodingOnceGoodOnceBad",
     post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "0\r\n\r\n"), 400},
    {"TransferEncodingAlmostChunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501},
    {"TransferEncodingQuoted", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 501},
    {"TransferEncodingEmpty", post("Transfer-Encoding:\r\n"), 501},
    {"TransferEncodingAfterVerticalTab", post("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n"),
     400},
    {"SpaceBeforeColon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400},
    {"ChunkedOnHttp10", with("POST /x HTTP/1.0", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
     400},
    {"TwoContentLengthsEqual", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400},
    {"TwoContentLengthsDifferent", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), 400},
    {"ContentLengthList", post("Content-Length: 3, 3\r\n", "abc"), 400},
    {"ContentLengthSigned", post("Content-Length: +3\r\n", "abc"), 400},
    {"ContentLengthNegative", post("Content-Length: -1\r\n"), 400},
    {"ContentLengthHex", post("Content-Length: 0x3\r\n", "abc"), 400},
    {"ContentLengthWithSpaceInside", post("Content-Length: 1 0\r\n", "0123456789"), 400},
    {"ContentLengthEmpty", post("Content-Length:\r\n"), 400},
    {"ContentLengthOverflow", post("Content-Length: 18446744073709551619\r\n", "abc"), 400},
    {"ContentLengthOverLimit", post("Content-Length: 262145\r\n"), 413},
    {"ContentLengthWayOverLimit", post("Content-Length: 999999999999999999\r\n"), 413},
    {"BodyOnGet", with("GET /x HTTP/1.1", "Content-Length: 3\r\n", "abc"), 400},
    {"BodyOnHead", with("HEAD /x HTTP/1.1", "Content-Length: 3\r\n", "abc"), 400},
    {"BodyOnDelete", with("DELETE /x HTTP/1.1", "Content-Length: 3\r\n", "abc"), 400},
    {"ChunkedBodyOnGet", with("GET /x HTTP/1.1", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
     400},
    // Chunks.
    {"ChunkSizeMissing", chunked("\r\nabc\r\n0\r\n\r\n"), 400},
    {"ChunkSizeNotHex", chunked("g\r\nabc\r\n0\r\n\r\n"), 400},
    {"ChunkSizeNegative", chunked("-3\r\nabc\r\n0\r\n\r\n"), 400},
    {"ChunkSizeWithPrefix", chunked("0x3\r\nabc\r\n0\r\n\r\n"), 400},
    {"ChunkSizeOverflow", chunked("10000000000000003\r\nabc\r\n0\r\n\r\n"), 400},
    {"ChunkSizeHuge", chunked("fffffffffffffff\r\nabc"), 413},
    {"ChunkSizeThenSpace", chunked("3 \r\nabc\r\n0\r\n\r\n"), 400},
    {"ChunkSizeBareLf", chunked("3\nabc\r\n0\r\n\r\n"), 400},
    {"ChunkExtensionBareLf", chunked("3;a\nabc\r\n0\r\n\r\n"), 400},
    {"ChunkExtensionControlByte", chunked("3;a=\1\r\nabc\r\n0\r\n\r\n"), 400},
    {"ChunkLongerThanItsSize", chunked("3\r\nabcd\r\n0\r\n\r\n"), 400},
    {"ChunkDataEndsWithBareLf", chunked("3\r\nabc\n0\r\n\r\n"), 400},
    {"ChunksOverLimitInSum",
     chunked("20000\r\n" + std::string(0x20000, 'a') + "\r\n20001\r\n" + std::string(10, 'a')),
     413},
    {"ChunkExtensionsEndless", chunked("3;" + std::string(600 * 1024, 'e')), 413},
    {"TrailersEndless", chunked("0\r\nA: " + std::string(600 * 1024, 't')), 413},
    {"TrailerFolded", chunked("0\r\nA: b\r\n c\r\n\r\n"), 400},
    // Lines and bytes.
    {"Folding", with("GET /x HTTP/1.1", "A: b\r\n c\r\n"), 400},
    {"FoldingWithTab", with("GET /x HTTP/1.1", "A: b\r\n\tc\r\n"), 400},
    {"FoldedFirstField", "GET /x HTTP/1.1\r\n Host: h\r\n\r\n", 400},
    {"BareCrInValue", with("GET /x HTTP/1.1", "A: b\rc\r\n"), 400},
    {"BareLfLines", "GET /x HTTP/1.1\nHost: h\n\n", 400},
    {"BareLfInFields", "GET /x HTTP/1.1\r\nHost: h\nA: b\r\n\r\n", 400},
    {"NulInValue", with("GET /x HTTP/1.1", "A: b\0c\r\n"s), 400},
    {"NulInTarget", get("/a\0b"s), 400},
    {"ControlByteInValue", with("GET /x HTTP/1.1", "A: b\x01\r\n"), 400},
    {"DelInValue", with("GET /x HTTP/1.1", "A: b\x7f\r\n"), 400},
    {"ControlByteInName", with("GET /x HTTP/1.1", "A\x01: b\r\n"), 400},
    {"EmptyName", with("GET /x HTTP/1.1", ": b\r\n"), 400},
    {"NoColon", with("GET /x HTTP/1.1", "A b\r\n"), 400},
    {"ConnectionIsNoListOfTokens", with("GET /x HTTP/1.1", "Connection: close: x\r\n"), 400},
    {"EmptyLineFirst", "\r\nGET /x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
    {"TlsHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
    // Host.
    {"NoHost", "GET /x HTTP/1.1\r\n\r\n", 400},
    {"NoHostOnHttp10", "GET /x HTTP/1.0\r\n\r\n", 400},
    {"TwoHosts", "GET /x HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400},
    {"HostEmpty", "GET /x HTTP/1.1\r\nHost:\r\n\r\n", 400},
    {"HostList", "GET /x HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
    {"HostWithUser", "GET /x HTTP/1.1\r\nHost: u@h\r\n\r\n", 400},
    {"HostWithPath", "GET /x HTTP/1.1\r\nHost: h/x\r\n\r\n", 400},
    // Target.
    {"AbsoluteForm", get("http://h/x"), 400},
    {"AuthorityForm", with("CONNECT h:443 HTTP/1.1", ""), 400},
    {"AsteriskForm", with("OPTIONS * HTTP/1.1", ""), 400},
    {"NoLeadingSlash", get("x"), 400},
    {"Fragment", get("/x#y"), 400},
    {"EightBitTarget", get("/\xc3\xa9"), 400},
    {"ControlByteInTarget", get("/a\x01"), 400},
    {"SpaceInTarget", get("/a b"), 400},
    {"TabInTarget", get("/a\tb"), 400},
    {"EncodedNul", get("/a%00"), 400},
    {"EncodedNulInQuery", get("/a?b=%00"), 400},
    {"EncodedLineEndInPath", get("/a%0d%0ab"), 400},
    {"BrokenEncoding", get("/a%2"), 400},
    {"BrokenEncodingNotHex", get("/a%zz"), 400},
    {"DotDot", get("/a/../b"), 400},
    {"DotDotAtEnd", get("/a/.."), 400},
    {"DotDotEncoded", get("/a/%2e%2e/b"), 400},
    {"DotDotHalfEncoded", get("/a/.%2E"), 400},
    {"DotDotBehindEncodedSlash", get("/a%2f..%2fb"), 400},
    {"DotDotBehindBackslash", get("/a\\..\\b"), 400},
    // Request line.
    {"UnknownMethod", with("BREW /x HTTP/1.1", ""), 400},
    {"Trace", with("TRACE /x HTTP/1.1", ""), 400},
    {"LowerCaseMethod", with("get /x HTTP/1.1", ""), 400},
    {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
    {"Http09", "GET /x\r\n\r\n", 400},
    {"Version12", with("GET /x HTTP/1.2", ""), 400},
    {"Version20", with("GET /x HTTP/2.0", ""), 400},
    {"VersionLowerCase", with("GET /x http/1.1", ""), 400},
    {"VersionWithZeros", with("GET /x HTTP/1.01", ""), 400},
    {"VersionMissing", with("GET /x ", ""), 400},
    {"TwoSpaces", with("GET  /x HTTP/1.1", ""), 400},
    {"SpaceAtEnd", with("GET /x HTTP/1.1 ", ""), 400},
    {"TabsInsteadOfSpaces", with("GET\t/x\tHTTP/1.1", ""), 400},
    // Sizes.
    {"HeadOver16KiB", with("GET /x HTTP/1.1", "A: " + std::string(17 * 1024, 'a') + "\r\n"), 431},
    {"HeadOver16KiBThatNeverEnds", "GET /x HTTP/1.1\r\nA: " + std::string(17 * 1024, 'a'), 431},
    {"RequestLineThatNeverEnds", "GET /" + std::string(17 * 1024, 'a'), 414},
    {"TargetOver4KiB", get("/" + std::string(4 * 1024, 'a')), 414},
    {"UnknownExpectation", post("Expect: the-unexpected\r\nContent-Length: 1\r\n", "a"), 417},
};

std::string many_fields(int n) {
  std::string fields;
  for (int i = 0; i < n; ++i) fields += "A" + std::to_string(i) + ": b\r\n";
  return fields;
}

class RefusedRequest : public testing::TestWithParam<RawCase> {};

TEST_P(RefusedRequest, GetsItsStatusAndAClosedConnectionWhileOthersAreServed) {
  static const auto server = start_server();
  auto socket = RawSocket::connect(server->port());
  ASSERT_TRUE(socket.is_open());
  // What follows must never be taken for a request.
  socket.send(GetParam().bytes + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto answer = socket.receive_answer();
  ASSERT_TRUE(answer) << "no answer";
  EXPECT_EQ(answer->status, GetParam().status) << answer->body;
  EXPECT_EQ(answer->header("Connection"), "close");
  EXPECT_EQ(answer->header("Server"), "");
  EXPECT_TRUE(socket.receive_all().empty()) << "something else was answered";
  EXPECT_TRUE(socket.closes());
  EXPECT_FALSE(socket.was_reset()) << "the end was not orderly";
  EXPECT_TRUE(serves(*server));
}

INSTANTIATE_TEST_SUITE_P(Raw, RefusedRequest, testing::ValuesIn(refused),
                         [](const auto& info) { return std::string{info.param.name}; });

TEST(RefusedRequest, SixtyFiveFieldsAreRefusedAndSixtyFourServed) {
  const auto server = start_server();
  auto good = RawSocket::connect(server->port());
  good.send(with("GET /x HTTP/1.1", many_fields(63)));
  EXPECT_EQ(good.receive_answer().value_or(RawAnswer{}).status, 200);
  auto bad = RawSocket::connect(server->port());
  bad.send(with("GET /x HTTP/1.1", many_fields(64)));
  EXPECT_EQ(bad.receive_answer().value_or(RawAnswer{}).status, 431);
  EXPECT_TRUE(bad.closes());
}

const std::vector<RawCase> served{
    {"Get", get("/x?a=..&b=%0A"), 200},
    {"GetWithZeroContentLength", with("GET /x HTTP/1.1", "Content-Length: 0\r\n"), 200},
    {"PostWithoutBody", post(""), 200},
    {"PostWithLength", post("Content-Length: 3\r\n", "abc"), 200},
    {"PostChunked", chunked("3\r\nabc\r\n0\r\n\r\n"), 200},
    {"PostChunkedOtherCase", post("transfer-encoding: CHUNKED\r\n", "3\r\nabc\r\n0\r\n\r\n"), 200},
    {"ChunkExtensions", chunked("3;a=b;c=\"d\"\r\nabc\r\n0;last\r\n\r\n"), 200},
    {"ChunkExtensionAfterSpace", chunked("3 ;a\r\nabc\r\n0\r\n\r\n"), 200},
    {"Trailers", chunked("3\r\nabc\r\n0\r\nContent-Length: 9\r\nHost: other\r\n\r\n"), 200},
    {"HostWithPort", "GET /x HTTP/1.1\r\nHost: h:8080\r\n\r\n", 200},
    {"HostIpv6", "GET /x HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 200},
    {"DotsThatAreNoParent", get("/a/.../..b/b../."), 200},
    {"ValueWithTabAndEightBit", with("GET /x HTTP/1.1", "A: b\tc\xc3\xa9\r\n"), 200},
    {"NoSpaceAfterColon", "GET /x HTTP/1.1\r\nHost:h\r\n\r\n", 200},
    {"TargetOf4KiB", get("/" + std::string(4 * 1024 - 1, 'a')), 200},
    {"Http10WithHost", with("GET /x HTTP/1.0", ""), 200},
};

class ServedRequest : public testing::TestWithParam<RawCase> {};

TEST_P(ServedRequest, IsAnswered) {
  static const auto server = start_server();
  auto socket = RawSocket::connect(server->port());
  socket.send(GetParam().bytes);
  const auto answer = socket.receive_answer();
  ASSERT_TRUE(answer) << "no answer";
  EXPECT_EQ(answer->status, GetParam().status) << answer->body;
}

INSTANTIATE_TEST_SUITE_P(Raw, ServedRequest, testing::ValuesIn(served),
                         [](const auto& info) { return std::string{info.param.name}; });

TEST(ServedRequest, ATrailerNeverBecomesAHeader) {
  const auto server = start_server({}, [](const http::Request& request,
                                          const inbound::Responder& respond) {
    respond(
        {{200, {}, http::find(request.headers, "X-Late") != nullptr ? "smuggled" : request.body}});
  });
  auto socket = RawSocket::connect(server->port());
  socket.send(chunked("3\r\nabc\r\n0\r\nX-Late: 1\r\n\r\n"));
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).body, "abc");
}

}  // namespace
}  // namespace cambist::test
