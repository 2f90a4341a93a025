// Addresses as bytes, and which of them lie in the open Internet: what an endpoint that a merchant
// names may resolve to.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace cambist::http {

using Ipv4 = std::array<std::uint8_t, 4>;
using Ipv6 = std::array<std::uint8_t, 16>;
using Address = std::variant<Ipv4, Ipv6>;

/// Reads "192.0.2.1" or "2001:db8::1", without brackets and without a zone.
/// Shape: nullopt for anything else, "127.1", "0x7f.0.0.1", "0177.0.0.1" and "2130706433" included:
///        some resolvers take them, so they must not pass for names.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

/// 127.0.0.0/8 or ::1.
[[nodiscard]] bool is_loopback(const Address& address) noexcept;

/// Whether a connection to `address` leaves for the open Internet. An address that carries another
/// one inside it (IPv4-mapped, NAT64, 6to4, Teredo) never does: what is inside could be anything.
/// Source: facts/security.md section 4; IANA's special-purpose address registries.
[[nodiscard]] bool is_public(const Address& address) noexcept;

}  // namespace cambist::http
