#include "protocols/core/ids.hpp"

#include <array>

namespace cambist {
namespace {

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

constexpr auto values = [] {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  }
  return table;
}();

std::uint64_t big_endian(const std::uint8_t* bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8U | bytes[i];
  return value;
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

void append_uuid(std::string& out, const Uuid& uuid) {
  // 128 bits in 26 groups of five from the end; the first group carries only the top three bits.
  std::uint64_t high = big_endian(uuid.data());
  std::uint64_t low = big_endian(uuid.data() + 8);
  std::array<char, 26> text{};
  for (std::size_t i = text.size(); i-- > 0;) {
    text[i] = alphabet[low & 31U];
    low = low >> 5U | high << 59U;
    high >>= 5U;
  }
  out.append(text.data(), text.size());
}

std::string encode_uuid(const Uuid& uuid) {
  std::string text;
  append_uuid(text, uuid);
  return text;
}

Result<Uuid> decode_uuid(std::string_view text) {
  const auto bad = [] {
    return Error{ErrorCode::invalid_request, "not a 26 character identifier"};
  };
  if (text.size() != 26) return bad();
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int group = values[static_cast<unsigned char>(text[i])];
    if (group < 0 || (i == 0 && group > 7)) return bad();
    high = high << 5U | low >> 59U;
    low = low << 5U | static_cast<std::uint64_t>(group);
  }
  Uuid uuid{};
  for (std::size_t i = 0; i < 8; ++i) {
    uuid[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    uuid[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  }
  return uuid;
}

}  // namespace cambist
