// Webhooks that are verified by the certificate that signed them.
#include "protocols/providers/paypal/signature.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "protocols/http/syntax.hpp"
#include "protocols/providers/paypal/certificate.hpp"
#include "protocols/providers/paypal/sandbox_root.hpp"
#include "tests/unit/protocols/providers/paypal/signed_webhook.hpp"

namespace cambist::paypal {
namespace {

using test::header_of;
using test::SignedWebhook;

const TimePoint now = parse_rfc3339("2026-12-01T08:00:05Z").value();

std::shared_ptr<const provider::Adapter> adapter(std::map<std::string, std::string> values = {}) {
  return provider::find_entry("paypal")->make(test::paypal_settings(std::move(values))).value();
}

http::Response certificate(std::string_view pem = test::pem::leaf) {
  return {200, {}, std::string{pem}};
}

/// The error of the whole way that a webhook goes; nullopt for one that is genuine.
std::optional<ErrorCode> refusal(const http::Request& webhook,
                                 const http::Response& evidence = certificate(), TimePoint at = now,
                                 std::map<std::string, std::string> settings = {}) {
  const auto account = adapter(std::move(settings));
  if (const auto needed = account->evidence_for(webhook); !needed) return needed.error().code;
  const auto verified = account->verify_with(webhook, evidence, at);
  return verified ? std::nullopt : std::optional{verified.error().code};
}

TEST(PayPalSignature, TheChecksumIsThatOfTheVectors) {
  EXPECT_EQ(crc32("123456789"), 3'421'780'262U);
  EXPECT_EQ(crc32(R"({"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED"})"), 2'325'436'976U);
  EXPECT_EQ(crc32(""), 0U);
}

TEST(PayPalSignature, SignsTheChecksumAsUnsignedDecimalText) {
  EXPECT_EQ(signed_text("id", "time", "WH", "123456789"), "id|time|WH|3421780262");
  EXPECT_EQ(signed_text("id", "time", "WH", ""), "id|time|WH|0");
}

TEST(PayPalSignature, AGenuineWebhookIsTaken) {
  const auto webhook = SignedWebhook{}.request();
  const auto evidence = adapter()->evidence_for(webhook).value();
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->request.method, "GET");
  EXPECT_EQ(evidence->request.origin, "https://api.sandbox.paypal.com");
  EXPECT_EQ(evidence->request.target, "/v1/notifications/certs/CERT-test");
  EXPECT_EQ(http::find(evidence->request.headers, "Authorization"), nullptr);
  EXPECT_TRUE(evidence->keep);
  EXPECT_FALSE(evidence->with_token);
  EXPECT_EQ(refusal(webhook), std::nullopt);
}

TEST(PayPalSignature, HeaderNamesAndTheAlgorithmAreReadWithoutCase) {
  SignedWebhook webhook;
  webhook.algorithm = "sha256WITHrsa";
  auto request = webhook.request();
  for (auto& header : request.headers)
    std::transform(header.name.begin(), header.name.end(), header.name.begin(), http::to_lower);
  EXPECT_EQ(refusal(request), std::nullopt);
}

TEST(PayPalSignature, AChainMayLeadToTheRootOverAnother) {
  const std::string chain = std::string{test::pem::chained} + std::string{test::pem::intermediate};
  const std::map<std::string, std::string> roots{
      {"webhook_root", std::string{test::pem::another_root}}};
  EXPECT_EQ(refusal(SignedWebhook{}.request(), certificate(chain), now, roots), std::nullopt);
  // Without the link between there is none.
  EXPECT_EQ(refusal(SignedWebhook{}.request(), certificate(test::pem::chained), now, roots),
            ErrorCode::unauthenticated);
}

// --- what was done to a genuine one
// ----------------------------------------------------------------------------

struct Forgery {
  const char* name;
  std::function<void(http::Request&)> change;
};

void PrintTo(const Forgery& given, std::ostream* out) {
  *out << given.name;
}

class PayPalForgery : public testing::TestWithParam<Forgery> {};

TEST_P(PayPalForgery, IsRefusedAsAnyOther) {
  auto webhook = SignedWebhook{}.request();
  GetParam().change(webhook);
  EXPECT_EQ(refusal(webhook), ErrorCode::unauthenticated);
  const auto verified = adapter()->verify_with(webhook, certificate(), now);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().detail, "the webhook's signature is not right or too old");
}

Forgery without(const char* name, const char* header) {
  return {name, [header](http::Request& request) {
            std::erase_if(request.headers, [&](const auto& h) {
              return http::equals_ignoring_case(h.name, header);
            });
          }};
}
Forgery twice(const char* name, const char* header) {
  return {name, [header](http::Request& request) {
            request.headers.push_back({header, header_of(request, header)});
          }};
}
Forgery set(const char* name, const char* header, std::string value) {
  return {name, [header, value](http::Request& request) { header_of(request, header) = value; }};
}
Forgery from(const char* name, std::string url) {
  return set(name, "PayPal-Cert-Url", std::move(url));
}

INSTANTIATE_TEST_SUITE_P(
    Headers, PayPalForgery,
    testing::Values(
        Forgery{"TamperedBody", [](http::Request& r) { r.body[20] ^= 1; }},
        Forgery{"LongerBody", [](http::Request& r) { r.body += " "; }},
        Forgery{"NoBody", [](http::Request& r) { r.body.clear(); }},
        without("NoId", "PayPal-Transmission-Id"), without("NoTime", "PayPal-Transmission-Time"),
        without("NoSignature", "PayPal-Transmission-Sig"),
        without("NoCertificate", "PayPal-Cert-Url"), without("NoAlgorithm", "PayPal-Auth-Algo"),
        twice("TwoIds", "PayPal-Transmission-Id"), twice("TwoTimes", "PayPal-Transmission-Time"),
        twice("TwoSignatures", "PayPal-Transmission-Sig"),
        twice("TwoCertificates", "PayPal-Cert-Url"), twice("TwoAlgorithms", "PayPal-Auth-Algo"),
        set("AnotherId", "PayPal-Transmission-Id", "69cd13f0-d67a-11e5-baa3-778b53f4ae56"),
        set("ABarInTheId", "PayPal-Transmission-Id", "a|b"),
        set("AnEmptyId", "PayPal-Transmission-Id", ""),
        set("AnotherTime", "PayPal-Transmission-Time", "2026-12-01T08:00:01Z"),
        set("TheSameTimeWrittenAnew", "PayPal-Transmission-Time", "2026-12-01T08:00:00.000Z"),
        set("NoTimeAtAll", "PayPal-Transmission-Time", "yesterday"),
        set("AnotherAlgorithm", "PayPal-Auth-Algo", "SHA1withRSA"),
        set("NoneAsAlgorithm", "PayPal-Auth-Algo", "none"),
        set("SignatureIsNoBase64", "PayPal-Transmission-Sig", "!!!"),
        set("SignatureIsEmpty", "PayPal-Transmission-Sig", ""),
        set("SignatureOfZeros", "PayPal-Transmission-Sig", std::string(344, 'A')),
        Forgery{"SignatureWithAFlippedByte",
                [](http::Request& r) {
                  auto& text = header_of(r, "PayPal-Transmission-Sig");
                  text[10] = text[10] == 'A' ? 'B' : 'A';
                }}),
    [](const auto& info) { return info.param.name; });

const std::string path = "/v1/notifications/certs/CERT-test";

INSTANTIATE_TEST_SUITE_P(
    CertificateUrls, PayPalForgery,
    testing::Values(
        from("ForeignHost", "https://evil.example" + path),
        from("HostAsSuffix", "https://api.sandbox.paypal.com.evil.example" + path),
        from("HostAsPrefix", "https://evil-api.sandbox.paypal.com" + path),
        from("AnotherHostOfTheDomain", "https://www.sandbox.paypal.com" + path),
        from("LiveHostInTheSandbox", "https://api.paypal.com" + path),
        from("UserBeforeTheHost", "https://api.sandbox.paypal.com@evil.example" + path),
        from("UserAtTheHost", "https://evil@api.sandbox.paypal.com" + path),
        from("APort", "https://api.sandbox.paypal.com:8443" + path),
        from("ItsOwnPort", "https://api.sandbox.paypal.com:443" + path),
        from("PlainHttp", "http://api.sandbox.paypal.com" + path),
        from("File", "file:///etc/ssl/cert.pem"),
        from("Capitals", "HTTPS://API.sandbox.paypal.com" + path),
        from("DotAtTheEnd", "https://api.sandbox.paypal.com." + path),
        from("Backslash", "https://evil.example\\@api.sandbox.paypal.com" + path),
        from("SpaceBefore", " https://api.sandbox.paypal.com" + path),
        from("AnotherPath", "https://api.sandbox.paypal.com/v1/other/CERT-test"),
        from("NoId", "https://api.sandbox.paypal.com/v1/notifications/certs/"),
        from("PathUpwards", "https://api.sandbox.paypal.com/v1/notifications/certs/../../x"),
        from("EncodedPathUpwards", "https://api.sandbox.paypal.com/v1/notifications/certs/%2e%2e"),
        from("Query", "https://api.sandbox.paypal.com" + path + "?next=https://evil.example"),
        from("Fragment", "https://api.sandbox.paypal.com" + path + "#x"),
        from("Newline", "https://api.sandbox.paypal.com" + path + "\r\nX: y"),
        from("Loopback", "http://127.0.0.1:8081/paypal" + path), from("Empty", "")),
    [](const auto& info) { return info.param.name; });

TEST(PayPalSignature, AWebhookOfAnotherAccountIsRefused) {
  SignedWebhook webhook;
  webhook.webhook_id = "WH-ANOTHER";
  EXPECT_EQ(refusal(webhook.request()), ErrorCode::unauthenticated);
}

TEST(PayPalSignature, BarsCannotBeMovedBetweenTheFields) {
  // Signed as "id|time|WH-SANDBOX|crc" all the same, if the id could hold a bar.
  SignedWebhook webhook;
  auto request = webhook.request();
  header_of(request, "PayPal-Transmission-Id") = webhook.id + "|" + webhook.time;
  header_of(request, "PayPal-Transmission-Time") = "";
  EXPECT_EQ(refusal(request), ErrorCode::unauthenticated);
}

// --- certificates
// ---------------------------------------------------------------------------------------------

struct Bad {
  const char* name;
  std::string_view pem;
};

void PrintTo(const Bad& given, std::ostream* out) {
  *out << given.name;
}

class PayPalCertificate : public testing::TestWithParam<Bad> {};

TEST_P(PayPalCertificate, IsNotBelieved) {
  EXPECT_EQ(refusal(SignedWebhook{}.request(), certificate(GetParam().pem)),
            ErrorCode::unauthenticated);
}

INSTANTIATE_TEST_SUITE_P(All, PayPalCertificate,
                         testing::Values(Bad{"Expired", test::pem::expired},
                                         Bad{"NotYetValid", test::pem::not_yet_valid},
                                         Bad{"OfAnotherDomain", test::pem::another_domain},
                                         Bad{"OfAnotherHost", test::pem::another_host},
                                         Bad{"WithTwoNames", test::pem::two_names},
                                         Bad{"OfAnotherRoot", test::pem::of_another_root},
                                         Bad{"SignedByALeaf", test::pem::signed_by_leaf},
                                         Bad{"OfAnotherKey", test::pem::small},
                                         Bad{"TheRootItself", sandbox_root}),
                         [](const auto& info) { return info.param.name; });

TEST(PayPalSignature, ARootOrALinkThatTheSenderBringsIsNotTrusted) {
  const std::string own_root =
      std::string{test::pem::of_another_root} + std::string{test::pem::another_root};
  EXPECT_EQ(refusal(SignedWebhook{}.request(), certificate(own_root)), ErrorCode::unauthenticated);
  const std::string by_leaf = std::string{test::pem::signed_by_leaf} + std::string{test::pem::leaf};
  EXPECT_EQ(refusal(SignedWebhook{}.request(), certificate(by_leaf)), ErrorCode::unauthenticated);
}

TEST(PayPalSignature, TheFirstCertificateIsTheSigners) {
  const std::string turned = std::string{sandbox_root} + std::string{test::pem::leaf};
  EXPECT_EQ(refusal(SignedWebhook{}.request(), certificate(turned)), ErrorCode::unauthenticated);
}

TEST(PayPalSignature, OnlyRsaSigns) {
  SignedWebhook webhook;
  webhook.key = test::pem::elliptic_key;
  EXPECT_EQ(refusal(webhook.request(), certificate(test::pem::elliptic)),
            ErrorCode::unauthenticated);
}

TEST(PayPalSignature, ACertificateThatIsGoodNowIsNoneAfterItsTime) {
  SignedWebhook webhook;
  webhook.time = "2046-06-01T08:00:00Z";
  const auto later = parse_rfc3339("2046-06-01T08:00:05Z").value();
  EXPECT_EQ(refusal(webhook.request(), certificate(), later), ErrorCode::unauthenticated);
}

TEST(PayPalSignature, WhatIsNoCertificateLetsPayPalSendAgain) {
  const auto webhook = SignedWebhook{}.request();
  std::string many;
  for (int i = 0; i < 9; ++i) many += test::pem::leaf;
  std::string encrypted{test::pem::leaf};
  encrypted.insert(encrypted.find('\n') + 1,
                   "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF"
                   "\n\n");
  const std::string big = std::string{test::pem::leaf} + std::string(64 * 1024, '\n');
  const std::string cut{test::pem::leaf.substr(0, 400)};
  for (const auto& body : {std::string{}, std::string{"<html>"}, many, encrypted, big, cut,
                           std::string{test::pem::leaf_key}}) {
    EXPECT_EQ(refusal(webhook, certificate(body)), ErrorCode::unavailable) << body.substr(0, 60);
  }
  for (const int status : {204, 301, 404, 500, 503}) {
    EXPECT_EQ(refusal(webhook, {status, {}, std::string{test::pem::leaf}}), ErrorCode::unavailable)
        << status;
  }
}

TEST(PayPalSignature, TheSystemsRootsDoNotKnowTheSandbox) {
  EXPECT_EQ(refusal(SignedWebhook{}.request(), certificate(), now, {{"webhook_root", ""}}),
            ErrorCode::unauthenticated);
}

// --- time
// -----------------------------------------------------------------------------------------------------

TEST(PayPalSignature, IsTakenForThreeDaysAndAMargin) {
  const auto webhook = SignedWebhook{}.request();
  const auto sent = parse_rfc3339("2026-12-01T08:00:00Z").value();
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  EXPECT_EQ(refusal(webhook, certificate(), sent + hours{72}), std::nullopt);
  EXPECT_EQ(refusal(webhook, certificate(), sent + hours{78}), std::nullopt);
  EXPECT_EQ(refusal(webhook, certificate(), sent + hours{78} + seconds{1}),
            ErrorCode::unauthenticated);
  EXPECT_EQ(refusal(webhook, certificate(), sent - minutes{5}), std::nullopt);
  EXPECT_EQ(refusal(webhook, certificate(), sent - minutes{5} - seconds{1}),
            ErrorCode::unauthenticated);
}

// --- accounts
// -------------------------------------------------------------------------------------------------

TEST(PayPalSignature, AnAccountWithoutAWebhookIdTakesNone) {
  const auto webhook = SignedWebhook{}.request();
  EXPECT_EQ(refusal(webhook, certificate(), now, {{"webhook_id", ""}}), ErrorCode::not_found);
  const auto verified = adapter({{"webhook_id", ""}})->verify_with(webhook, certificate(), now);
  EXPECT_EQ(verified.error().code, ErrorCode::not_found);
}

TEST(PayPalSignature, NothingIsGenuineWithoutItsCertificate) {
  const auto verified = adapter()->verify_webhook(SignedWebhook{}.request(), now);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, ErrorCode::unavailable);
}

TEST(PayPalSignature, ALiveAccountHasHostsOfItsOwn) {
  for (const auto& [url, taken] : {std::pair{"https://api.paypal.com" + path, true},
                                   {"https://api-m.paypal.com" + path, true},
                                   {"https://api.sandbox.paypal.com" + path, false},
                                   {"https://api-m.sandbox.paypal.com" + path, false}}) {
    SignedWebhook webhook;
    webhook.cert_url = url;
    const auto live = adapter({{"environment", "live"}})->evidence_for(webhook.request());
    EXPECT_EQ(live.has_value(), taken) << url;
    EXPECT_EQ(adapter()->evidence_for(webhook.request()).has_value(), !taken) << url;
  }
}

TEST(PayPalSignature, TheSandboxsOwnCertificateIsTakenFromTheSandboxAlone) {
  const std::map<std::string, std::string> values{{"base_url", "http://127.0.0.1:8081/paypal"}};
  for (const auto& [url, taken] : {std::pair{"http://127.0.0.1:8081/paypal" + path, true},
                                   {"http://127.0.0.1:8081" + path, false},
                                   {"http://127.0.0.1:80/paypal" + path, false},
                                   {"http://localhost:8081/paypal" + path, false},
                                   {"https://api.sandbox.paypal.com" + path, false}}) {
    SignedWebhook webhook;
    webhook.cert_url = url;
    const auto evidence = adapter(values)->evidence_for(webhook.request());
    ASSERT_EQ(evidence.has_value(), taken) << url;
    if (!taken) continue;
    EXPECT_EQ((*evidence)->request.origin, "http://127.0.0.1:8081");
    EXPECT_EQ((*evidence)->request.target, "/paypal" + path);
    EXPECT_EQ(refusal(webhook.request(), certificate(), now, values), std::nullopt);
  }
}

}  // namespace
}  // namespace cambist::paypal
