#include "protocols/api/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <set>
#include <vector>

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>

#include "protocols/api/card_data.hpp"

namespace cambist::api {
namespace {

namespace json = boost::json;
using json::error_code;
using View = json::string_view;

std::string_view plain(View text) {
  return {text.data(), text.size()};
}

// Builds the value while it watches. Boost.JSON's own parser keeps the last of two equal keys and
// says nothing.
class Builder {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  explicit Builder(const JsonLimits& limits) : limits_(limits) { stack_.reset(); }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& ec) { return open(false, ec); }
  bool on_object_end(std::size_t size, error_code& ec) {
    frames_.pop_back();
    stack_.push_object(size);
    return leave(ec);
  }
  bool on_array_begin(error_code& ec) { return open(true, ec); }
  bool on_array_end(std::size_t size, error_code& ec) {
    frames_.pop_back();
    stack_.push_array(size);
    return leave(ec);
  }

  bool on_key_part(View part, std::size_t size, error_code& ec) { return collect(part, size, ec); }
  bool on_key(View part, std::size_t size, error_code& ec) {
    if (!collect(part, size, ec)) return false;
    Frame& frame = frames_.back();
    frame.key.clear();
    if (holds_card_number(text_)) return refuse(ErrorCode::card_data_refused, card_detail, ec);
    if (text_.find('\0') != std::string::npos)
      return refuse(ErrorCode::malformed_json, nul_detail, ec);
    frame.key = text_;
    frame.secret = frame.secret_inherited || names_card_secret(text_);
    if (!frame.keys.insert(text_).second)
      return refuse(ErrorCode::malformed_json, "the key is there twice", ec);
    if (++keys_ > limits_.keys)
      return refuse(ErrorCode::invalid_request, "the body has too many keys", ec);
    stack_.push_key(text_);
    text_.clear();
    return true;
  }

  bool on_string_part(View part, std::size_t size, error_code& ec) {
    return collect(part, size, ec);
  }
  bool on_string(View part, std::size_t size, error_code& ec) {
    if (!collect(part, size, ec) || !watch(text_, ec)) return false;
    if (text_.find('\0') != std::string::npos)
      return refuse(ErrorCode::malformed_json, nul_detail, ec);
    stack_.push_string(text_);
    text_.clear();
    return leave(ec);
  }

  bool on_number_part(View part, error_code&) {
    text_ += plain(part);
    return true;
  }
  bool on_int64(std::int64_t number, View part, error_code& ec) {
    if (!watch_number(part, ec)) return false;
    stack_.push_int64(number);
    return leave(ec);
  }
  bool on_uint64(std::uint64_t number, View part, error_code& ec) {
    if (!watch_number(part, ec)) return false;
    stack_.push_uint64(number);
    return leave(ec);
  }
  bool on_double(double number, View part, error_code& ec) {
    // 4.242424242424242e15 is a card number too.
    std::array<char, 64> whole{};
    if (std::abs(number) < 1e19) std::snprintf(whole.data(), whole.size(), "%.0f", number);
    if (!watch_number(part, ec) || !watch(whole.data(), ec)) return false;
    if (!std::isfinite(number))
      return refuse(ErrorCode::malformed_json, "the number is out of range", ec);
    stack_.push_double(number);
    return leave(ec);
  }
  bool on_bool(bool value, error_code& ec) {
    stack_.push_bool(value);
    return leave(ec);
  }
  bool on_null(error_code& ec) {
    stack_.push_null();
    return leave(ec);
  }
  bool on_comment_part(View, error_code&) { return true; }
  bool on_comment(View, error_code&) { return true; }

  std::optional<Error> failure;

  json::value take() { return stack_.release(); }
  [[nodiscard]] std::string path() const {
    std::string text;
    for (const Frame& frame : frames_) {
      if (frame.array) {
        text += "[" + std::to_string(frame.index) + "]";
      } else if (!frame.key.empty()) {
        if (!text.empty()) text += '.';
        text += shown_name(frame.key);
      }
    }
    return text;
  }

 private:
  static constexpr std::string_view card_detail =
      "card numbers and card secrets are not accepted; send the provider's token instead";
  static constexpr std::string_view nul_detail = "the text holds a NUL character";

  struct Frame {
    bool array = false;
    bool secret_inherited = false;
    bool secret = false;
    std::size_t index = 0;
    std::string key{};
    std::set<std::string> keys{};
  };

