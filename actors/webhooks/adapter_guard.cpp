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

Result<provider::Notice> read(const provider::Adapter& adapter, std::string_view body) {
  try {
    auto notice = adapter.read_webhook(body);
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
