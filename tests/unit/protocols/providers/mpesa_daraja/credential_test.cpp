// The operator's password leaves encrypted for Daraja's certificate, and only so.
#include "protocols/providers/mpesa_daraja/credential.hpp"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "protocols/core/base64.hpp"

namespace cambist::mpesa_daraja {
namespace {

struct Free {
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

/// A certificate that is its own issuer, in PEM.
std::string certificate_of(EVP_PKEY* key) {
  const Owned<X509> made{X509_new()};
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3'600);
  X509_set_pubkey(made.get(), key);
  X509_sign(made.get(), key, EVP_sha256());
  const Owned<BIO> bio{BIO_new(BIO_s_mem())};
  PEM_write_bio_X509(bio.get(), made.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string decrypted(EVP_PKEY* key, const std::string& cipher) {
  const Owned<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new(key, nullptr)};
  EVP_PKEY_decrypt_init(context.get());
  EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING);
  std::string plain(1'024, '\0');
  std::size_t size = plain.size();
  const int done =
      EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(plain.data()), &size,
                       reinterpret_cast<const unsigned char*>(cipher.data()), cipher.size());
  if (done <= 0) return "(not for this key)";
  plain.resize(size);
  return plain;
}

TEST(DarajaCredential, OnlyTheCertificatesOwnerReadsThePassword) {
  const Owned<EVP_PKEY> key{EVP_RSA_gen(2'048)};
  const auto certificate = certificate_of(key.get());
  const auto made = security_credential(Secret{"Initiator#1"}, certificate);
  ASSERT_TRUE(made) << made.error().detail;
  const auto cipher = from_base64(made->reveal());
  ASSERT_TRUE(cipher);
  EXPECT_EQ(cipher->size(), 256U);
  EXPECT_EQ(decrypted(key.get(), *cipher), "Initiator#1");
  const Owned<EVP_PKEY> other{EVP_RSA_gen(2'048)};
  EXPECT_NE(decrypted(other.get(), *cipher), "Initiator#1");
}

TEST(DarajaCredential, DiffersEachTimeItIsMade) {
  const Owned<EVP_PKEY> key{EVP_RSA_gen(2'048)};
  const auto certificate = certificate_of(key.get());
  EXPECT_NE(security_credential(Secret{"x"}, certificate)->reveal(),
            security_credential(Secret{"x"}, certificate)->reveal());
}

TEST(DarajaCredential, IsNotMadeForWhatIsNoRsaCertificate) {
  const Owned<EVP_PKEY> curve{EVP_EC_gen("P-256")};
  const Owned<EVP_PKEY> rsa{EVP_RSA_gen(2'048)};
  const auto good = certificate_of(rsa.get());
  for (const auto& certificate : {std::string{}, std::string{"x"}, good.substr(0, good.size() / 2),
                                  certificate_of(curve.get()), std::string(20'000, 'A')}) {
    const auto made = security_credential(Secret{"Initiator#1"}, certificate);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().field, "certificate");
  }
  const auto long_one = security_credential(Secret{std::string(300, 'p')}, good);
  ASSERT_FALSE(long_one);
  EXPECT_EQ(long_one.error().detail.find("ppp"), std::string::npos);
}

}  // namespace
}  // namespace cambist::mpesa_daraja
