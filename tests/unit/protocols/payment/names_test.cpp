// The words that the API, the journal and the metrics share.
#include <set>

#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using provider::FailureCode;
using provider::OperationKind;

TEST(PaymentNames, EveryStatusReadsBack) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Status::refunded); ++i) {
    const auto status = static_cast<Status>(i);
    names.insert(to_string(status));
    EXPECT_EQ(parse_status(to_string(status)), status);
  }
  EXPECT_EQ(names.size(), 11U);
  EXPECT_EQ(parse_status(""), std::nullopt);
  EXPECT_EQ(parse_status("Captured"), std::nullopt);
  EXPECT_EQ(parse_status("unknown"), std::nullopt);
}

TEST(PaymentNames, EveryOperationStatusHasOne) {
  EXPECT_EQ(to_string(OperationStatus::pending), "pending");
  EXPECT_EQ(to_string(OperationStatus::succeeded), "succeeded");
  EXPECT_EQ(to_string(OperationStatus::declined), "declined");
  EXPECT_EQ(to_string(OperationStatus::refused), "refused");
  EXPECT_EQ(to_string(OperationStatus::unknown), "unknown");
}

TEST(ProviderNames, EveryKindOfOperationReadsBack) {
  for (int i = 0; i <= static_cast<int>(OperationKind::refund); ++i) {
    const auto kind = static_cast<OperationKind>(i);
    EXPECT_EQ(provider::operation_kind(to_string(kind)), kind);
  }
  EXPECT_EQ(to_string(OperationKind::void_authorization), "void");
  EXPECT_EQ(provider::operation_kind("inquire"), std::nullopt);
  EXPECT_EQ(provider::operation_kind(""), std::nullopt);
}

TEST(ProviderNames, EveryFailureCodeReadsBack) {
  for (int i = 0; i <= static_cast<int>(FailureCode::unknown); ++i) {
    const auto code = static_cast<FailureCode>(i);
    EXPECT_EQ(provider::failure_code(to_string(code)), code);
  }
  EXPECT_EQ(provider::failure_code("declined"), std::nullopt);
}

TEST(ProviderNames, EveryVerdictHasOneOfItsOwn) {
  std::set<std::string_view> names;
  for (const provider::Verdict& verdict :
       {provider::Verdict{approved(usd(1))}, provider::Verdict{declined()},
        provider::Verdict{refused()}, provider::Verdict{action_required()},
        provider::Verdict{provider::Pending{}}, provider::Verdict{provider::Progressed{}},
        provider::Verdict{provider::NotExecuted{}}, provider::Verdict{unknown()}}) {
    names.insert(name_of(verdict));
  }
  EXPECT_EQ(names,
            (std::set<std::string_view>{"approved", "declined", "refused", "action_required",
                                        "pending", "progressed", "not_executed", "unknown"}));
}

TEST(ProviderNames, OnlyOutagesCountAgainstTheProvider) {
  EXPECT_TRUE(counts_as_outage(refused()));
  EXPECT_TRUE(counts_as_outage(unknown()));
  auto limited = refused();
  limited.outage = false;
  auto odd = unknown();
  odd.outage = false;
  EXPECT_FALSE(counts_as_outage(limited));
  EXPECT_FALSE(counts_as_outage(odd));
  EXPECT_FALSE(counts_as_outage(declined()));
  EXPECT_FALSE(counts_as_outage(approved(usd(1))));
  EXPECT_FALSE(counts_as_outage(provider::Pending{}));
}

}  // namespace
}  // namespace cambist::payment
