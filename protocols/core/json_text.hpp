// JSON written straight into a string. What every payment writes several times need not be built as
// a tree first; whoever reads JSON, or writes it rarely, uses boost::json.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cambist {

/// Appends `text` as a JSON string with its quotes. Bytes above 0x7f pass as they are: texts are
/// UTF-8 when they come in.
void append_json_string(std::string& out, std::string_view text);

/// One object, its members in the order of the calls; `close` ends it.
/// Shape: names are written as they are, so they must need no escaping. A name that comes twice is
///        written twice.
class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }

  JsonObject& string(std::string_view name, std::string_view value) {
    append_json_string(key(name), value);
    return *this;
  }
  /// null when empty.
  JsonObject& string_or_null(std::string_view name, std::string_view value) {
    return value.empty() ? null(name) : string(name, value);
  }
  JsonObject& integer(std::string_view name, std::int64_t value);
  JsonObject& boolean(std::string_view name, bool value) {
    return raw(name, value ? "true" : "false");
  }
  JsonObject& null(std::string_view name) { return raw(name, "null"); }
  /// `json` must be JSON already.
  JsonObject& raw(std::string_view name, std::string_view json) {
    key(name) += json;
    return *this;
  }
  /// The string, ready for the value of `name`: for what writes itself.
  std::string& key(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return out_;
  }
  /// The members of another object, given as its text.
  JsonObject& members_of(std::string_view object);
  void close() { out_ += '}'; }

 private:
  std::string& out_;
};

}  // namespace cambist
