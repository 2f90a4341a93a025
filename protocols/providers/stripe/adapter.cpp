#include "protocols/providers/stripe/adapter.hpp"

#include <algorithm>
#include <utility>

#include "protocols/providers/stripe/amounts.hpp"
#include "protocols/providers/stripe/answers.hpp"
#include "protocols/providers/stripe/objects.hpp"
#include "protocols/providers/stripe/requests.hpp"
#include "protocols/providers/stripe/settings.hpp"
#include "protocols/providers/stripe/signature.hpp"
#include "protocols/providers/stripe/webhooks.hpp"

namespace cambist::stripe {
namespace {

using provider::Call;
using provider::OperationKind;

Result<void> refuse(ErrorCode code, std::string detail, std::string field) {
  return Error{code, std::move(detail), std::move(field)};
}

Result<void> check_method(const provider::PaymentMethod& method) {
  if (method.type != "card") {
    return refuse(ErrorCode::unsupported_by_provider,
                  "Stripe takes payment methods of type card here", "payment_method.type");
  }
  const auto& token = method.token;
  const bool usable =
      !token.empty() && token.size() <= 255 &&
      std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!usable) {
    return refuse(ErrorCode::invalid_request,
                  "must be a payment method of Stripe such as pm_card_visa",
                  "payment_method.token");
  }
  return {};
}

class Adapter final : public provider::Adapter {
 public:
  explicit Adapter(AccountSettings account) : account_(std::move(account)) {
    capabilities_.multiple_captures = account_.multicapture;
    capabilities_.webhooks = !account_.webhook_secrets.empty();
    capabilities_.method_types = {"card"};
  }

  std::string_view name() const noexcept override { return "stripe"; }
  const provider::Capabilities& capabilities() const noexcept override { return capabilities_; }

  Result<void> check(const Call& call) const override {
    if (call.kind == OperationKind::authorize || call.kind == OperationKind::charge) {
      if (auto method = check_method(call.method); !method) return method;
      // Source: facts/stripe.md, "metadata": a value holds 500 characters.
      if (call.reference.size() > 500) {
        return refuse(ErrorCode::unsupported_by_provider, "Stripe keeps at most 500 bytes of it",
                      "reference");
      }
    }
    if (call.kind == OperationKind::capture && !call.final_capture && !account_.multicapture) {
      return refuse(ErrorCode::unsupported_by_provider,
                    "several captures of one authorization are not switched on for this account",
                    "final");
    }
    if (call.kind != OperationKind::void_authorization) {
      if (const auto amount = to_wire(call.amount); !amount) return amount.error();
    }
    return {};
  }

  Result<http::Request> build(const Call& call) const override {
    return build_request(account_, call);
  }

  provider::Verdict interpret(const Call& call, const http::Response& response) const override {
    return interpret_answer(call, response);
  }

  std::string request_id(const http::Response& response) const override {
    const auto* id = http::find(response.headers, "Request-Id");
    return id != nullptr && is_object_id(*id) ? *id : std::string{};
  }

  Result<void> verify_webhook(const http::Request& request, TimePoint now) const override {
    if (account_.webhook_secrets.empty()) {
      return Error{ErrorCode::not_found, "no webhook_secret is set for this account"};
    }
    return verify_signature(request, account_.webhook_secrets, now);
  }

  Result<provider::Notice> read_webhook(std::string_view body) const override {
    return read_event(body, is_live(account_.secret_key));
  }

 private:
  AccountSettings account_;
  provider::Capabilities capabilities_;
};

}  // namespace

Result<std::shared_ptr<const provider::Adapter>> make_adapter(const provider::Settings& settings) {
  auto account = read_settings(settings);
  if (!account) return account.error();
  return std::shared_ptr<const provider::Adapter>{std::make_shared<Adapter>(std::move(*account))};
}

}  // namespace cambist::stripe
