// Cursors of lists: what is taken is exactly what was given out for that list.
#include "protocols/api/cursor.hpp"

#include <algorithm>

#include "tests/fuzz/support/target.hpp"

namespace cambist::api {
namespace {

using fuzz::must;

void check_given(std::string_view cursor, std::string_view list) {
  if (const auto last = decode_cursor_bytes(cursor, list)) {
    must(encode_cursor_bytes(*last, list) == cursor, "a cursor has one spelling");
    must(!decode_cursor_bytes(cursor, std::string{list} + "x"), "and fits one list");
  }
  const auto id = decode_cursor(cursor, list);
  if (id) must(encode_cursor(*id, list) == cursor, "a cursor of ids has one spelling");
  const auto position = decode_position(cursor, list);
  // A cursor of another kind of list would be one that names its list alike.
  if (position && cursor.starts_with("AAAAAAAAAA"))
    must(encode_position(*position, list) == cursor, "a cursor of numbers has one spelling");
}

void check_made(std::string_view bytes, std::string_view list) {
  Uuid last{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), last.size()), last.begin());
  const auto cursor = encode_cursor_bytes(last, list);
  const auto back = decode_cursor_bytes(cursor, list);
  must(back && *back == last, "a cursor leads back to its place");
  const auto changed = [&](const std::string& other) {
    must(other == cursor || !decode_cursor_bytes(other, list), "a changed cursor is refused");
  };
  changed(cursor + std::string{bytes.substr(0, 8)});
  changed(std::string{bytes.substr(0, 8)} + cursor);
  changed(cursor.substr(0, cursor.size() - 1));
  if (bytes.size() < 2) return;
  auto other = cursor;
  other[static_cast<unsigned char>(bytes[0]) % cursor.size()] = bytes[1];
  changed(other);
}

}  // namespace
}  // namespace cambist::api

CAMBIST_FUZZ_TARGET(api_cursors) {
  cambist::fuzz::Parts parts{bytes};
  const auto list = parts.line();
  cambist::api::check_given(parts.rest(), list);
  cambist::api::check_made(parts.rest(), list);
}
