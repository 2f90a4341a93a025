#include "protocols/providers/mpesa_daraja/adapter.hpp"

#include <optional>
#include <utility>

#include "protocols/providers/mpesa_daraja/answers.hpp"
#include "protocols/providers/mpesa_daraja/callbacks.hpp"
#include "protocols/providers/mpesa_daraja/codes.hpp"
#include "protocols/providers/mpesa_daraja/fields.hpp"
#include "protocols/providers/mpesa_daraja/requests.hpp"
#include "protocols/providers/mpesa_daraja/settings.hpp"
#include "protocols/providers/mpesa_daraja/wire.hpp"

namespace cambist::mpesa_daraja {
namespace {

using provider::Call;
using provider::OperationKind;

Error refuse(ErrorCode code, std::string detail, std::string field) {
  return Error{code, std::move(detail), std::move(field)};
}

Error cannot(std::string detail, std::string field) {
  return refuse(ErrorCode::unsupported_by_provider, std::move(detail), std::move(field));
}

class Adapter final : public provider::Adapter {
 public:
  explicit Adapter(AccountSettings account) : account_(std::move(account)) {
    capabilities_.manual_capture = false;
    capabilities_.partial_capture = false;
    capabilities_.refunds = account_.refunds();
    capabilities_.void_authorization = false;
    capabilities_.method_types = {"mobile_money"};
    capabilities_.currencies = {"KES"};
    capabilities_.countries = {"KE"};
  }

  std::string_view name() const noexcept override { return "mpesa_daraja"; }
  const provider::Capabilities& capabilities() const noexcept override { return capabilities_; }

  Result<void> check(const Call& call) const override {
    switch (call.kind) {
      case OperationKind::charge:
        return check_charge(call);
      case OperationKind::refund:
        return check_refund(call);
      case OperationKind::void_authorization:
        return cannot("a prompt on a phone cannot be taken back", {});
      case OperationKind::authorize:
      case OperationKind::capture:
        break;
    }
    return cannot("M-Pesa takes money at once: there is nothing to capture later", "capture");
  }

  Result<http::Request> build(const Call& call) const override {
    return build_request(account_, call);
  }
  std::optional<provider::Verdict> answer_locally(const Call& call) const override {
    if (!call.inquiry) return std::nullopt;
    const auto request = build_request(account_, call);
    if (request) return std::nullopt;
    // Nobody can be asked: it stays as unknown as it was.
    return provider::Unknown{
        {provider::FailureCode::unknown, request.error().detail, {}}, false, std::nullopt};
  }
  provider::Verdict interpret(const Call& call, const http::Response& response) const override {
    return interpret_answer(account_, call, response);
  }

  std::string request_id(const http::Response& response) const override {
    const auto body = read_object(response.body);
    if (!body) return {};
    for (const auto* name : {"requestId", "MerchantRequestID", "ConversationID"}) {
      if (auto id = word(*body, name); !id.empty()) return id;
    }
    return {};
  }

  bool needs_token() const noexcept override { return true; }
  Result<http::Request> build_token_request(TimePoint) const override {
    return mpesa_daraja::build_token_request(account_);
  }
  Result<provider::Token> read_token(const http::Response& response) const override {
    return read_token_answer(response);
  }
  bool token_refused(const http::Response& response) const override {
    if (response.status < 400 || response.status >= 500) return false;
    return problem_of(account_, response).trouble == Trouble::token;
  }

  Result<void> verify_webhook(const http::Request& request, TimePoint) const override {
    return verify_callback(account_, request);
  }
  Result<provider::Notice> read_webhook(std::string_view body) const override {
    return read_callback({}, body);
  }
  Result<provider::Notice> read_webhook_at(std::string_view path,
                                           std::string_view body) const override {
    return read_callback(path, body);
  }
  std::string acknowledgement(std::string_view) const override {
    return R"({"ResultCode":0,"ResultDesc":"Accepted"})";
  }

 private:
  Result<void> check_charge(const Call& call) const {
    if (call.method.type != "mobile_money")
      return cannot("M-Pesa takes payment methods of type mobile_money", "payment_method.type");
    if (const auto phone = phone_of(call.method); !phone) return phone.error();
    const auto amount = to_wire(call.amount);
    if (!amount) return amount.error();
    if (*amount < account_.amount_min || *amount > account_.amount_max) {
      return cannot("M-Pesa moves from " + std::to_string(account_.amount_min) + " to " +
                        std::to_string(account_.amount_max) + " shillings at once",
                    "amount.value");
    }
    return {};
  }

  Result<void> check_refund(const Call& call) const {
    if (!account_.refunds()) {
      return cannot("refunds need an initiator_name and its credential, which are not set", {});
    }
    const auto amount = to_wire(call.amount);
    if (!amount) return amount.error();
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

}  // namespace cambist::mpesa_daraja
