// The way of one payment through the whole tree: what clients are answered, and what is durable by
// then.
#include <gtest/gtest.h>

#include "tests/support/actor_world.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using payment::CaptureMethod;

TEST(PaymentPath, AManualCreateIsAuthorizedAnd201) {
  ActorWorld world;
  const auto created = world.create(CaptureMethod::manual);
  world.pass(1s);
  ASSERT_EQ(created.asked->count(), 1U);
  EXPECT_EQ(created.asked->status(), 201);
  EXPECT_NE(created.asked->body().find(R"("status":"authorized")"), std::string::npos);
  EXPECT_EQ(world.status(created.id), "authorized");
  world.check_invariants();
}

}  // namespace
}  // namespace cambist::test
