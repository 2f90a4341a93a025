// Whose an effect is, with the texts as they stand in the sandbox's ledger.
#include "tests/support/effect_owner.hpp"

#include <gtest/gtest.h>

#include "protocols/providers/mpesa_openapi_tz/ids.hpp"
#include "protocols/providers/tigo_pesa/reference.hpp"

namespace cambist::test {
namespace {

class EffectOwner : public testing::Test {
 protected:
  EffectOwner() {
    for (std::size_t i = 0; i < payment.bytes.size(); ++i) {
      payment.bytes[i] = static_cast<std::uint8_t>(i);
      mine.id.bytes[i] = static_cast<std::uint8_t>(2 * i + 1);
      other.id.bytes[i] = static_cast<std::uint8_t>(3 * i + 1);
    }
    for (auto* one : {&mine, &other}) {
      one->kind = "refund";
      one->status = "succeeded";
      one->idempotency_key = payment.to_string() + ":" + one->id.to_string();
    }
  }

  static boost::json::value effect(const char* provider, const std::string& key) {
    return boost::json::object{
        {"provider", provider}, {"kind", "refund"}, {"idempotency_key", key}};
  }
  void expect_mine(const char* provider, const std::string& key) {
    EXPECT_TRUE(made_by(effect(provider, key), payment, mine)) << provider;
    EXPECT_FALSE(made_by(effect(provider, key), payment, other)) << provider;
  }

  PaymentId payment{};
  storage::OperationRow mine{};
  storage::OperationRow other{};
};

TEST_F(EffectOwner, IsTheOperationWhoseKeyTravelled) {
  expect_mine("stripe", mine.idempotency_key + ":refund");
  expect_mine("paypal", mine.idempotency_key + ":refund-2");
}

TEST_F(EffectOwner, IsTheOperationWhoseIdTravelledWhereThereIsNoKey) {
  expect_mine("mpesa_daraja", mine.id.to_string());
  expect_mine("mpesa_openapi_tz", mpesa_openapi_tz::conversation_of(payment, mine.id));
  expect_mine("tigo_pesa", tigo_pesa::reference_id("NST", mine.id));
}

TEST_F(EffectOwner, OfNoKeyIsNobody) {
  for (const char* provider : {"stripe", "paypal", "mpesa_daraja", "mpesa_openapi_tz", "tigo_pesa"})
    EXPECT_FALSE(made_by(effect(provider, ""), payment, mine)) << provider;
}

TEST_F(EffectOwner, OfARefundAtAirtelIsTheOneThatHasNotFailedHere) {
  EXPECT_TRUE(made_by(effect("airtel_money", "MP260115.1030.A00001"), payment, mine));
  mine.status = "declined";
  EXPECT_FALSE(made_by(effect("airtel_money", "MP260115.1030.A00001"), payment, mine));
}

}  // namespace
}  // namespace cambist::test
