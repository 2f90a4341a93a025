// Slow clients, too many clients, and no descriptors: each costs its own connection and nobody
// else's.
#include <vector>

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/integration/http/held_requests.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

const std::string get_a = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

// Sends `bytes` one by one, `pause` apart, until they are out or the server has said something.
void trickle(RawSocket& socket, const std::string& bytes, std::chrono::milliseconds pause) {
  for (const char c : bytes) {
    if (!socket.send(std::string_view{&c, 1}) || socket.receive_some(pause)) return;
  }
}

TEST(InboundLimits, AHeadThatTricklesIsCutOffWhileOthersAreServed) {
  inbound::Limits limits;
  limits.head_deadline = 150ms;
  const auto server = start_server(limits);
  std::vector<RawSocket> slow;
  for (int i = 0; i < 100; ++i) {
    slow.push_back(RawSocket::connect(server->port()));
    slow.back().send("GET /slow HTTP/1.1\r\n");
  }
  const auto began = Clock::now();
  std::jthread trickling{[&] { trickle(slow.front(), "X-Slow: " + std::string(4000, 'a'), 10ms); }};
  while (Clock::now() - began < 150ms) ASSERT_TRUE(serves(*server));
  trickling.join();
  for (auto& socket : slow) {
    EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).status, 408);
    EXPECT_TRUE(socket.closes());
  }
  EXPECT_LT(Clock::now() - began, 5s);  // each byte did not win more time
  EXPECT_EQ(server->counters().timed_out, 100U);
}

TEST(InboundLimits, ABodyBelowTheMinimumRateIsCutOffLongBeforeItsDeadline) {
  inbound::Limits limits;
  limits.body_grace = 100ms;
  limits.body_rate_min = 2'000;
  const auto server = start_server(limits);
  auto slow = RawSocket::connect(server->port());
  const auto began = Clock::now();
  slow.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
  trickle(slow, std::string(10'000, 'a'), 5ms);  // 200 bytes a second
  EXPECT_EQ(slow.receive_answer().value_or(RawAnswer{}).status, 408);
  EXPECT_TRUE(slow.closes());
  EXPECT_LT(Clock::now() - began, 5s);
}

TEST(InboundLimits, ABodyAboveTheMinimumRateIsServedAfterTheGrace) {
  inbound::Limits limits;
  limits.body_grace = 200ms;
  limits.body_rate_min = 100;
  const auto server = start_server(limits);
  auto socket = RawSocket::connect(server->port());
  socket.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\n");
  for (int i = 0; i < 20; ++i) {
    ASSERT_FALSE(socket.receive_some(20ms));
    ASSERT_TRUE(socket.send(std::string(100, 'a')));
  }
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).status, 200);
}

TEST(InboundLimits, ABodyHasAnAbsoluteDeadlineWhateverItsRate) {
  inbound::Limits limits;
  limits.body_deadline = 100ms;
  limits.body_rate_min = 1;
  const auto server = start_server(limits);
  auto socket = RawSocket::connect(server->port());
  socket.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 1000; ++i) {
    if (!socket.send("1\r\na\r\n") || socket.receive_some(5ms)) break;
  }
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).status, 408);
}

/// Bodies up to 1,000 bytes, two at a time, for those that ask for /large; 100 for the others.
inbound::Limits with_large_bodies() {
  inbound::Limits limits;
  limits.body_bytes = 100;
  limits.large.bytes = 1'000;
  limits.large.at_once = 2;
  limits.large.may = [](const http::Head& head) { return head.target == "/large"; };
  return limits;
}

std::string post_of(const std::string& target, std::size_t bytes) {
  return "POST " + target + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(bytes) +
         "\r\n\r\n";
}

int status_of(inbound::Server& server, const std::string& bytes) {
  auto socket = RawSocket::connect(server.port());
  socket.send(bytes);
  return socket.receive_answer().value_or(RawAnswer{}).status;
}

