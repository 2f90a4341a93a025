// The guard on addresses: merchants name the host, so what it resolves to is asked about first.
#include <atomic>

#include "tests/integration/http/client_fixture.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

bool outside_loopback(std::string_view address) {
  return !address.starts_with("127.") && address != "::1";
}

// Answers every name with `addresses`.
ClientLimits resolving_to(std::vector<std::string> addresses,
                          std::shared_ptr<std::atomic<int>> asked = {}) {
  ClientLimits limits;
  limits.resolve = [addresses = std::move(addresses), asked](
                       const std::string&, std::function<void(std::vector<std::string>)> found) {
    if (asked) ++*asked;
    found(addresses);
  };
  return limits;
}

// A peer that counts who comes.
struct Counted {
  std::atomic<int> connections{0};
  RawPeer peer{[this](RawSocket& socket, int) {
    ++connections;
    while (socket.receive_request()) socket.send(answer_bytes(200, "ok", ""));
  }};
  std::string origin(const std::string& host) const {
    return "http://" + host + ":" + std::to_string(peer.port());
  }
};

TEST(AddressGuard, APublicNameThatLeadsToLoopbackIsNotConnectedTo) {
  Counted counted;
  auto limits = resolving_to({"127.0.0.1"});
  limits.address_allowed = outside_loopback;
  const auto client = make_client(limits);
  for (int i = 0; i < 3; ++i) {  // from the cache too
    EXPECT_EQ(describe(call(*client, get(counted.origin("hooks.shop.example")))),
              "not_sent address_refused");
  }
  EXPECT_EQ(counted.connections, 0);
}

TEST(AddressGuard, OneBadAddressRefusesTheName) {
  Counted counted;
  auto limits = resolving_to({"192.0.2.1", "127.0.0.1"});
  limits.address_allowed = outside_loopback;
  const auto client = make_client(limits);
  EXPECT_EQ(describe(call(*client, get(counted.origin("hooks.shop.example")))),
            "not_sent address_refused");
  EXPECT_EQ(counted.connections, 0);
}

TEST(AddressGuard, ALiteralIsAskedAboutLikeAName) {
  Counted counted;
  ClientLimits limits;
  limits.address_allowed = outside_loopback;
  const auto client = make_client(limits);
  EXPECT_EQ(describe(call(*client, get(counted.origin("127.0.0.1")))), "not_sent address_refused");
  EXPECT_EQ(counted.connections, 0);
}

TEST(AddressGuard, TheAddressThatWasAskedAboutIsTheOneConnectedTo) {
  Counted counted;
  const auto asked = std::make_shared<std::atomic<int>>(0);
  auto limits = resolving_to({"127.0.0.1"}, asked);
  std::vector<std::string> seen;  // on the client's thread, read when it is gone
  limits.address_allowed = [&seen](std::string_view address) {
    seen.emplace_back(address);
    return true;
  };
  auto client = make_client(limits);
  EXPECT_EQ(describe(call(*client, get(counted.origin("hooks.shop.example")))), "200 ok");
  client.reset();
  EXPECT_EQ(seen, std::vector<std::string>{"127.0.0.1"});
  EXPECT_EQ(*asked, 1) << "a second question could have had another answer";
}

TEST(AddressGuard, RedirectsAreNotFollowed) {
  Counted inside;
  RawPeer peer{[&](RawSocket& socket, int) {
    while (socket.receive_request())
      socket.send(answer_bytes(302, "", "Location: " + inside.origin("127.0.0.1") + "/\r\n"));
  }};
  const auto client = make_client({});
  EXPECT_EQ(describe(call(*client, get(peer.origin()))), "302 ");
  EXPECT_EQ(inside.connections, 0);
}

TEST(LongAnswers, AreCutWhereTheClientIsToldTo) {
  RawPeer peer{[](RawSocket& socket, int) {
    while (socket.receive_request()) socket.send(answer_bytes(200, std::string(5'000, 'x'), ""));
  }};
  ClientLimits limits;
  limits.response_bytes = 1'000;
  EXPECT_EQ(describe(call(*make_client(limits), get(peer.origin()))),
            "maybe_sent response_too_large");
  limits.long_answers_cut = true;
  const auto client = make_client(limits);
  for (int i = 0; i < 2; ++i) {  // on a connection of its own each time
    const auto outcome = call(*client, get(peer.origin()));
    ASSERT_TRUE(std::holds_alternative<http::Response>(outcome));
    EXPECT_EQ(std::get<http::Response>(outcome).status, 200);
    EXPECT_LE(std::get<http::Response>(outcome).body.size(), 1'000U);
  }
}

}  // namespace
}  // namespace cambist::test
