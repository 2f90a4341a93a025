#include "actors/provider/adapter_guard.hpp"

#include <spdlog/spdlog.h>

#include "actors/provider/answers.hpp"

namespace cambist::actors::account {

Result<http::Request> build_request(const provider::Adapter& adapter, const provider::Call& call) {
  try {
    return adapter.build(call);
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=build error=\"{}\"", adapter.name(),
                  error.what());
    return Error{ErrorCode::internal, "the request could not be built"};
  }
}

provider::Verdict read_outcome(const provider::Adapter& adapter, const provider::Call& call,
                               const HttpOutcome& outcome, provider::Exchange& exchange) {
  if (const auto* failure = std::get_if<http::TransportFailure>(&outcome)) {
    exchange.failure = failure->reason;
    return provider::verdict_without_answer(*failure);
  }
  const auto& response = std::get<http::Response>(outcome);
  exchange.status = response.status;
  try {
    exchange.request_id = adapter.request_id(response);
    return adapter.interpret(call, response);
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=interpret error=\"{}\"", adapter.name(),
                  error.what());
    return lost("The provider's answer could not be read.");
  }
}

}  // namespace cambist::actors::account
