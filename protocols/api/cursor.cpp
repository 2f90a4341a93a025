#include "protocols/api/cursor.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "protocols/core/digest.hpp"

namespace cambist::api {
namespace {

constexpr std::size_t check_bytes = 8;
constexpr std::size_t cursor_bytes =
    16 + check_bytes;  // a multiple of three: no padding, no spare bits
constexpr std::size_t cursor_text = cursor_bytes / 3 * 4;
using Bytes = std::array<std::uint8_t, cursor_bytes>;

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// The check catches accidents and guesses. It is no secret: a cursor opens nothing that the key
// does not.
Bytes sealed(const Uuid& last, std::string_view list) {
  std::string text{"cambist cursor 1\n"};
  text += list;
  text += '\n';
  text.append(last.begin(), last.end());
  const Sha256 digest = sha256(text);
  Bytes bytes{};
  std::copy(last.begin(), last.end(), bytes.begin());
  std::copy_n(digest.begin(), check_bytes, bytes.begin() + 16);
  return bytes;
}

}  // namespace

std::string encode_cursor_bytes(const Uuid& last, std::string_view list) {
  const Bytes bytes = sealed(last, list);
  std::string text;
  for (std::size_t i = 0; i < cursor_bytes; i += 3) {
    const std::uint32_t group =
        static_cast<std::uint32_t>(bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2]);
    for (int shift = 18; shift >= 0; shift -= 6) text += alphabet[(group >> shift) & 63U];
  }
  return text;
}

Result<Uuid> decode_cursor_bytes(std::string_view cursor, std::string_view list) {
  const Error wrong{ErrorCode::invalid_request,
                    "is not the next_cursor of this list with these filters", "cursor"};
  if (cursor.size() != cursor_text) return wrong;
  Bytes bytes{};
  for (std::size_t i = 0; i < cursor_text; i += 4) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t value = alphabet.find(cursor[i + k]);
      if (value == std::string_view::npos) return wrong;
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    for (std::size_t k = 0; k < 3; ++k) {
      bytes[i / 4 * 3 + k] = static_cast<std::uint8_t>(group >> (16 - 8 * k));
    }
  }
  Uuid last{};
  std::copy_n(bytes.begin(), last.size(), last.begin());
  if (bytes != sealed(last, list)) return wrong;
  return last;
}

std::string encode_position(std::uint64_t last, std::string_view list) {
  Uuid bytes{};
  for (std::size_t i = bytes.size(); i-- > 8; last >>= 8)
    bytes[i] = static_cast<std::uint8_t>(last & 0xffU);
  return encode_cursor_bytes(bytes, list);
}

Result<std::uint64_t> decode_position(std::string_view cursor, std::string_view list) {
  const auto bytes = decode_cursor_bytes(cursor, list);
  if (!bytes) return bytes.error();
  std::uint64_t last = 0;
  for (std::size_t i = 8; i < bytes->size(); ++i) last = last << 8 | (*bytes)[i];
  return last;
}

}  // namespace cambist::api
