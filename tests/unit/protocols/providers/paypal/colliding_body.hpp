// What anybody can do to a checksum: another body that has the same one.
#pragma once

#include <cstdint>
#include <string>

namespace cambist::test {

/// `body` with blanks after its end, so that its CRC-32 is `wanted`. It is the same JSON as before.
[[nodiscard]] std::string with_checksum(std::string body, std::uint32_t wanted);

}  // namespace cambist::test
