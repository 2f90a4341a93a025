#include "protocols/api/keys.hpp"

#include <boost/json.hpp>

#include "protocols/api/fields.hpp"
#include "protocols/api/json.hpp"

namespace cambist::api {
namespace {

namespace json = boost::json;

constexpr std::string_view body_field = "idempotency_key";
constexpr std::size_t key_bytes_max = 255;

Result<std::string> checked(std::string_view key, std::string_view field) {
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"')
    key = key.substr(1, key.size() - 2);
  if (key.empty() || key.size() > key_bytes_max || !fits(key, Text::token)) {
    return Error{ErrorCode::invalid_request,
                 "must be 1 to 255 visible ASCII characters without spaces", std::string{field}};
  }
  return std::string{key};
}

}  // namespace

Result<std::string> idempotency_key_of(const std::string* header, const json::object& body) {
  std::string from_header;
  if (header != nullptr) {
    auto key = checked(*header, "Idempotency-Key");
    if (!key) return key;
    from_header = std::move(*key);
  }
  const json::value* value =
      body.if_contains(json::string_view{body_field.data(), body_field.size()});
  if (value == nullptr || value->is_null()) return from_header;
  if (!value->is_string())
    return Error{ErrorCode::invalid_request, "must be a string", std::string{body_field}};
  auto from_body = checked({value->get_string().data(), value->get_string().size()}, body_field);
  if (!from_body) return from_body;
  if (header != nullptr && *from_body != from_header) {
    return Error{ErrorCode::invalid_request, "differs from the header Idempotency-Key",
                 std::string{body_field}};
  }
  return from_body;
}

std::string derived_key(const TenantId& tenant, std::string_view operation,
                        std::string_view reference) {
  std::string text = tenant.value;
  text += '|';
  text += operation;
  text += '|';
  text += reference;
  return "ref:" + to_hex(sha256(text));
}

Sha256 fingerprint(std::string_view method, std::string_view path, const json::object& body) {
  std::string text{method};
  text += '\n';
  text += path;
  text += '\n';
  if (body.if_contains(json::string_view{body_field.data(), body_field.size()}) == nullptr) {
    text += canonical(body);
  } else {
    json::object rest = body;
    rest.erase(json::string_view{body_field.data(), body_field.size()});
    text += canonical(rest);
  }
  return sha256(text);
}

}  // namespace cambist::api
