#include "gateway/sandbox/mpesa_openapi_tz/access.hpp"

#include <memory>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "gateway/sandbox/mpesa_openapi_tz/private_key.hpp"
#include "protocols/core/base64.hpp"

namespace cambist::gateway::sandbox::mpesa_openapi_tz {
namespace {

struct Free {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
};

EVP_PKEY* private_key() {
  static const std::unique_ptr<EVP_PKEY, Free> key = [] {
    const std::unique_ptr<BIO, Free> text{
        BIO_new_mem_buf(sandbox_private_key.data(), static_cast<int>(sandbox_private_key.size()))};
    return std::unique_ptr<EVP_PKEY, Free>{
        PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr)};
  }();
  return key.get();
}

// What stands behind "Bearer ", opened; each bearer once.
std::string bearer_of(Bench& bench, const http::Request& request) {
  constexpr std::string_view scheme = "Bearer ";
  constexpr std::size_t size_max = 2'048;
  const auto* header = http::find(request.headers, "Authorization");
  if (header == nullptr || !header->starts_with(scheme) || header->size() > size_max) return {};
  const auto sealed = std::string_view{*header}.substr(scheme.size());
  auto& opened = bench.books.opened;
  if (const auto* known = opened.find(sealed)) return known->text;
  const auto text = open_sealed(sealed);
  if (!text) return {};
  return opened.add({std::string{sealed}, *text}).text;
}

}  // namespace

std::optional<std::string> open_sealed(std::string_view base64) {
  const auto sealed = from_base64(base64);
  const std::unique_ptr<EVP_PKEY_CTX, Free> context{EVP_PKEY_CTX_new(private_key(), nullptr)};
  if (!sealed || !context || EVP_PKEY_decrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1) {
    return std::nullopt;
  }
  std::string text(static_cast<std::size_t>(EVP_PKEY_get_size(private_key())), '\0');
  std::size_t size = text.size();
  if (EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(text.data()), &size,
                       reinterpret_cast<const unsigned char*>(sealed->data()),
                       sealed->size()) != 1) {
    return std::nullopt;
  }
  text.resize(size);
  return text;
}

bool knows_key(Bench& bench, const http::Request& request) {
  return bearer_of(bench, request).starts_with("sk_test_");
}

bool knows_session(Bench& bench, const http::Request& request) {
  const auto now = bench.world.now();
  const auto* session = bench.books.sessions.find(bearer_of(bench, request));
  return session != nullptr && session->usable_from <= now && now < session->ends;
}

std::string make_session(Bench& bench, const http::Request& request) {
  const bool cold = bearer_of(bench, request).ends_with("_warmup");
  const auto now = bench.world.now();
  Session session;
  session.id = make_word(bench.world.random, 32);
  session.usable_from = cold ? now + session_warmup : now;
  session.ends = now + session_lifetime;
  return bench.books.sessions.add(std::move(session)).id;
}

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz
