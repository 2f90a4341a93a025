// What well-behaved clients may expect: order, reuse, half-closed connections, HEAD, 100-continue,
// large bodies.
#include <atomic>
#include <thread>
#include <vector>

#include "tests/integration/http/held_requests.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

const std::string get_a = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string get_b = "GET /b HTTP/1.1\r\nHost: h\r\n\r\n";

RawAnswer answer_to(inbound::Server& server, const std::string& bytes, bool head = false) {
  auto socket = RawSocket::connect(server.port());
  socket.send(bytes);
  return socket.receive_answer(head).value_or(RawAnswer{});
}

TEST(InboundServer, AnswersCarryTheirLengthAndTheSafetyHeaders) {
  const auto server = start_server();
  const auto answer = answer_to(*server, get_a);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "GET /a ");
  EXPECT_EQ(answer.header("Content-Length"), "7");
  EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_TRUE(answer.header("Date").ends_with(" GMT"));
  EXPECT_EQ(answer.header("Server"), "");
  EXPECT_EQ(answer.header("Connection"), "");
}

TEST(InboundServer, TheHandlerSeesTheRequestAsSent) {
  HeldRequests held;
  const auto server = start_server({}, held.handler());
  auto socket = RawSocket::connect(server->port());
  socket.send(
      "POST /p?q=%41 HTTP/1.1\r\nHost: h\r\nX-One:  1 \r\nx-one: 2\r\nContent-Length: 4\r\n\r\n\0\r\n\xff"s);
  const auto seen = held.take();
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->request.method, "POST");
  EXPECT_EQ(seen->request.target, "/p?q=%41");
  EXPECT_EQ(seen->request.origin, "");
  EXPECT_EQ(seen->request.peer, "127.0.0.1");
  EXPECT_EQ(seen->request.body, "\0\r\n\xff"s);
  ASSERT_EQ(seen->request.headers.size(), 4U);
  EXPECT_EQ(seen->request.headers[1].value, "1");
  EXPECT_EQ(seen->request.headers[2].name, "x-one");
  seen->respond({});
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).status, 200);
}

TEST(InboundServer, PipelinedRequestsAreHandledOneAtATimeAndAnsweredInOrder) {
  HeldRequests held;
  const auto server = start_server({}, held.handler());
  auto socket = RawSocket::connect(server->port());
  socket.send(get_a + "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" + get_b);
  for (const std::string target : {"/a", "/p", "/b"}) {
    const auto next = held.take();
    ASSERT_TRUE(next);
    EXPECT_EQ(next->request.target, target);
    EXPECT_EQ(held.size(), 0U);
    next->respond({{200, {}, target}});
    EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).body, target);
  }
}

TEST(InboundServer, ARequestThatComesByteByByteIsServed) {
  const auto server = start_server();
  auto socket = RawSocket::connect(server->port());
  for (
      const char c :
      "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;e\r\nabc\r\n0\r\nT: v\r\n\r\n"s) {
    ASSERT_TRUE(socket.send(std::string_view{&c, 1}));
  }
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).body, "POST /x abc");
}

TEST(InboundServer, AHalfClosedClientStillGetsItsAnswers) {
  HeldRequests held;
  const auto server = start_server({}, held.handler());
  auto socket = RawSocket::connect(server->port());
  socket.send(get_a + get_b);
  socket.shut_write();
  for (const std::string target : {"/a", "/b"}) {
    const auto next = held.take();
    ASSERT_TRUE(next);
    next->respond({{200, {}, target}});
    EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).body, target);
  }
  EXPECT_TRUE(socket.closes());
}

TEST(InboundServer, AHalfClosedHalfRequestIsRefused) {
  const auto server = start_server();
  for (const std::string half :
       {"GET /a HTTP/1.1\r\nHo", "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab"}) {
    auto socket = RawSocket::connect(server->port());
    socket.send(half);
    socket.shut_write();
    EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).status, 400);
    EXPECT_TRUE(socket.closes());
  }
}