  bool refuse(ErrorCode code, std::string_view detail, error_code& ec) {
    failure = Error{code, std::string{detail}, path()};
    ec = json::error::syntax;
    return false;
  }
  bool open(bool array, error_code& ec) {
    const bool secret = !frames_.empty() && frames_.back().secret;
    if (frames_.size() >= limits_.depth)
      return refuse(ErrorCode::invalid_request, "the body is nested too deep", ec);
    frames_.push_back({.array = array, .secret_inherited = secret, .secret = secret});
    return true;
  }
  // A value has ended: the next one in an array has the next index.
  bool leave(error_code& ec) {
    if (++elements_ > limits_.elements)
      return refuse(ErrorCode::invalid_request, "the body has too many values", ec);
    if (!frames_.empty() && frames_.back().array) ++frames_.back().index;
    return true;
  }
  bool collect(View part, std::size_t size, error_code& ec) {
    if (size > limits_.string_bytes)
      return refuse(ErrorCode::invalid_request, "the text is too long", ec);
    text_ += plain(part);
    return true;
  }
  bool watch(std::string_view text, error_code& ec) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool secret =
        !frames_.empty() && frames_.back().secret && std::any_of(text.begin(), text.end(), digit);
    if (secret || holds_card_number(text))
      return refuse(ErrorCode::card_data_refused, card_detail, ec);
    return true;
  }
  bool watch_number(View part, error_code& ec) {
    text_ += plain(part);
    const bool fine = watch(text_, ec);
    text_.clear();
    return fine;
  }

  const JsonLimits& limits_;
  json::value_stack stack_;
  std::vector<Frame> frames_;
  std::string text_;
  std::size_t keys_ = 0;
  std::size_t elements_ = 0;
};

// As json::serialize writes it, which kept keys depend on; most texts hold nothing to escape.
void write_text(View text, std::string& out) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= ' ' && c < '\x7f' && c != '"' && c != '\\');
  });
  if (!is_plain) {
    out += json::serialize(text);
    return;
  }
  out += '"';
  out += plain(text);
  out += '"';
}

void write_canonical(const json::value& value, std::string& out) {
  switch (value.kind()) {
    case json::kind::object: {
      std::vector<const json::key_value_pair*> members;
      members.reserve(value.get_object().size());
      for (const auto& member : value.get_object()) members.push_back(&member);
      std::sort(members.begin(), members.end(),
                [](const auto* a, const auto* b) { return a->key() < b->key(); });
      char before = '{';
      for (const auto* member : members) {
        out += before;
        before = ',';
        write_text(member->key(), out);
        out += ':';
        write_canonical(member->value(), out);
      }
      out += members.empty() ? "{}" : "}";
      return;
    }
    case json::kind::array: {
      out += '[';
      for (std::size_t i = 0; i < value.get_array().size(); ++i) {
        if (i > 0) out += ',';
        write_canonical(value.get_array()[i], out);
      }
      out += ']';
      return;
    }
    case json::kind::string:
      return write_text(value.get_string(), out);
    case json::kind::double_: {
      const double number = value.get_double();
      // Whole numbers that a double holds exactly are written as integers write them.
      if (std::floor(number) == number && std::abs(number) < 9007199254740992.0) {
        out += std::to_string(static_cast<std::int64_t>(number));
        return;
      }
      break;
    }
    default:
      break;
  }
  out += json::serialize(value);
}

}  // namespace

Result<json::object> read_object(std::string_view text, const JsonLimits& limits) {
  json::parse_options options;
  options.max_depth = limits.depth + 8;  // ours comes first, and names the path
  json::basic_parser<Builder> parser{options, limits};
  error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  Builder& builder = parser.handler();
  if (builder.failure) return *builder.failure;
  if (ec) {
    return Error{ErrorCode::malformed_json, "not valid JSON (" + ec.message() + ")",
                 builder.path()};
  }
  if (!parser.done() || used != text.size()) {
    return Error{ErrorCode::malformed_json,
                 "the body must be one JSON object and nothing after it"};
  }
  json::value value = builder.take();
  if (!value.is_object()) return Error{ErrorCode::malformed_json, "the body must be a JSON object"};
  return std::move(value.get_object());
}

std::string canonical(const json::value& value) {
  std::string out;
  write_canonical(value, out);
  return out;
}

std::string shown_name(std::string_view name) {
  std::string shown;
  for (const char c : name.substr(0, 64))
    shown += c > ' ' && c < '\x7f' && c != '"' && c != '\\' ? c : '?';
  return shown;
}

}  // namespace cambist::api
