#include "tests/support/merchant.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include <boost/json.hpp>

#include "protocols/core/digest.hpp"

namespace cambist::test {
namespace {

using gateway::inbound::Delivery;
using gateway::inbound::Outgoing;

std::string decode_base64(std::string_view text) {
  std::string bytes(text.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return {};
  auto padding = text.ends_with("==") ? 2U : text.ends_with("=") ? 1U : 0U;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

std::string encode_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string hmac(const std::string& key, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

/// What an event says of itself; empty where it says nothing.
Received read_event(const std::string& body) {
  Received event;
  event.body = body;
  boost::system::error_code wrong;
  const auto document = boost::json::parse(body, wrong);
  if (wrong || !document.is_object()) return event;
  if (const auto* type = document.as_object().if_contains("type"))
    event.type = std::string{type->as_string()};
  const auto* data = document.as_object().if_contains("data");
  if (data == nullptr || !data->is_object()) return event;
  if (const auto* payment = data->as_object().if_contains("payment_id");
      payment && payment->is_string())
    event.payment = std::string{payment->as_string()};
  if (const auto* sequence = data->as_object().if_contains("sequence"))
    event.sequence = sequence->to_number<std::uint64_t>();
  return event;
}

std::chrono::seconds wall_clock() {
  return std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
}

}  // namespace

bool verifies(std::string_view secret, const http::Headers& headers, std::string_view body,
              std::chrono::seconds now) {
  constexpr std::chrono::seconds tolerance{300};
  const auto* id = http::find(headers, "webhook-id");
  const auto* timestamp = http::find(headers, "webhook-timestamp");
  const auto* signatures = http::find(headers, "webhook-signature");
  if (id == nullptr || timestamp == nullptr || signatures == nullptr) return false;
  const std::chrono::seconds sent{std::strtoll(timestamp->c_str(), nullptr, 10)};
  if (sent < now - tolerance || sent > now + tolerance) return false;
  constexpr std::string_view prefix = "whsec_";
  if (!secret.starts_with(prefix)) return false;
  const auto expected =
      "v1," + encode_base64(hmac(decode_base64(secret.substr(prefix.size())),
                                 *id + "." + *timestamp + "." + std::string{body}));
  std::istringstream list{*signatures};
  for (std::string one; list >> one;) {
    if (one == expected) return true;
  }
  return false;
}

Merchant::Merchant(unsigned seed) : random_(seed) {
  gateway::inbound::Limits limits;
  limits.requests_per_connection = 1'000'000;
  auto server = gateway::inbound::Server::start(
      "127.0.0.1:0", limits,
      [this](const http::Request& request, const gateway::inbound::Responder& respond) {
        respond(take(request));
      },
      [](int status, const Error& error) {
        return http::Response{status, {}, error.detail};
      },
      1);
  if (!server) throw std::runtime_error("no endpoint: " + server.error().detail);
  server_ = std::move(*server);
}

Merchant::~Merchant() {
  server_->drain(std::chrono::milliseconds{100});
}

std::string Merchant::url(const std::string& name) const {
  return "http://127.0.0.1:" + std::to_string(server_->port()) + "/" + name;
}

void Merchant::knows(const std::string& name, std::string endpoint, std::string secret) {
  const std::lock_guard lock{mutex_};
  known_["/" + name] = {std::move(endpoint), std::move(secret)};
}

void Merchant::fail(unsigned percent) {
  const std::lock_guard lock{mutex_};
  percent_ = percent;
}

void Merchant::keep_digests() {
  const std::lock_guard lock{mutex_};
  digests_ = true;
}

bool Merchant::has_taken(const std::string& payment, const std::string& type) const {
  const std::lock_guard lock{mutex_};
  return std::any_of(received_.rbegin(), received_.rend(), [&](const Received& event) {
    return event.taken && event.payment == payment && event.type == type;
  });
}

std::vector<Received> Merchant::received() const {
  const std::lock_guard lock{mutex_};
  return received_;
}

std::size_t Merchant::unverified() const {
  const std::lock_guard lock{mutex_};
  return unverified_;
}

Outgoing Merchant::take(const http::Request& request) {
  const std::lock_guard lock{mutex_};
  const auto at = known_.find(request.target);
  if (at == known_.end()) return {.response = {500, {}, {}}};
  if (!verifies(at->second.secret, request.headers, request.body, wall_clock())) {
    ++unverified_;
    return {.response = {401, {}, {}}};
  }
  auto event = read_event(request.body);
  if (digests_) event.body = to_hex(sha256(event.body));
  event.endpoint = at->second.endpoint;
  event.id = *http::find(request.headers, "webhook-id");
  const bool fails =
      random_() % 100 < percent_ && failed_.insert({event.endpoint, event.id}).second;
  const bool taken_first = random_() % 2 == 0;
  event.taken = !fails;
  // A request that fails before it is taken in has not come, as far as the merchant knows.
  if (!fails || taken_first) received_.push_back(std::move(event));
  if (!fails) return {.response = {204, {}, {}}};
  if (taken_first) return {.response = {200, {}, "taken"}, .delivery = Delivery::reset_mid_body};
  return {.response = {random_() % 2 == 0 ? 500 : 503, {}, {}}};
}

}  // namespace cambist::test
