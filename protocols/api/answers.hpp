// What the API answers, as values: a status, a body, and nothing of HTTP beyond them. The payment
// actor makes an answer once, commits it with the verdict, and every replay returns the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/core/error.hpp"
#include "protocols/payment/payment.hpp"

namespace cambist::api {

/// Shape: `problem` bodies are application/problem+json, others application/json.
struct Answer {
  int status = 200;
  std::string body;
  bool problem = false;
  bool replayed = false;  // sent as "Idempotent-Replayed: true"
  std::optional<int> retry_after_s{};
  std::string location{};  // path of the payment, for 201 and 202
};

/// The one table from ErrorCode to HTTP status.
[[nodiscard]] int status_of(ErrorCode code) noexcept;

/// The payment as the API shows it (design.md, "HTTP"), compact JSON.
[[nodiscard]] std::string render(const payment::Payment& payment);

/// `status` with the payment as body; 201 and 202 carry the location.
[[nodiscard]] Answer payment_answer(int status, const payment::Payment& payment);
[[nodiscard]] Answer stored_payment_answer(int status, std::string payment_json,
                                           const PaymentId& id);

/// An RFC 9457 problem: type, title, status, detail, code, request_id, field when known, payment
/// when given.
[[nodiscard]] Answer problem(const Error& error, std::string_view request_id,
                             std::optional<int> retry_after_s = std::nullopt);
/// The same with a status of its own, for what the HTTP server refuses before any route.
[[nodiscard]] Answer problem_with_status(int status, const Error& error,
                                         std::string_view request_id);
/// 402 for a decline, 503 (with Retry-After) for a refusal by an outage, 422 for a request the
/// provider cannot take: the problem with the payment inside. A fraud decline shows the public code
/// card_declined.
/// Shape: `told` says that the client may have been answered 202 before: an outage is then the end
/// of its request and no reason to repeat it, 424.
[[nodiscard]] Answer failure_answer(const provider::Failure& failure, bool declined,
                                    const payment::Payment& payment, std::string_view request_id,
                                    bool told = false);

/// A failure as clients may see it: fraud looks like any other decline.
[[nodiscard]] provider::Failure public_failure(const provider::Failure& failure);

/// A `stored` answer given again.
[[nodiscard]] Answer replay(int status, std::string body);

}  // namespace cambist::api
