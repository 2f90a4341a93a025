// Where one message of PostgreSQL's protocol ends and the next begins, in either direction.
// Source: PostgreSQL 15 documentation, "Message Formats": a type byte, then a length that counts
// itself; the client's first message has no type.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cambist::test {

/// Shape: `type` is 0 for the client's first message; `bytes` is the whole message.
struct Frame {
  char type = 0;
  std::string bytes;
  /// The server says that a statement which writes, or a transaction, is done.
  [[nodiscard]] bool is_written() const;
  /// The server waits for the next request.
  [[nodiscard]] bool is_ready() const { return type == 'Z'; }
  /// The client wants its answer now.
  [[nodiscard]] bool ends_request() const { return type == 'S' || type == 'Q'; }
};

/// One direction of one connection.
class Frames {
 public:
  enum class From { client, server };
  explicit Frames(From from) : untyped_(from == From::client) {}

  void add(std::string_view bytes) { buffer_ += bytes; }
  /// The next whole message.
  [[nodiscard]] std::optional<Frame> next();

 private:
  bool untyped_;
  std::string buffer_{};
};

}  // namespace cambist::test
