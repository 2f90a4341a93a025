// Reads the parameters of one call and remembers the first thing that is wrong with them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/sandbox/form.hpp"
#include "gateway/sandbox/stripe/failure.hpp"
#include "gateway/sandbox/stripe/model.hpp"

namespace cambist::gateway::sandbox::stripe {

/// Every reader answers nullopt when the parameter is absent or wrong; what was wrong is in
/// `failure()`.
class Params {
 public:
  explicit Params(const Form& form) : form_(form) {}

  /// Errors: parameter_unknown for a field that fits none of the patterns (see `fits`); metadata
  /// and expand are
  ///         always among them.
  void only(std::initializer_list<std::string_view> patterns);
  [[nodiscard]] bool has(std::string_view name) const { return form_.find(name) != nullptr; }
  /// Errors: parameter_missing, parameter_invalid_empty.
  std::string_view required(std::string_view name);
  std::optional<std::string> text(std::string_view name, std::size_t length_max = 500);
  std::optional<std::int64_t> integer(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  /// The answer is one of `choices`, so it lives as long as they do: pass literals.
  std::optional<std::string_view> choice(std::string_view name,
                                         std::initializer_list<std::string_view> choices);
  /// An http or https URL without spaces or control characters.
  std::optional<std::string> url(std::string_view name);
  /// Merges metadata[…] into `metadata`; an empty value deletes its key.
  void merge_metadata(Metadata& metadata);

  void refuse(Failure failure);
  [[nodiscard]] const std::optional<Failure>& failure() const noexcept { return failure_; }

 private:
  const Form& form_;
  std::optional<Failure> failure_;
};

}  // namespace cambist::gateway::sandbox::stripe
