#include "protocols/core/digest.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace cambist {
namespace {

struct Free {
  void operator()(EVP_MD* method) const noexcept { EVP_MD_free(method); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

// Fetched once: OpenSSL 3 looks for the method of EVP_sha256() anew at every use, behind a lock,
// which costs more than the digest of a request.
const EVP_MD* method() {
  static const std::unique_ptr<EVP_MD, Free> sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  return sha256.get();
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
  Sha256 digest{};
  if (!context || method() == nullptr ||
      EVP_DigestInit_ex2(context.get(), method(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not available");
  }
  return digest;
}

Sha256 hmac_sha256(std::string_view key, std::string_view bytes) {
  Sha256 digest{};
  unsigned int size = 0;
  // A null key would mean "the key of the last call" to OpenSSL; an empty one is a key.
  const char* const key_data = key.empty() ? "" : key.data();
  if (HMAC(EVP_sha256(), key_data, static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(),
           &size) == nullptr) {
    throw std::runtime_error("HMAC-SHA256 is not available");
  }
  return digest;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::string to_hex(const Sha256& digest) {
  return to_hex(as_bytes(digest));
}

std::string_view as_bytes(const Sha256& digest) noexcept {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

bool constant_time_equal(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace cambist
