// The adapters of the registry with accounts of their own, so that a new provider is fuzzed without
// another line.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "tests/fuzz/support/target.hpp"

namespace cambist::fuzz {

/// One adapter for each entry of the registry; every secret of its account ends in `ending`.
[[nodiscard]] std::vector<std::shared_ptr<const provider::Adapter>> adapters(
    std::string_view ending);

/// "Name: value" lines up to an empty one.
[[nodiscard]] http::Headers read_headers(Parts& parts);

}  // namespace cambist::fuzz
