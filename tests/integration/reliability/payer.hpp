// The payer at a provider's emulator, and what is waited for until he has acted.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "tests/integration/reliability/operations.hpp"

namespace cambist::test {

// The emulated payers of Kenya take two seconds, and a busy machine takes more.
constexpr auto payer_deadline = std::chrono::seconds{30};

/// Empty when the payment has no such text.
[[nodiscard]] std::string member(const boost::json::value& payment, const char* name);
[[nodiscard]] boost::json::value shown(Scene& scene, const std::string& payment);

/// Throws when the payment does not come to `status`.
void wait_for(Scene& scene, const std::string& payment, const std::string& status);
/// The payment that the request makes, once it has come to `status`.
[[nodiscard]] std::string made_payment(Scene& scene, const Request& request,
                                       const std::string& status);

/// The payer approves the provider's `object`.
void approve(Scene& scene, const std::string& provider, const std::string& object);
/// Whether a webhook of that type has been worked on.
[[nodiscard]] bool was_told(Scene& scene, const std::string& payment, std::string_view type);

}  // namespace cambist::test
