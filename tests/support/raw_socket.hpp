// Blocking TCP as a test wants it: every wait ends, and what goes over the wire is what the test
// wrote.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cambist::test {

constexpr std::chrono::milliseconds patience{
    10'000};  // far over what any step takes, under any sanitizer

/// What a server answered.
/// Shape: `head` ends with CRLFCRLF.
struct RawAnswer {
  int status = 0;
  std::string head;
  std::string body;
  /// The value of a header, or "" when it is missing.
  [[nodiscard]] std::string header(std::string_view name) const;
};

/// One connected socket. Owns the descriptor.
class RawSocket {
 public:
  RawSocket() = default;
  explicit RawSocket(int descriptor) noexcept : descriptor_(descriptor) {}
  RawSocket(RawSocket&& other) noexcept;
  RawSocket& operator=(RawSocket&& other) noexcept;
  ~RawSocket() { close(); }

  /// Connects to 127.0.0.1.
  [[nodiscard]] static RawSocket connect(std::uint16_t port);

  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// Whether everything was taken by the kernel.
  bool send(std::string_view bytes);
  /// More bytes into what was read so far; false at the end, on a reset, and when time is up.
  bool receive_some(std::chrono::milliseconds wait = patience);
  /// Everything until the other side closes or resets.
  [[nodiscard]] std::string receive_all(std::chrono::milliseconds wait = patience);
  /// The next answer (1xx included); nullopt when the connection ends before it is complete.
  [[nodiscard]] std::optional<RawAnswer> receive_answer(bool to_head_request = false,
                                                        std::chrono::milliseconds wait = patience);
  /// The next request as a server reads it: head and Content-Length body.
  [[nodiscard]] std::optional<std::string> receive_request(
      std::chrono::milliseconds wait = patience);
  /// Whether the other side closes or resets within `wait`; what it sends before is read away.
  [[nodiscard]] bool closes(std::chrono::milliseconds wait = patience);
  [[nodiscard]] bool was_reset() const noexcept { return reset_seen_; }
  void shut_write();
  void reset();  // RST
  void close() noexcept;

 private:
  int descriptor_ = -1;
  bool reset_seen_ = false;
  std::string read_;  // received, not yet taken
};

}  // namespace cambist::test
