// The end of a server: what runs is finished, what is idle is closed, and nothing that comes late
// does harm.
#include <future>

#include "tests/integration/http/held_requests.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

const std::string get_a = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

TEST(InboundDrain, RunningRequestsAreAnsweredAndThenTheConnectionCloses) {
  HeldRequests held;
  const auto server = start_server({}, held.handler(), 2);
  auto idle = RawSocket::connect(server->port());
  auto running = RawSocket::connect(server->port());
  running.send(get_a);
  const auto request = held.take();
  ASSERT_TRUE(request);
  auto drained = std::async(std::launch::async, [&] { server->drain(10s); });
  EXPECT_EQ(idle.receive_all(), "");
  EXPECT_TRUE(eventually([&] { return !RawSocket::connect(server->port()).is_open(); }));
  EXPECT_EQ(drained.wait_for(0s), std::future_status::timeout);
  request->respond({{200, {}, "done"}});
  const auto answer = running.receive_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "done");
  EXPECT_EQ(answer->header("Connection"), "close");
  running.close();
  EXPECT_EQ(drained.wait_for(patience), std::future_status::ready);
}

TEST(InboundDrain, ARequestThatIsStillArrivingIsServed) {
  const auto server = start_server();
  auto socket = RawSocket::connect(server->port());
  socket.send(get_a.substr(0, 10));
  ASSERT_TRUE(eventually([&] { return server->counters().accepted == 1; }));
  ASSERT_TRUE(serves(*server));  // so the first bytes were read
  auto drained = std::async(std::launch::async, [&] { server->drain(10s); });
  ASSERT_TRUE(eventually([&] { return !RawSocket::connect(server->port()).is_open(); }));
  socket.send(get_a.substr(10));
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).header("Connection"), "close");
  socket.close();
  EXPECT_EQ(drained.wait_for(patience), std::future_status::ready);
}

TEST(InboundDrain, TheDeadlineEndsWhatDoesNotEndByItself) {
  HeldRequests held;
  const auto server = start_server({}, held.handler());
  auto socket = RawSocket::connect(server->port());
  socket.send(get_a);
  const auto request = held.take();
  ASSERT_TRUE(request);
  const auto began = Clock::now();
  server->drain(50ms);
  EXPECT_GE(Clock::now() - began, 50ms);
  EXPECT_EQ(socket.receive_all(), "");
  request->respond({{200, {}, "late"}});
}

TEST(InboundDrain, ASecondDrainAndTheEndAreHarmless) {
  const auto server = start_server();
  server->drain(0ms);
  server->drain(1h);
}

TEST(InboundDrain, AResponderMayOutliveTheServer) {
  HeldRequests held;
  auto server = start_server({}, held.handler());
  auto one = RawSocket::connect(server->port());
  auto other = RawSocket::connect(server->port());
  one.send(get_a);
  auto answered_late = held.take();
  other.send(get_a);
  auto never_answered = held.take();
  ASSERT_TRUE(answered_late && never_answered);
  server.reset();
  answered_late->respond({});
  answered_late.reset();
  never_answered.reset();
  EXPECT_EQ(one.receive_all(), "");
  EXPECT_EQ(other.receive_all(), "");
}

TEST(InboundDrain, TheServerDropsItsHandlerEvenWhenAResponderStays) {
  HeldRequests held;
  const auto token = std::make_shared<int>(1);
  auto server = start_server(
      {}, [token, hold = held.handler()](http::Request request, inbound::Responder respond) {
        hold(std::move(request), std::move(respond));
      });
  auto socket = RawSocket::connect(server->port());
  socket.send(get_a);
  const auto request = held.take();
  ASSERT_TRUE(request);
  server.reset();
  EXPECT_EQ(token.use_count(), 1);
}

}  // namespace
}  // namespace cambist::test
