// Every way to get no answer, and whether the request can have had an effect.
#include <condition_variable>
#include <mutex>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/integration/http/client_fixture.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

// Reads the request and says nothing until the client leaves.
void stay_silent(RawSocket& socket, int) {
  (void)socket.receive_request();
  (void)socket.closes();
}

// A listener whose queue of connections is full: a further connect gets no answer at all.
class FullListener {
 public:
  FullListener() {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at);
    ::listen(listener_, 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    for (int i = 0; i < 4; ++i) {
      fillers_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      ::connect(fillers_.back(), reinterpret_cast<const sockaddr*>(&at), sizeof at);
    }
  }
  FullListener(const FullListener&) = delete;
  FullListener& operator=(const FullListener&) = delete;
  ~FullListener() {
    for (const int filler : fillers_) ::close(filler);
    ::close(listener_);
  }
  [[nodiscard]] std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t port_ = 0;
  std::vector<int> fillers_;
};

TEST(OutboundFailure, AnUnknownNameIsNotSent) {
  ClientLimits limits;
  limits.connect_timeout = 2s;
  const auto client = make_client(limits);
  EXPECT_EQ(describe(call(*client, get("http://no-such-host.invalid"))), "not_sent dns");
}

TEST(OutboundFailure, ARefusedConnectionIsNotSent) {
  const auto client = make_client({});
  EXPECT_EQ(describe(call(*client, get("http://127.0.0.1:" + std::to_string(dead_port())))),
            "not_sent connect");
}

TEST(OutboundFailure, AConnectionThatIsNotAcceptedInTimeIsNotSent) {
  const FullListener full;
  ClientLimits limits;
  limits.connect_timeout = 50ms;
  const auto client = make_client(limits);
  EXPECT_EQ(describe(call(*client, get(full.origin()))), "not_sent connect_timeout");
}

TEST(OutboundFailure, TheWholeDeadlineCutsAConnectShort) {
  const FullListener full;
  const auto client = make_client({});
  EXPECT_EQ(describe(call(*client, get(full.origin()), 50ms)), "not_sent connect_timeout");
}

TEST(OutboundFailure, SilenceAfterTheRequestIsMaybeSent) {
  RawPeer peer{stay_silent};
  const auto client = make_client({});
  EXPECT_EQ(describe(call(*client, get(peer.origin()), 50ms)), "maybe_sent response_timeout");
}

TEST(OutboundFailure, AnAnswerThatTricklesBeyondTheDeadlineIsMaybeSent) {
  RawPeer peer{[](RawSocket& socket, int) {
    (void)socket.receive_request();
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (socket.send("a") && !socket.closes(5ms)) {
    }
  }};
  const auto client = make_client({});
  EXPECT_EQ(describe(call(*client, get(peer.origin()), 100ms)), "maybe_sent response_timeout");
}

TEST(OutboundFailure, AResetAfterTheRequestIsMaybeSent) {
  RawPeer peer{[](RawSocket& socket, int) {
    (void)socket.receive_request();
    socket.reset();
  }};
  const auto client = make_client({});
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "maybe_sent reset");
}

TEST(OutboundFailure, AResetInTheMiddleOfTheBodyIsMaybeSent) {
  RawPeer peer{[](RawSocket& socket, int) {
    (void)socket.receive_request();
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    socket.reset();
  }};
  const auto client = make_client({});
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "maybe_sent reset");
}

TEST(OutboundFailure, AFullLineIsNotSentAndTheOthersAreServed) {
  std::mutex mutex;
  std::condition_variable wake;
  bool go = false;
  RawPeer peer{[&](RawSocket& socket, int) {
    while (socket.receive_request()) {
      std::unique_lock lock{mutex};
      wake.wait(lock, [&] { return go; });
      socket.send(answer_bytes(200, "ok"));
    }
  }};
  ClientLimits limits;
  limits.connections_per_origin = 1;
  limits.waiting_per_origin = 2;
  const auto client = make_client(limits);
  std::vector<Pending> served;
  for (int i = 0; i < 3; ++i) served.push_back(send(*client, get(peer.origin())));
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "not_sent pool_full");
  {
    const std::lock_guard lock{mutex};
    go = true;
  }
  wake.notify_all();
  for (auto& one : served) EXPECT_EQ(describe(outcome_of(std::move(one))), "200 ok");
}

