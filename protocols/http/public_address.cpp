#include "protocols/http/public_address.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "protocols/http/syntax.hpp"

namespace cambist::http {
namespace {

// --- reading
// -----------------------------------------------------------------------------------------

// Decimal, without leading zeros: "010" is eight to some.
std::optional<Ipv4> parse_ipv4(std::string_view text) noexcept {
  Ipv4 bytes{};
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string_view part = text.substr(0, text.find('.'));
    const bool last = part.size() == text.size();
    if (part.empty() || part.size() > 3 || last != (i == 3) ||
        (part.size() > 1 && part.front() == '0') ||
        !std::all_of(part.begin(), part.end(), is_digit)) {
      return std::nullopt;
    }
    int value = 0;
    for (const char c : part) value = value * 10 + (c - '0');
    if (value > 255) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(value);
    if (!last) text.remove_prefix(part.size() + 1);
  }
  return bytes;
}

// Groups of 16 bits with colons between, the last two perhaps as IPv4; nothing for an empty text.
std::optional<std::vector<std::uint8_t>> parse_groups(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (colon == std::string_view::npos && group.find('.') != std::string_view::npos) {
      const auto inner = parse_ipv4(group);
      if (!inner) return std::nullopt;
      bytes.insert(bytes.end(), inner->begin(), inner->end());
      return bytes;
    }
    if (group.empty() || group.size() > 4) return std::nullopt;
    int value = 0;
    for (const char c : group) {
      if (hex_value(c) < 0) return std::nullopt;
      value = value * 16 + hex_value(c);
    }
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(value & 0xff));
    if (colon == std::string_view::npos) return bytes;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // ends with a colon
  }
  return bytes;
}

std::optional<Ipv6> parse_ipv6(std::string_view text) {
  const std::size_t gap = text.find("::");
  const bool has_gap = gap != std::string_view::npos;
  const auto front = parse_groups(text.substr(0, gap));
  const auto back = parse_groups(has_gap ? text.substr(gap + 2) : std::string_view{});
  if (!front || !back) return std::nullopt;
  // IPv4 may end an address only, not stand before the gap.
  if (has_gap && text.substr(0, gap).find('.') != std::string_view::npos) return std::nullopt;
  const std::size_t given = front->size() + back->size();
  if (has_gap ? given > 14 : given != 16) return std::nullopt;
  Ipv6 bytes{};
  std::copy(front->begin(), front->end(), bytes.begin());
  std::copy(back->begin(), back->end(), bytes.end() - static_cast<std::ptrdiff_t>(back->size()));
  return bytes;
}

// --- judging
// -----------------------------------------------------------------------------------------

template <class Bytes>
struct Block {
  Bytes first;
  int bits;
};

template <class Bytes>
constexpr bool within(const Bytes& address, const Block<Bytes>& block) noexcept {
  for (int bit = 0; bit < block.bits; ++bit) {
    const auto at = static_cast<std::size_t>(bit / 8);
    const int shift = 7 - bit % 8;
    if (((address[at] ^ block.first[at]) >> shift & 1) != 0) return false;
  }
  return true;
}

constexpr std::array<Block<Ipv4>, 15> closed_v4{{
    {{0, 0, 0, 0}, 8},        // this network
    {{10, 0, 0, 0}, 8},       // private
    {{100, 64, 0, 0}, 10},    // carriers' NAT
    {{127, 0, 0, 0}, 8},      // loopback
    {{169, 254, 0, 0}, 16},   // link-local: metadata services of clouds live here
    {{172, 16, 0, 0}, 12},    // private
    {{192, 0, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2, 0}, 24},     // documentation
    {{192, 88, 99, 0}, 24},   // 6to4 relays
    {{192, 168, 0, 0}, 16},   // private
    {{198, 18, 0, 0}, 15},    // benchmarks
    {{198, 51, 100, 0}, 24},  // documentation
    {{203, 0, 113, 0}, 24},   // documentation
    {{224, 0, 0, 0}, 4},      // multicast
    {{240, 0, 0, 0}, 4},      // reserved, and broadcast
}};

// Only 2000::/3 is handed out to anybody; everything else (loopback, IPv4 inside, NAT64 64:ff9b,
// discard, unique local, link-local, site-local, multicast) is closed by not being in it.
constexpr Block<Ipv6> open_v6{{0x20}, 3};
constexpr std::array<Block<Ipv6>, 4> closed_v6{{
    {{0x20, 0x01, 0x00}, 23},        // protocol assignments; Teredo has IPv4 inside
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4: IPv4 inside
    {{0x3f, 0xff, 0x00}, 20},        // documentation
}};

bool open(const Ipv4& address) noexcept {
  return std::none_of(closed_v4.begin(), closed_v4.end(),
                      [&](const auto& block) { return within(address, block); });
}
bool open(const Ipv6& address) noexcept {
  return within(address, open_v6) &&
         std::none_of(closed_v6.begin(), closed_v6.end(),
                      [&](const auto& block) { return within(address, block); });
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  // The longest is eight groups, the last two as IPv4: what is longer is none.
  if (text.size() > 45) return std::nullopt;
  if (text.find(':') == std::string_view::npos) {
    const auto address = parse_ipv4(text);
    return address ? std::optional<Address>{*address} : std::nullopt;
  }
  const auto address = parse_ipv6(text);
  return address ? std::optional<Address>{*address} : std::nullopt;
}

bool is_loopback(const Address& address) noexcept {
  if (const auto* v4 = std::get_if<Ipv4>(&address)) return v4->front() == 127;
  constexpr Ipv6 one{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return std::get<Ipv6>(address) == one;
}

bool is_public(const Address& address) noexcept {
  return std::visit([](const auto& bytes) { return open(bytes); }, address);
}

}  // namespace cambist::http
