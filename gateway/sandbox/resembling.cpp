#include "gateway/sandbox/resembling.hpp"

#include <algorithm>
#include <cstring>

namespace cambist::gateway::sandbox {
namespace {

constexpr std::size_t window = 8;  // a shorter piece costs as much as its bytes
constexpr std::size_t reference_max = 64 * 1024;
constexpr std::size_t candidates_max = 8;

std::uint64_t word(std::string_view text) noexcept {
  std::uint64_t bits = 0;
  std::memcpy(&bits, text.data(), sizeof bits);
  return bits;
}

std::size_t common(std::string_view a, std::string_view b) noexcept {
  const auto size = std::min(a.size(), b.size());
  return static_cast<std::size_t>(
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(size), b.begin()).first -
      a.begin());
}

// Seven bits a byte, the lowest first; the high bit says that more follow.
void put_number(std::string& out, std::size_t number) {
  for (; number >= 128; number >>= 7U) out.push_back(static_cast<char>(number | 128U));
  out.push_back(static_cast<char>(number));
}

std::size_t take_number(std::string_view& in) {
  std::size_t number = 0;
  for (unsigned shift = 0; !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    number |= static_cast<std::size_t>(byte & 127U) << shift;
    if (byte < 128) break;
  }
  return number;
}

}  // namespace

Resembling::Resembling(std::string reference) : reference_(std::move(reference)) {
  reference_.resize(std::min(reference_.size(), reference_max));
  const std::string_view text = reference_;
  for (std::size_t i = 0; i + window <= text.size(); ++i) {
    auto& places = places_[word(text.substr(i))];
    if (places.size() < candidates_max) places.push_back(static_cast<std::uint16_t>(i));
  }
}

Resembling::Piece Resembling::longest(std::string_view rest, std::size_t expected) const {
  Piece best;
  const auto offer = [&](std::size_t at) {
    const auto size = common(rest, std::string_view{reference_}.substr(at));
    if (size > best.size) best = Piece{at, size};
  };
  if (const auto found = places_.find(word(rest)); found != places_.end()) {
    for (const auto at : found->second) offer(at);
  }
  if (expected < reference_.size()) offer(expected);
  return best.size >= window ? best : Piece{};
}

// Packed: (length of plain text, plain text, start of the piece, length of the piece), repeated.
std::string Resembling::pack(std::string_view text) const {
  std::string out;
  std::size_t plain = 0;     // where the text that no piece covers begins
  std::size_t expected = 0;  // where the reference would go on after the last piece
  const auto put = [&](std::size_t until, Piece piece) {
    put_number(out, until - plain);
    out.append(text.substr(plain, until - plain));
    put_number(out, piece.at);
    put_number(out, piece.size);
  };
  for (std::size_t i = 0; i + window <= text.size();) {
    const auto piece = longest(text.substr(i), expected + (i - plain));
    if (piece.size == 0) {
      ++i;
      continue;
    }
    put(i, piece);
    i += piece.size;
    plain = i;
    expected = piece.at + piece.size;
  }
  put(text.size(), Piece{});
  out.shrink_to_fit();
  return out;
}

std::string Resembling::unpack(std::string_view packed) const {
  std::string text;
  while (!packed.empty()) {
    const auto plain = std::min(take_number(packed), packed.size());
    text.append(packed.substr(0, plain));
    packed.remove_prefix(plain);
    const auto at = take_number(packed);
    text.append(reference_, std::min(at, reference_.size()), take_number(packed));
  }
  return text;
}

}  // namespace cambist::gateway::sandbox
