#include "gateway/sandbox/stripe/access.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace cambist::gateway::sandbox::stripe {
namespace {

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string bytes;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U | static_cast<unsigned>(value)) & 0xFFFFU;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<char>(bits >> static_cast<unsigned>(held) & 0xFFU));
  }
  return bytes;
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() > word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b | 0x20) : b);
         });
}

Failure unauthorized(std::string message) {
  auto failure = invalid("", "", std::move(message));
  failure.status = 401;
  return failure;
}

}  // namespace

std::optional<Failure> check_access(const http::Headers& headers) {
  const auto* header = http::find(headers, "authorization");
  if (header == nullptr) {
    return unauthorized(
        "You did not provide an API key. Provide it in the Authorization header, using Bearer auth "
        "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
  }
  std::string key;
  if (starts_with_word(*header, "bearer ")) {
    key = header->substr(7);
  } else if (starts_with_word(*header, "basic ")) {
    key = decode_base64(std::string_view{*header}.substr(6)).value_or("");
    key = key.substr(0, key.find(':'));
  }
  for (const std::string_view prefix : {"sk_test_", "rk_test_"}) {
    if (key.size() > prefix.size() && key.starts_with(prefix)) return std::nullopt;
  }
  if (key.starts_with("pk_")) {
    return unauthorized(
        "This API call cannot be made with a publishable API key. Use a secret API key instead.");
  }
  return unauthorized(
      "Invalid API Key provided: the sandbox takes keys that start with sk_test_ or rk_test_.");
}

}  // namespace cambist::gateway::sandbox::stripe
