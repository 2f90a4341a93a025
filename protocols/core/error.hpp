// What a caller got wrong or a dependency refused, as a value. Domain outcomes (a decline) are
// values of their own; what should be impossible ends the actor instead.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace cambist {

/// Every reason a request can be refused. `protocols/api/status.hpp` turns each into an HTTP status
/// and a problem code; the enumerator's name is the problem's `code`.
enum class ErrorCode : std::uint8_t {
  invalid_request,    // a field is missing, malformed or out of range
  malformed_json,     // the body is not one JSON object in valid UTF-8 without duplicate keys
  card_data_refused,  // a card number or another secret of a card was sent
  unauthenticated,    // no API key, or one that is unknown
  forbidden,
  not_found,
  method_not_allowed,
  illegal_transition,       // the payment's state does not allow this command
  operation_in_progress,    // another operation of this payment has not been settled yet
  outcome_unknown,          // the last operation's outcome is unknown; it is being resolved
  amount_too_large,         // above what is authorized, captured or capturable
  unsupported_by_provider,  // the provider cannot do this; nothing was sent
  idempotency_key_reused,   // same key, another request
  idempotency_in_progress,  // same key, the first request is still running
  payload_too_large,
  header_too_large,
  uri_too_long,
  unsupported_media_type,
  not_implemented,
  rate_limited,
  overloaded,            // a queue or pool is full
  unavailable,           // the store, the provider or the process cannot serve now
  provider_unavailable,  // the provider surely did not process the call, and no retry is left
  timeout,
  version_conflict,  // another writer appended first
  internal,
};

/// One refusal.
/// Shape: `detail` is a sentence fit for a log and a client (no secret, no personal data); `field`
/// is a
///        dotted JSON path such as "amount.value", or empty.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string detail;
  std::string field{};

  friend bool operator==(const Error&, const Error&) = default;
};

/// The snake_case name of a code, as it stands in problem documents.
[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

template <class T>
using Result = boost::system::result<T, Error>;

/// Thrown by `Result::value()` on an error: a programming mistake, it ends the actor.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

}  // namespace cambist
