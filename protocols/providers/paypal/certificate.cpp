#include "protocols/providers/paypal/certificate.hpp"

#include <array>
#include <utility>
#include <vector>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

namespace cambist::paypal {
namespace {

struct Free {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(X509_STORE* store) const noexcept { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const noexcept { X509_STORE_CTX_free(context); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  // The certificates in it are borrowed.
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
template <class T>
using Held = std::unique_ptr<T, Free>;

// What OpenSSL notes of a failure would else be found by the next TLS handshake of this thread.
struct ForgetErrors {
  ForgetErrors() { ERR_clear_error(); }  // read_pem looks at the last of them
  ForgetErrors(const ForgetErrors&) = delete;
  ForgetErrors& operator=(const ForgetErrors&) = delete;
  ~ForgetErrors() { ERR_clear_error(); }
};

// A leaf, its intermediates and their root are three or four.
constexpr std::size_t chain_length_max = 8;

Error not_genuine() {
  return Error{ErrorCode::unauthenticated, "the webhook's signature is not right or too old"};
}

// OpenSSL asks the terminal for the passphrase of a PEM block that says it is encrypted.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

/// The certificates of a PEM text; empty when one cannot be read or there are too many.
std::vector<Held<X509>> read_pem(std::string_view pem) {
  constexpr std::size_t length_max = 64 * 1024;
  if (pem.size() > length_max) return {};
  const Held<BIO> bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  if (!bio) return {};
  std::vector<Held<X509>> certificates;
  while (Held<X509> one{PEM_read_bio_X509(bio.get(), nullptr, &no_passphrase, nullptr)}) {
    if (certificates.size() == chain_length_max) return {};
    certificates.push_back(std::move(one));
  }
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (!ended) certificates.clear();
  return certificates;
}

/// The one common name of the subject; empty when there is none, more than one, or a NUL in it.
std::string common_name(X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) return {};
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
  unsigned char* bytes = nullptr;
  const int length = ASN1_STRING_to_UTF8(&bytes, value);
  if (length < 0) return {};
  std::string name{reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length)};
  OPENSSL_free(bytes);
  return name.find('\0') == std::string::npos ? name : std::string{};
}

// The rule of PayPal's own Java library.
bool signs_webhooks(X509* certificate) {
  const std::string name = common_name(certificate);
  return name.starts_with("messageverificationcerts") && name.ends_with(".paypal.com");
}

bool leads_to_root(const std::vector<Held<X509>>& chain, X509_STORE* store, TimePoint now) {
  const Held<STACK_OF(X509)> others{sk_X509_new_null()};
  const Held<X509_STORE_CTX> context{X509_STORE_CTX_new()};
  if (!others || !context) return false;
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (sk_X509_push(others.get(), chain[i].get()) == 0) return false;
  }
  if (X509_STORE_CTX_init(context.get(), store, chain.front().get(), others.get()) != 1)
    return false;
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  X509_VERIFY_PARAM_set_time(rules, static_cast<std::time_t>(seconds));
  X509_VERIFY_PARAM_set_auth_level(rules, 2);  // RSA from 2048 bits, no SHA-1
  return X509_verify_cert(context.get()) == 1;
}

bool signed_with(X509* certificate, std::string_view message, std::string_view signature) {
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return false;
  const Held<EVP_MD_CTX> context{EVP_MD_CTX_new()};
  return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(message.data()),
                          message.size()) == 1;
}

constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value & 1U) != 0 ? 0xedb88320U ^ (value >> 1U) : value >> 1U;
    table[i] = value;
  }
  return table;
}();

}  // namespace

struct TrustRoots::Store {
  Held<X509_STORE> held{X509_STORE_new()};
};

Result<TrustRoots> TrustRoots::of_the_system() {
  // Some hundred certificates are read: once for all accounts.
  static const std::shared_ptr<const Store> shared = [] {
    const ForgetErrors forget;
    auto store = std::make_shared<Store>();
    const bool fine = store->held && X509_STORE_set_default_paths(store->held.get()) == 1;
    return fine ? store : nullptr;
  }();
  if (shared == nullptr) {
    return Error{ErrorCode::invalid_request, "the system's roots cannot be used"};
  }
  return TrustRoots{shared};
}

Result<TrustRoots> TrustRoots::from_pem(std::string_view pem) {
  const ForgetErrors forget;
  const auto certificates = read_pem(pem);
  auto store = std::make_shared<Store>();
  bool fine = store->held && !certificates.empty();
  for (const auto& certificate : certificates) {
    fine = fine && X509_STORE_add_cert(store->held.get(), certificate.get()) == 1;
  }
  if (!fine) {
    return Error{ErrorCode::invalid_request, "holds no certificates in PEM that can be read"};
  }
  return TrustRoots{std::move(store)};
}

Result<void> verify_signed(std::string_view chain, const TrustRoots& roots,
                           std::string_view message, std::string_view signature, TimePoint now) {
  const ForgetErrors forget;
  const auto certificates = read_pem(chain);
  if (certificates.empty()) {
    return Error{ErrorCode::unavailable, "what was fetched for the webhook is no certificate"};
  }
  X509* signer = certificates.front().get();
  const bool genuine = leads_to_root(certificates, roots.store().held.get(), now) &&
                       signs_webhooks(signer) && signed_with(signer, message, signature);
  if (!genuine) return not_genuine();
  return {};
}

std::uint32_t crc32(std::string_view bytes) noexcept {
  std::uint32_t crc = 0xffffffffU;
  for (const char c : bytes)
    crc = crc_table[(crc ^ static_cast<unsigned char>(c)) & 0xffU] ^ (crc >> 8U);
  return crc ^ 0xffffffffU;
}

}  // namespace cambist::paypal
