// What a provider's answer means for us. Only a documented "not processed" is Refused; whatever is
// not understood is Unknown, because repeating it could charge twice.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocols/core/money.hpp"
#include "protocols/core/time.hpp"

namespace cambist::provider {

/// The unified reasons of facts/error-taxonomy.md.
enum class FailureCode : std::uint8_t {
  insufficient_funds,
  card_declined,
  payment_method_invalid,
  fraud_detected,
  provider_down,
  network_error,
  timeout,
  invalid_request,      // the provider refused the request itself; nothing happened
  configuration_error,  // our credentials or account; nothing happened
  unknown,
};
[[nodiscard]] std::string_view to_string(FailureCode code) noexcept;
[[nodiscard]] std::optional<FailureCode> failure_code(std::string_view name) noexcept;

/// Shape: `message` is fit for the payer; `decline_code` is the provider's own word, or empty.
struct Failure {
  FailureCode code = FailureCode::unknown;
  std::string message;
  std::string decline_code{};

  friend bool operator==(const Failure&, const Failure&) = default;
};

/// What the payer must do now. `type` is "redirect" (3-D Secure, approval page), "phone_prompt" or
/// "bank_transfer".
struct NextAction {
  std::string type;
  std::string url{};
  std::string instructions{};
  std::optional<TimePoint> expires_at{};

  friend bool operator==(const NextAction&, const NextAction&) = default;
};

/// What may be shown of a payment method: never more than brand and last four digits.
struct MethodSummary {
  std::string brand{};
  std::string last4{};

  friend bool operator==(const MethodSummary&, const MethodSummary&) = default;
};

/// The effect happened. For a capture or refund `amount` is what moved.
/// Shape: `provider_object` is the provider's id of this very effect (a charge, a refund), or
/// empty.
struct Approved {
  Money amount;
  std::string provider_payment_id{};
  std::string provider_object{};
  MethodSummary method{};
  std::optional<TimePoint> authorization_expires_at{};
  friend bool operator==(const Approved&, const Approved&) = default;
};
/// The customer's side said no. `soft` allows one more attempt with the same method later.
struct Declined {
  Failure failure;
  bool soft = false;
  std::string provider_payment_id{};
  MethodSummary method{};
  friend bool operator==(const Declined&, const Declined&) = default;
};
/// Documented as not processed: safe to repeat or to try elsewhere.
/// Shape: `outage` counts against the circuit breaker; `repeatable` says the same request may
/// succeed later.
struct Refused {
  Failure failure;
  bool outage = false;
  bool repeatable = true;
  std::optional<std::chrono::seconds> retry_after{};
  friend bool operator==(const Refused&, const Refused&) = default;
};
/// The payer must act first.
/// Shape: `ask_after` is when the provider is asked again although nobody confirmed; without it
///        only once the action has expired. `withdrawable` says that the provider can take the
///        action back: what cannot is never given up, only asked about.
struct ActionRequired {
  NextAction action;
  std::string provider_payment_id{};
  MethodSummary method{};
  std::optional<std::chrono::seconds> ask_after{};
  bool withdrawable = true;
  friend bool operator==(const ActionRequired&, const ActionRequired&) = default;
};
/// Accepted; the provider will tell later.
/// Shape: `by_hand` says what operators must do for it to happen; with it they are called at once.
struct Pending {
  std::string provider_payment_id{};
  std::string provider_object{};
  std::string by_hand{};
  friend bool operator==(const Pending&, const Pending&) = default;
};
/// One step of a flow with several calls is done; what it made must be durable before the next
/// call. Shape: `step` is the number of the next step, given back in `Call::step`;
/// `provider_object`, where the step made an object of its own, comes back in
/// `Call::provider_object`.
struct Progressed {
  std::string provider_payment_id{};
  int step = 1;
  std::string provider_object{};
  friend bool operator==(const Progressed&, const Progressed&) = default;
};
/// An inquiry found that the operation surely has no effect yet: it may be sent again with the same
/// key.
struct NotExecuted {
  std::string provider_payment_id{};
  friend bool operator==(const NotExecuted&, const NotExecuted&) = default;
};
/// Nobody knows. `outage` counts against the circuit breaker.
struct Unknown {
  Failure failure;  // code timeout, network_error, provider_down or unknown
  bool outage = true;
  std::optional<std::chrono::seconds> retry_after{};
  friend bool operator==(const Unknown&, const Unknown&) = default;
};

using Verdict = std::variant<Approved, Declined, Refused, ActionRequired, Pending, Progressed,
                             NotExecuted, Unknown>;

/// The name of the alternative in snake_case: "approved", "declined", ...
[[nodiscard]] std::string_view name_of(const Verdict& verdict) noexcept;
/// What the circuit breaker counts: a decline is a success of the provider.
[[nodiscard]] bool counts_as_outage(const Verdict& verdict) noexcept;

/// One call over the wire as the timeline shows it: no header, no body, no query values, no secret.
struct Exchange {
  std::string method{};
  std::string path{};
  int status = 0;            // 0: no answer
  std::string failure{};     // TransportFailure::reason, "circuit_open", "bulkhead_full",
                             // "rate_limited", or empty
  std::string request_id{};  // the provider's own
  TimePoint at{};
  Duration duration{};
  std::string breaker{};  // what this call met or did at the circuit breaker: "turned_away",
                          // "opened", "probe", "closed"; empty: nothing
  friend bool operator==(const Exchange&, const Exchange&) = default;
};

}  // namespace cambist::provider
