#include "gateway/sandbox/stripe/signature.hpp"

#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "protocols/core/digest.hpp"

namespace cambist::gateway::sandbox::stripe {
namespace {

// The whole secret is the key, its "whsec_" included.
std::string hmac(std::string_view secret, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return to_hex(std::string_view{reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace

std::string signature(const std::vector<Secret>& secrets, std::string_view body, TimePoint now) {
  const auto time = std::to_string(to_micros(now) / 1'000'000);
  std::string text = time + ".";
  text.append(body);
  std::string header = "t=" + time;
  for (const auto& secret : secrets) header += ",v1=" + hmac(secret.reveal(), text);
  return header;
}

}  // namespace cambist::gateway::sandbox::stripe
