#include "benchmarks/load/answer.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace cambist::load {
namespace {

constexpr std::size_t head_max = 16 * 1024;
constexpr std::size_t body_max = 16 * 1024 * 1024;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::size_t> number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Framing {
  std::size_t length = 0;
  bool chunked = false;
  bool closing = false;
};

std::optional<Framing> framing_of(std::string_view fields) {
  Framing framing;
  while (!fields.empty()) {
    const auto end = fields.find("\r\n");
    const auto line = fields.substr(0, end);
    fields.remove_prefix(end == std::string_view::npos ? fields.size() : end + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = line.substr(0, colon);
    const auto value = trimmed(line.substr(colon + 1));
    if (same_word(name, "content-length")) {
      const auto length = number(value, 10);
      if (!length || *length > body_max) return std::nullopt;
      framing.length = *length;
    } else if (same_word(name, "transfer-encoding")) {
      framing.chunked = same_word(value, "chunked");
    } else if (same_word(name, "connection")) {
      framing.closing = same_word(value, "close");
    }
  }
  return framing;
}

std::variant<Answer, Incomplete, Broken> read_chunks(std::string_view bytes, std::size_t at,
                                                     Answer answer) {
  for (;;) {
    const auto end = bytes.find("\r\n", at);
    if (end == std::string_view::npos) return Incomplete{};
    auto line = bytes.substr(at, end - at);
    line = trimmed(line.substr(0, line.find(';')));
    const auto size = number(line, 16);
    if (!size || *size > body_max) return Broken{};
    at = end + 2;
    if (bytes.size() < at + *size + 2) return Incomplete{};
    if (bytes.substr(at + *size, 2) != "\r\n") return Broken{};
    answer.body += bytes.substr(at, *size);
    at += *size + 2;
    if (*size == 0) {
      answer.bytes = at;
      return answer;
    }
  }
}

}  // namespace

std::variant<Answer, Incomplete, Broken> read_answer(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (bytes.size() > head_max) return Broken{};
    return Incomplete{};
  }
  const auto head = bytes.substr(0, end);
  if (head.size() < 12 || !head.starts_with("HTTP/1.")) return Broken{};
  const auto status = number(head.substr(9, 3), 10);
  const auto line_end = head.find("\r\n");
  const auto framing = framing_of(line_end == std::string_view::npos ? std::string_view{}
                                                                     : head.substr(line_end + 2));
  if (!status || !framing) return Broken{};
  Answer answer;
  answer.status = static_cast<int>(*status);
  answer.closing = framing->closing;
  const std::size_t body = end + 4;
  if (framing->chunked) return read_chunks(bytes, body, std::move(answer));
  if (bytes.size() < body + framing->length) return Incomplete{};
  answer.body = bytes.substr(body, framing->length);
  answer.bytes = body + framing->length;
  return answer;
}

}  // namespace cambist::load
