#include "tests/support/effect_owner.hpp"

#include "protocols/providers/airtel_money/reference.hpp"
#include "protocols/providers/mpesa_openapi_tz/ids.hpp"
#include "protocols/providers/tigo_pesa/reference.hpp"

namespace cambist::test {
namespace {

/// What stands before Tigo's references, as in the sandbox's account.
constexpr std::string_view biller_code = "NST";

}  // namespace

bool is_key_of(std::string_view provider, std::string_view key, const PaymentId& payment,
               const storage::OperationRow& operation) {
  if (provider == "mpesa_daraja") return key == operation.id.to_string();
  if (provider == "mpesa_openapi_tz")
    return key == mpesa_openapi_tz::conversation_of(payment, operation.id);
  if (provider == "airtel_money") return key == airtel_money::transaction_id(payment, operation.id);
  if (provider == "tigo_pesa") return key == tigo_pesa::reference_id(biller_code, operation.id);
  // The others take a key of ours: the operation's own and a colon, then the step.
  return key.starts_with(operation.idempotency_key + ":");
}

bool made_by(const boost::json::value& effect, const PaymentId& payment,
             const storage::OperationRow& operation) {
  const auto* named = effect.as_object().if_contains("provider");
  const std::string_view provider =
      named == nullptr ? std::string_view{"stripe"} : std::string_view{named->as_string()};
  // No id of ours travels with a refund at Airtel, which knows one refund of a charge only: it is
  // the one that has not failed here. One that has, while the money went back, has no owner.
  if (provider == "airtel_money" && effect.at("kind").as_string() == "refund")
    return operation.kind == "refund" && operation.status != "declined" &&
           operation.status != "refused";
  return is_key_of(provider, effect.at("idempotency_key").as_string(), payment, operation);
}

}  // namespace cambist::test
