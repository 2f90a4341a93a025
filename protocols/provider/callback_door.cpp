#include "protocols/provider/callback_door.hpp"

#include <algorithm>

#include "protocols/provider/adapter.hpp"

namespace cambist::provider {

Result<void> CallbackDoor::verify(const http::Request& request, std::string_view provider) const {
  if (token.empty()) {
    return Error{ErrorCode::not_found, "no webhook_secret is set for this account"};
  }
  const bool known = token.equals(callback_path(request.target, provider).token);
  const bool from_there =
      allowed_peers.empty() ||
      std::find(allowed_peers.begin(), allowed_peers.end(), request.peer) != allowed_peers.end();
  if (!known || !from_there)
    return Error{ErrorCode::unauthenticated, "the callback is not the provider's"};
  return {};
}

}  // namespace cambist::provider
