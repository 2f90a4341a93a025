#include "gateway/sandbox/stripe/params.hpp"

#include <algorithm>
#include <charconv>

namespace cambist::gateway::sandbox::stripe {
namespace {

constexpr std::size_t metadata_keys_max = 50;
constexpr std::size_t metadata_key_length_max = 40;
constexpr std::size_t metadata_value_length_max = 500;
constexpr std::size_t url_length_max = 2'048;

std::string quoted(std::string_view text) {
  return std::string{text.substr(0, 64)};
}

}  // namespace

void Params::refuse(Failure failure) {
  if (!failure_) failure_ = std::move(failure);
}

void Params::only(std::initializer_list<std::string_view> patterns) {
  for (const auto& [name, value] : form_.fields()) {
    const bool known = fits(name, "expand[*]") || fits(name, "metadata[*]") || name == "metadata" ||
                       std::any_of(patterns.begin(), patterns.end(),
                                   [&](auto pattern) { return fits(name, pattern); });
    if (!known)
      return refuse(invalid("parameter_unknown", name.substr(0, 128),
                            "Received unknown parameter: " + quoted(name)));
  }
}

std::string_view Params::required(std::string_view name) {
  const auto* value = form_.find(name);
  if (value == nullptr) {
    refuse(
        invalid("parameter_missing", name, "Missing required param: " + std::string{name} + "."));
    return {};
  }
  if (value->empty()) {
    refuse(invalid("parameter_invalid_empty", name,
                   "You passed an empty string for '" + std::string{name} +
                       "'. This parameter cannot be empty."));
  }
  return *value;
}

std::optional<std::string> Params::text(std::string_view name, std::size_t length_max) {
  const auto* value = form_.find(name);
  if (value == nullptr) return std::nullopt;
  if (value->size() > length_max) {
    refuse(invalid(
        "", name,
        "Invalid string: it must be at most " + std::to_string(length_max) + " characters"));
    return std::nullopt;
  }
  return *value;
}

std::optional<std::int64_t> Params::integer(std::string_view name) {
  const auto* value = form_.find(name);
  if (value == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const auto* end = value->data() + value->size();
  const auto read = std::from_chars(value->data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end) {
    refuse(invalid("parameter_invalid_integer", name, "Invalid integer: " + quoted(*value)));
    return std::nullopt;
  }
  return number;
}

std::optional<bool> Params::boolean(std::string_view name) {
  const auto* value = form_.find(name);
  if (value == nullptr) return std::nullopt;
  if (*value == "true") return true;
  if (*value == "false") return false;
  refuse(invalid("", name, "Invalid boolean: " + quoted(*value)));
  return std::nullopt;
}

std::optional<std::string_view> Params::choice(std::string_view name,
                                               std::initializer_list<std::string_view> choices) {
  const auto* value = form_.find(name);
  if (value == nullptr) return std::nullopt;
  const auto* found = std::find(choices.begin(), choices.end(), std::string_view{*value});
  if (found != choices.end()) return *found;
  std::string names;
  for (const auto option : choices) names.append(names.empty() ? "" : ", ").append(option);
  refuse(invalid("", name, "Invalid " + std::string{name} + ": must be one of " + names));
  return std::nullopt;
}

std::optional<std::string> Params::url(std::string_view name) {
  auto value = text(name, url_length_max);
  if (!value) return std::nullopt;
  const bool scheme = value->starts_with("http://") || value->starts_with("https://");
  const bool clean =
      std::all_of(value->begin(), value->end(), [](char c) { return c > ' ' && c != '\x7f'; });
  if (scheme && clean) return value;
  refuse(invalid("url_invalid", name, "Not a valid URL"));
  return std::nullopt;
}

void Params::merge_metadata(Metadata& metadata) {
  if (const auto* all = form_.find("metadata"); all != nullptr) {
    if (!all->empty()) return refuse(invalid("", "metadata", "Invalid object"));
    metadata.clear();
  }
  for (auto& [key, value] : form_.below("metadata")) {
    if (key.empty() || key.size() > metadata_key_length_max ||
        value.size() > metadata_value_length_max) {
      return refuse(
          invalid("", "metadata[" + key.substr(0, metadata_key_length_max) + "]",
                  "Metadata keys have up to 40 characters and values up to 500 characters."));
    }
    std::erase_if(metadata, [&](const auto& entry) { return entry.first == key; });
    if (!value.empty()) metadata.emplace_back(std::move(key), std::move(value));
  }
  if (metadata.size() > metadata_keys_max) {
    refuse(invalid("", "metadata", "You can have up to 50 keys of metadata."));
  }
}

}  // namespace cambist::gateway::sandbox::stripe
