// Idempotency keys in every store: taken once, answered once, freed or expired only when nothing
// depends on them.
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

class StoreKeys : public StoreTest {
 protected:
  Append keyed(PaymentId payment, std::uint64_t version, KeyChange change, std::size_t events = 1) {
    auto made = step(payment, version, events);
    made.key = std::move(change);
    return made;
  }
  /// An answered key of a payment that is (or is not) open.
  void answered(std::uint64_t number, TimePoint expires_at, bool open) {
    auto made = keyed(payment_id(number), 0, claim("key-" + std::to_string(number), expires_at));
    made.row.open = open;
    ASSERT_TRUE(is_appended(append(made), 1));
    const KeyAnswer answer{"key-" + std::to_string(number), 201, "made"};
    ASSERT_TRUE(is_appended(append(keyed(payment_id(number), 1, answer, 0)), 1));
  }
  std::optional<KeyRecord> key(const std::string& name) {
    return reader_->key(tenant(), name).value();
  }
};
CAMBIST_EACH_STORE(StoreKeys);

TEST_P(StoreKeys, AClaimIsTakenWithTheAppend) {
  ASSERT_TRUE(is_appended(append(keyed(payment_id(1), 0, claim("k", at(77)))), 1));
  const auto record = key("k");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->key, "k");
  EXPECT_EQ(record->payment, payment_id(1));
  EXPECT_EQ(record->fingerprint, sha256("a request"));
  EXPECT_FALSE(record->completed);
  EXPECT_EQ(record->expires_at, at(77));
}

TEST_P(StoreKeys, ASecondClaimHappensNotAndNamesTheFirstPayment) {
  ASSERT_TRUE(is_appended(append(keyed(payment_id(1), 0, claim("k"))), 1));
  EXPECT_TRUE(is_duplicate_of(append(keyed(payment_id(2), 0, claim("k"))), payment_id(1)));
  EXPECT_TRUE(reader_->events(payment_id(2)).value().empty());
  EXPECT_FALSE(reader_->payment(tenant(), payment_id(2)).value());
  EXPECT_EQ(key("k")->payment, payment_id(1));
}

TEST_P(StoreKeys, ASecondClaimInTheSameBatchHappensNot) {
  const auto results =
      append_all({keyed(payment_id(1), 0, claim("k")), keyed(payment_id(2), 0, claim("k")),
                  keyed(payment_id(3), 0, claim("other"))});
  EXPECT_TRUE(is_appended(results[0], 1));
  EXPECT_TRUE(is_duplicate_of(results[1], payment_id(1)));
  EXPECT_TRUE(is_appended(results[2], 1));
  EXPECT_TRUE(reader_->events(payment_id(2)).value().empty());
}

TEST_P(StoreKeys, ATakenKeyIsTheAnswerEvenToAStaleWriter) {
  ASSERT_TRUE(is_appended(append(keyed(payment_id(1), 0, claim("k"))), 1));
  EXPECT_TRUE(is_duplicate_of(append(keyed(payment_id(1), 0, claim("k"))), payment_id(1)));
}

TEST_P(StoreKeys, TenantsDoNotShareKeys) {
  ASSERT_TRUE(is_appended(append(keyed(payment_id(1), 0, claim("k"))), 1));
  auto other = step(payment_id(2), 0, 1, tenant("rival"));
  other.key = claim("k");
  EXPECT_TRUE(is_appended(append(other), 1));
  EXPECT_EQ(reader_->key(tenant("rival"), "k").value()->payment, payment_id(2));
  EXPECT_EQ(key("k")->payment, payment_id(1));
  EXPECT_FALSE(reader_->key(tenant("third"), "k").value());
}

TEST_P(StoreKeys, AnAnswerIsStoredAndTheFirstOneStays) {
  ASSERT_TRUE(is_appended(append(keyed(payment_id(1), 0, claim("k"))), 1));
  ASSERT_TRUE(is_appended(append(keyed(payment_id(1), 1, KeyAnswer{"k", 402, "first"})), 2));
  ASSERT_TRUE(is_appended(append(keyed(payment_id(1), 2, KeyAnswer{"k", 201, "second"})), 3));
  const auto record = key("k");
  ASSERT_TRUE(record);
  EXPECT_TRUE(record->completed);
  EXPECT_EQ(record->status, 402);
  EXPECT_EQ(record->body, "first");
  EXPECT_EQ(record->fingerprint, sha256("a request"));
}

