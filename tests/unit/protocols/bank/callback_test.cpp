#include "protocols/bank/callback.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "protocols/bank/signature.hpp"

namespace cambist::bank {
namespace {

using namespace std::chrono_literals;

// Source: facts/bank-transfer.md section 4.
constexpr const char* body =
    R"({"event_id":"bnk-0001","reference":"NT7K2M9Q41","amount":"450000.00","currency":"TZS"})";
constexpr const char* good =
    "t=1768462200,v1=3db162b8f9028fff870149b9f06462ec0b7300064ee4f3c5bdeaa898aa4bce13";
constexpr auto signed_at = TimePoint{1'768'462'200s};

bool genuine(const std::string& header, const std::string& sent = body, TimePoint now = signed_at,
             const std::string& secret = "bank-demo-secret") {
  http::Request request;
  request.headers = {{"X-Bank-Signature", header}};
  request.body = sent;
  return verify_signature(request, Secret{secret}, now).has_value();
}

TEST(BankSignature, MatchesTheVector) {
  EXPECT_TRUE(genuine(good));
  EXPECT_EQ(sign(body, signed_at, Secret{"bank-demo-secret"}), good);
}

TEST(BankSignature, NothingElseIsGenuine) {
  EXPECT_FALSE(genuine(good, std::string{body} + " "));
  EXPECT_FALSE(genuine(good, body, signed_at, "another"));
  EXPECT_FALSE(genuine(good, body, signed_at, ""));
  EXPECT_TRUE(genuine(good, body, signed_at + 300s));
  EXPECT_FALSE(genuine(good, body, signed_at + 301s));
  EXPECT_FALSE(genuine(good, body, signed_at - 301s));
  for (std::string header :
       {std::string{}, std::string{"t=1768462200"}, std::string{"t=01768462200,v1="} + (good + 16),
        std::string{good} + ",v1=0", std::string{"v1=0,"} + good,
        std::string{good}.substr(0, 79)}) {
    EXPECT_FALSE(genuine(header)) << header;
  }
  http::Request twice;
  twice.headers = {{"X-Bank-Signature", good}, {"X-Bank-Signature", good}};
  twice.body = body;
  EXPECT_FALSE(verify_signature(twice, Secret{"bank-demo-secret"}, signed_at));
}

std::string field_of(const std::string& text) {
  const auto read = read_callback(text);
  EXPECT_FALSE(read) << text;
  return read ? std::string{} : read.error().field;
}

TEST(BankCallback, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(field_of("x"), "body");
  EXPECT_EQ(field_of("[]"), "body");
  EXPECT_EQ(field_of(body), "bank_txn_id");
  EXPECT_EQ(field_of(R"({"bank_txn_id":"F 1"})"), "bank_txn_id");
  EXPECT_EQ(field_of(R"({"bank_txn_id":"F1","type":"gift"})"), "type");
  EXPECT_EQ(field_of(R"({"bank_txn_id":"F1"})"), "currency");
  EXPECT_EQ(field_of(R"({"bank_txn_id":"F1","currency":"TZS"})"), "amount");
  EXPECT_EQ(field_of(R"({"bank_txn_id":"F1","currency":"TZS","amount":450000})"), "amount");
  EXPECT_EQ(field_of(R"({"bank_txn_id":"F1","currency":"TZS","amount":"-1"})"), "amount");
  EXPECT_EQ(field_of(R"({"bank_txn_id":"F1","currency":"TZS","amount":"1","booked":"yes"})"),
            "booked");
  EXPECT_EQ(field_of(R"({"bank_txn_id":"F1","currency":"TZS","amount":"1","booked_at":"now"})"),
            "booked_at");
  EXPECT_EQ(field_of(std::string(100'000, '[')), "body");
}

RC_GTEST_PROP(BankCallbackProperty, WhatIsWrittenReadsBack, ()) {
  Credit entry;
  entry.id = "FT" + std::to_string(*rc::gen::inRange(0, 1'000'000));
  entry.kind = *rc::gen::element(EntryKind::credit, EntryKind::reversal, EntryKind::returned,
                                 EntryKind::debit);
  entry.booked = *rc::gen::arbitrary<bool>();
  entry.account = "20110000001";
  entry.amount = {*rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000),
                  Currency::parse("TZS").value()};
  entry.booked_at = TimePoint{std::chrono::seconds{*rc::gen::inRange(0, 2'000'000'000)}};
  entry.narrative = "RENT \"8800\" 0000 4225 é";
  entry.payer = "ASHA JUMA";
  entry.payer_account = "****4321";
  entry.reason = "AC04";
  RC_ASSERT(read_callback(write_callback(entry)).value() == entry);
}

RC_GTEST_PROP(BankCallbackProperty, NothingBreaksIt, (const std::string& text)) {
  (void)read_callback(text);
}

}  // namespace
}  // namespace cambist::bank
