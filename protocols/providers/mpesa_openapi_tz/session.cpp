#include "protocols/providers/mpesa_openapi_tz/session.hpp"

#include <algorithm>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "protocols/core/base64.hpp"
#include "protocols/providers/mpesa_openapi_tz/codes.hpp"
#include "protocols/providers/mpesa_openapi_tz/fields.hpp"
#include "protocols/providers/mpesa_openapi_tz/requests.hpp"
#include "protocols/providers/mpesa_openapi_tz/settings.hpp"

namespace cambist::mpesa_openapi_tz {
namespace {

struct FreeContext {
  void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
};

// A session is a word of 32 characters or so; what is longer than the smallest key takes is none.
constexpr std::size_t session_size_max = 245;

bool is_session(std::string_view text) noexcept {
  return !text.empty() && text.size() <= session_size_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

Error not_encrypted() {
  return {ErrorCode::internal, "the text could not be encrypted"};
}

}  // namespace

Result<PublicKey> PublicKey::parse(std::string_view base64) {
  const auto der = from_base64(base64);
  if (!der) return Error{ErrorCode::invalid_request, "is not base64"};
  const auto* begin = reinterpret_cast<const unsigned char*>(der->data());
  const auto* at = begin;
  EVP_PKEY* const key = d2i_PUBKEY(nullptr, &at, static_cast<long>(der->size()));
  std::shared_ptr<void> kept{key, [](void* old) { EVP_PKEY_free(static_cast<EVP_PKEY*>(old)); }};
  const bool whole = at == begin + der->size();
  if (key == nullptr || !whole || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
    return Error{ErrorCode::invalid_request, "is no RSA public key (DER SubjectPublicKeyInfo)"};
  }
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < 2'048 || bits > 8'192) {
    return Error{ErrorCode::invalid_request, "must be an RSA key of 2048 to 8192 bits"};
  }
  PublicKey made;
  made.key_ = std::move(kept);
  return made;
}

Result<std::string> PublicKey::encrypt(std::string_view text) const {
  if (!key_) return not_encrypted();
  auto* const key = static_cast<EVP_PKEY*>(key_.get());
  const auto size = static_cast<std::size_t>(EVP_PKEY_get_size(key));
  // Source: RFC 8017 section 7.2.1: the padding takes eleven bytes.
  if (text.empty() || text.size() + 11 > size)
    return Error{ErrorCode::invalid_request, "is empty or too long for the public key"};
  const std::unique_ptr<EVP_PKEY_CTX, FreeContext> context{EVP_PKEY_CTX_new(key, nullptr)};
  std::string sealed(size, '\0');
  std::size_t written = sealed.size();
  if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
      EVP_PKEY_encrypt(context.get(), reinterpret_cast<unsigned char*>(sealed.data()), &written,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1) {
    return not_encrypted();
  }
  sealed.resize(written);
  return to_base64(sealed);
}

Result<http::Request> build_session_request(const AccountSettings& account) {
  const auto bearer = account.public_key.encrypt(account.secret_key.reveal());
  if (!bearer) return bearer.error();
  auto request = blank_request(account, "GET", "getSession/");
  request.headers.push_back({"Authorization", "Bearer " + *bearer});
  return request;
}

Result<provider::Token> read_session(const AccountSettings& account,
                                     const http::Response& response) {
  const auto object = read_object(response.body);
  const std::string code = object ? word(*object, "output_ResponseCode") : std::string{};
  if (response.status == 401 || response.status == 403) {
    return Error{ErrorCode::unauthenticated, "M-Pesa refused the API key"};
  }
  const std::string session = object ? text(*object, "output_SessionID") : std::string{};
  if (response.status < 200 || response.status > 299 || code != "INS-0" || !is_session(session)) {
    return Error{ErrorCode::unavailable,
                 "M-Pesa gave no session" + (code.empty() ? std::string{} : " (" + code + ")")};
  }
  auto bearer = account.public_key.encrypt(session);
  if (!bearer) return Error{ErrorCode::unavailable, "the session could not be encrypted"};
  return provider::Token{Secret{std::move(*bearer)}, account.session_ttl, account.session_warmup};
}

bool session_refused(const http::Response& response) {
  if (response.status != 401) return false;
  const auto object = read_object(response.body);
  const std::string code = object ? word(*object, "output_ResponseCode") : std::string{};
  return code.empty() || meaning_of(code) == Meaning::session;
}

}  // namespace cambist::mpesa_openapi_tz
