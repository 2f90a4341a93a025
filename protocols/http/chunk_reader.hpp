// Decodes a chunked body as it arrives. Extensions and trailers are read within the limits and
// ignored, so a trailer can never add a header. Source: RFC 9112 section 7.1; facts/security.md
// section 5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cambist::http {

class ChunkReader {
 public:
  enum class Step : std::uint8_t { more, done, bad, too_large };
  struct Progress {
    Step step = Step::more;
    std::size_t consumed = 0;  // after `done`, what follows belongs to the next message
  };

  /// `body_max` bounds the decoded bytes; chunk heads, extensions and trailers may take as many
  /// again, and `slack` on top so that short bodies may have them too.
  explicit ChunkReader(std::size_t body_max) noexcept
      : body_left_(body_max), extra_left_(body_max + slack) {}

  /// Appends what it decodes to `body`. Not to be called again after a step other than `more`.
  Progress feed(std::string_view bytes, std::string& body);

  static constexpr std::size_t slack = 4 * 1024;

 private:
  enum class At : std::uint8_t {
    size,
    padding,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer_name,
    trailer,
    trailer_lf,
    last_lf
  };
  Step take(char c);

  std::size_t body_left_;
  std::size_t extra_left_;
  std::uint64_t chunk_ = 0;  // the size being read, then what is left of the chunk
  std::uint8_t digits_ = 0;
  At at_ = At::size;
};

}  // namespace cambist::http
