#include "tests/support/postgres_frames.hpp"

#include <cstdint>

namespace cambist::test {

bool Frame::is_written() const {
  if (type != 'C') return false;
  const std::string_view tag = std::string_view{bytes}.substr(5);
  for (const std::string_view word : {"INSERT", "UPDATE", "DELETE", "COMMIT"})
    if (tag.starts_with(word)) return true;
  return false;
}

std::optional<Frame> Frames::next() {
  const std::size_t head = untyped_ ? 0 : 1;
  if (buffer_.size() < head + 4) return std::nullopt;
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < 4; ++i)
    length = length << 8U | static_cast<unsigned char>(buffer_[head + i]);
  const std::size_t size = head + length;
  if (buffer_.size() < size) return std::nullopt;
  Frame frame{untyped_ ? '\0' : buffer_[0], buffer_.substr(0, size)};
  buffer_.erase(0, size);
  untyped_ = false;
  return frame;
}

}  // namespace cambist::test