TEST(InboundLimits, OnlyWhoMayBringsALargeBodyAndNoLargerOne) {
  const auto server = start_server(with_large_bodies());
  const auto whole = [](const std::string& target, std::size_t bytes) {
    return post_of(target, bytes) + std::string(bytes, 'a');
  };
  EXPECT_EQ(status_of(*server, whole("/large", 1'000)), 200);
  EXPECT_EQ(status_of(*server, whole("/large", 1'001)), 413);
  EXPECT_EQ(status_of(*server, whole("/other", 100)), 200);
  EXPECT_EQ(status_of(*server, whole("/other", 101)), 413);
  const auto chunked = [](const std::string& target, const std::string& size, std::size_t bytes) {
    return "POST " + target + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + size +
           "\r\n" + std::string(bytes, 'a') + "\r\n0\r\n\r\n";
  };
  EXPECT_EQ(status_of(*server, chunked("/large", "3e8", 1'000)), 200);
  EXPECT_EQ(status_of(*server, chunked("/large", "3e9", 1'001)), 413);
  EXPECT_EQ(status_of(*server, chunked("/other", "65", 101)), 413);
}

TEST(InboundLimits, LargeBodiesHaveFewPlacesAndGiveThemBack) {
  HeldRequests held;
  const auto server = start_server(with_large_bodies(), held.handler());
  auto coming = RawSocket::connect(server->port());
  coming.send(post_of("/large", 500) + "a");  // the first place, before the body is there
  auto worked_on = RawSocket::connect(server->port());
  worked_on.send(post_of("/large", 500) + std::string(500, 'a'));
  const auto request = held.take();  // the second, until it is answered
  ASSERT_TRUE(request);
  // The first may still be on its way to the server.
  EXPECT_TRUE(eventually([&] { return status_of(*server, post_of("/large", 500)) == 503; }));
  EXPECT_EQ(status_of(*server, post_of("/large", 1'001)), 413);  // no place would help
  request->respond({{200, {}, "ok"}});
  EXPECT_EQ(worked_on.receive_answer().value_or(RawAnswer{}).status, 200);
  auto next = RawSocket::connect(server->port());
  next.send(post_of("/large", 500) + std::string(500, 'a'));
  const auto second = held.take();
  ASSERT_TRUE(second);
  second->respond({{200, {}, "ok"}});
  EXPECT_EQ(next.receive_answer().value_or(RawAnswer{}).status, 200);
  coming.close();  // and who leaves gives his place back too
  for (int i = 0; i < 2; ++i) {
    auto later = RawSocket::connect(server->port());
    later.send(post_of("/large", 500) + std::string(500, 'a'));
    const auto one = held.take();
    ASSERT_TRUE(one);
    one->respond({{200, {}, "ok"}});
    EXPECT_EQ(later.receive_answer().value_or(RawAnswer{}).status, 200);
  }
}

TEST(InboundLimits, AnIdleConnectionIsClosedWithoutAWord) {
  inbound::Limits limits;
  limits.idle_max = 50ms;
  const auto server = start_server(limits);
  auto fresh = RawSocket::connect(server->port());
  auto used = RawSocket::connect(server->port());
  used.send(get_a);
  EXPECT_EQ(used.receive_answer().value_or(RawAnswer{}).status, 200);
  EXPECT_EQ(fresh.receive_all(), "");
  EXPECT_EQ(used.receive_all(), "");
  EXPECT_TRUE(eventually([&] { return server->counters().open == 0; }));
  EXPECT_EQ(server->counters().timed_out, 0U);
}

TEST(InboundLimits, AHandlerThatNeverAnswersIs503AndItsLateAnswerIsVoid) {
  inbound::Limits limits;
  limits.handler_deadline = 50ms;
  HeldRequests held;
  const auto server = start_server(limits, held.handler());
  auto socket = RawSocket::connect(server->port());
  socket.send(get_a);
  const auto request = held.take();
  ASSERT_TRUE(request);
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).status, 503);
  request->respond({{200, {}, "late"}});
  EXPECT_EQ(socket.receive_all(), "");
}

TEST(InboundLimits, AClientThatDoesNotReadItsAnswerIsReset) {
  inbound::Limits limits;
  limits.write_deadline = 100ms;
  const auto server =
      start_server(limits, [](const http::Request& request, const inbound::Responder& respond) {
        respond({{200, {}, request.target == "/ok" ? "ok" : std::string(64 << 20, 'x')}});
      });
  auto socket = RawSocket::connect(server->port());
  socket.send(get_a);
  EXPECT_TRUE(eventually([&] { return server->counters().timed_out == 1; }));
  EXPECT_TRUE(eventually([&] { return server->counters().open == 0; }));
  EXPECT_TRUE(serves(*server));
}

TEST(InboundLimits, ConnectionsOverTheLimitAreTurnedAwayWith503) {
  for (const bool per_address : {false, true}) {
    inbound::Limits limits;
    (per_address ? limits.connections_per_address : limits.connections) = 2;
    const auto server = start_server(limits);
    auto first = RawSocket::connect(server->port());
    auto second = RawSocket::connect(server->port());
    for (auto* socket : {&first, &second}) {
      socket->send(get_a);
      ASSERT_EQ(socket->receive_answer().value_or(RawAnswer{}).status, 200);
    }
    auto third = RawSocket::connect(server->port());
    third.send(get_a);
    EXPECT_EQ(third.receive_answer().value_or(RawAnswer{}).status, 503);
    EXPECT_TRUE(third.closes());
    EXPECT_EQ(server->counters().refused_connections, 1U);
    first.send(get_a);
    EXPECT_EQ(first.receive_answer().value_or(RawAnswer{}).status, 200);
    second.close();
    third.close();
    EXPECT_TRUE(eventually([&] { return server->counters().open == 1; }));
    EXPECT_TRUE(serves(*server));
  }
}

// Lets no further descriptor be opened while it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest_free = ::dup(0);
    ::close(lowest_free);
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(lowest_free);
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST(InboundLimits, WithoutDescriptorsTheServerWaitsAndGoesOnLater) {
  const auto server = start_server();
  auto served = RawSocket::connect(server->port());
  served.send(get_a);
  ASSERT_EQ(served.receive_answer().value_or(RawAnswer{}).status, 200);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(server->port());
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  RawSocket waiting{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  {
    const NoDescriptors none;
    ASSERT_EQ(::connect(waiting.descriptor(), reinterpret_cast<const sockaddr*>(&to), sizeof to),
              0);
    waiting.send(get_a);
    ASSERT_TRUE(eventually([&] { return server->counters().accept_failures >= 3; }));
    served.send(get_a);
    EXPECT_EQ(served.receive_answer().value_or(RawAnswer{}).status, 200);
    EXPECT_LT(server->counters().accept_failures, 20U);  // it does not spin
  }
  EXPECT_EQ(waiting.receive_answer().value_or(RawAnswer{}).status, 200);
}

}  // namespace
}  // namespace cambist::test
