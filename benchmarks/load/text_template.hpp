// A text with places for ids, taken apart once so that filling it in costs only the copying.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cambist::load {

/// Shape: `{id}` is the id that the client chose for the payment, `{rid}` the one that the server
///        answered. Every other brace is text: JSON is full of them.
class TextTemplate {
 public:
  explicit TextTemplate(std::string_view text);
  void append_to(std::string& out, std::string_view id, std::string_view rid) const;
  [[nodiscard]] std::string filled(std::string_view id, std::string_view rid) const;

 private:
  enum class Kind : std::uint8_t { text, id, rid };
  struct Piece {
    Kind kind;
    std::string text;
  };
  std::vector<Piece> pieces_;
};

/// The value of the first `"id":"…"` in a JSON text, or empty.
[[nodiscard]] std::string_view answered_id(std::string_view json);

}  // namespace cambist::load
