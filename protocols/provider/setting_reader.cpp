#include "protocols/provider/setting_reader.hpp"

#include <algorithm>
#include <utility>

#include "protocols/http/syntax.hpp"

namespace cambist::provider {
namespace {

constexpr std::size_t word_size_max = 255;
constexpr std::size_t words_max = 64;

bool is_word(std::string_view text) noexcept {
  return text.size() <= word_size_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

const std::string* SettingReader::find(const std::string& name) const {
  const auto found = settings_.values.find(name);
  return found == settings_.values.end() || found->second.empty() ? nullptr : &found->second;
}

void SettingReader::refuse(std::string_view name, std::string detail) {
  if (!problem_) problem_ = Error{ErrorCode::invalid_request, std::move(detail), std::string{name}};
}

std::string SettingReader::word(const std::string& name, std::string_view fallback) {
  const std::string* given = find(name);
  if (given == nullptr) return std::string{fallback};
  if (!is_word(*given)) refuse(name, "holds spaces or characters that cannot stand in a request");
  return *given;
}

std::int64_t SettingReader::number(const std::string& name, std::int64_t fallback,
                                   std::int64_t least, std::int64_t most) {
  const std::string* given = find(name);
  if (given == nullptr) return fallback;
  constexpr std::size_t digits_max = 9;
  std::int64_t value = 0;
  const bool digits =
      given->size() <= digits_max &&
      std::all_of(given->begin(), given->end(), [](char c) { return http::is_digit(c); });
  for (const char c : digits ? std::string_view{*given} : std::string_view{})
    value = value * 10 + (c - '0');
  if (!digits || value < least || value > most) {
    refuse(name,
           "is no whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return fallback;
  }
  return value;
}

std::string SettingReader::choice(const std::string& name,
                                  std::initializer_list<std::string_view> choices) {
  const std::string* given = find(name);
  if (given == nullptr) return std::string{*choices.begin()};
  if (std::find(choices.begin(), choices.end(), *given) == choices.end()) {
    std::string known;
    for (const auto item : choices) known.append(known.empty() ? "" : ", ").append(item);
    refuse(name, "is none of " + known);
    return std::string{*choices.begin()};
  }
  return *given;
}

bool SettingReader::flag(const std::string& name, bool fallback) {
  const std::string* given = find(name);
  if (given == nullptr) return fallback;
  if (*given != "true" && *given != "false") refuse(name, "is neither true nor false");
  return *given == "true";
}

std::vector<std::string> SettingReader::words(const std::string& name, std::string_view fallback) {
  const std::string* given = find(name);
  std::string_view list = given == nullptr ? fallback : std::string_view{*given};
  std::vector<std::string> found;
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto item = http::trim(list.substr(0, comma));
    if (item.empty() || !is_word(item) || found.size() >= words_max) {
      refuse(name, "is no list of at most 64 words with commas between");
      return {};
    }
    found.emplace_back(item);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return found;
}

std::string SettingReader::path(const std::string& name, std::string_view fallback) {
  std::string given = word(name, fallback);
  if (!given.empty() &&
      (given.front() != '/' || given.find_first_of("?#\\") != std::string::npos)) {
    refuse(name, "is no path that begins with /");
    return std::string{fallback};
  }
  return given;
}

Secret SettingReader::secret(const std::string& name, std::string_view what) {
  Secret found = secret_or_none(name);
  if (found.empty()) refuse(name, "is missing; it is " + std::string{what});
  return found;
}

Secret SettingReader::secret_or_none(const std::string& name) {
  const auto found = settings_.secrets.find(name);
  if (found == settings_.secrets.end() || found->second.empty()) return {};
  if (!is_word(found->second.reveal())) {
    refuse(name, "holds spaces or characters that cannot stand in a request");
    return {};
  }
  return found->second.clone();
}

BaseUrl SettingReader::base_url(std::string_view fallback) {
  const std::string* given = find("base_url");
  if (given == nullptr && fallback.empty()) {
    refuse("base_url", "is missing; the provider names it in the contract");
    return {};
  }
  auto base = parse_base_url(given == nullptr ? fallback : std::string_view{*given});
  if (!base) {
    refuse("base_url", base.error().detail);
    return {};
  }
  return std::move(*base);
}

}  // namespace cambist::provider
