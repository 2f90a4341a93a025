#include "protocols/webhook/standard.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "protocols/core/base64.hpp"
#include "protocols/core/digest.hpp"
#include "protocols/http/only_header.hpp"

namespace cambist::webhook {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view scheme = "v1,";
constexpr auto tolerance = std::chrono::minutes{5};

Error not_genuine() {
  return Error{ErrorCode::unauthenticated, "the webhook's signature is not right or too old"};
}

Result<std::vector<Secret>> read_keys(std::span<const std::string> secrets) {
  std::vector<Secret> keys;
  for (const auto& text : secrets) {
    auto key = read_secret(text);
    if (!key) return key.error();
    keys.push_back(std::move(*key));
  }
  return keys;
}

std::string signature_of(std::string_view id, std::string_view timestamp, std::string_view body,
                         const Secret& key) {
  std::string text;
  text.reserve(id.size() + timestamp.size() + body.size() + 2);
  text.append(id).append(".").append(timestamp).append(".").append(body);
  return to_base64(as_bytes(hmac_sha256(key.reveal(), text)));
}

bool is_message_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= 255 &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f && c != '.'; });
}

// In its one decimal spelling, as it was signed; twelve digits never overflow.
std::optional<TimePoint> read_timestamp(std::string_view text) {
  if (text.empty() || text.size() > 12 || text.front() == '0' ||
      !std::all_of(text.begin(), text.end(), http::is_digit)) {
    return std::nullopt;
  }
  std::int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return TimePoint{std::chrono::seconds{seconds}};
}

// Every signature of our scheme against every key; those of other schemes are passed over.
bool any_matches(std::string_view list, const std::vector<std::string>& expected) {
  bool genuine = false;
  while (true) {
    const std::size_t space = list.find(' ');
    const std::string_view item = list.substr(0, space);
    if (item.starts_with(scheme)) {
      for (const auto& signature : expected) {
        genuine |= constant_time_equal(item.substr(scheme.size()), signature);
      }
    }
    if (space == std::string_view::npos) return genuine;
    list.remove_prefix(space + 1);
  }
}

}  // namespace

Result<std::string> sign(std::string_view id, std::int64_t unix_seconds, std::string_view body,
                         std::span<const std::string> secrets) {
  if (!is_message_id(id)) {
    return Error{ErrorCode::invalid_request, "the event's id is empty or holds a point", "id"};
  }
  if (secrets.empty()) {
    return Error{ErrorCode::invalid_request, "there is no secret to sign with", "secret"};
  }
  const auto keys = read_keys(secrets);
  if (!keys) return keys.error();
  std::string value;
  for (const Secret& key : *keys) {
    if (!value.empty()) value += ' ';
    value.append(scheme).append(signature_of(id, std::to_string(unix_seconds), body, key));
  }
  return value;
}

Result<http::Headers> signed_headers(std::string_view id, TimePoint now, std::string_view body,
                                     std::span<const std::string> secrets) {
  const std::int64_t seconds =
      std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  auto signature = sign(id, seconds, body, secrets);
  if (!signature) return signature.error();
  return http::Headers{{"webhook-id", std::string{id}},
                       {"webhook-timestamp", std::to_string(seconds)},
                       {"webhook-signature", std::move(*signature)}};
}

Result<void> verify(const http::Headers& headers, std::string_view body,
                    std::span<const std::string> secrets, TimePoint now) {
  const auto keys = read_keys(secrets);
  if (!keys) return keys.error();
  const auto* id = http::find_only(headers, "webhook-id");
  const auto* timestamp = http::find_only(headers, "webhook-timestamp");
  const auto* signatures = http::find_only(headers, "webhook-signature");
  if (id == nullptr || timestamp == nullptr || signatures == nullptr || !is_message_id(*id)) {
    return not_genuine();
  }
  const auto signed_at = read_timestamp(*timestamp);
  if (!signed_at) return not_genuine();

  std::vector<std::string> expected;
  for (const Secret& key : *keys) expected.push_back(signature_of(*id, *timestamp, body, key));
  const bool genuine = any_matches(*signatures, expected);
  const auto age = std::chrono::floor<std::chrono::seconds>(now) - *signed_at;
  if (!genuine || age > tolerance || age < -tolerance) return not_genuine();
  return {};
}

Result<Secret> read_secret(std::string_view text) {
  const Error wrong{ErrorCode::invalid_request,
                    "must be whsec_ and the base64 of 24 to 64 random bytes", "secret"};
  if (!text.starts_with(secret_prefix)) return wrong;
  auto bytes = from_base64(text.substr(secret_prefix.size()));
  if (!bytes) return wrong;
  Result<Secret> key{Secret{std::move(*bytes)}};
  const std::size_t size = key->reveal().size();
  if (size < 24 || size > 64) key = wrong;
  return key;
}

std::string make_secret(const std::array<std::uint8_t, 32>& bytes) {
  return std::string{secret_prefix} + to_base64(as_bytes(bytes));
}

}  // namespace cambist::webhook
