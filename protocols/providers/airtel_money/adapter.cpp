#include "protocols/providers/airtel_money/adapter.hpp"

#include <utility>

#include "protocols/provider/json_reader.hpp"
#include "protocols/providers/airtel_money/answers.hpp"
#include "protocols/providers/airtel_money/callbacks.hpp"
#include "protocols/providers/airtel_money/requests.hpp"
#include "protocols/providers/airtel_money/settings.hpp"

namespace cambist::airtel_money {
namespace {

using provider::Call;
using provider::OperationKind;

class Adapter final : public provider::Adapter {
 public:
  explicit Adapter(Account account) : account_(std::move(account)) {
    capabilities_.manual_capture = false;
    capabilities_.partial_capture = false;
    capabilities_.partial_refund = false;
    capabilities_.void_authorization = false;
    capabilities_.method_types = {"mobile_money"};
    capabilities_.currencies = {"TZS"};
    capabilities_.countries = {"TZ"};
  }

  std::string_view name() const noexcept override { return "airtel_money"; }
  const provider::Capabilities& capabilities() const noexcept override { return capabilities_; }

  Result<void> check(const Call& call) const override {
    if (const auto kind = check_kind(call, "Airtel Money"); !kind) return kind;
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

  // Airtel names none.
  std::string request_id(const http::Response&) const override { return {}; }

  bool needs_token() const noexcept override { return true; }

  Result<http::Request> build_token_request(TimePoint) const override {
    return airtel_money::build_token_request(account_);
  }

  Result<provider::Token> read_token(const http::Response& response) const override {
    return airtel_money::read_token(response);
  }

  Result<void> verify_webhook(const http::Request& request, TimePoint) const override {
    if (const auto known = account_.door.verify(request, name()); !known) return known;
    return verify_hash(account_.hash, request);
  }

  Result<provider::Notice> read_webhook(std::string_view body) const override {
    return read_callback(body);
  }

 private:
  static Result<void> check_refund(const Call& call) {
    if (call.amount != call.remaining) {
      return Error{ErrorCode::unsupported_by_provider, "Airtel Money gives back all or nothing.",
                   "amount"};
    }
    if (!provider::is_json_word(call.capture_object)) {
      return Error{ErrorCode::unsupported_by_provider,
                   "Airtel's id of the charge is not known: refund it in Airtel's portal.",
                   "amount"};
    }
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

}  // namespace cambist::airtel_money
