// A header that may stand in a message once: two of the name could be read as one or the other, so
// none is believed.
#pragma once

#include <string>
#include <string_view>

#include "protocols/http/message.hpp"
#include "protocols/http/syntax.hpp"

namespace cambist::http {

/// The only header of that name, compared without case; nullptr when there is none or more.
[[nodiscard]] inline const std::string* find_only(const Headers& headers,
                                                  std::string_view name) noexcept {
  const std::string* found = nullptr;
  for (const auto& header : headers) {
    if (!equals_ignoring_case(header.name, name)) continue;
    if (found != nullptr) return nullptr;
    found = &header.value;
  }
  return found;
}

}  // namespace cambist::http
