// The payer's side of 3-D Secure: a page with two buttons, and what they do.
#pragma once

#include <string_view>

#include "gateway/sandbox/stripe/model.hpp"
#include "protocols/http/message.hpp"

namespace cambist::gateway::sandbox::stripe {

/// Answers `/3ds/{pi}`, `/3ds/{pi}/complete` and `/3ds/{pi}/fail`; `path` is what follows "/3ds/".
[[nodiscard]] http::Response challenge_page(Bench& bench, std::string_view method,
                                            std::string_view path, TimePoint now);

}  // namespace cambist::gateway::sandbox::stripe
