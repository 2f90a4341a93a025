#include "actors/webhooks/adapter_guard.hpp"

#include <exception>

#include <spdlog/spdlog.h>

namespace cambist::actors::webhooks {

Result<void> verify(const provider::Adapter& adapter, const http::Request& request, TimePoint now) {
  try {
    return adapter.verify_webhook(request, now);
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=verify_webhook error=\"{}\"", adapter.name(),
                  error.what());
    return Error{ErrorCode::unauthenticated, "The webhook could not be verified."};
  }
}

Result<std::optional<provider::Evidence>> evidence(const provider::Adapter& adapter,
                                                   const http::Request& request) {
  try {
    return adapter.evidence_for(request);
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=evidence_for error=\"{}\"", adapter.name(),
                  error.what());
    return Error{ErrorCode::unauthenticated, "The webhook could not be verified."};
  }
}

Result<void> verify(const provider::Adapter& adapter, const http::Request& request,
                    const http::Response& evidence, TimePoint now) {
  try {
    return adapter.verify_with(request, evidence, now);
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=verify_with error=\"{}\"", adapter.name(),
                  error.what());
    return Error{ErrorCode::unauthenticated, "The webhook could not be verified."};
  }
}

Result<std::optional<provider::Evidence>> confirmation(const provider::Adapter& adapter,
                                                       const http::Request& request) {
  try {
    return adapter.confirmation_for(request);
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=confirmation_for error=\"{}\"", adapter.name(),
                  error.what());
    return Error{ErrorCode::unauthenticated, "The webhook could not be confirmed."};
  }
}

Result<void> confirm(const provider::Adapter& adapter, const http::Request& request,
                     const http::Response& answer) {
  try {
    return adapter.confirm_with(request, answer);
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=confirm_with error=\"{}\"", adapter.name(),
                  error.what());
    return Error{ErrorCode::unauthenticated, "The webhook could not be confirmed."};
  }
}

std::string acknowledgement(const provider::Adapter& adapter, std::string_view body) {
  try {
    return adapter.acknowledgement(body);
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=acknowledgement error=\"{}\"", adapter.name(),
                  error.what());
    return {};
  }
}

Result<provider::Notice> read(const provider::Adapter& adapter, std::string_view path,
                              std::string_view body) {
  try {
    auto notice = adapter.read_webhook_at(path, body);
    // Duplicates are known by it: without one the first would hide all others.
    if (notice && notice->id.empty()) {
      return Error{ErrorCode::invalid_request, "The event has no id.", "id"};
    }
    return notice;
  } catch (const std::exception& error) {
    spdlog::error("adapter_failed provider={} step=read_webhook error=\"{}\"", adapter.name(),
                  error.what());
    return Error{ErrorCode::invalid_request, "The event could not be read."};
  }
}

}  // namespace cambist::actors::webhooks