TEST_P(StoreKeys, OnlyThePaymentThatTookAKeyAnswersOrFreesIt) {
  ASSERT_TRUE(is_appended(append(keyed(payment_id(1), 0, claim("k"))), 1));
  ASSERT_TRUE(is_appended(append(keyed(payment_id(2), 0, KeyAnswer{"k", 200, "x"})), 1));
  EXPECT_FALSE(key("k")->completed);
  ASSERT_TRUE(is_appended(append(keyed(payment_id(2), 1, KeyRelease{"k"})), 2));
  EXPECT_TRUE(key("k"));
  ASSERT_TRUE(is_appended(append(keyed(payment_id(2), 2, KeyAnswer{"unknown", 200, "x"})), 3));
  EXPECT_FALSE(key("unknown"));
}

TEST_P(StoreKeys, AReleasedKeyCanBeTakenAgain) {
  ASSERT_TRUE(is_appended(append(keyed(payment_id(1), 0, claim("k"))), 1));
  ASSERT_TRUE(is_appended(append(keyed(payment_id(1), 1, KeyRelease{"k"}, 0)), 1));
  EXPECT_FALSE(key("k"));
  EXPECT_TRUE(is_appended(append(keyed(payment_id(2), 0, claim("k"))), 1));
}

TEST_P(StoreKeys, AnAnsweredKeyIsNotReleased) {
  answered(1, at(50), false);
  ASSERT_TRUE(is_appended(append(keyed(payment_id(1), 1, KeyRelease{"key-1"})), 2));
  ASSERT_TRUE(key("key-1"));
  EXPECT_EQ(key("key-1")->body, "made");
}

TEST_P(StoreKeys, AKeyCanBeTakenBeforeThereIsAPayment) {
  EXPECT_TRUE(is_appended(append(keyed(payment_id(1), 0, claim("k"), 0)), 0));
  EXPECT_FALSE(reader_->payment(tenant(), payment_id(1)).value());
  EXPECT_TRUE(is_appended(append(keyed(payment_id(1), 0, KeyAnswer{"k", 422, "no"}, 0)), 0));
  EXPECT_EQ(key("k")->status, 422);
  EXPECT_TRUE(is_error(append(keyed(payment_id(1), 0, claim(""))), ErrorCode::internal));
}

TEST_P(StoreKeys, AnsweredKeysExpireAtTheirTime) {
  answered(1, at(50), false);
  EXPECT_EQ(journal_->expire_keys(at(49), 10).value(), 0U);
  EXPECT_EQ(journal_->expire_keys(at(50), 10).value(), 1U);
  EXPECT_FALSE(key("key-1"));
  EXPECT_EQ(journal_->expire_keys(at(50), 10).value(), 0U);
}

TEST_P(StoreKeys, AKeyWhosePaymentIsOpenNeverExpires) {
  answered(1, at(50), true);
  answered(2, at(51), false);
  EXPECT_EQ(journal_->expire_keys(at(5000), 1).value(), 1U);
  EXPECT_TRUE(key("key-1"));
  EXPECT_FALSE(key("key-2"));
  ASSERT_TRUE(is_appended(append(step(payment_id(1), 1)), 2));
  EXPECT_EQ(journal_->expire_keys(at(5000), 10).value(), 1U);
  EXPECT_FALSE(key("key-1"));
}

TEST_P(StoreKeys, AnUnansweredKeyNeverExpires) {
  ASSERT_TRUE(is_appended(append(keyed(payment_id(1), 0, claim("k", at(50)))), 1));
  EXPECT_EQ(journal_->expire_keys(at(5000), 10).value(), 0U);
  EXPECT_TRUE(key("k"));
}

TEST_P(StoreKeys, KeysThatExpireTogetherGoInTheOrderOfTheirNames) {
  for (const std::uint64_t number : {3, 1, 2}) answered(number, at(50), false);
  EXPECT_EQ(journal_->expire_keys(at(50), 2).value(), 2U);
  EXPECT_FALSE(key("key-1"));
  EXPECT_FALSE(key("key-2"));
  EXPECT_TRUE(key("key-3"));
}

TEST_P(StoreKeys, ExpiryStopsAtItsLimitOldestFirst) {
  answered(1, at(53), false);
  answered(2, at(51), false);
  answered(3, at(52), false);
  EXPECT_EQ(journal_->expire_keys(at(100), 0).value(), 0U);
  EXPECT_EQ(journal_->expire_keys(at(100), 2).value(), 2U);
  EXPECT_TRUE(key("key-1"));
  EXPECT_FALSE(key("key-2"));
  EXPECT_FALSE(key("key-3"));
}

}  // namespace
}  // namespace cambist::storage::testing
