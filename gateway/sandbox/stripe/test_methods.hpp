// Stripe's test payment methods as a table: who they are and what happens when they pay.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cambist::gateway::sandbox::stripe {

/// Why the bank (or Stripe) says no.
struct Decline {
  std::string_view code;
  std::string_view decline_code;
  std::string_view message;
  std::string_view advice_code;
  std::string_view network_decline_code;
  bool blocked = false;  // by Stripe's own risk rules; the bank was not asked
};

/// When the payer must authenticate (3-D Secure).
enum class Challenge : std::uint8_t { never, on_request, always, on_session };

/// What happens to the money later.
enum class Afterwards : std::uint8_t { nothing, dispute, inquiry, refund_pending, refund_fails };

struct TestMethod {
  std::string_view id;
  std::string_view brand;
  std::string_view last4;
  Challenge challenge = Challenge::never;
  const Decline* decline = nullptr;
  bool declines_before_challenge = false;
  std::string_view risk_level = "normal";
  Afterwards afterwards = Afterwards::nothing;
  std::string_view dispute_reason = "fraudulent";
  int disputes = 1;
};

/// Source: facts/stripe.md section 9.
[[nodiscard]] const std::vector<TestMethod>& test_methods();
/// nullptr when there is no such method.
[[nodiscard]] const TestMethod* find_test_method(std::string_view id);
/// The decline of an off-session payment that needs the payer.
[[nodiscard]] const Decline& authentication_required();

}  // namespace cambist::gateway::sandbox::stripe