TEST(InboundServer, AThousandRequestsAreServedOnOneConnectionAndThenItCloses) {
  const auto server = start_server();
  auto socket = RawSocket::connect(server->port());
  for (int i = 1; i <= 1000; ++i) {
    ASSERT_TRUE(socket.send(get_a));
    const auto answer = socket.receive_answer();
    ASSERT_TRUE(answer) << i;
    ASSERT_EQ(answer->header("Connection"), i < 1000 ? "" : "close") << i;
  }
  EXPECT_TRUE(socket.closes());
  EXPECT_EQ(server->counters().requests, 1000U);
  EXPECT_EQ(server->counters().accepted, 1U);
}

TEST(InboundServer, ConnectionsStayOpenAsTheVersionAndTheClientSay) {
  const auto server = start_server();
  struct {
    std::string request, connection;
  } const cases[] = {{"GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "close"},
                     {"GET /a HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n", "close"},
                     {"GET /a HTTP/1.0\r\nHost: h\r\n\r\n", "close"},
                     {"GET /a HTTP/1.0\r\nHost: h\r\nConnection: Keep-Alive\r\n\r\n", "keep-alive"},
                     {"GET /a HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n", ""}};
  for (const auto& [request, connection] : cases) {
    auto socket = RawSocket::connect(server->port());
    socket.send(request);
    EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).header("Connection"), connection)
        << request;
    if (connection == "close")
      EXPECT_TRUE(socket.closes());
    else {
      socket.send(get_b);
      EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).body, "GET /b ") << request;
    }
  }
}

TEST(InboundServer, AHeadRequestGetsTheLengthButNoBody) {
  const auto server = start_server();
  auto socket = RawSocket::connect(server->port());
  socket.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n" + get_b);
  const auto head = socket.receive_answer(true);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->header("Content-Length"), "8");
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).body, "GET /b ");
}

TEST(InboundServer, AnswersWithoutContentHaveNeitherLengthNorBody) {
  const auto server = start_server({}, [](const http::Request&, const inbound::Responder& respond) {
    respond({{204, {}, "must not be sent"}});
  });
  auto socket = RawSocket::connect(server->port());
  for (int i = 0; i < 2; ++i) {
    socket.send(get_a);
    const auto answer = socket.receive_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 204);
    EXPECT_EQ(answer->header("Content-Length"), "");
  }
}

TEST(InboundServer, AClientThatWaitsForContinueIsToldToGoOn) {
  const auto server = start_server();
  auto socket = RawSocket::connect(server->port());
  socket.send("POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).status, 100);
  socket.send("abc");
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).body, "POST /x abc");
}

TEST(InboundServer, ATooLongBodyIsRefusedInsteadOfContinued) {
  const auto server = start_server();
  const auto answer = answer_to(
      *server,
      "POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 300000\r\n\r\n");
  EXPECT_EQ(answer.status, 413);
}

TEST(InboundServer, WebhooksMayBeLargerThanCommands) {
  const auto server = start_server();
  const std::string body(300 * 1024, 'w');
  const auto post = [&](const std::string& target, const std::string& content) {
    return answer_to(*server, "POST " + target + " HTTP/1.1\r\nHost: h\r\nContent-Length: " +
                                  std::to_string(content.size()) + "\r\n\r\n" + content)
        .status;
  };
  EXPECT_EQ(post("/api/v1/webhooks/stripe", body), 200);
  EXPECT_EQ(post("/api/v1/payments", body), 413);
  EXPECT_EQ(post("/api/v1/payments", std::string(256 * 1024, 'p')), 200);
  EXPECT_EQ(post("/api/v1/webhooks/stripe", std::string(1024 * 1024 + 1, 'w')), 413);
}