TEST(OutboundFailure, ARequestWhoseTurnNeverCameIsNotSent) {
  RawPeer peer{stay_silent};
  ClientLimits limits;
  limits.connections_per_origin = 1;
  const auto client = make_client(limits);
  auto first = send(*client, get(peer.origin()), 300ms);
  EXPECT_EQ(describe(call(*client, get(peer.origin()), 50ms)), "not_sent pool_full");
  EXPECT_EQ(describe(outcome_of(std::move(first))), "maybe_sent response_timeout");
}

TEST(OutboundFailure, AFailedConnectionMakesRoomForWhoWaits) {
  RawPeer peer{[](RawSocket& socket, int nth) {
    if (nth > 1) return answer_politely(socket, nth);
    (void)socket.receive_request();
    socket.reset();
  }};
  ClientLimits limits;
  limits.connections_per_origin = 1;
  const auto client = make_client(limits);
  auto first = send(*client, get(peer.origin()));
  auto second = send(*client, get(peer.origin()));
  EXPECT_EQ(describe(outcome_of(std::move(first))), "maybe_sent reset");
  EXPECT_EQ(describe(outcome_of(std::move(second))), "200 GET /x HTTP/1.1");
}

TEST(OutboundFailure, LineEndsInARequestAreRefusedBeforeAnythingIsSent) {
  RawPeer peer{answer_politely};
  const auto client = make_client({});
  auto header = get(peer.origin());
  header.headers = {{"X-Id", "a\r\nEvil: 1"}};
  auto name = get(peer.origin());
  name.headers = {{"X-Id: a\r\nEvil", "1"}};
  auto method = get(peer.origin());
  method.method = "GET /evil HTTP/1.1\r\nHost: h\r\n\r\nGET";
  for (const auto& request :
       {header, name, method, get(peer.origin(), "/a HTTP/1.1\r\nEvil: 1"), get(peer.origin(), "a"),
        get("ftp://127.0.0.1"), get("http://u@127.0.0.1"), get("http://127.0.0.1:99999")}) {
    EXPECT_EQ(describe(call(*client, request)), "not_sent malformed_request");
  }
  EXPECT_EQ(peer.connections(), 0);
}

TEST(OutboundFailure, TheEndOfTheClientTellsTheTruthToEveryCall) {
  std::promise<void> asked;
  RawPeer peer{[&](RawSocket& socket, int nth) {
    (void)socket.receive_request();
    if (nth == 1) asked.set_value();
    (void)socket.closes();
  }};
  const FullListener full;
  ClientLimits limits;
  limits.connections_per_origin = 1;
  auto client = make_client(limits);
  auto sent = send(*client, get(peer.origin()));
  auto waiting = send(*client, get(peer.origin()));
  auto connecting = send(*client, get(full.origin()));
  asked.get_future().wait();
  client.reset();
  EXPECT_EQ(describe(outcome_of(std::move(sent))), "maybe_sent cancelled");
  EXPECT_EQ(describe(outcome_of(std::move(waiting))), "not_sent cancelled");
  EXPECT_EQ(describe(outcome_of(std::move(connecting))), "not_sent cancelled");
}

TEST(OutboundFailure, TheClientMayBeLetGoInsideItsOwnCallback) {
  RawPeer peer{answer_politely};
  auto client = make_client({});
  std::promise<std::string> told;
  auto* const raw = client.get();
  raw->send(get(peer.origin()), patience,
            [&told, held = std::move(client)](HttpOutcome outcome) mutable {
              held.reset();
              told.set_value(describe(outcome));
            });
  EXPECT_EQ(told.get_future().get(), "200 GET /x HTTP/1.1");
}

TEST(OutboundFailure, ACallSentWhileTheClientEndsIsCancelledToo) {
  RawPeer peer{stay_silent};
  auto client = make_client({});
  auto* const raw = client.get();
  std::promise<std::string> again;
  std::promise<void> first;
  raw->send(get(peer.origin()), patience, [&](HttpOutcome) {
    raw->send(get(peer.origin()), patience,
              [&](HttpOutcome outcome) { again.set_value(describe(outcome)); });
    first.set_value();
  });
  client.reset();
  first.get_future().wait();
  EXPECT_EQ(again.get_future().get(), "not_sent cancelled");
}

}  // namespace
}  // namespace cambist::test
