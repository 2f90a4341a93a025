// Reads an account's settings one after the other and keeps the first problem: an adapter says each
// name once, with its default and what would be right.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/error.hpp"
#include "protocols/core/secret.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/provider/base_url.hpp"

namespace cambist::provider {

/// After a problem the readers go on with their defaults; whoever made it looks at `problem` last.
class SettingReader {
 public:
  explicit SettingReader(const Settings& settings) : settings_(settings) {}

  /// Printable, without spaces, 1 to 255 characters: fit for a header or a path. `fallback` may be
  /// empty, and then the setting may be missing.
  [[nodiscard]] std::string word(const std::string& name, std::string_view fallback);
  /// Digits only, at most nine of them.
  [[nodiscard]] std::int64_t number(const std::string& name, std::int64_t fallback,
                                    std::int64_t least, std::int64_t most);
  /// One of `choices`; the first is the default.
  [[nodiscard]] std::string choice(const std::string& name,
                                   std::initializer_list<std::string_view> choices);
  /// "true" or "false".
  [[nodiscard]] bool flag(const std::string& name, bool fallback);
  /// Words with commas between; spaces around them are dropped. At most 64.
  [[nodiscard]] std::vector<std::string> words(const std::string& name,
                                               std::string_view fallback = {});
  /// A path such as "/token".
  [[nodiscard]] std::string path(const std::string& name, std::string_view fallback);
  /// Of a required secret; `what` says what it is when it is missing.
  [[nodiscard]] Secret secret(const std::string& name, std::string_view what);
  /// Empty when it is not set.
  [[nodiscard]] Secret secret_or_none(const std::string& name);
  /// Without a `fallback` it must be set.
  [[nodiscard]] BaseUrl base_url(std::string_view fallback);

  /// The first that was wrong: invalid_request with `field` the setting; no value is repeated.
  void refuse(std::string_view name, std::string detail);
  [[nodiscard]] const std::optional<Error>& problem() const noexcept { return problem_; }

 private:
  [[nodiscard]] const std::string* find(const std::string& name) const;
  const Settings& settings_;
  std::optional<Error> problem_;
};

}  // namespace cambist::provider