TEST(InboundServer, AHandlerCannotInjectHeadersOrFraming) {
  const auto server = start_server({}, [](const http::Request&, const inbound::Responder& respond) {
    respond({{200,
              {{"X-A", "b\r\nEvil: 1\r\n\r\n"},
               {"X-B\r\nEvil", "1"},
               {"Content-Length", "9999"},
               {"Transfer-Encoding", "chunked"},
               {"Cache-Control", "max-age=5"}},
              "ok"}});
  });
  const auto answer = answer_to(*server, get_a);
  EXPECT_EQ(answer.body, "ok");
  EXPECT_EQ(answer.header("Evil"), "");
  EXPECT_EQ(answer.header("Content-Length"), "2");
  EXPECT_EQ(answer.header("Transfer-Encoding"), "");
  EXPECT_EQ(answer.header("Cache-Control"), "max-age=5");
}

TEST(InboundServer, AClientThatLeavesEarlyHarmsNobody) {
  HeldRequests held;
  const auto server = start_server({}, held.handler());
  for (const bool rudely : {false, true}) {
    auto socket = RawSocket::connect(server->port());
    socket.send(get_a);
    const auto request = held.take();
    ASSERT_TRUE(request);
    rudely ? socket.reset() : socket.close();
    request->respond({{200, {}, std::string(100'000, 'x')}});
    request->respond({});  // a second call is ignored
  }
  EXPECT_TRUE(eventually([&] { return server->counters().open == 0; }));
}

TEST(InboundServer, AResetInTheMiddleOfAnAnswerHarmsNobody) {
  const auto server =
      start_server({}, [](const http::Request& request, const inbound::Responder& respond) {
        respond({{200, {}, request.target == "/ok" ? "ok" : std::string(16 << 20, 'x')}});
      });
  auto socket = RawSocket::connect(server->port());
  socket.send(get_a);
  ASSERT_TRUE(socket.receive_some());
  socket.reset();
  EXPECT_TRUE(eventually([&] { return server->counters().open == 0; }));
  EXPECT_TRUE(serves(*server));
}

TEST(InboundServer, AnswersMayComeFromAnyThread) {
  const auto server = start_server(
      {},
      [](http::Request request, inbound::Responder respond) {
        std::thread{[target = std::move(request.target), respond = std::move(respond)] {
          respond({{200, {}, target}});
        }}.detach();
      },
      2);
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> clients;
    for (int c = 0; c < 8; ++c) {
      clients.emplace_back([&, c] {
        auto socket = RawSocket::connect(server->port());
        for (int i = 0; i < 50; ++i) {
          const auto target = "/" + std::to_string(c) + "/" + std::to_string(i);
          socket.send("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
          good += socket.receive_answer().value_or(RawAnswer{}).body == target;
        }
      });
    }
  }
  EXPECT_EQ(good, 400);
}

TEST(InboundServer, ARequestThatNobodyAnswersIs500) {
  const auto server = start_server({}, [](const http::Request&, const inbound::Responder&) {});
  auto socket = RawSocket::connect(server->port());
  socket.send(get_a);
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).status, 500);
  EXPECT_TRUE(socket.closes());
}

TEST(InboundServer, AHandlerThatThrowsIs500) {
  const auto server = start_server({}, [](const http::Request&, const inbound::Responder& respond) {
    const auto kept = respond;
    throw std::runtime_error{"broken"};
  });
  EXPECT_EQ(answer_to(*server, get_a).status, 500);
  EXPECT_EQ(answer_to(*server, get_a).status, 500);
}

TEST(InboundServer, APortInUseOrABadAddressIsAnErrorThatNamesIt) {
  const auto server = start_server({}, echo, 2);
  const auto taken = "127.0.0.1:" + std::to_string(server->port());
  for (const int threads : {1, 2}) {
    const auto second = inbound::Server::start(taken, {}, echo, plain_refusal, threads);
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code, ErrorCode::unavailable);
    EXPECT_NE(second.error().detail.find(taken), std::string::npos);
  }
  for (const std::string bad : {"127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:80x",
                                "no-address:80", ":80", ""}) {
    const auto refused = inbound::Server::start(bad, {}, echo, plain_refusal, 1);
    ASSERT_FALSE(refused.has_value()) << bad;
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_request);
    EXPECT_NE(refused.error().detail.find("'" + bad + "'"), std::string::npos);
  }
}

}  // namespace
}  // namespace cambist::test
