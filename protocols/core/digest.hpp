// SHA-256 and HMAC-SHA256, as bytes and as text.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace cambist {

using Sha256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256 sha256(std::string_view bytes);
/// Source: RFC 2104 over FIPS 180-4; the vectors in the test are those of RFC 4231.
[[nodiscard]] Sha256 hmac_sha256(std::string_view key, std::string_view bytes);
/// Lower case.
[[nodiscard]] std::string to_hex(std::string_view bytes);
[[nodiscard]] std::string to_hex(const Sha256& digest);
/// The same bytes as text, for what takes text.
[[nodiscard]] std::string_view as_bytes(const Sha256& digest) noexcept;

/// Whether both are the same bytes; for equal lengths the time tells nothing of where they differ.
[[nodiscard]] bool constant_time_equal(std::string_view a, std::string_view b) noexcept;

}  // namespace cambist
