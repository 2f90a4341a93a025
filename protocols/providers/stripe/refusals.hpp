// Every answer that is not a 2xx, to a request that does something.
#pragma once

#include <chrono>
#include <optional>

#include "protocols/http/message.hpp"
#include "protocols/provider/adapter.hpp"
#include "protocols/provider/verdict.hpp"
#include "protocols/providers/stripe/plan.hpp"

namespace cambist::stripe {

[[nodiscard]] provider::Verdict interpret_refusal(const provider::Call& call, const Plan& plan,
                                                  const http::Response& response);

/// Retry-After in seconds; nullopt when absent, not a number, or beyond an hour.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(
    const http::Response& response) noexcept;

/// What a failed look-up says: nothing about the operation, something about the provider's health.
[[nodiscard]] provider::Verdict interpret_failed_question(const http::Response& response);

}  // namespace cambist::stripe
