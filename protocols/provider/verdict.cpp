#include "protocols/provider/verdict.hpp"

#include <array>

#include "protocols/core/overloaded.hpp"

namespace cambist::provider {
namespace {

constexpr std::array codes{
    FailureCode::insufficient_funds,
    FailureCode::card_declined,
    FailureCode::payment_method_invalid,
    FailureCode::fraud_detected,
    FailureCode::provider_down,
    FailureCode::network_error,
    FailureCode::timeout,
    FailureCode::invalid_request,
    FailureCode::configuration_error,
    FailureCode::unknown,
};

}  // namespace

std::string_view to_string(FailureCode code) noexcept {
  switch (code) {
    case FailureCode::insufficient_funds:
      return "insufficient_funds";
    case FailureCode::card_declined:
      return "card_declined";
    case FailureCode::payment_method_invalid:
      return "payment_method_invalid";
    case FailureCode::fraud_detected:
      return "fraud_detected";
    case FailureCode::provider_down:
      return "provider_down";
    case FailureCode::network_error:
      return "network_error";
    case FailureCode::timeout:
      return "timeout";
    case FailureCode::invalid_request:
      return "invalid_request";
    case FailureCode::configuration_error:
      return "configuration_error";
    case FailureCode::unknown:
      return "unknown";
  }
  return "unknown";
}

std::optional<FailureCode> failure_code(std::string_view name) noexcept {
  for (const FailureCode code : codes) {
    if (to_string(code) == name) return code;
  }
  return std::nullopt;
}

std::string_view name_of(const Verdict& verdict) noexcept {
  return std::visit(Overloaded{
                        [](const Approved&) { return std::string_view{"approved"}; },
                        [](const Declined&) { return std::string_view{"declined"}; },
                        [](const Refused&) { return std::string_view{"refused"}; },
                        [](const ActionRequired&) { return std::string_view{"action_required"}; },
                        [](const Pending&) { return std::string_view{"pending"}; },
                        [](const Progressed&) { return std::string_view{"progressed"}; },
                        [](const NotExecuted&) { return std::string_view{"not_executed"}; },
                        [](const Unknown&) { return std::string_view{"unknown"}; },
                    },
                    verdict);
}

bool counts_as_outage(const Verdict& verdict) noexcept {
  if (const auto* refused = std::get_if<Refused>(&verdict)) return refused->outage;
  if (const auto* unknown = std::get_if<Unknown>(&verdict)) return unknown->outage;
  return false;
}

}  // namespace cambist::provider
