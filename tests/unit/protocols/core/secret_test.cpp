#include "protocols/core/secret.hpp"

#include <sstream>
#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

namespace cambist {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(!Printable<Secret>, "a secret cannot be printed");
static_assert(!std::is_convertible_v<Secret, std::string>, "nor become a text by accident");
static_assert(!std::is_convertible_v<std::string, Secret>, "nor a text a secret");
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>,
              "copies are deliberate");

TEST(Secret, IsReadByRevealAlone) {
  const Secret secret{std::string{"sk_test_1"}};
  EXPECT_EQ(secret.reveal(), "sk_test_1");
  EXPECT_FALSE(secret.empty());
  EXPECT_TRUE(Secret{}.empty());
}

TEST(Secret, LeavesNothingBehindWhenItMoves) {
  Secret from{std::string{"short"}};
  Secret to{std::move(from)};
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): that is the claim
  Secret assigned{std::string{"older"}};
  assigned = std::move(to);
  EXPECT_TRUE(to.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(assigned.reveal(), "short");
}

TEST(Secret, SurvivesAssignmentToItself) {
  Secret secret{std::string{"kept"}};
  Secret& same = secret;
  secret = std::move(same);
  EXPECT_EQ(secret.reveal(), "kept");
}

TEST(Secret, ClonesWithoutSharing) {
  Secret secret{std::string{"one"}};
  const Secret copy = secret.clone();
  secret = Secret{std::string{"two"}};
  EXPECT_EQ(copy.reveal(), "one");
}

TEST(Secret, ComparesByItsWholeValue) {
  const Secret secret{std::string{"abc"}};
  EXPECT_TRUE(secret.equals("abc"));
  EXPECT_FALSE(secret.equals("abd"));
  EXPECT_FALSE(secret.equals("ab"));
  EXPECT_FALSE(secret.equals("abcd"));
  EXPECT_FALSE(secret.equals(""));
  EXPECT_TRUE(Secret{}.equals(""));
}

}  // namespace
}  // namespace cambist
