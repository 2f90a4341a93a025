#include <string_view>

#include "protocols/core/planted.hpp"
#include "protocols/provider/adapter.hpp"

namespace cambist::provider {
namespace {

Verdict surely_not_sent(std::string_view reason) {
  // Ours, not the provider's: its health says nothing about a full pool or a caller that left.
  if (reason == "pool_full") {
    return Refused{{FailureCode::provider_down, "Too many calls are waiting. Try again shortly."},
                   false};
  }
  if (reason == "cancelled") {
    return Refused{{FailureCode::timeout, "The payment was not sent in time. Try again."}, false};
  }
  if (reason == "connect_timeout") {
    return Refused{{FailureCode::timeout, "The provider could not be reached in time. Try again."},
                   true};
  }
  return Refused{{FailureCode::network_error, "The provider could not be reached. Try again."},
                 true};
}

Verdict perhaps_sent(std::string_view reason) {
  if (reason == "response_timeout") {
    if (planted("timeout_is_failed"))
      return Refused{{FailureCode::timeout, "The provider did not answer in time."}, true, false};
    return Unknown{{FailureCode::timeout, "The provider did not answer in time."}, true};
  }
  if (reason == "cancelled") {
    return Unknown{{FailureCode::timeout, "The call was given up before an answer came."}, false};
  }
  if (reason == "malformed_response" || reason == "response_too_large") {
    return Unknown{{FailureCode::unknown, "The provider's answer could not be read."}, true};
  }
  return Unknown{{FailureCode::network_error, "The connection broke before an answer came."}, true};
}

}  // namespace

// The phase decides, never the reason: an unknown reason after the first byte may have moved money.
Verdict verdict_without_answer(const http::TransportFailure& failure) {
  return failure.phase == http::FailurePhase::not_sent ? surely_not_sent(failure.reason)
                                                       : perhaps_sent(failure.reason);
}

}  // namespace cambist::provider
