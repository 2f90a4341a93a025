#include "protocols/core/ids.hpp"

namespace cambist {
namespace {

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

int value_of(char c) {
  const auto at = alphabet.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

Uuid make_uuid7(TimePoint now, const Random& random) {
  const auto millis = static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count());
  Uuid uuid{};
  for (std::size_t i = 0; i < 6; ++i) uuid[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  const std::uint64_t high = random();
  const std::uint64_t low = random();
  uuid[6] = static_cast<std::uint8_t>(0x70U | (high & 0x0fU));
  uuid[7] = static_cast<std::uint8_t>(high >> 8U);
  for (std::size_t i = 0; i < 8; ++i) uuid[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  uuid[8] = static_cast<std::uint8_t>(0x80U | (uuid[8] & 0x3fU));
  return uuid;
}

std::string encode_uuid(const Uuid& uuid) {
  // 128 bits in 26 groups of five; the first group carries only the top three bits.
  std::string text(26, '0');
  for (std::size_t i = 0; i < 26; ++i) {
    const int first = static_cast<int>(i) * 5 - 2;
    unsigned group = 0;
    for (int bit = first; bit < first + 5; ++bit) {
      group <<= 1U;
      if (bit >= 0) group |= (uuid[static_cast<std::size_t>(bit) / 8] >> (7 - bit % 8)) & 1U;
    }
    text[i] = alphabet[group];
  }
  return text;
}

Result<Uuid> decode_uuid(std::string_view text) {
  const Error bad{ErrorCode::invalid_request, "not a 26 character identifier"};
  if (text.size() != 26) return bad;
  Uuid uuid{};
  for (std::size_t i = 0; i < 26; ++i) {
    const int group = value_of(text[i]);
    if (group < 0 || (i == 0 && group > 7)) return bad;
    const int first = static_cast<int>(i) * 5 - 2;
    for (int k = 0; k < 5; ++k) {
      const int bit = first + k;
      if (bit < 0) continue;
      if ((group >> (4 - k)) & 1) {
        auto& byte = uuid[static_cast<std::size_t>(bit) / 8];
        byte = static_cast<std::uint8_t>(byte | (1U << (7 - bit % 8)));
      }
    }
  }
  return uuid;
}

}  // namespace cambist
