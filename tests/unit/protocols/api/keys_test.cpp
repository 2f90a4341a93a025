#include "protocols/api/keys.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <boost/json.hpp>

#include "protocols/api/cursor.hpp"
#include "protocols/api/json.hpp"

namespace cambist::api {
namespace {

TEST(IdempotencyKey, IsTakenFromHeaderOrBody) {
  const std::string header = "k-1";
  EXPECT_EQ(*idempotency_key_of(&header, {}), "k-1");
  EXPECT_EQ(*idempotency_key_of(nullptr, *read_object(R"({"idempotency_key":"k-2"})")), "k-2");
  EXPECT_EQ(*idempotency_key_of(&header, *read_object(R"({"idempotency_key":"k-1"})")), "k-1");
  EXPECT_EQ(*idempotency_key_of(&header, *read_object(R"({"idempotency_key":null})")), "k-1");
  EXPECT_EQ(*idempotency_key_of(nullptr, {}), "");
}

TEST(IdempotencyKey, LosesOnePairOfQuotes) {
  const std::string quoted = R"("8e03978e-40d5")";
  const std::string twice = R"(""a"")";
  EXPECT_EQ(*idempotency_key_of(&quoted, {}), "8e03978e-40d5");
  EXPECT_EQ(*idempotency_key_of(&twice, {}), R"("a")");
}

TEST(IdempotencyKey, IsRefusedByName) {
  for (const std::string& header :
       {std::string{}, std::string{"\"\""}, std::string(256, 'k'), std::string{"a b"},
        std::string{"a\x7f"}, std::string{"a\xc3\xa9"}, std::string{"a\tb"}}) {
    const auto key = idempotency_key_of(&header, {});
    ASSERT_FALSE(key) << header;
    EXPECT_EQ(key.error().code, ErrorCode::invalid_request);
    EXPECT_EQ(key.error().field, "Idempotency-Key");
  }
  for (const char* body :
       {R"({"idempotency_key":""})", R"({"idempotency_key":7})", R"({"idempotency_key":"a b"})"}) {
    const auto key = idempotency_key_of(nullptr, *read_object(body));
    ASSERT_FALSE(key) << body;
    EXPECT_EQ(key.error().field, "idempotency_key");
  }
  const std::string header(255, 'k');
  EXPECT_TRUE(idempotency_key_of(&header, {}));
  EXPECT_FALSE(idempotency_key_of(&header, *read_object(R"({"idempotency_key":"other"})")));
}

TEST(IdempotencyKey, IsDerivedFromTenantOperationAndReference) {
  const auto key = derived_key(TenantId{"a"}, "create", "order-7");
  EXPECT_EQ(key, derived_key(TenantId{"a"}, "create", "order-7"));
  EXPECT_NE(key, derived_key(TenantId{"b"}, "create", "order-7"));
  EXPECT_NE(key, derived_key(TenantId{"a"}, "create", "order-8"));
  EXPECT_NE(key, derived_key(TenantId{"a"}, "other", "order-7"));
  EXPECT_TRUE(key.starts_with("ref:"));
  EXPECT_EQ(key.size(), 68U);
}

TEST(Fingerprint, IgnoresOrderSpaceAndTheKeyItself) {
  const auto print = [](const char* body) {
    return fingerprint("POST", "/api/v1/payments", *read_object(body));
  };
  const auto first = print(R"({"a":{"x":"1","y":"2"},"b":"3"})");
  EXPECT_EQ(first, print("{\n\"b\" : \"3\", \"a\":{\"y\":\"2\",\"x\":\"1\"}}"));
  EXPECT_EQ(first, print(R"({"idempotency_key":"k","a":{"x":"1","y":"2"},"b":"3"})"));
  EXPECT_NE(first, print(R"({"a":{"x":"1","y":"2"},"b":"4"})"));
  EXPECT_NE(first, print(R"({"a":{"x":"1","y":"2","idempotency_key":"k"},"b":"3"})"));
}

TEST(Fingerprint, TellsMethodsAndPathsApart) {
  const boost::json::object body;
  const auto first = fingerprint("POST", "/api/v1/payments/pay_a/capture", body);
  EXPECT_NE(first, fingerprint("POST", "/api/v1/payments/pay_b/capture", body));
  EXPECT_NE(first, fingerprint("POST", "/api/v1/payments/pay_a/refund", body));
  EXPECT_NE(first, fingerprint("PUT", "/api/v1/payments/pay_a/capture", body));
}

TEST(Cursor, LeadsBackToTheSamePlace) {
  PaymentId id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<std::uint8_t>(i * 17);
  const std::string cursor = encode_cursor(id, "tenant|status=captured");
  EXPECT_EQ(cursor.size(), 32U);
  EXPECT_EQ(decode_cursor(cursor, "tenant|status=captured").value(), id);
}

TEST(Cursor, IsRefusedOnceAnyCharacterChanges) {
  const PaymentId id{{1, 2, 3}};
  const std::string cursor = encode_cursor(id, "list");
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    for (const char c : std::string{"AZaz09-_.=+/ "}) {
      std::string changed = cursor;
      if (changed[i] == c) continue;
      changed[i] = c;
      const auto read = decode_cursor(changed, "list");
      ASSERT_FALSE(read) << changed;
      EXPECT_EQ(read.error().field, "cursor");
    }
  }
  for (const std::string& wrong :
       {std::string{}, cursor.substr(1), cursor + "A", std::string(4'000, 'A')}) {
    EXPECT_FALSE(decode_cursor(wrong, "list"));
  }
}

RC_GTEST_PROP(CursorProperty, AnyPlaceOfAnyListIsFoundAgainInThatListAlone, ()) {
  Uuid last{};
  for (auto& byte : last) byte = *rc::gen::arbitrary<std::uint8_t>();
  const auto list = *rc::gen::arbitrary<std::string>();
  const auto other = *rc::gen::arbitrary<std::string>();
  const auto cursor = encode_cursor_bytes(last, list);
  RC_ASSERT(decode_cursor_bytes(cursor, list).value() == last);
  RC_ASSERT(list == other || !decode_cursor_bytes(cursor, other));
  auto changed = cursor;
  changed[*rc::gen::inRange<std::size_t>(0, cursor.size())] = *rc::gen::arbitrary<char>();
  RC_ASSERT(changed == cursor || !decode_cursor_bytes(changed, list));
}

TEST(Cursor, FitsOnlyTheListItCameFrom) {
  const std::string cursor = encode_cursor(PaymentId{{1}}, "a|status=captured");
  EXPECT_FALSE(decode_cursor(cursor, "a|status=failed"));
  EXPECT_FALSE(decode_cursor(cursor, "b|status=captured"));
}

TEST(Cursor, LeadsThroughListsOfAnyId) {
  const WebhookId id{{4, 5, 6}};
  const std::string cursor = encode_cursor(id, "webhooks|a");
  EXPECT_EQ(decode_cursor_of<WebhookId>(cursor, "webhooks|a").value(), id);
  EXPECT_FALSE(decode_cursor_of<TaskId>(cursor, "tasks|a"));
}

TEST(Cursor, LeadsThroughListsInTheOrderOfANumber) {
  for (const std::uint64_t last : {std::uint64_t{0}, std::uint64_t{258}, ~std::uint64_t{0}}) {
    const std::string cursor = encode_position(last, "deliveries|a");
    EXPECT_EQ(decode_position(cursor, "deliveries|a").value(), last);
    EXPECT_FALSE(decode_position(cursor, "deliveries|b"));
  }
}

}  // namespace
}  // namespace cambist::api
