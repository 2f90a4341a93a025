// A provider of one call per operation, for the comparison with others: what remains is what the
// runtime itself costs.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "protocols/provider/adapter.hpp"

namespace cambist::bench {

/// POST {base_url}/authorize/{reference}, /charge/, /capture/, /void/ and /refund/; the payment's
/// id stands in for a reference that it does not have. Any 200 is the effect. The provider is taken
/// to replay a key, so an inquiry sends the same request again. Errors: invalid_request with
/// `field` base_url.
[[nodiscard]] Result<std::shared_ptr<const provider::Adapter>> make_adapter(
    const provider::Settings& settings);

}  // namespace cambist::bench
