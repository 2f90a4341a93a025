// Several words in one column: one per line. The rules of every store keep line ends out of the
// words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cambist::storage {

[[nodiscard]] inline std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += word + '\n';
  return text;
}

[[nodiscard]] inline std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = text.find('\n');
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return words;
}

}  // namespace cambist::storage
