// Who sends a request: an API key of a tenant, known here only by its SHA-256.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocols/core/digest.hpp"
#include "protocols/core/error.hpp"
#include "protocols/core/ids.hpp"
#include "protocols/http/message.hpp"
#include "storage/store.hpp"

namespace cambist::gateway {

struct Principal {
  TenantId tenant;
  std::string key_id;
};

/// The row under which a key is stored. The id of a `sk_test_<id>_<secret>` key is its own; that of
/// any other key comes from its hash.
[[nodiscard]] storage::ApiKeyRow api_key_row(std::string_view key, TenantId tenant, TimePoint now);

class Authenticator {
 public:
  explicit Authenticator(std::vector<storage::ApiKeyRow> keys);
  /// Reads `Authorization: Bearer <key>`.
  /// Errors: unauthenticated; the detail never says whether a key was nearly right.
  [[nodiscard]] Result<Principal> authenticate(const http::Headers& headers) const;

 private:
  struct ByHash {
    std::size_t operator()(const Sha256& hash) const noexcept;
  };
  std::unordered_map<Sha256, storage::ApiKeyRow, ByHash> keys_;
};

}  // namespace cambist::gateway
