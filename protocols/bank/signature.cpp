#include "protocols/bank/signature.hpp"

#include <algorithm>
#include <charconv>

#include "protocols/core/digest.hpp"
#include "protocols/http/only_header.hpp"
#include "protocols/http/syntax.hpp"

namespace cambist::bank {
namespace {

constexpr auto tolerance = std::chrono::seconds{300};

Error not_genuine() {
  return Error{ErrorCode::unauthenticated, "the callback's signature is not right or too old"};
}

std::string signature_of(std::string_view timestamp, std::string_view body, const Secret& secret) {
  std::string text{timestamp};
  text.append(".").append(body);
  return to_hex(hmac_sha256(secret.reveal(), text));
}

}  // namespace

Result<void> verify_signature(const http::Request& request, const Secret& secret, TimePoint now) {
  const std::string* header = http::find_only(request.headers, "X-Bank-Signature");
  if (header == nullptr || secret.empty()) return not_genuine();
  const std::string_view given{*header};
  const std::size_t comma = given.find(',');
  if (comma == std::string_view::npos || !given.starts_with("t=")) return not_genuine();
  const std::string_view timestamp = given.substr(2, comma - 2);
  const std::string_view rest = given.substr(comma + 1);
  // Seconds in their one spelling: the text itself was signed. Twelve digits never overflow.
  if (timestamp.empty() || timestamp.size() > 12 || timestamp.front() == '0' ||
      !std::all_of(timestamp.begin(), timestamp.end(), http::is_digit) ||
      !rest.starts_with("v1=")) {
    return not_genuine();
  }
  std::int64_t seconds = 0;
  std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
  const bool genuine =
      constant_time_equal(rest.substr(3), signature_of(timestamp, request.body, secret));
  const auto age =
      std::chrono::floor<std::chrono::seconds>(now) - TimePoint{std::chrono::seconds{seconds}};
  if (!genuine || age > tolerance || age < -tolerance) return not_genuine();
  return {};
}

std::string sign(std::string_view body, TimePoint now, const Secret& secret) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const std::string timestamp = std::to_string(seconds);
  return "t=" + timestamp + ",v1=" + signature_of(timestamp, body, secret);
}

}  // namespace cambist::bank
