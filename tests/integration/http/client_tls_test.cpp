// Whom the client believes to be who they say they are.
#include "tests/integration/http/client_fixture.hpp"
#include "tests/support/raw_tls.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

struct OutboundTls : testing::Test {
  TestCa ca;
  std::shared_ptr<HttpClient> client = make_client(limits(ca.file()));

  static ClientLimits limits(const std::string& ca_file) {
    ClientLimits limits;
    limits.ca_file = ca_file;
    return limits;
  }
  // What a call to `peer` comes to; a refused peer must not have read a request.
  std::string call_to(TlsPeer& peer, const std::string& host = "localhost") {
    const auto outcome = describe(call(*client, get(peer.origin(host))));
    if (outcome.starts_with("not_sent")) EXPECT_EQ(peer.requests(), 0);
    return outcome;
  }
};

TEST_F(OutboundTls, TheRightNameFromAKnownAuthorityIsTrusted) {
  TlsPeer peer{ca.issue({})};
  EXPECT_EQ(call_to(peer), "200 GET /x HTTP/1.1");
  EXPECT_EQ(peer.asked_name(), "localhost");
}

TEST_F(OutboundTls, AnAddressIsVerifiedAsAnAddressAndNotSentAsAName) {
  TlsPeer peer{ca.issue({"127.0.0.1"})};
  EXPECT_EQ(call_to(peer, "127.0.0.1"), "200 GET /x HTTP/1.1");
  EXPECT_EQ(peer.asked_name(), "");
}

TEST_F(OutboundTls, OneConnectionCarriesManyRequests) {
  TlsPeer peer{ca.issue({})};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(call_to(peer), "200 GET /x HTTP/1.1");
  EXPECT_EQ(peer.connections(), 1);
}

TEST_F(OutboundTls, TheWrongNameIsRefused) {
  TlsPeer peer{ca.issue({"api.example.com"})};
  EXPECT_EQ(call_to(peer), "not_sent tls");
}

TEST_F(OutboundTls, ANameDoesNotStandForAnAddress) {
  TlsPeer peer{ca.issue({"localhost"})};
  EXPECT_EQ(call_to(peer, "127.0.0.1"), "not_sent tls");
}

TEST_F(OutboundTls, AnExpiredCertificateIsRefused) {
  TlsPeer peer{ca.issue({"localhost", -7200, -3600})};
  EXPECT_EQ(call_to(peer), "not_sent tls");
}

TEST_F(OutboundTls, ACertificateOfTheFutureIsRefused) {
  TlsPeer peer{ca.issue({"localhost", 3600, 7200})};
  EXPECT_EQ(call_to(peer), "not_sent tls");
}

TEST_F(OutboundTls, ASelfSignedCertificateIsRefused) {
  TlsPeer peer{self_signed({})};
  EXPECT_EQ(call_to(peer), "not_sent tls");
}

TEST_F(OutboundTls, AnUnknownAuthorityIsRefused) {
  const TestCa other;
  TlsPeer peer{other.issue({})};
  EXPECT_EQ(call_to(peer), "not_sent tls");
}

TEST_F(OutboundTls, TheSystemsRootsDoNotKnowTheTestAuthority) {
  TlsPeer peer{ca.issue({})};
  client = make_client({});
  EXPECT_EQ(call_to(peer), "not_sent tls");
}

TEST_F(OutboundTls, ACaFileThatCannotBeReadTrustsNobody) {
  TlsPeer peer{ca.issue({})};
  client = make_client(limits("/nonexistent/ca.pem"));
  EXPECT_EQ(call_to(peer), "not_sent tls");
}

TEST_F(OutboundTls, AnOldProtocolVersionIsRefused) {
  TlsPeer peer{ca.issue({}), TLS1_1_VERSION};
  EXPECT_EQ(call_to(peer), "not_sent tls");
}

TEST_F(OutboundTls, Tls12IsServed) {
  TlsPeer peer{ca.issue({}), TLS1_2_VERSION};
  EXPECT_EQ(call_to(peer), "200 GET /x HTTP/1.1");
}

TEST_F(OutboundTls, APlainServerIsNotSentTheRequest) {
  RawPeer peer{[](RawSocket& socket, int) {
    socket.send(answer_bytes(400, "speak plainly"));
    (void)socket.closes();
  }};
  EXPECT_EQ(describe(call(*client, get("https://localhost:" + std::to_string(peer.port())))),
            "not_sent tls");
}

TEST_F(OutboundTls, ASilentHandshakeEndsInTime) {
  RawPeer peer{[](RawSocket& socket, int) { (void)socket.closes(); }};
  auto short_limits = limits(ca.file());
  short_limits.tls_timeout = 50ms;
  client = make_client(short_limits);
  EXPECT_EQ(describe(call(*client, get("https://localhost:" + std::to_string(peer.port())))),
            "not_sent tls");
}

TEST_F(OutboundTls, ABodyThatAnybodyMayHaveCutIsNotBelieved) {
  TlsPeer peer{ca.issue({}), 0, true};
  EXPECT_EQ(call_to(peer), "maybe_sent malformed_response");
}

}  // namespace
}  // namespace cambist::test
