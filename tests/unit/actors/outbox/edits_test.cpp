// What a change makes of an endpoint, and its line in the audit log.
#include "actors/outbox/edits.hpp"

#include <gtest/gtest.h>

namespace cambist::actors::outbound {
namespace {

using namespace std::chrono_literals;

const TimePoint now{1'000s};

storage::EndpointRow row() {
  storage::EndpointRow row;
  row.id = EndpointId::make(now, [] { return 7U; });
  row.tenant = default_tenant();
  row.url = "https://a.test/";
  row.types = {"payment.*"};
  row.secret = "old";
  return row;
}

ChangeEndpoint of(decltype(ChangeEndpoint::change) change) {
  return {default_tenant(), std::move(change), {}};
}

TEST(OutboxEdits, AnUpdateChangesOnlyWhatItNames) {
  const auto after =
      edited(row(), of(UpdateEndpoint{.id = row().id, .description = "till 3"}), now);
  EXPECT_EQ(after.description, "till 3");
  EXPECT_EQ(after.url, row().url);
  EXPECT_EQ(after.types, row().types);
  EXPECT_TRUE(after.enabled);
  EXPECT_EQ(after.updated_at, now);
}

TEST(OutboxEdits, DisabledItHasAReasonAndEnabledItHasNone) {
  const auto off = edited(row(), of(UpdateEndpoint{.id = row().id, .enabled = false}), now);
  EXPECT_FALSE(off.enabled);
  EXPECT_FALSE(off.disabled_reason.empty());
  const auto on = edited(off, of(UpdateEndpoint{.id = row().id, .enabled = true}), now);
  EXPECT_TRUE(on.enabled);
  EXPECT_TRUE(on.disabled_reason.empty());
}

TEST(OutboxEdits, ARotatedSecretIsKeptUntilItsTimeIsOver) {
  const auto after = edited(row(), of(RotateSecret{row().id, "new", now + 24h}), now);
  EXPECT_EQ(after.secret, "new");
  EXPECT_EQ(after.previous_secret, "old");
  EXPECT_EQ(after.previous_secret_until, now + 24h);
}

TEST(OutboxEdits, TheAuditLineKeepsWhatTheAskerSaidAndHasNoSecret) {
  auto change = of(RotateSecret{row().id, "new", now});
  change.audit.actor = "key_1";
  change.audit.request_id = "req_1";
  const auto audit = audit_of(change, now, [] { return 9U; });
  EXPECT_EQ(audit.actor, "key_1");
  EXPECT_EQ(audit.request_id, "req_1");
  EXPECT_EQ(audit.action, "endpoint.rotate_secret");
  EXPECT_EQ(audit.object, row().id.to_string());
  EXPECT_EQ(audit.tenant, default_tenant());
  EXPECT_EQ(audit.at, now);
  EXPECT_FALSE(audit.id.empty());
  EXPECT_EQ(audit.detail.find("new"), std::string::npos);
}

}  // namespace
}  // namespace cambist::actors::outbound
