#include "gateway/sandbox/form.hpp"

#include <algorithm>

namespace cambist::gateway::sandbox {
namespace {

constexpr std::size_t fields_max = 1'000;

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Values come back inside JSON, so they must be UTF-8. Overlong forms and surrogates are refused
// too.
bool is_utf8(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    const int more = lead < 0x80   ? 0
                     : lead < 0xC2 ? -1
                     : lead < 0xE0 ? 1
                     : lead < 0xF0 ? 2
                     : lead < 0xF5 ? 3
                                   : -1;
    if (more < 0 || text.size() - i < static_cast<std::size_t>(more)) return false;
    for (int k = 0; k < more; ++k, ++i) {
      const auto next = static_cast<unsigned char>(text[i]);
      const unsigned low = k > 0 ? 0x80U : lead == 0xE0 ? 0xA0U : lead == 0xF0 ? 0x90U : 0x80U;
      const unsigned high = k > 0 ? 0xBFU : lead == 0xED ? 0x9FU : lead == 0xF4 ? 0x8FU : 0xBFU;
      if (next < low || next > high) return false;
    }
  }
  return true;
}

}  // namespace

Result<std::string> unescape(std::string_view text, bool plus_is_space) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      plain.push_back(' ');
    } else if (text[i] != '%') {
      plain.push_back(text[i]);
    } else {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return Error{ErrorCode::invalid_request, "a percent escape needs two hexadecimal digits"};
      plain.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return plain;
}

std::string escape(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      escaped.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      escaped.append({'%', digits[byte >> 4U], digits[byte & 15U]});
    }
  }
  return escaped;
}

Result<Form> Form::decode(std::string_view text) {
  Form form;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto field = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (field.empty()) continue;
    if (form.fields_.size() == fields_max)
      return Error{ErrorCode::invalid_request, "more than 1000 parameters"};
    const auto equals = std::min(field.find('='), field.size());
    auto name = unescape(field.substr(0, equals), true);
    if (!name) return name.error();
    auto value = unescape(field.substr(std::min(equals + 1, field.size())), true);
    if (!value) return value.error();
    if (!is_utf8(*name) || !is_utf8(*value))
      return Error{ErrorCode::invalid_request, "the parameters are not UTF-8"};
    form.fields_.emplace_back(std::move(*name), std::move(*value));
  }
  return form;
}

void Form::append(Form other) {
  std::move(other.fields_.begin(), other.fields_.end(), std::back_inserter(fields_));
}

const std::string* Form::find(std::string_view name) const noexcept {
  const auto found = std::find_if(fields_.rbegin(), fields_.rend(),
                                  [&](const auto& field) { return field.first == name; });
  return found == fields_.rend() ? nullptr : &found->second;
}

Form::Fields Form::below(std::string_view name) const {
  Fields found;
  for (const auto& [full, value] : fields_) {
    const std::string_view text = full;
    if (text.size() > name.size() + 1 && text.starts_with(name) && text[name.size()] == '[' &&
        text.ends_with(']')) {
      found.emplace_back(text.substr(name.size() + 1, text.size() - name.size() - 2), value);
    }
  }
  return found;
}

Sha256 Form::fingerprint(std::string_view salt) const {
  Fields sorted = fields_;
  std::stable_sort(sorted.begin(), sorted.end());
  std::string text{salt};
  // Lengths keep "a" + "bc" apart from "ab" + "c".
  for (const auto& [name, value] : sorted) {
    text.append("\n").append(std::to_string(name.size())).append(":").append(name);
    text.append(std::to_string(value.size())).append(":").append(value);
  }
  return sha256(text);
}

bool fits(std::string_view name, std::string_view pattern) noexcept {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  const auto head = pattern.substr(0, star);
  if (!name.starts_with(head)) return false;
  const auto rest = name.substr(head.size());
  if (pattern.substr(star) == "**]") return rest.ends_with(']');
  const auto close = rest.find(']');
  return close != std::string_view::npos && close + 1 == rest.size() && rest.find('[') > close;
}

}  // namespace cambist::gateway::sandbox
