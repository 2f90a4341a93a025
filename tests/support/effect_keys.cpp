#include "tests/support/effect_keys.hpp"

#include <algorithm>

#include "protocols/providers/mpesa_openapi_tz/ids.hpp"
#include "protocols/providers/tigo_pesa/reference.hpp"

namespace cambist::test {
namespace {

constexpr std::string_view biller_code = "NST";  // the sandbox's, at Tigo

std::string text_of(const boost::json::value& effect, std::string_view name) {
  const auto* member = effect.as_object().if_contains(name);
  return member != nullptr && member->is_string() ? std::string{member->as_string()}
                                                  : std::string{};
}

/// Whether the provider knows the operation by this text.
bool knows(const std::string& key, const PaymentId& payment, const storage::OperationRow& row) {
  const std::string id = row.id.to_string();
  return key.starts_with(row.idempotency_key + ":") || key == id ||
         key.ends_with(id.substr(id.find('_') + 1)) ||
         key == mpesa_openapi_tz::conversation_of(payment, row.id) ||
         key == tigo_pesa::reference_id(biller_code, row.id);
}

}  // namespace

const storage::OperationRow* owner_of(const StoredPayment& payment,
                                      const boost::json::value& effect) {
  const std::string key = text_of(effect, "idempotency_key");
  const std::string kind = text_of(effect, "kind");
  const std::string provider = text_of(effect, "provider");
  // A transfer carries the payment's reference alone; Airtel's refunds name what they give back.
  const bool by_kind =
      provider == "bank_transfer" || (provider == "airtel_money" && kind == "refund");
  const storage::OperationRow* last = nullptr;
  for (const auto& operation : payment.operations) {
    if (!key.empty() && knows(key, payment.row.id, operation)) return &operation;
    if (by_kind && operation.kind == kind && (last == nullptr || last->status != "succeeded"))
      last = &operation;
  }
  return last;
}

boost::json::array with_payments(const Books& books, boost::json::array effects) {
  for (auto& effect : effects) {
    if (!text_of(effect, "payment").empty()) continue;
    const std::string object = text_of(effect, "object");
    for (const auto& [id, payment] : books.payments) {
      if (payment.row.provider_payment_id == object) effect.as_object()["payment"] = id;
    }
  }
  return effects;
}

}  // namespace cambist::test
