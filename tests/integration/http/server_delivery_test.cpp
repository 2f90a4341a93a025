// The faults that the sandbox asks for, as a client sees them.
#include "tests/integration/http/held_requests.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using inbound::Delivery;

struct InboundDelivery : testing::Test {
  inbound::Limits limits;
  RawSocket socket;
  std::unique_ptr<inbound::Server> server;

  void ask(Delivery delivery, std::chrono::milliseconds delay = 0ms) {
    server =
        start_server(limits, [=](const http::Request& request, const inbound::Responder& respond) {
          if (request.target == "/ok") return respond({});
          respond({{200, {}, "0123456789"}, delivery, delay});
        });
    socket = RawSocket::connect(server->port());
    socket.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  }
};

TEST_F(InboundDelivery, NeverIsSilenceUntilTheClientLeaves) {
  ask(Delivery::never);
  EXPECT_FALSE(socket.receive_some(100ms));
  EXPECT_EQ(server->counters().open, 1U);
  socket.close();
  EXPECT_TRUE(eventually([&] { return server->counters().open == 0; }));
}

TEST_F(InboundDelivery, NeverEndsAtTheIdleLimit) {
  limits.idle_max = 50ms;
  ask(Delivery::never);
  EXPECT_EQ(socket.receive_all(), "");
}

TEST_F(InboundDelivery, ResetIsAnRstWithoutAByte) {
  ask(Delivery::reset);
  EXPECT_EQ(socket.receive_all(), "");
  EXPECT_TRUE(socket.was_reset());
}

TEST_F(InboundDelivery, ResetMidBodySendsHalfOfItFirst) {
  ask(Delivery::reset_mid_body);
  const auto bytes = socket.receive_all();
  EXPECT_NE(bytes.find("Content-Length: 10\r\n"), std::string::npos);
  EXPECT_TRUE(bytes.ends_with("\r\n\r\n01234"));
  EXPECT_TRUE(socket.was_reset());
}

TEST_F(InboundDelivery, TruncateTellsTheFullLengthAndEndsInGoodOrder) {
  ask(Delivery::truncate);
  const auto bytes = socket.receive_all();
  EXPECT_NE(bytes.find("Content-Length: 10\r\n"), std::string::npos);
  EXPECT_TRUE(bytes.ends_with("\r\n\r\n01234"));
  EXPECT_FALSE(socket.was_reset());
}

TEST_F(InboundDelivery, DelayHoldsOnlyItsOwnAnswer) {
  const auto began = std::chrono::steady_clock::now();
  ask(Delivery::normal, 200ms);
  EXPECT_TRUE(serves(*server));
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).body, "0123456789");
  EXPECT_GE(std::chrono::steady_clock::now() - began, 200ms);
}

TEST_F(InboundDelivery, DelayMayBeLongerThanTheHandlerDeadline) {
  limits.handler_deadline = 50ms;
  ask(Delivery::normal, 150ms);
  EXPECT_EQ(socket.receive_answer().value_or(RawAnswer{}).status, 200);
}

}  // namespace
}  // namespace cambist::test
