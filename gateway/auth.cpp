#include "gateway/auth.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace cambist::gateway {
namespace {

constexpr std::size_t key_bytes_max = 512;

std::string id_of(std::string_view key, const Sha256& hash) {
  for (const std::string_view prefix : {"sk_test_", "sk_live_"}) {
    if (!key.starts_with(prefix)) continue;
    const std::string_view rest = key.substr(prefix.size());
    const std::size_t end = rest.find('_');
    if (end != std::string_view::npos && end > 0 && end <= 64)
      return std::string{rest.substr(0, end)};
  }
  return "key_" + to_hex(hash).substr(0, 16);
}

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

storage::ApiKeyRow api_key_row(std::string_view key, TenantId tenant, TimePoint now) {
  const Sha256 hash = sha256(key);
  return {id_of(key, hash), std::move(tenant), hash, now};
}

std::size_t Authenticator::ByHash::operator()(const Sha256& hash) const noexcept {
  std::size_t value = 0;
  std::memcpy(&value, hash.data(), sizeof value);
  return value;
}

Authenticator::Authenticator(std::vector<storage::ApiKeyRow> keys) {
  for (auto& key : keys) keys_.insert_or_assign(key.hash, std::move(key));
}

Result<Principal> Authenticator::authenticate(const http::Headers& headers) const {
  const auto refused = [] {
    return Error{ErrorCode::unauthenticated, "send a valid API key as Authorization: Bearer <key>"};
  };
  const std::string* header = nullptr;
  for (const auto& candidate : headers) {
    if (!equal_without_case(candidate.name, "Authorization")) continue;
    if (header != nullptr) return refused();
    header = &candidate.value;
  }
  constexpr std::size_t scheme = 7;  // "Bearer "
  if (header == nullptr || header->size() <= scheme || header->size() > scheme + key_bytes_max ||
      !equal_without_case(header->substr(0, scheme), "Bearer ")) {
    return refused();
  }
  // The table is asked by hash, so what its timing tells is nothing about a key; the last word is
  // constant time.
  const Sha256 hash = sha256(std::string_view{*header}.substr(scheme));
  const auto found = keys_.find(hash);
  if (found == keys_.end() || CRYPTO_memcmp(found->first.data(), hash.data(), hash.size()) != 0)
    return refused();
  return Principal{found->second.tenant, found->second.id};
}

}  // namespace cambist::gateway
