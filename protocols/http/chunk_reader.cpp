#include "protocols/http/chunk_reader.hpp"

#include <algorithm>

#include "protocols/http/syntax.hpp"

namespace cambist::http {

ChunkReader::Progress ChunkReader::feed(std::string_view bytes, std::string& body) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (at_ == At::data) {
      const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_, bytes.size() - i));
      body.append(bytes, i, part);
      i += part;
      chunk_ -= part;
      if (chunk_ == 0) at_ = At::data_cr;
      continue;
    }
    if (extra_left_-- == 0) return {Step::too_large, i};
    const auto step = take(bytes[i++]);
    if (step != Step::more) return {step, i};
  }
  return {Step::more, i};
}

// One byte that is not data. Every line ends with CRLF and nothing else.
ChunkReader::Step ChunkReader::take(char c) {
  const auto go = [this](At next) {
    at_ = next;
    return Step::more;
  };
  const auto need = [&](char wanted, At next) { return c == wanted ? go(next) : Step::bad; };
  switch (at_) {
    case At::size:
      if (const int digit = hex_value(c); digit >= 0) {
        if (++digits_ > 15)
          return Step::bad;  // 60 bits: cannot overflow, and is far over any limit
        chunk_ = chunk_ * 16 + static_cast<std::uint64_t>(digit);
        return Step::more;
      }
      if (digits_ == 0) return Step::bad;
      if (chunk_ > body_left_) return Step::too_large;
      if (c == ' ' || c == '\t') return go(At::padding);
      if (c == ';') return go(At::extension);
      return need('\r', At::size_lf);
    case At::padding:  // spaces are only allowed before an extension
      if (c == ' ' || c == '\t') return Step::more;
      return need(';', At::extension);
    case At::extension:
      if (c == '\r') return go(At::size_lf);
      return is_control(c) && c != '\t' ? Step::bad : Step::more;
    case At::size_lf:
      digits_ = 0;
      body_left_ -= static_cast<std::size_t>(chunk_);
      return need('\n', chunk_ == 0 ? At::trailer_start : At::data);
    case At::data_cr:
      return need('\r', At::data_lf);
    case At::data_lf:
      return need('\n', At::size);
    case At::trailer_start:
      if (c == '\r') return go(At::last_lf);
      return is_token_char(c) ? go(At::trailer_name) : Step::bad;
    case At::trailer_name:
      if (c == ':') return go(At::trailer);
      return is_token_char(c) ? Step::more : Step::bad;
    case At::trailer:
      if (c == '\r') return go(At::trailer_lf);
      return is_control(c) && c != '\t' ? Step::bad : Step::more;
    case At::trailer_lf:
      return need('\n', At::trailer_start);
    case At::last_lf:
      return c == '\n' ? Step::done : Step::bad;
    case At::data:
      break;
  }
  return Step::bad;
}

}  // namespace cambist::http
