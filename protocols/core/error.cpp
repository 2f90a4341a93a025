#include "protocols/core/error.hpp"

#include <stdexcept>

namespace cambist {

std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_request:
      return "invalid_request";
    case ErrorCode::malformed_json:
      return "malformed_json";
    case ErrorCode::card_data_refused:
      return "card_data_refused";
    case ErrorCode::unauthenticated:
      return "unauthenticated";
    case ErrorCode::forbidden:
      return "forbidden";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::method_not_allowed:
      return "method_not_allowed";
    case ErrorCode::illegal_transition:
      return "illegal_transition";
    case ErrorCode::operation_in_progress:
      return "operation_in_progress";
    case ErrorCode::outcome_unknown:
      return "outcome_unknown";
    case ErrorCode::amount_too_large:
      return "amount_too_large";
    case ErrorCode::unsupported_by_provider:
      return "unsupported_by_provider";
    case ErrorCode::idempotency_key_reused:
      return "idempotency_key_reused";
    case ErrorCode::idempotency_in_progress:
      return "idempotency_in_progress";
    case ErrorCode::payload_too_large:
      return "payload_too_large";
    case ErrorCode::header_too_large:
      return "header_too_large";
    case ErrorCode::uri_too_long:
      return "uri_too_long";
    case ErrorCode::unsupported_media_type:
      return "unsupported_media_type";
    case ErrorCode::not_implemented:
      return "not_implemented";
    case ErrorCode::rate_limited:
      return "rate_limited";
    case ErrorCode::overloaded:
      return "overloaded";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::provider_unavailable:
      return "provider_unavailable";
    case ErrorCode::timeout:
      return "timeout";
    case ErrorCode::version_conflict:
      return "version_conflict";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::runtime_error(std::string{to_string(error.code)} + ": " + error.detail + " (" +
                           where.file_name() + ":" + std::to_string(where.line()) + ")");
}

}  // namespace cambist
