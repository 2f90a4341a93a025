#include "tests/support/effect_keys.hpp"

#include "tests/support/effect_owner.hpp"

namespace cambist::test {
namespace {

std::string text_of(const boost::json::value& effect, std::string_view name) {
  const auto* member = effect.as_object().if_contains(name);
  return member != nullptr && member->is_string() ? std::string{member->as_string()}
                                                  : std::string{};
}

}  // namespace

const storage::OperationRow* owner_of(const StoredPayment& payment,
                                      const boost::json::value& effect) {
  // A transfer carries the payment's reference alone, and every payment by transfer has one charge.
  const bool by_kind = text_of(effect, "provider") == "bank_transfer";
  for (const auto& operation : payment.operations) {
    if (by_kind ? operation.kind == text_of(effect, "kind")
                : made_by(effect, payment.row.id, operation)) {
      return &operation;
    }
  }
  return nullptr;
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
