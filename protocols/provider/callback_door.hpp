// Who may call back where nothing is signed: whoever knows the secret path, from where the provider
// is known to call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/core/error.hpp"
#include "protocols/core/secret.hpp"
#include "protocols/http/message.hpp"

namespace cambist::provider {

/// Shape: `token` is the account's `webhook_secret`; `allowed_peers` are addresses as they stand in
///        `http::Request::peer`, none of them: from anywhere.
struct CallbackDoor {
  Secret token;
  std::vector<std::string> allowed_peers{};

  /// Whether the path holds the token (compared in constant time) and the peer is allowed.
  /// Errors: not_found without a token; unauthenticated, whatever was wrong.
  [[nodiscard]] Result<void> verify(const http::Request& request, std::string_view provider) const;
};

}  // namespace cambist::provider
