#include "protocols/http/endpoint_url.hpp"

#include <gtest/gtest.h>

namespace cambist::http {
namespace {

constexpr auto production = EndpointMode::production;
constexpr auto development = EndpointMode::development;

void expect_refused(const std::string& url, EndpointMode mode) {
  const auto read = parse_endpoint_url(url, mode);
  ASSERT_FALSE(read) << url;
  EXPECT_EQ(read.error().code, ErrorCode::invalid_request);
  EXPECT_EQ(read.error().field, "url");
  EXPECT_EQ(read.error().detail.find("hunter2"), std::string::npos) << "the password is shown";
}

TEST(EndpointUrl, ReadsWhatMerchantsHave) {
  const auto url = parse_endpoint_url("https://Shop.Example.COM/hooks?a=b@c", production).value();
  EXPECT_EQ(url.origin, (Origin{true, "shop.example.com", 443}));
  EXPECT_EQ(url.target, "/hooks?a=b@c");
  EXPECT_FALSE(url.loopback);
  EXPECT_EQ(url.text(), "https://shop.example.com/hooks?a=b@c");
  const std::pair<const char*, const char*> spellings[] = {
      {"https://shop.example.com", "https://shop.example.com/"},
      {"https://shop.example.com:443/", "https://shop.example.com/"},
      {"https://shop.example.com:8443/x", "https://shop.example.com:8443/x"},
      {"https://shop.example.com?x=1", "https://shop.example.com/?x=1"},
      {"https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"},
      {"https://a-1.b-2.co.uk/%20", "https://a-1.b-2.co.uk/%20"},
      // A name, whatever it looks like: its addresses are looked at when it is resolved.
      {"https://127.0.0.1.nip.io/", "https://127.0.0.1.nip.io/"},
  };
  for (const auto& [given, text] : spellings) {
    const auto read = parse_endpoint_url(given, production);
    ASSERT_TRUE(read) << given << " " << read.error().detail;
    EXPECT_EQ(read->text(), text);
    EXPECT_EQ(parse_endpoint_url(text, production).value().text(), text);
  }
}

const std::string hostile[] = {
    // Not the web, or not encrypted.
    "",
    "https",
    "https:",
    "https:/",
    "https://",
    "https:///",
    "https:///path",
    "//shop.example.com/",
    "shop.example.com",
    "http://shop.example.com/",
    "HTTP://shop.example.com/",
    "HTTPS://shop.example.com/",
    "ftp://shop.example.com/",
    "file:///etc/passwd",
    "gopher://shop.example.com/",
    "javascript:alert(1)",
    "data:text/plain,x",
    "https:shop.example.com",
    "https:\\\\shop.example.com/",
    "xhttps://shop.example.com/",
    " https://shop.example.com/",
    // Somebody else than the eye sees.
    "https://user:hunter2@shop.example.com/",
    "https://hunter2@shop.example.com/",
    "https://@shop.example.com/",
    "https://shop.example.com@127.0.0.1/",
    "https://shop.example.com:443@127.0.0.1/",
    "https://127.0.0.1\\@shop.example.com/",
    "https://shop.example.com\\.evil.example/",
    "https://shop.example.com#@evil.example/",
    "https://shop.example.com/#fragment",
    "https://shop.example.com%2f@evil.example/",
    "https://shop.example.com%00.evil.example/",
    "https://shop%2eexample.com/",
    // Addresses, in every spelling.
    "https://8.8.8.8/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://0177.1/",
    "https://127.0.0.1./",
    "https://1.2.3/",
    "https://999.1.1.1/",
    "https://10.0.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://0/",
    "https://0.0.0.0/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fd00::1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2606:4700::1111]/",
    "https://[::1/",
    "https://::1/",
    "https://[127.0.0.1]/",
    "https://[]/",
    // Names of our own network, and none.
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://intranet/",
    "https://metadata/",
    "https://metadata.google.internal/",
    "https://x.localhost/",
    "https://printer.local/",
    "https://db.localdomain/",
    "https://router.home.arpa/",
    "https://x.test/",
    "https://x.invalid/",
    "https://x.onion/",
    "https://shop.example.com./",
    "https://.example.com/",
    "https://shop..example.com/",
    "https://-shop.example.com/",
    "https://shop-.example.com/",
    "https://shop_1.example.com/",
    "https://*.example.com/",
    "https://shop.example.1/",
    "https://sh\xc3\xb6p.example.com/",
    "https://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa7.0.0.1/",
    "https://127\xe3\x80\x82"
    "0.0.1/",
    // Ports that nobody sells with.
    "https://shop.example.com:80/",
    "https://shop.example.com:22/",
    "https://shop.example.com:8080/",
    "https://shop.example.com:6379/",
    "https://shop.example.com:0/",
    "https://shop.example.com:/",
    "https://shop.example.com:-443/",
    "https://shop.example.com:443443/",
    "https://shop.example.com:65979/",
    "https://shop.example.com:443:443/",
    "https://shop.example.com:443x/",
    "https://shop.example.com: 443/",
    // Bytes that readers take in different ways.
    "https://shop.example.com/ ",
    "https://shop.example.com/\r\nHost: evil",
    "https://shop.example.com/\t",
    "https://shop.exam\nple.com/",
    "https://shop.example.com/\x7f",
    "https://shop.example.com/\xc3\xa4",
    "https://shop.example.com/<x>",
    "https://shop.example.com/\"",
    "https://shop.example.com/a\\b",
    "https://shop.example.com/{x}",
    "https://shop.example.com,evil.example/",
    "https://shop.example.com;evil.example/",
    "https://shop.example.com&evil.example/",
};

TEST(EndpointUrl, RefusesEveryHostileOne) {
  EXPECT_GE(std::size(hostile), 60U);
  for (const auto& url : hostile) expect_refused(url, production);
  expect_refused(std::string{"https://shop.example.com/\0x", 27}, production);
}

TEST(EndpointUrl, HoldsAtMost2048Bytes) {
  const std::string start = "https://shop.example.com/";
  EXPECT_TRUE(parse_endpoint_url(start + std::string(2'048 - start.size(), 'x'), production));
  expect_refused(start + std::string(2'049 - start.size(), 'x'), production);
}

TEST(EndpointUrl, LabelsAndNamesHaveTheirLengths) {
  const std::string label(63, 'a');
  EXPECT_TRUE(parse_endpoint_url("https://" + label + ".example/", production));
  expect_refused("https://" + label + "a.example/", production);
  expect_refused("https://" + label + "." + label + "." + label + "." + label + ".example/",
                 production);
}

TEST(EndpointUrl, DevelopmentTakesLoopbackOnAnyPortAndNothingElseMore) {
  for (const char* url :
       {"http://localhost/", "http://localhost:9000/hooks", "https://localhost:9443/",
        "http://127.0.0.1:1/", "https://127.0.0.1/", "http://127.9.9.9:65535/", "http://[::1]:80/",
        "http://LOCALHOST:9000/"}) {
    const auto read = parse_endpoint_url(url, development);
    ASSERT_TRUE(read) << url << " " << read.error().detail;
    EXPECT_TRUE(read->loopback) << url;
    expect_refused(url, production);
  }
  EXPECT_FALSE(parse_endpoint_url("https://shop.example.com/", development).value().loopback);
  for (const char* url :
       {"http://shop.example.com/", "http://10.0.0.1/", "https://192.168.0.1/", "http://0.0.0.0/",
        "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://127.1/", "http://0x7f.0.0.1/",
        "http://2130706433/", "http://localhost./", "http://x.localhost/",
        "http://localhost.example/", "http://127.example.com/", "http://user:hunter2@localhost/",
        "http://localhost/#x", "https://shop.example.com:8080/", "http://169.254.169.254/",
        "ftp://localhost/"}) {
    expect_refused(url, development);
  }
}

}  // namespace
}  // namespace cambist::http
