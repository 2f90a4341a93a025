#include "protocols/providers/mpesa_daraja/credential.hpp"

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "protocols/core/base64.hpp"

namespace cambist::mpesa_daraja {
namespace {

struct Free {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Error wrong(std::string detail) {
  return {ErrorCode::invalid_request, std::move(detail), "certificate"};
}

// Certificates are about 2 KB; far more is another file.
constexpr std::size_t certificate_bytes_max = 16'384;

}  // namespace

Result<Secret> security_credential(const Secret& password, std::string_view certificate) {
  if (certificate.size() > certificate_bytes_max) return wrong("is no certificate in PEM");
  const Owned<BIO> bio{BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size()))};
  const Owned<X509> read{bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr};
  if (!read) return wrong("is no certificate in PEM");
  const Owned<EVP_PKEY> key{X509_get_pubkey(read.get())};
  if (!key || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA) return wrong("holds no RSA key");

  const Owned<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new(key.get(), nullptr)};
  const std::string_view plain = password.reveal();
  const auto* bytes = reinterpret_cast<const unsigned char*>(plain.data());
  std::size_t size = 0;
  if (!context || EVP_PKEY_encrypt_init(context.get()) <= 0 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) <= 0 ||
      EVP_PKEY_encrypt(context.get(), nullptr, &size, bytes, plain.size()) <= 0) {
    return wrong("cannot be encrypted for");
  }
  std::string cipher(size, '\0');
  if (EVP_PKEY_encrypt(context.get(), reinterpret_cast<unsigned char*>(cipher.data()), &size, bytes,
                       plain.size()) <= 0) {
    return wrong("has too small a key for the password");
  }
  cipher.resize(size);
  return Secret{to_base64(cipher)};
}

}  // namespace cambist::mpesa_daraja
