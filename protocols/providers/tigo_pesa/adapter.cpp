#include "protocols/providers/tigo_pesa/adapter.hpp"

#include <utility>

#include "protocols/provider/json_reader.hpp"
#include "protocols/providers/tigo_pesa/answers.hpp"
#include "protocols/providers/tigo_pesa/callbacks.hpp"
#include "protocols/providers/tigo_pesa/reference.hpp"
#include "protocols/providers/tigo_pesa/requests.hpp"
#include "protocols/providers/tigo_pesa/settings.hpp"

namespace cambist::tigo_pesa {
namespace {

using provider::Call;
using provider::OperationKind;

class Adapter final : public provider::Adapter {
 public:
  explicit Adapter(Account account) : account_(std::move(account)) {
    capabilities_.manual_capture = false;
    capabilities_.partial_capture = false;
    capabilities_.refunds = !account_.refund_path.empty();
    capabilities_.partial_refund = account_.partial_refunds;
    capabilities_.void_authorization = false;
    capabilities_.method_types = {"mobile_money"};
    capabilities_.currencies = {"TZS"};
    capabilities_.countries = {"TZ"};
  }

  std::string_view name() const noexcept override { return "tigo_pesa"; }
  const provider::Capabilities& capabilities() const noexcept override { return capabilities_; }

  Result<void> check(const Call& call) const override {
    if (const auto kind = check_kind(call, "Tigo Pesa"); !kind) return kind;
    if (call.kind == OperationKind::refund) return check_refund(call);
    if (const auto phone = phone_of(call.method, market); !phone) return phone.error();
    if (const auto amount = whole_units(call.amount, account_.amounts); !amount)
      return amount.error();
    return {};
  }

  Result<http::Request> build(const Call& call) const override {
    return build_request(account_, call);
  }

  provider::Verdict interpret(const Call& call, const http::Response& response) const override {
    return interpret_answer(account_, call, response);
  }

  std::string provider_payment_id_for(const Call& call) const override {
    if (call.kind != OperationKind::charge) return {};
    return reference_id(account_.biller_code, call.operation);
  }

  // Tigo names none.
  std::string request_id(const http::Response&) const override { return {}; }

  bool needs_token() const noexcept override { return true; }

  Result<http::Request> build_token_request(TimePoint) const override {
    return tigo_pesa::build_token_request(account_);
  }

  Result<provider::Token> read_token(const http::Response& response) const override {
    return tigo_pesa::read_token(response);
  }

  Result<void> verify_webhook(const http::Request& request, TimePoint) const override {
    return account_.door.verify(request, name());
  }

  Result<provider::Notice> read_webhook(std::string_view body) const override {
    return read_callback(account_, body);
  }

  std::string acknowledgement(std::string_view body) const override {
    return acknowledge(account_, body);
  }

 private:
  Result<void> check_refund(const Call& call) const {
    const auto refuse = [](std::string detail) {
      return Error{ErrorCode::unsupported_by_provider, std::move(detail), "amount"};
    };
    if (account_.refund_path.empty())
      return refuse("Refunds of Tigo Pesa are not switched on for this account.");
    if (call.amount != call.remaining && !account_.partial_refunds)
      return refuse("Tigo Pesa gives back all or nothing on this account.");
    if (!provider::is_json_word(call.capture_object))
      return refuse("Tigo's id of the charge is not known: refund it with Tigo.");
    if (const auto amount = whole_units(call.amount, account_.amounts); !amount)
      return amount.error();
    return {};
  }

  Account account_;
  provider::Capabilities capabilities_;
};

}  // namespace

Result<std::shared_ptr<const provider::Adapter>> make_adapter(const provider::Settings& settings) {
  auto account = read_settings(settings);
  if (!account) return account.error();
  return std::shared_ptr<const provider::Adapter>{std::make_shared<Adapter>(std::move(*account))};
}

}  // namespace cambist::tigo_pesa
