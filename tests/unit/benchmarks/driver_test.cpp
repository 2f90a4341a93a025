// The whole generator against a server that stalls: an open loop tells of every payment that the
// stall made wait, a closed one only of those it held.
#include "benchmarks/load/driver.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <thread>

namespace cambist::load {
namespace {

using std::chrono::milliseconds;

/// Answers one connection at a time; the request number `stalled_at` is answered late or refused.
class Stub {
 public:
  Stub(int stalled_at, milliseconds stall, int status = 200)
      : stalled_at_(stalled_at), stall_(stall), status_(status) {
    listener_ = Descriptor{::socket(AF_INET, SOCK_STREAM, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_.get(), 16);
    socklen_t size = sizeof address;
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
  }
  ~Stub() {
    stopping_ = true;
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }
  [[nodiscard]] Plan plan(double rate, double seconds) const {
    Plan made{.server = read_url("http://127.0.0.1:" + std::to_string(port_))->first,
              .create = {TextTemplate{"/c"}, TextTemplate{"{id}"}, TextTemplate{""}, "fine"},
              .capture = {TextTemplate{"/{rid}"}, TextTemplate{"{id}"}, TextTemplate{""}, "fine"},
              .prefix = "t",
              .watch = {}};
    made.rate = rate;
    made.connections = 1;
    made.warm = std::chrono::duration<double>{0};
    made.seconds = std::chrono::duration<double>{seconds};
    return made;
  }

 private:
  void serve() {
    while (!stopping_) {
      const Descriptor peer{::accept(listener_.get(), nullptr, nullptr)};
      const int one = 1;
      ::setsockopt(peer.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      std::array<char, 4096> part{};
      while (peer.open() && ::recv(peer.get(), part.data(), part.size(), 0) > 0) {
        const bool special = seen_++ == stalled_at_;
        if (special) std::this_thread::sleep_for(stall_);  // the stall is what is tested
        const std::string answer =
            "HTTP/1.1 " + std::to_string(special ? status_ : 200) +
            " X\r\nContent-Length: 22\r\n\r\n{\"id\":\"s1\",\"is\":\"fine\"}";
        ::send(peer.get(), answer.data(), answer.size() - 2, MSG_NOSIGNAL);
        ::send(peer.get(), answer.data() + answer.size() - 2, 2, MSG_NOSIGNAL);
      }
    }
  }
  int stalled_at_;
  milliseconds stall_;
  int status_;
  Descriptor listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  int seen_ = 0;
  std::thread thread_;
};

Tally run(const Plan& plan) {
  return Driver{plan, Clock::now()}.run();
}

TEST(LoadDriver, AnOpenLoopTellsOfEveryPaymentThatAStallMadeWait) {
  const Stub stub{20, milliseconds{300}};
  const auto tally = run(stub.plan(200, 0.6));
  // 60 of the 120 payments were meant to start inside the stall, and waited 150 ms on average.
  EXPECT_EQ(tally.create.count(), 120U);
  EXPECT_GT(tally.create.quantile(0.70), milliseconds{60});
  EXPECT_EQ(tally.unanswered, 0U);
  EXPECT_TRUE(tally.errors.empty()) << tally.first_error;
}

TEST(LoadDriver, AClosedLoopSeesTheStallOnce) {
  const Stub stub{20, milliseconds{300}};
  const auto tally = run(stub.plan(0, 0.6));
  // One create of at least eleven waited, however slow the machine is.
  EXPECT_GT(tally.create.count(), 10U);
  EXPECT_LT(tally.create.quantile(0.80), milliseconds{100});
  EXPECT_GE(std::max(tally.create.max(), tally.capture.max()), milliseconds{290});
}

TEST(LoadDriver, ArrivalsOutOfPatienceAreGivenUpAndNotSent) {
  const Stub stub{20, milliseconds{300}};
  auto plan = stub.plan(200, 0.6);
  plan.patience = milliseconds{50};
  const auto tally = run(plan);
  EXPECT_GT(tally.given_up, 30U);
  EXPECT_EQ(tally.given_up + tally.create.count(), 120U);
}

TEST(LoadDriver, ARefusedPaymentIsAnErrorByItsStatusAndHasNoLatency) {
  const Stub stub{0, milliseconds{0}, 503};
  auto plan = stub.plan(0, 5);
  plan.payments = 3;
  const auto tally = run(plan);
  EXPECT_EQ(tally.errors.at("503"), 1U);
  EXPECT_EQ(tally.create.count(), 2U);
  EXPECT_EQ(tally.payments, 2U);
  EXPECT_EQ(tally.started, 3U);
}

}  // namespace
}  // namespace cambist::load
