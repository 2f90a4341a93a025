#include "protocols/http/public_address.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cambist::http {
namespace {

TEST(PublicAddress, RefusesEveryClosedBlockFromItsFirstToItsLast) {
  const char* const closed[] = {"0.0.0.0",
                                "0.255.255.255",
                                "10.0.0.0",
                                "10.255.255.255",
                                "100.64.0.0",
                                "100.127.255.255",
                                "127.0.0.0",
                                "127.0.0.1",
                                "127.255.255.255",
                                "169.254.0.0",
                                "169.254.169.254",
                                "169.254.255.255",
                                "172.16.0.0",
                                "172.31.255.255",
                                "192.0.0.0",
                                "192.0.0.255",
                                "192.0.2.1",
                                "192.88.99.1",
                                "192.168.0.0",
                                "192.168.255.255",
                                "198.18.0.0",
                                "198.19.255.255",
                                "198.51.100.7",
                                "203.0.113.7",
                                "224.0.0.1",
                                "239.255.255.255",
                                "240.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "::2",
                                "::127.0.0.1",
                                "::ffff:127.0.0.1",
                                "::ffff:8.8.8.8",
                                "::ffff:0:8.8.8.8",
                                "::ffff:a00:1",
                                "64:ff9b::7f00:1",
                                "64:ff9b::8.8.8.8",
                                "64:ff9b:1::1",
                                "100::1",
                                "2001::1",
                                "2001:0:7f00:1::",
                                "2001:2::1",
                                "2001:10::1",
                                "2001:20::1",
                                "2001:1ff:ffff::1",
                                "2001:db8::1",
                                "2001:db8:ffff:ffff::1",
                                "2002:7f00:1::",
                                "2002:c0a8:1::1",
                                "2002:808:808::1",
                                "3fff::1",
                                "4000::1",
                                "5f00::1",
                                "fc00::1",
                                "fd00:ec2::254",
                                "fe80::1",
                                "febf::1",
                                "fec0::1",
                                "ff02::1",
                                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
  for (const char* text : closed) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_FALSE(is_public(*address)) << text;
  }
}

TEST(PublicAddress, LetsTheNeighboursOfClosedBlocksThrough) {
  for (const char* text : {"1.0.0.0",
                           "8.8.8.8",
                           "9.255.255.255",
                           "11.0.0.0",
                           "100.63.255.255",
                           "100.128.0.0",
                           "126.255.255.255",
                           "128.0.0.0",
                           "169.253.255.255",
                           "169.255.0.0",
                           "172.15.255.255",
                           "172.32.0.0",
                           "191.255.255.255",
                           "192.0.1.0",
                           "192.0.3.0",
                           "192.167.255.255",
                           "192.169.0.0",
                           "198.17.255.255",
                           "198.20.0.0",
                           "203.0.112.255",
                           "203.0.114.0",
                           "223.255.255.255",
                           "2000::1",
                           "2001:200::1",
                           "2001:4860:4860::8888",
                           "2001:db7::1",
                           "2001:db9::1",
                           "2003::1",
                           "2606:4700::1111",
                           "2a00:1450:4001:800::200e",
                           "3ffe::1"}) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_TRUE(is_public(*address)) << text;
  }
}

RC_GTEST_PROP(PublicAddress, NothingInsideAnIpv6AddressIsReached, (Ipv4 inner)) {
  Ipv6 mapped{};
  mapped[10] = mapped[11] = 0xff;
  std::copy(inner.begin(), inner.end(), mapped.begin() + 12);
  RC_ASSERT(!is_public(mapped));
  Ipv6 translated{0x00, 0x64, 0xff, 0x9b};
  std::copy(inner.begin(), inner.end(), translated.begin() + 12);
  RC_ASSERT(!is_public(translated));
  Ipv6 tunnelled{0x20, 0x02};
  std::copy(inner.begin(), inner.end(), tunnelled.begin() + 2);
  RC_ASSERT(!is_public(tunnelled));
}

TEST(ParseAddress, ReadsTheBytes) {
  EXPECT_EQ(parse_address("192.0.2.255"), (Address{Ipv4{192, 0, 2, 255}}));
  EXPECT_EQ(parse_address("::"), (Address{Ipv6{}}));
  EXPECT_EQ(parse_address("2001:DB8::a:0b"),
            (Address{Ipv6{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a, 0, 0x0b}}));
  EXPECT_EQ(parse_address("1:2:3:4:5:6:7:8"),
            (Address{Ipv6{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}}));
  EXPECT_EQ(parse_address("1:2:3:4:5:6:7::"),
            (Address{Ipv6{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0}}));
  EXPECT_EQ(parse_address("::ffff:1.2.3.4"),
            (Address{Ipv6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4}}));
}

// What the resolvers of C libraries take for an address all the same.
TEST(ParseAddress, TakesNoOtherSpelling) {
  for (const char* text : {"",
                           "1",
                           "127.1",
                           "127.0.1",
                           "2130706433",
                           "0x7f000001",
                           "0x7f.0.0.1",
                           "0177.0.0.1",
                           "127.0.0.01",
                           "127.0.0.1.",
                           ".127.0.0.1",
                           "127..0.1",
                           "127.0.0.256",
                           "127.0.0.1.1",
                           "127.0.0.1 ",
                           " 127.0.0.1",
                           "127.0.0.-1",
                           "127.0.0.+1",
                           "127.0.0.1/8",
                           "127.0.0.1:80",
                           "a.b.c.d",
                           ":",
                           ":::",
                           "::1::",
                           "1::2::3",
                           ":1",
                           "1:",
                           ":1::2",
                           "1::2:",
                           "12345::",
                           "g::1",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "::1:2:3:4:5:6:7:8",
                           "fe80::1%eth0",
                           "[::1]",
                           "1.2.3.4::",
                           "::1.2.3.4:5",
                           "::1.2.3",
                           "::1.2.3.256",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "0000:0000:0000:0000:0000:ffff:127.000.000.001x"}) {
    EXPECT_EQ(parse_address(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_address(std::string_view{"127.0.0.1\0", 10}), std::nullopt);
}

TEST(ParseAddress, KnowsLoopback) {
  for (const char* text : {"127.0.0.1", "127.255.255.255", "::1"}) {
    EXPECT_TRUE(is_loopback(parse_address(text).value())) << text;
  }
  for (const char* text :
       {"128.0.0.1", "0.0.0.0", "::", "::2", "::ffff:127.0.0.1", "::127.0.0.1"}) {
    EXPECT_FALSE(is_loopback(parse_address(text).value())) << text;
  }
}

}  // namespace
}  // namespace cambist::http
