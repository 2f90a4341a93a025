#include "protocols/core/rare.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cambist {
namespace {

TEST(Rare, ACopyIsAnotherValueAndAMoveLeavesNothing) {
  Rare<std::string> one{std::string{"a"}};
  Rare<std::string> copy = one;
  *copy += "b";
  EXPECT_EQ(*one, "a");
  EXPECT_EQ(*copy, "ab");
  const Rare<std::string> moved = std::move(copy);
  EXPECT_EQ(*moved, "ab");
  one = moved;
  EXPECT_EQ(*one, "ab");
  const auto& same = one;
  one = same;  // to itself
  EXPECT_EQ(*one, "ab");
}

TEST(Rare, ComparesWhatItHolds) {
  using Text = Rare<std::string>;
  EXPECT_EQ(Text{}, Text{std::nullopt});
  EXPECT_EQ(Text{std::string{"a"}}, Text{std::string{"a"}});
  EXPECT_FALSE(Text{std::string{"a"}} == Text{std::string{"b"}});
  EXPECT_FALSE(Text{std::string{"a"}} == Text{});
  EXPECT_FALSE(Text{} == Text{std::string{}});
}

TEST(Rare, IsEmptyAfterReset) {
  Rare<std::string> one{std::string{"a"}};
  ASSERT_TRUE(one);
  one.reset();
  EXPECT_FALSE(one.has_value());
}

}  // namespace
}  // namespace cambist
