#include "protocols/core/error.hpp"

#include <set>

#include <gtest/gtest.h>

namespace cambist {
namespace {

TEST(Error, EveryCodeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    names.insert(to_string(static_cast<ErrorCode>(code)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(ErrorCode::internal) + 1);
  for (const auto name : names) {
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos)
        << name;
  }
}

TEST(Error, TakingTheValueOfARefusalThrowsWhatAndWhere) {
  const Result<int> refused = Error{ErrorCode::amount_too_large, "too much"};
  try {
    (void)refused.value();
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("amount_too_large: too much"), std::string::npos) << what;
    EXPECT_NE(what.find("error_test.cpp"), std::string::npos) << what;
  }
}

}  // namespace
}  // namespace cambist
