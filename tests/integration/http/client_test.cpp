// Answers of every shape, and connections used again.
#include <latch>

#include "tests/integration/http/client_fixture.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

// Sends `bytes` to each request of each connection.
RawPeer::Script always(std::string bytes) {
  return [bytes = std::move(bytes)](RawSocket& socket, int) {
    while (socket.receive_request()) socket.send(bytes);
  };
}

TEST(OutboundClient, SendsTheRequestAsGivenAndReadsTheAnswer) {
  std::promise<std::string> seen;
  RawPeer peer{[&](RawSocket& socket, int) {
    seen.set_value(socket.receive_request().value_or(""));
    socket.send(answer_bytes(201, "made", "X-Id: 7\r\n"));
  }};
  const auto client = make_client({});
  http::Request request{
      "POST", peer.origin(), "/v1/x?y=1", {{"Idempotency-Key", "k"}, {"Host", "evil"}}, "a=1", {}};
  const auto outcome = call(*client, request);
  EXPECT_EQ(describe(outcome), "201 made");
  EXPECT_EQ(*http::find(std::get<http::Response>(outcome).headers, "x-id"), "7");
  EXPECT_EQ(seen.get_future().get(),
            "POST /v1/x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(peer.port()) +
                "\r\nIdempotency-Key: k\r\nUser-Agent: cambist\r\nContent-Length: 3\r\n\r\na=1");
}

struct Shape {
  const char* name;
  std::string bytes;
  std::string outcome;
};
void PrintTo(const Shape& shape, std::ostream* out) {
  *out << shape.name;
}

class AnswerShape : public testing::TestWithParam<Shape> {};

TEST_P(AnswerShape, IsReadOrRefused) {
  RawPeer peer{[](RawSocket& socket, int) {
    if (socket.receive_request()) socket.send(GetParam().bytes);
    socket.shut_write();
    (void)socket.closes(2s);
  }};
  ClientLimits limits;
  limits.response_bytes = 1000;
  const auto client = make_client(limits);
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), GetParam().outcome);
}

INSTANTIATE_TEST_SUITE_P(
    Client, AnswerShape,
    testing::Values(
        Shape{"Length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 ok"},
        Shape{"Chunked",
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1;x\r\n!\r\n0\r\nT: "
              "v\r\n\r\n",
              "200 ok!"},
        Shape{"UntilTheEnd", "HTTP/1.1 200 OK\r\n\r\nall of it", "200 all of it"},
        Shape{"NoContent", "HTTP/1.1 204 No Content\r\n\r\n", "204 "},
        Shape{"InterimFirst",
              "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 "
              "OK\r\nContent-Length: "
              "2\r\n\r\nok",
              "200 ok"},
        Shape{"RedirectNotFollowed",
              "HTTP/1.1 302 Found\r\nLocation: http://other/\r\nContent-Length: 0\r\n\r\n", "302 "},
        Shape{"ConnectionClose",
              "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "200 ok"},
        Shape{"Http10", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 ok"},
        Shape{"LengthCutShort", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok",
              "maybe_sent malformed_response"},
        Shape{"ChunksCutShort", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nok",
              "maybe_sent malformed_response"},
        Shape{"HeadCutShort", "HTTP/1.1 200 OK\r\nContent-Le", "maybe_sent malformed_response"},
        Shape{"NotHttp", "SSH-2.0-OpenSSH_9\r\n\r\n", "maybe_sent malformed_response"},
        Shape{"TwoLengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!",
              "maybe_sent malformed_response"},
        Shape{"BadChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n",
              "maybe_sent malformed_response"},
        Shape{"SwitchingProtocols", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
              "maybe_sent malformed_response"},
        Shape{"OnlyInterim", "HTTP/1.1 100 Continue\r\n\r\n", "maybe_sent malformed_response"},
        Shape{"TooLongByLength", "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
              "maybe_sent response_too_large"},
        Shape{"TooLongInChunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n",
              "maybe_sent response_too_large"},
        Shape{"TooLongUntilTheEnd", "HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'a'),
              "maybe_sent response_too_large"},
        Shape{"HeadTooLong", "HTTP/1.1 200 OK\r\nA: " + std::string(70 * 1024, 'a'),
              "maybe_sent response_too_large"},
        Shape{"Nothing", "", "maybe_sent reset"}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST(OutboundClient, AHeadRequestHasNoBodyToWaitFor) {
  RawPeer peer{always("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")};
  const auto client = make_client({});
  auto request = get(peer.origin());
  request.method = "HEAD";
  EXPECT_EQ(describe(call(*client, request)), "200 ");
  EXPECT_EQ(describe(call(*client, request)), "200 ");
  EXPECT_EQ(peer.connections(), 1);
}

TEST(OutboundClient, OneConnectionCarriesManyRequests) {
  RawPeer peer{answer_politely};
  const auto client = make_client({});
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(describe(call(*client, get(peer.origin(), "/" + std::to_string(i)))),
              "200 GET /" + std::to_string(i) + " HTTP/1.1");
  }
  EXPECT_EQ(peer.connections(), 1);
}

TEST(OutboundClient, AConnectionThatTheServerClosesIsNotUsedAgain) {
  RawPeer peer{always(answer_bytes(200, "bye", "Connection: close\r\n"))};
  const auto client = make_client({});
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "200 bye");
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "200 bye");
  EXPECT_EQ(peer.connections(), 2);
}

TEST(OutboundClient, AnIdleConnectionThatWasClosedIsNoticedBeforeItIsUsed) {
  std::latch answered{1};
  std::latch closed{1};
  RawPeer peer{[&](RawSocket& socket, int nth) {
    if (nth > 1) return answer_politely(socket, nth);
    if (socket.receive_request()) socket.send(answer_bytes(200, "first"));
    answered.wait();
    socket.close();
    closed.count_down();
  }};
  const auto client = make_client({});
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "200 first");
  answered.count_down();
  closed.wait();
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "200 GET /x HTTP/1.1");
  EXPECT_EQ(peer.connections(), 2);
}

