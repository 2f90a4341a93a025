#include "gateway/sandbox/paypal/signature.hpp"

#include <array>
#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "gateway/sandbox/paypal/certificates.hpp"
#include "protocols/core/base64.hpp"
#include "protocols/core/digest.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Key read_key(std::string_view pem) {
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
  return Key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
}

// Parsed once; OpenSSL only reads them afterwards, so every thread may sign.
EVP_PKEY* own_key() {
  static const Key key = read_key(signing_key());
  return key.get();
}

EVP_PKEY* foreign_key() {
  static const Key key = read_key(forgers_key());
  return key.get();
}

std::string sign_with(EVP_PKEY* key, std::string_view text) {
  const Context context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1) return {};
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1) return {};
  std::string signature(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), out, &size, bytes, text.size()) != 1) return {};
  signature.resize(size);
  return signature;
}

std::string message(std::string_view id, std::string_view time, std::string_view webhook,
                    std::string_view body) {
  std::string text{id};
  text.append("|").append(time).append("|").append(webhook).append("|");
  return text + std::to_string(crc32(body));
}

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1U) : value >> 1U;
    table[i] = value;
  }
  return table;
}

// A UUID of what makes the attempt: no two attempts have the same time.
std::string transmission_id(std::string_view body, TimePoint now) {
  const auto digest = to_hex(sha256(std::to_string(to_micros(now)) + "|" + std::string{body}));
  return digest.substr(0, 8) + "-" + digest.substr(8, 4) + "-11f0-" + digest.substr(12, 4) + "-" +
         digest.substr(16, 12);
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) noexcept {
  static constexpr auto table = make_table();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes)
    crc = table[(crc ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (crc >> 8U);
  return crc ^ 0xFFFFFFFFU;
}

http::Headers sign(std::string_view body, const std::string& certificate_url, TimePoint now,
                   bool by_forger) {
  const auto id = transmission_id(body, now);
  const auto time = to_rfc3339(std::chrono::floor<std::chrono::seconds>(now)).substr(0, 19) + "Z";
  const auto signature =
      sign_with(by_forger ? foreign_key() : own_key(), message(id, time, webhook_id, body));
  return {{"PAYPAL-TRANSMISSION-ID", id},
          {"PAYPAL-TRANSMISSION-TIME", time},
          {"PAYPAL-TRANSMISSION-SIG", to_base64(signature)},
          {"PAYPAL-CERT-URL", certificate_url},
          {"PAYPAL-AUTH-ALGO", "SHA256withRSA"},
          {"PAYPAL-AUTH-VERSION", "v2"}};
}

bool verifies(const Claim& claim, std::string_view body) {
  if (claim.algorithm != "SHA256withRSA" || !claim.certificate_url.ends_with(certificate_path))
    return false;
  const auto signature = from_base64(claim.signature);
  if (!signature) return false;
  const auto text = message(claim.transmission_id, claim.transmission_time, claim.webhook, body);
  const Context context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, own_key()) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature->data()),
                          signature->size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

}  // namespace cambist::gateway::sandbox::paypal
