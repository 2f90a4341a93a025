#include "protocols/providers/stripe/signature.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "protocols/core/digest.hpp"
#include "protocols/http/only_header.hpp"
#include "protocols/http/syntax.hpp"

namespace cambist::stripe {
namespace {

// Both ways: Stripe's own library takes any time in the future, a stricter receiver need not.
constexpr auto tolerance = std::chrono::seconds{300};

Error not_genuine() {
  return Error{ErrorCode::unauthenticated, "the webhook's signature is not right or too old"};
}

// Decimal seconds in their one spelling, because the text itself was signed. Twelve digits reach
// past the year 9999 and never overflow.
std::optional<TimePoint> read_timestamp(std::string_view text) {
  if (text.empty() || text.size() > 12 || text.front() == '0' ||
      !std::all_of(text.begin(), text.end(), http::is_digit)) {
    return std::nullopt;
  }
  std::int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return TimePoint{std::chrono::seconds{seconds}};
}

// The key is the whole secret, "whsec_" included; Standard Webhooks, which prints its secrets
// alike, decodes them.
std::string signature_of(std::string_view timestamp, std::string_view body, const Secret& secret) {
  std::string signed_text;
  signed_text.reserve(timestamp.size() + 1 + body.size());
  signed_text.append(timestamp).append(".").append(body);
  return to_hex(hmac_sha256(secret.reveal(), signed_text));
}

}  // namespace

Result<SignatureHeader> parse_signature(std::string_view header) {
  SignatureHeader read;
  while (true) {
    const std::size_t comma = header.find(',');
    const std::string_view item = header.substr(0, comma);
    const std::size_t equals = item.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : item.substr(equals + 1);
    if (item.substr(0, equals) == "t") {
      const auto time = read_timestamp(value);
      if (!time || !read.timestamp.empty()) return not_genuine();
      read.timestamp = value;
      read.signed_at = *time;
    } else if (item.substr(0, equals) == "v1") {
      read.v1.push_back(value);
    }
    if (comma == std::string_view::npos) break;
    header.remove_prefix(comma + 1);
  }
  if (read.timestamp.empty() || read.v1.empty()) return not_genuine();
  return read;
}

Result<void> verify_signature(const http::Request& request, std::span<const Secret> secrets,
                              TimePoint now) {
  const std::string* header = http::find_only(request.headers, "Stripe-Signature");
  if (header == nullptr) return not_genuine();
  const auto parsed = parse_signature(*header);
  if (!parsed) return parsed.error();

  bool genuine = false;
  for (const Secret& secret : secrets) {
    const std::string expected = signature_of(parsed->timestamp, request.body, secret);
    for (const std::string_view given : parsed->v1) {
      genuine |= constant_time_equal(given, expected);
    }
  }
  // Stripe counts whole seconds: exactly 300 pass.
  const auto age = std::chrono::floor<std::chrono::seconds>(now) - parsed->signed_at;
  if (!genuine || age > tolerance || age < -tolerance) return not_genuine();
  return {};
}

std::string sign(std::string_view body, TimePoint now, std::span<const Secret> secrets) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const std::string timestamp = std::to_string(seconds);
  std::string header = "t=" + timestamp;
  for (const Secret& secret : secrets) {
    header += ",v1=" + signature_of(timestamp, body, secret);
  }
  return header;
}

}  // namespace cambist::stripe
