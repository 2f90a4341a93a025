#include "tests/unit/protocols/providers/paypal/signed_webhook.hpp"

#include <memory>
#include <stdexcept>
#include <vector>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "protocols/core/base64.hpp"
#include "protocols/http/syntax.hpp"
#include "protocols/providers/paypal/sandbox_root.hpp"
#include "protocols/providers/paypal/signature.hpp"

namespace cambist::test {

std::string sign_text(std::string_view text, std::string_view key) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio{
      BIO_new_mem_buf(key.data(), static_cast<int>(key.size())), &BIO_free};
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> held{
      PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(),
                                                                   &EVP_MD_CTX_free};
  std::vector<unsigned char> signature(512);
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, held.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size,
                     reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1) {
    throw std::runtime_error("the text could not be signed");
  }
  return to_base64({reinterpret_cast<const char*>(signature.data()), size});
}

http::Request SignedWebhook::request() const {
  http::Request made;
  made.method = "POST";
  made.target = "/api/v1/webhooks/paypal";
  made.body = body;
  made.headers = {
      {"Content-Type", "application/json"},
      {"PAYPAL-TRANSMISSION-ID", id},
      {"PAYPAL-TRANSMISSION-TIME", time},
      {"PAYPAL-TRANSMISSION-SIG", sign_text(paypal::signed_text(id, time, webhook_id, body), key)},
      {"PAYPAL-CERT-URL", cert_url},
      {"PAYPAL-AUTH-ALGO", algorithm},
      {"PAYPAL-AUTH-VERSION", "v2"}};
  return made;
}

provider::Settings paypal_settings(std::map<std::string, std::string> values) {
  provider::Settings settings{std::move(values), {}};
  settings.values.try_emplace("client_id", "client");
  settings.values.try_emplace("environment", "sandbox");
  settings.values.try_emplace("webhook_id", "WH-SANDBOX");
  settings.values.try_emplace("webhook_root", paypal::sandbox_root);
  settings.secrets.emplace("secret_key", Secret{"hidden-secret"});
  return settings;
}

std::string& header_of(http::Request& request, std::string_view name) {
  for (auto& header : request.headers) {
    if (http::equals_ignoring_case(header.name, name)) return header.value;
  }
  throw std::runtime_error("no such header");
}

}  // namespace cambist::test
