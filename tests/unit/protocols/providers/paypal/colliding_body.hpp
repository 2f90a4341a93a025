// What anybody can do to a checksum: another body that has the same one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "protocols/providers/paypal/certificate.hpp"

namespace cambist::test {

/// `body` with blanks after its end, so that its CRC-32 is `wanted`. It is the same JSON as before.
// Over GF(2) the checksum is affine: turning a blank into a tab changes it by the same bits,
// whatever the others are. Which blanks to turn is a system of 32 linear equations.
inline std::string with_checksum(std::string body, std::uint32_t wanted) {
  // More than the checksum's 32 bits, so that surely 32 of them are independent.
  constexpr std::size_t blanks = 64;
  /// A change of the checksum, and the blanks whose change makes it.
  struct Row {
    std::uint32_t change = 0;
    std::uint64_t by = 0;
  };
  const std::size_t begin = body.size();
  body.append(blanks, ' ');
  const std::uint32_t plain = paypal::crc32(body);
  std::array<std::optional<Row>, 32> rows{};  // by the highest bit of their change
  const auto reduce = [&rows](Row row) {
    for (int bit = 31; bit >= 0; --bit) {
      const auto& pivot = rows.at(static_cast<std::size_t>(bit));
      if ((row.change >> bit & 1U) != 0 && pivot)
        row = {row.change ^ pivot->change, row.by ^ pivot->by};
    }
    return row;
  };
  for (std::size_t i = 0; i < blanks; ++i) {
    body[begin + i] = '\t';
    const Row row = reduce({paypal::crc32(body) ^ plain, std::uint64_t{1} << i});
    body[begin + i] = ' ';
    for (int bit = 31; bit >= 0; --bit) {
      if ((row.change >> bit & 1U) == 0) continue;
      rows.at(static_cast<std::size_t>(bit)) = row;
      break;
    }
  }
  const Row solved = reduce({plain ^ wanted, 0});
  if (solved.change != 0) throw std::runtime_error("the blanks do not suffice");
  for (std::size_t i = 0; i < blanks; ++i)
    if ((solved.by >> i & 1U) != 0) body[begin + i] = '\t';
  return body;
}

}  // namespace cambist::test
