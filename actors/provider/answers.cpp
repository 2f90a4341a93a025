#include "actors/provider/answers.hpp"

#include <utility>

namespace cambist::actors::account {

CallAnswer not_sent(const provider::Call& call, NotSent why, TimePoint now) {
  provider::Failure failure{why.code, std::move(why.message)};
  provider::Exchange exchange{.failure = std::move(why.reason), .at = now};
  if (call.inquiry) {
    return {provider::Unknown{std::move(failure), false, why.retry_after}, std::move(exchange)};
  }
  return {provider::Refused{std::move(failure), false, why.repeatable, why.retry_after},
          std::move(exchange)};
}

provider::Verdict lost(std::string message) {
  return provider::Unknown{provider::Failure{provider::FailureCode::unknown, std::move(message)},
                           false};
}

bool refuses_credentials(const provider::Verdict& verdict) noexcept {
  if (!provider::counts_as_outage(verdict)) return false;
  const auto* refused = std::get_if<provider::Refused>(&verdict);
  const auto* unknown = std::get_if<provider::Unknown>(&verdict);
  const auto code = refused != nullptr ? refused->failure.code : unknown->failure.code;
  return code == provider::FailureCode::configuration_error;
}

std::string_view kind_of(const provider::Call& call) noexcept {
  return call.inquiry ? std::string_view{"inquire"} : provider::to_string(call.kind);
}

}  // namespace cambist::actors::account
