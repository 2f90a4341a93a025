#include "protocols/provider/mobile_money.hpp"

#include <limits>
#include <utility>

#include "protocols/provider/json_reader.hpp"

namespace cambist::provider {
namespace {

std::int64_t minor_per_unit(Currency currency) noexcept {
  std::int64_t factor = 1;
  for (int i = 0; i < currency.exponent(); ++i) factor *= 10;
  return factor;
}

Error unsupported(std::string detail, std::string_view field) {
  return {ErrorCode::unsupported_by_provider, std::move(detail), std::string{field}};
}

std::optional<std::chrono::seconds> wait_of(const http::Response& response) {
  const auto* header = http::find(response.headers, "Retry-After");
  const auto seconds = header == nullptr ? std::nullopt : whole_of(*header);
  if (!seconds || *seconds > 3'600) return std::nullopt;
  return std::chrono::seconds{*seconds};
}

}  // namespace

Result<std::int64_t> whole_units(const Money& money, const WholeAmounts& amounts) {
  const std::string code{amounts.currency.code()};
  if (money.currency != amounts.currency) {
    return unsupported("The account takes " + code + " only.", "amount.currency");
  }
  const std::int64_t factor = minor_per_unit(amounts.currency);
  if (money.minor % factor != 0) {
    return unsupported("The provider takes whole " + code + " only.", "amount.value");
  }
  const std::int64_t units = money.minor / factor;
  if (units < amounts.least || units > amounts.most) {
    return unsupported("The provider takes from " + std::to_string(amounts.least) + " to " +
                           std::to_string(amounts.most) + " " + code + " at a time.",
                       "amount.value");
  }
  return units;
}

std::optional<Money> from_whole_units(std::int64_t units, Currency currency) {
  const std::int64_t factor = minor_per_unit(currency);
  if (units <= 0 || units > std::numeric_limits<std::int64_t>::max() / factor) return std::nullopt;
  return Money{units * factor, currency};
}

Result<std::string> phone_of(const PaymentMethod& method, Market market) {
  if (method.type != "mobile_money") {
    return unsupported("The provider takes payment methods of type mobile_money.",
                       "payment_method.type");
  }
  const auto phone = method.fields.find("phone");
  return normalise_phone(phone == method.fields.end() ? std::string_view{} : phone->second, market);
}

Result<void> check_kind(const Call& call, std::string_view provider) {
  const std::string name{provider};
  switch (call.kind) {
    case OperationKind::charge:
    case OperationKind::refund:
      return {};
    case OperationKind::authorize:
    case OperationKind::capture:
      return unsupported(name + " takes the money at once: there is nothing to capture later.",
                         "capture");
    case OperationKind::void_authorization:
      break;
  }
  return unsupported(name + " cannot take a prompt back that is on the payer's phone.", {});
}

ActionRequired phone_prompt(const Call& call, std::string_view brand, Market market,
                            std::chrono::seconds lifetime,
                            std::optional<std::chrono::seconds> ask_after,
                            std::string provider_payment_id) {
  ActionRequired required;
  required.action.type = "phone_prompt";
  required.action.instructions = "Confirm the payment with your PIN on your phone.";
  required.action.expires_at = call.started_at + lifetime;
  required.provider_payment_id = std::move(provider_payment_id);
  required.method.brand = brand;
  if (const auto phone = phone_of(call.method, market))
    required.method.last4 = phone->substr(phone->size() - 4);
  required.ask_after = ask_after;
  required.withdrawable = false;
  return required;
}

std::string payer_sentence(FailureCode code) {
  switch (code) {
    case FailureCode::insufficient_funds:
      return "There is not enough money in the wallet.";
    case FailureCode::card_declined:
    case FailureCode::fraud_detected:
      return "The payment was declined.";
    case FailureCode::payment_method_invalid:
      return "The phone number or the PIN was not accepted.";
    case FailureCode::provider_down:
    case FailureCode::network_error:
      return "The payment provider is not available right now.";
    case FailureCode::timeout:
      return "The payment was not confirmed in time.";
    case FailureCode::invalid_request:
    case FailureCode::configuration_error:
      return "The payment cannot be made like this.";
    case FailureCode::unknown:
      break;
  }
  return "It is not known yet what became of the payment.";
}

Failure failure_of(FailureCode code, std::string word) {
  return Failure{code, payer_sentence(code), std::move(word)};
}

Unknown not_understood(std::string word) {
  return Unknown{failure_of(FailureCode::unknown, std::move(word)), false, std::nullopt};
}

std::optional<Verdict> verdict_of_status(const Call& call, const http::Response& response) {
  const int status = response.status;
  if (status == 401 || status == 403) {
    return Refused{failure_of(FailureCode::configuration_error), false, call.inquiry, std::nullopt};
  }
  if (status == 429) {
    return Refused{failure_of(FailureCode::provider_down, "rate_limited"), false, true,
                   wait_of(response)};
  }
  if (status == 408 || status >= 500) {
    return Unknown{failure_of(status == 408 ? FailureCode::timeout : FailureCode::provider_down),
                   true, wait_of(response)};
  }
  if (status >= 300 && status < 400) return not_understood();
  return std::nullopt;
}

}  // namespace cambist::provider
