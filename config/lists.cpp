// The kinds of settings that are lists of words: what a provider takes, and within which amounts.
#include <algorithm>
#include <set>
#include <utility>

#include "config/kinds.hpp"

namespace cambist::config {
namespace {

constexpr std::size_t entries_max = 200;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The entries of an array, or of a text with commas; an empty array reads as a list of numbers.
std::optional<std::vector<std::string>> as_words(const Given& given) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&given.value)) return *list;
  if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&given.value))
    return numbers->empty() ? std::optional{std::vector<std::string>{}} : std::nullopt;
  const auto* text = std::get_if<std::string>(&given.value);
  if (text == nullptr) return std::nullopt;
  std::vector<std::string> words;
  if (trimmed(*text).empty()) return words;
  std::string_view rest = *text;
  for (std::size_t comma = 0; comma != std::string_view::npos;) {
    comma = rest.find(',');
    words.emplace_back(trimmed(rest.substr(0, comma)));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

/// One end of a range in decimals of the currency; empty: open.
bool read_end(std::string_view text, const Currency& currency, std::optional<std::int64_t>& into) {
  if (text.empty()) return true;
  const auto money = parse_money(text, currency);
  if (!money || money->minor < 0) return false;
  into = money->minor;
  return true;
}

/// "USD:1.00-5000.00"
std::optional<routing::Limit> read_limit(std::string_view entry) {
  const std::size_t colon = entry.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto currency = Currency::parse(entry.substr(0, colon));
  const std::string_view range = trimmed(entry.substr(colon + 1));
  const std::size_t dash = range.find('-');
  if (!currency || dash == std::string_view::npos || range.size() < 2) return std::nullopt;
  routing::Limit limit;
  limit.currency = *currency;
  if (!read_end(trimmed(range.substr(0, dash)), *currency, limit.min_minor) ||
      !read_end(trimmed(range.substr(dash + 1)), *currency, limit.max_minor)) {
    return std::nullopt;
  }
  if (limit.min_minor && limit.max_minor && *limit.min_minor > *limit.max_minor)
    return std::nullopt;
  return limit;
}

std::string shown_limit(const routing::Limit& limit) {
  const auto end = [&](const std::optional<std::int64_t>& minor) {
    return minor ? to_decimal(Money{*minor, limit.currency}) : std::string{};
  };
  return std::string{limit.currency.code()} + ":" + end(limit.min_minor) + "-" +
         end(limit.max_minor);
}

}  // namespace

Setting words(std::string name, Field<std::vector<std::string>> field, Check check) {
  Setting setting;
  setting.name = std::move(name);
  setting.set = [field, check](Settings& settings, const Given& given) -> std::optional<Complaint> {
    auto list = as_words(given);
    if (!list) return Complaint{"is no list of words", "write words with commas between them"};
    if (list->size() > entries_max)
      return Complaint{"has more than 200 entries", "name fewer, or none for all"};
    std::set<std::string_view> seen;
    for (const auto& word : *list) {
      if (auto right = check(word)) return Complaint{excerpt(word) + " cannot be used", *right};
      if (!seen.insert(word).second)
        return Complaint{excerpt(word) + " stands there twice", "name it once"};
    }
    field(settings) = std::move(*list);
    return std::nullopt;
  };
  setting.shown = [field](const Settings& settings) {
    const auto& list = field(const_cast<Settings&>(settings));
    return list.empty() ? std::string{} : quoted(joined(list));
  };
  return setting;
}

Setting amount_limits(std::string name, Field<std::vector<routing::Limit>> field) {
  Setting setting;
  setting.name = std::move(name);
  setting.set = [field](Settings& settings, const Given& given) -> std::optional<Complaint> {
    const std::string right =
        "write CURRENCY:LEAST-MOST for each currency, such as USD:1.00-5000.00,EUR:-200.00";
    const auto list = as_words(given);
    if (!list || list->size() > entries_max) return Complaint{"is no list of amounts", right};
    std::vector<routing::Limit> limits;
    for (const auto& entry : *list) {
      const auto limit = read_limit(entry);
      if (!limit) return Complaint{excerpt(entry) + " cannot be used", right};
      const bool twice = std::any_of(limits.begin(), limits.end(), [&](const auto& other) {
        return other.currency == limit->currency;
      });
      if (twice) return Complaint{excerpt(entry) + " names its currency again", right};
      limits.push_back(*limit);
    }
    field(settings) = std::move(limits);
    return std::nullopt;
  };
  setting.shown = [field](const Settings& settings) {
    std::vector<std::string> entries;
    for (const auto& limit : field(const_cast<Settings&>(settings)))
      entries.push_back(shown_limit(limit));
    return entries.empty() ? std::string{} : quoted(joined(entries));
  };
  return setting;
}

}  // namespace cambist::config
