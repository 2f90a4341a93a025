// What an adapter does where its provider wants nothing special.
#include "protocols/provider/adapter.hpp"

namespace cambist::provider {

std::string Adapter::provider_payment_id_for(const Call&) const {
  return {};
}

std::optional<Verdict> Adapter::answer_locally(const Call&) const {
  return std::nullopt;
}

Result<http::Request> Adapter::build_token_request(TimePoint) const {
  return Error{ErrorCode::internal, "this provider gives out no tokens"};
}

Result<Token> Adapter::read_token(const http::Response&) const {
  return Error{ErrorCode::internal, "this provider gives out no tokens"};
}

void Adapter::attach_token(http::Request& request, const Secret& token) const {
  request.headers.push_back({"Authorization", "Bearer " + std::string{token.reveal()}});
}

bool Adapter::token_refused(const http::Response& response) const {
  return needs_token() && response.status == 401;
}

Result<void> Adapter::verify_webhook(const http::Request&, TimePoint) const {
  return Error{ErrorCode::not_found, "this provider sends no webhooks"};
}

Result<Notice> Adapter::read_webhook(std::string_view) const {
  return Error{ErrorCode::not_found, "this provider sends no webhooks"};
}

Result<std::optional<Evidence>> Adapter::evidence_for(const http::Request&) const {
  return std::optional<Evidence>{};
}

Result<void> Adapter::verify_with(const http::Request& webhook, const http::Response&,
                                  TimePoint now) const {
  return verify_webhook(webhook, now);
}

Result<std::optional<Evidence>> Adapter::confirmation_for(const http::Request&) const {
  return std::optional<Evidence>{};
}

Result<void> Adapter::confirm_with(const http::Request&, const http::Response&) const {
  return {};
}

Result<Notice> Adapter::read_webhook_at(std::string_view, std::string_view body) const {
  return read_webhook(body);
}

std::string Adapter::acknowledgement(std::string_view) const {
  return {};
}

Result<std::vector<std::string>> Adapter::split_statement(std::string_view,
                                                          std::string_view) const {
  return Error{ErrorCode::not_found, "this provider gives out no statements"};
}

CallbackPath callback_path(std::string_view target, std::string_view provider) {
  target = target.substr(0, target.find('?'));
  const std::string prefix = "/webhooks/" + std::string{provider} + "/";
  const auto at = target.find(prefix);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = target.substr(at + prefix.size());
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return {rest, {}};
  return {rest.substr(0, slash), rest.substr(slash + 1)};
}

}  // namespace cambist::provider
