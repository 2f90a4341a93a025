// Reads one response from bytes as they arrive. Beast's parser stays in response_reader.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "protocols/http/message.hpp"

namespace cambist::gateway::outbound {

class ResponseReader {
 public:
  enum class Step : std::uint8_t { more, done, malformed, too_large };

  /// `to_head`: the request was HEAD, so no body follows whatever the headers say. `cut`: an answer
  /// with a longer body is `done` with what was read of it, and its connection is not usable.
  ResponseReader(std::size_t body_max, bool to_head, bool cut = false);
  ResponseReader(const ResponseReader&) = delete;
  ResponseReader& operator=(const ResponseReader&) = delete;
  ~ResponseReader();

  /// Interim answers (1xx) are skipped.
  Step feed(std::string_view bytes);
  /// The other side has ended the stream in good order: `done` when that is how this body ends.
  Step end();
  /// Whether any byte of an answer was seen.
  [[nodiscard]] bool began() const noexcept { return began_; }
  /// After `done`: whether the connection may carry another request.
  [[nodiscard]] bool reusable() const;
  [[nodiscard]] http::Response take();

  static constexpr std::size_t head_bytes_max = 64 * 1024;
  static constexpr int interim_max = 8;

 private:
  struct Parser;
  void renew();
  Step advance();
  [[nodiscard]] Step ended() const;

  std::unique_ptr<Parser> parser_;
  std::string waiting_;  // bytes that the parser has not consumed
  std::size_t body_max_;
  bool to_head_;
  bool cut_;
  bool began_ = false;
  int interims_ = 0;
};

}  // namespace cambist::gateway::outbound