TEST(OutboundClient, AnAnswerNobodyAskedForSpoilsTheConnection) {
  RawPeer peer{[](RawSocket& socket, int) {
    while (socket.receive_request())
      socket.send(answer_bytes(200, "yours") + answer_bytes(200, "somebody else's"));
  }};
  const auto client = make_client({});
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "200 yours");
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "200 yours");
  EXPECT_EQ(peer.connections(), 2);
}

TEST(OutboundClient, AReusedConnectionThatBreaksAfterTheRequestIsMaybeSent) {
  RawPeer peer{[](RawSocket& socket, int) {
    if (socket.receive_request()) socket.send(answer_bytes(200, "first"));
    if (socket.receive_request()) socket.reset();
  }};
  const auto client = make_client({});
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "200 first");
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "maybe_sent reset");
  EXPECT_EQ(peer.connections(), 1);
}

TEST(OutboundClient, AnIdleConnectionIsLeftAfterItsTime) {
  std::promise<void> left;
  RawPeer peer{[&](RawSocket& socket, int nth) {
    answer_politely(socket, nth);
    if (nth == 1) left.set_value();
  }};
  ClientLimits limits;
  limits.idle_max = 100ms;
  const auto client = make_client(limits);
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "200 GET /x HTTP/1.1");
  EXPECT_EQ(left.get_future().wait_for(patience), std::future_status::ready);
}

TEST(OutboundClient, ParallelRequestsGetConnectionsOfTheirOwnUpToTheCap) {
  std::latch all_asked{3};
  RawPeer peer{[&](RawSocket& socket, int) {
    bool first = true;
    while (const auto request = socket.receive_request()) {
      if (std::exchange(first, false)) all_asked.arrive_and_wait();
      socket.send(answer_bytes(200, "ok"));
    }
  }};
  ClientLimits limits;
  limits.connections_per_origin = 3;
  const auto client = make_client(limits);
  std::vector<Pending> pending;
  for (int i = 0; i < 12; ++i) pending.push_back(send(*client, get(peer.origin())));
  for (auto& one : pending) EXPECT_EQ(describe(outcome_of(std::move(one))), "200 ok");
  EXPECT_EQ(peer.connections(), 3);
}

TEST(OutboundClient, ManyThreadsMaySendAtOnce) {
  RawPeer peer{answer_politely};
  const auto client = make_client({});
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i)
          good += describe(call(*client, get(peer.origin()))) == "200 GET /x HTTP/1.1";
      });
    }
  }
  EXPECT_EQ(good, 200);
}

}  // namespace
}  // namespace cambist::test
