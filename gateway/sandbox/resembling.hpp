// Keeps texts small that resemble one another, such as the thousandth answer to the same kind of
// call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cambist::gateway::sandbox {

/// Writes a text as pieces of a reference text and what stands between them. A text that is nothing
/// like the reference grows by a few bytes. Measured: answers of the Stripe emulator shrink to
/// about a quarter.
class Resembling {
 public:
  /// Of a longer reference only the first 64 KiB are used.
  explicit Resembling(std::string reference);

  [[nodiscard]] std::string pack(std::string_view text) const;
  /// Shape: `packed` came from `pack` of the same reference.
  [[nodiscard]] std::string unpack(std::string_view packed) const;

 private:
  struct Piece {
    std::size_t at = 0;
    std::size_t size = 0;
  };
  [[nodiscard]] Piece longest(std::string_view rest, std::size_t expected) const;

  std::string reference_;
  // Where eight bytes stand in the reference, at most a few places each.
  std::unordered_map<std::uint64_t, std::vector<std::uint16_t>> places_;
};

}  // namespace cambist::gateway::sandbox
