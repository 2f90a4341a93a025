#include "protocols/http/message.hpp"

#include <algorithm>

namespace cambist::http {

const std::string* find(const Headers& headers, std::string_view name) noexcept {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  for (const auto& header : headers) {
    if (std::equal(header.name.begin(), header.name.end(), name.begin(), name.end(),
                   [&](char a, char b) { return lower(a) == lower(b); })) {
      return &header.value;
    }
  }
  return nullptr;
}

}  // namespace cambist::http
