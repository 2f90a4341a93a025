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

std::optional<provider::Verdict> answer_locally(const provider::Adapter& adapter,
                                                const provider::Call& call) {
  try {
    return adapter.answer_locally(call);
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=answer_locally error=\"{}\"", adapter.name(),
                  error.what());
    return lost("The call could not be answered.");
  }
}

Result<http::Request> build_token_request(const provider::Adapter& adapter, TimePoint now) {
  try {
    return adapter.build_token_request(now);
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=build_token error=\"{}\"", adapter.name(),
                  error.what());
    return Error{ErrorCode::internal, "the token request could not be built"};
  }
}

Result<provider::Token> read_token(const provider::Adapter& adapter, const HttpOutcome& outcome) {
  const auto* response = std::get_if<http::Response>(&outcome);
  if (response == nullptr) {
    return Error{ErrorCode::unavailable, std::get<http::TransportFailure>(outcome).reason};
  }
  try {
    return adapter.read_token(*response);
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=read_token error=\"{}\"", adapter.name(),
                  error.what());
    return Error{ErrorCode::unavailable, "the token could not be read"};
  }
}

bool attach_token(const provider::Adapter& adapter, http::Request& request, const Secret& token) {
  try {
    adapter.attach_token(request, token);
    return true;
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=attach_token error=\"{}\"", adapter.name(),
                  error.what());
    return false;
  }
}

bool token_refused(const provider::Adapter& adapter, const HttpOutcome& outcome) {
  const auto* response = std::get_if<http::Response>(&outcome);
  if (response == nullptr) return false;
  try {
    return adapter.token_refused(*response);
  } catch (const std::exception&) {
    return false;
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
