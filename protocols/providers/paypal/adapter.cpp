#include "protocols/providers/paypal/adapter.hpp"

#include <optional>
#include <string>

#include "protocols/providers/paypal/amounts.hpp"
#include "protocols/providers/paypal/answers.hpp"
#include "protocols/providers/paypal/confirmation.hpp"
#include "protocols/providers/paypal/fields.hpp"
#include "protocols/providers/paypal/requests.hpp"
#include "protocols/providers/paypal/settings.hpp"
#include "protocols/providers/paypal/signature.hpp"
#include "protocols/providers/paypal/tokens.hpp"
#include "protocols/providers/paypal/webhooks.hpp"

namespace cambist::paypal {
namespace {

using provider::Call;
using provider::OperationKind;

Result<void> refuse(ErrorCode code, std::string detail, std::string field) {
  return Error{code, std::move(detail), std::move(field)};
}

class Adapter final : public provider::Adapter {
 public:
  explicit Adapter(AccountSettings account) : account_(std::move(account)) {
    capabilities_.multiple_captures = true;
    capabilities_.webhooks = !account_.webhook_id.empty();
    capabilities_.method_types = {"paypal"};
    if (account_.takes_cards) capabilities_.method_types.emplace_back("card");
  }

  std::string_view name() const noexcept override { return "paypal"; }
  const provider::Capabilities& capabilities() const noexcept override { return capabilities_; }

  Result<void> check(const Call& call) const override {
    switch (call.kind) {
      case OperationKind::authorize:
      case OperationKind::charge:
        if (auto start = check_start(call); !start) return start;
        break;
      case OperationKind::capture:
        if (call.authorization_object.empty()) {
          return refuse(ErrorCode::unsupported_by_provider,
                        "the id of the authorization at PayPal is not known here", "amount");
        }
        break;
      case OperationKind::refund:
        if (call.capture_object.empty()) {
          return refuse(ErrorCode::unsupported_by_provider,
                        "a refund is taken from one capture, and none of the payment's captures "
                        "has so much left",
                        "amount.value");
        }
        break;
      case OperationKind::void_authorization:
        return {};
    }
    if (const auto amount = to_wire(call.amount); !amount) return amount.error();
    return {};
  }

  Result<http::Request> build(const Call& call) const override {
    return build_request(account_, call);
  }

  provider::Verdict interpret(const Call& call, const http::Response& response) const override {
    return interpret_answer(account_, call, response);
  }

  std::string request_id(const http::Response& response) const override {
    const auto* id = http::find(response.headers, "PayPal-Debug-Id");
    return id != nullptr && is_object_id(*id) ? *id : std::string{};
  }

  bool needs_token() const noexcept override { return true; }
  Result<http::Request> build_token_request(TimePoint) const override {
    return token_request(account_);
  }
  Result<provider::Token> read_token(const http::Response& response) const override {
    return read_access_token(response);
  }

  Result<void> verify_webhook(const http::Request& request, TimePoint) const override {
    // Nothing is genuine by its bytes alone: see evidence_for.
    const auto evidence = evidence_of(account_, request);
    if (!evidence) return evidence.error();
    return Error{ErrorCode::unavailable, "the webhook's certificate was not fetched"};
  }
  Result<std::optional<provider::Evidence>> evidence_for(
      const http::Request& webhook) const override {
    auto evidence = evidence_of(account_, webhook);
    if (!evidence) return evidence.error();
    return std::optional<provider::Evidence>{std::move(*evidence)};
  }
  Result<void> verify_with(const http::Request& webhook, const http::Response& evidence,
                           TimePoint now) const override {
    return verify_transmission(account_, webhook, evidence, now);
  }
  Result<std::optional<provider::Evidence>> confirmation_for(
      const http::Request& webhook) const override {
    return confirmation_of(account_, webhook.body);
  }
  Result<void> confirm_with(const http::Request& webhook,
                            const http::Response& answer) const override {
    return confirm_event(account_, webhook.body, answer);
  }
  Result<provider::Notice> read_webhook(std::string_view body) const override {
    return read_event(body, account_.live);
  }

 private:
  Result<void> check_start(const Call& call) const {
    const auto& type = call.method.type;
    if (type != "paypal" && !(type == "card" && account_.takes_cards)) {
      return refuse(ErrorCode::unsupported_by_provider,
                    account_.takes_cards
                        ? "PayPal takes payment methods of type paypal or card here"
                        : "PayPal takes payment methods of type paypal here",
                    "payment_method.type");
    }
    // Source: facts/paypal.md section 2, "Limits".
    if (call.reference.size() > 256) {
      return refuse(ErrorCode::unsupported_by_provider, "PayPal keeps at most 256 bytes of it",
                    "reference");
    }
    return {};
  }

  AccountSettings account_;
  provider::Capabilities capabilities_;
};

}  // namespace

Result<std::shared_ptr<const provider::Adapter>> make_adapter(const provider::Settings& settings) {
  auto account = read_settings(settings);
  if (!account) return account.error();
  return std::shared_ptr<const provider::Adapter>{std::make_shared<Adapter>(std::move(*account))};
}

}  // namespace cambist::paypal
