#include "protocols/providers/paypal/signature.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocols/core/base64.hpp"
#include "protocols/core/json_text.hpp"
#include "protocols/http/only_header.hpp"
#include "protocols/http/syntax.hpp"
#include "protocols/providers/paypal/certificate.hpp"
#include "protocols/providers/paypal/fields.hpp"

namespace cambist::paypal {
namespace {

// PayPal delivers for three days; nothing older can be a first delivery. The scheme has no
// tolerance of its own: within it the event's id tells a replay.
constexpr auto age_max = std::chrono::hours{3 * 24 + 6};
// Ahead only as far as clocks differ.
constexpr auto ahead_max = std::chrono::minutes{5};

constexpr std::string_view certificates = "/v1/notifications/certs/";

Error not_genuine() {
  return Error{ErrorCode::unauthenticated, "the webhook's signature is not right or too old"};
}

/// The part of `url` that follows `origin`, when the URL is exactly that of a certificate there.
std::optional<std::string> target_at(std::string_view url, std::string_view origin,
                                     std::string_view prefix) {
  const std::string start = std::string{origin} + std::string{prefix} + std::string{certificates};
  if (!url.starts_with(start)) return std::nullopt;
  // An id and nothing else: no query, no fragment, no way up.
  if (!is_object_id(url.substr(start.size()))) return std::nullopt;
  return std::string{url.substr(origin.size())};
}

struct Place {
  std::string origin;
  std::string target;
};

// Whole strings are compared, never parts of a host: whoever chooses the certificate is believed,
// and whoever chooses the address chooses where this server connects to.
std::optional<Place> place_of(const AccountSettings& account, std::string_view url) {
  if (provider::is_loopback(provider::host_of(account.base))) {
    auto target = target_at(url, account.base.origin, account.base.prefix);
    return target ? std::optional{Place{account.base.origin, std::move(*target)}} : std::nullopt;
  }
  using namespace std::string_view_literals;
  constexpr std::array live{"https://api.paypal.com"sv, "https://api-m.paypal.com"sv};
  constexpr std::array sandbox{"https://api.sandbox.paypal.com"sv,
                               "https://api-m.sandbox.paypal.com"sv};
  for (const std::string_view origin : account.live ? live : sandbox) {
    if (auto target = target_at(url, origin, "")) {
      return Place{std::string{origin}, std::move(*target)};
    }
  }
  return std::nullopt;
}

// The bar parts the fields that are signed.
bool is_signed_field(std::string_view text, std::size_t length_max) noexcept {
  return !text.empty() && text.size() <= length_max &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c < 0x7f && c != '|'; });
}

http::Request certificate_request(const AccountSettings& account, const Transmission& sent) {
  const auto place = place_of(account, sent.certificate_url);
  http::Request request;
  request.method = "GET";
  request.origin = place->origin;
  request.target = place->target;
  request.headers = {{"Accept", "*/*"}};
  return request;
}

// The event goes back byte by byte: written anew, 12.0 would become 12 and PayPal say FAILURE. It
// must be one object of JSON, or it could bring fields of its own, another webhook id for example.
Result<http::Request> postback_request(const AccountSettings& account, const Transmission& sent,
                                       const std::string& event) {
  const auto value = read_json(event);
  if (!value || !value->is_object()) return not_genuine();
  http::Request request;
  request.method = "POST";
  request.origin = account.base.origin;
  request.target = account.base.prefix + "/v1/notifications/verify-webhook-signature";
  request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
  JsonObject question{request.body};
  question.string("auth_algo", "SHA256withRSA")
      .string("cert_url", sent.certificate_url)
      .string("transmission_id", sent.id)
      .string("transmission_sig", sent.signature_text)
      .string("transmission_time", sent.sent_at_text)
      .string("webhook_id", account.webhook_id)
      .raw("webhook_event", event)
      .close();
  return request;
}

Result<void> read_postback(const http::Response& answer) {
  const auto value = read_json(answer.body);
  const auto* object = value ? value->if_object() : nullptr;
  const std::string status =
      object == nullptr ? std::string{} : word(*object, "verification_status");
  if (answer.status == 200 && status == "SUCCESS") return {};
  if (answer.status == 200 && status == "FAILURE") return not_genuine();
  return Error{ErrorCode::unavailable, "PayPal did not say whether the webhook is genuine"};
}

}  // namespace

Result<Transmission> read_transmission(const AccountSettings& account,
                                       const http::Request& webhook) {
  const auto header = [&webhook](std::string_view name) {
    const auto* value = http::find_only(webhook.headers, name);
    return value == nullptr ? std::string{} : *value;
  };
  Transmission sent{header("PayPal-Transmission-Id"),
                    header("PayPal-Transmission-Time"),
                    {},
                    header("PayPal-Transmission-Sig"),
                    {},
                    header("PayPal-Cert-Url")};
  const auto sent_at = parse_rfc3339(sent.sent_at_text);
  auto signature = from_base64(sent.signature_text);
  const bool fine = http::equals_ignoring_case(header("PayPal-Auth-Algo"), "SHA256withRSA") &&
                    is_signed_field(sent.id, 255) && is_signed_field(sent.sent_at_text, 64) &&
                    sent_at && signature && !signature->empty() && signature->size() <= 1'024 &&
                    place_of(account, sent.certificate_url);
  if (!fine) return not_genuine();
  sent.sent_at = *sent_at;
  sent.signature = std::move(*signature);
  return sent;
}

Result<provider::Evidence> evidence_of(const AccountSettings& account,
                                       const http::Request& webhook) {
  if (account.webhook_id.empty()) {
    return Error{ErrorCode::not_found, "no webhook_id is set for this account"};
  }
  const auto sent = read_transmission(account, webhook);
  if (!sent) return sent.error();
  if (!account.postback)
    return provider::Evidence{certificate_request(account, *sent), true, false};
  auto request = postback_request(account, *sent, webhook.body);
  if (!request) return request.error();
  return provider::Evidence{std::move(*request), false, true};
}

Result<void> verify_transmission(const AccountSettings& account, const http::Request& webhook,
                                 const http::Response& evidence, TimePoint now) {
  if (account.webhook_id.empty()) {
    return Error{ErrorCode::not_found, "no webhook_id is set for this account"};
  }
  const auto sent = read_transmission(account, webhook);
  if (!sent) return sent.error();
  const auto age = now - sent->sent_at;
  if (age > age_max || age < -ahead_max) return not_genuine();
  if (account.postback) return read_postback(evidence);
  if (evidence.status != 200 || !account.roots) {
    return Error{ErrorCode::unavailable, "the webhook's certificate could not be fetched"};
  }
  const std::string text =
      signed_text(sent->id, sent->sent_at_text, account.webhook_id, webhook.body);
  return verify_signed(evidence.body, *account.roots, text, sent->signature, now);
}

std::string signed_text(std::string_view transmission_id, std::string_view transmission_time,
                        std::string_view webhook_id, std::string_view body) {
  std::string text;
  for (const std::string_view field : {transmission_id, transmission_time, webhook_id}) {
    text += field;
    text += '|';
  }
  return text + std::to_string(crc32(body));
}

}  // namespace cambist::paypal
