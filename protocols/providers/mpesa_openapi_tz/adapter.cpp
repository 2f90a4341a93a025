#include "protocols/providers/mpesa_openapi_tz/adapter.hpp"

#include "protocols/provider/phone.hpp"
#include "protocols/providers/mpesa_openapi_tz/answers.hpp"
#include "protocols/providers/mpesa_openapi_tz/callbacks.hpp"
#include "protocols/providers/mpesa_openapi_tz/fields.hpp"
#include "protocols/providers/mpesa_openapi_tz/requests.hpp"
#include "protocols/providers/mpesa_openapi_tz/sandbox_key.hpp"
#include "protocols/providers/mpesa_openapi_tz/session.hpp"
#include "protocols/providers/mpesa_openapi_tz/settings.hpp"

namespace cambist::mpesa_openapi_tz {
namespace {

using provider::Call;
using provider::OperationKind;

Result<void> refuse(ErrorCode code, std::string detail, std::string field = {}) {
  return Error{code, std::move(detail), std::move(field)};
}

Result<void> check_method(const provider::PaymentMethod& method) {
  if (method.type != "mobile_money") {
    return refuse(ErrorCode::unsupported_by_provider,
                  "M-Pesa takes payment methods of type mobile_money", "payment_method.type");
  }
  const auto phone = method.fields.find("phone");
  const auto msisdn =
      provider::normalise_phone(phone == method.fields.end() ? std::string_view{} : phone->second,
                                provider::Market::tanzania);
  if (!msisdn) return msisdn.error();
  return {};
}

class Adapter final : public provider::Adapter {
 public:
  explicit Adapter(AccountSettings account) : account_(std::move(account)) {
    capabilities_.manual_capture = false;
    capabilities_.partial_capture = false;
    capabilities_.void_authorization = false;
    capabilities_.webhooks = !account_.webhook_secrets.empty();
    capabilities_.method_types = {"mobile_money"};
    capabilities_.currencies = {"TZS"};
    capabilities_.countries = {"TZ"};
  }

  std::string_view name() const noexcept override { return mpesa_openapi_tz::name; }
  const provider::Capabilities& capabilities() const noexcept override { return capabilities_; }

  Result<void> check(const Call& call) const override {
    switch (call.kind) {
      case OperationKind::authorize:
      case OperationKind::capture:
        return refuse(ErrorCode::unsupported_by_provider,
                      "M-Pesa takes the money at once; there is no authorization to capture",
                      "capture");
      case OperationKind::void_authorization:
        return refuse(ErrorCode::unsupported_by_provider,
                      "M-Pesa has no authorization that could be voided");
      case OperationKind::refund:
        return check_refund(call);
      case OperationKind::charge:
        break;
    }
    if (auto method = check_method(call.method); !method) return method;
    const auto amount = shillings(call.amount);
    if (!amount) return amount.error();
    if (*amount < account_.amount_min) {
      return refuse(ErrorCode::unsupported_by_provider,
                    "M-Pesa takes at least TZS " + std::to_string(account_.amount_min),
                    "amount.value");
    }
    if (*amount > account_.amount_max) {
      return refuse(ErrorCode::unsupported_by_provider,
                    "M-Pesa takes at most TZS " + std::to_string(account_.amount_max),
                    "amount.value");
    }
    return {};
  }

  Result<http::Request> build(const Call& call) const override {
    return build_request(account_, call);
  }
  provider::Verdict interpret(const Call& call, const http::Response& response) const override {
    return interpret_answer(account_, call, response);
  }
  std::string request_id(const http::Response& response) const override {
    const auto object = read_object(response.body);
    return object ? word(*object, "output_ConversationID") : std::string{};
  }

  bool needs_token() const noexcept override { return true; }
  Result<http::Request> build_token_request(TimePoint) const override {
    return build_session_request(account_);
  }
  Result<provider::Token> read_token(const http::Response& response) const override {
    return read_session(account_, response);
  }
  bool token_refused(const http::Response& response) const override {
    return session_refused(response);
  }

  Result<void> verify_webhook(const http::Request& request, TimePoint) const override {
    return verify_callback(account_, request);
  }
  Result<provider::Notice> read_webhook(std::string_view body) const override {
    return read_callback(body, account_.environment == "openapi");
  }
  std::string acknowledgement(std::string_view body) const override { return acknowledge(body); }

 private:
  [[nodiscard]] Result<void> check_refund(const Call& call) const {
    if (const auto amount = shillings(call.amount); !amount) return amount.error();
    // Without a receipt it is paid out to the wallet that paid.
    if (request_of(account_, call) == Request::pay_out) return check_method(call.method);
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

std::vector<std::pair<std::string_view, std::string_view>> sandbox_settings() {
  return {{"public_key", sandbox_public_key},
          {"environment", "sandbox"},
          {"service_provider_code", "000000"},
          {"session_warmup_s", "0"}};
}

}  // namespace cambist::mpesa_openapi_tz
