// What every store owes the operators: tasks with their latest shape, an audit log that only grows,
// tenants kept apart.
#include <map>

#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

class StoreOperators : public StoreTest {
 protected:
  /// A step of payment `number` that brings `rows`.
  void put(std::uint64_t number, std::vector<TaskRow> rows, const std::string& owner = "acme") {
    auto made = step(payment_id(number), versions_[number]++, 1, tenant(owner));
    made.tasks = std::move(rows);
    ASSERT_TRUE(is_appended(append(made), versions_[number]));
  }
  std::vector<TaskId> list(const TaskQuery& query) {
    std::vector<TaskId> ids;
    for (const auto& row : reader_->tasks(query).value()) ids.push_back(row.id);
    return ids;
  }
  std::vector<AuditId> log(const std::optional<AuditId>& before, std::size_t limit) {
    std::vector<AuditId> ids;
    for (const auto& row : reader_->audit(tenant(), before, limit).value()) ids.push_back(row.id);
    return ids;
  }
  std::map<std::uint64_t, std::uint64_t> versions_;
};
CAMBIST_EACH_STORE(StoreOperators);

using Tasks = std::vector<TaskId>;
using Log = std::vector<AuditId>;

TEST_P(StoreOperators, ATaskKeepsItsLatestShape) {
  put(1, {task(7)});
  auto done = task(7, "resolved");
  done.kind = "unknown_outcome";
  done.amount = Money{500, *Currency::parse("JPY")};
  done.detail = "asked for a day";
  done.outcome = "succeeded";
  done.reason = "seen at the bank";
  done.resolved_by = "key_1";
  done.resolved_at = at(90);
  put(1, {done});
  const auto row = reader_->task(tenant(), task_id(7)).value();
  ASSERT_TRUE(row);
  EXPECT_EQ(row->id, task_id(7));
  EXPECT_EQ(row->kind, "unknown_outcome");
  EXPECT_EQ(row->status, "resolved");
  EXPECT_EQ(row->payment, payment_id(1));
  EXPECT_EQ(row->operation, operation_id(7));
  EXPECT_EQ(row->operation_kind, "charge");
  EXPECT_EQ(row->amount, done.amount);
  EXPECT_EQ(row->provider, "stripe");
  EXPECT_EQ(row->detail, "asked for a day");
  EXPECT_EQ(row->outcome, "succeeded");
  EXPECT_EQ(row->reason, "seen at the bank");
  EXPECT_EQ(row->resolved_by, "key_1");
  EXPECT_EQ(row->created_at, at(7));
  EXPECT_EQ(row->resolved_at, at(90));
  EXPECT_EQ(list({.tenant = tenant()}).size(), 1U);
}

TEST_P(StoreOperators, TasksAreListedNewestFirstWithEachFilterAndInPages) {
  put(1, {task(1), task(2, "resolved")});
  put(2, {task(3), task(4)});
  EXPECT_EQ(list({.tenant = tenant()}), (Tasks{task_id(4), task_id(3), task_id(2), task_id(1)}));
  EXPECT_EQ(list({.tenant = tenant(), .status = "open"}),
            (Tasks{task_id(4), task_id(3), task_id(1)}));
  EXPECT_EQ(list({.tenant = tenant(), .payment = payment_id(1)}), (Tasks{task_id(2), task_id(1)}));
  EXPECT_EQ(list({.tenant = tenant(), .status = "open", .payment = payment_id(1)}),
            (Tasks{task_id(1)}));
  EXPECT_EQ(list({.tenant = tenant(), .status = "open", .before = task_id(4), .limit = 1}),
            (Tasks{task_id(3)}));
  EXPECT_EQ(list({.tenant = tenant(), .before = task_id(2)}), (Tasks{task_id(1)}));
  EXPECT_EQ(list({.tenant = tenant(), .limit = 0}), (Tasks{}));
}

TEST_P(StoreOperators, TenantsSeeOnlyTheirOwnTasksEvenUnderTheSameId) {
  put(1, {task(1)});
  put(2, {task(1, "resolved")}, "rival");
  EXPECT_EQ(reader_->task(tenant(), task_id(1)).value()->status, "open");
  EXPECT_EQ(reader_->task(tenant("rival"), task_id(1)).value()->status, "resolved");
  EXPECT_EQ(list({.tenant = tenant("rival"), .status = "open"}), (Tasks{}));
  EXPECT_FALSE(reader_->task(tenant("acm"), task_id(1)).value());
}

TEST_P(StoreOperators, TheAuditLogComesBackNewestFirstInPages) {
  ASSERT_TRUE(is_appended(record({audit(1), audit(3), audit(2), audit(4, tenant("rival"))}), 0));
  EXPECT_EQ(log(std::nullopt, 10), (Log{audit_id(3), audit_id(2), audit_id(1)}));
  EXPECT_EQ(log(audit_id(3), 1), (Log{audit_id(2)}));
  EXPECT_EQ(log(audit_id(1), 10), (Log{}));
  const auto row = reader_->audit(tenant("rival"), std::nullopt, 1).value().at(0);
  EXPECT_EQ(row.tenant, tenant("rival"));
  EXPECT_EQ(row.at, at(4));
  EXPECT_EQ(row.actor, "key_1");
  EXPECT_EQ(row.action, "task.resolve");
  EXPECT_EQ(row.object, "task_1");
  EXPECT_EQ(row.detail, "{}");
  EXPECT_EQ(row.request_id, "req_1");
}

TEST_P(StoreOperators, AnAuditRowIsNeverOverwritten) {
  ASSERT_TRUE(is_appended(record({audit(1)}), 0));
  auto forged = audit(1);
  forged.actor = "somebody else";
  EXPECT_TRUE(is_error(record({audit(2), forged}), ErrorCode::internal));
  EXPECT_EQ(log(std::nullopt, 10), (Log{audit_id(1)}));
  EXPECT_EQ(reader_->audit(tenant(), std::nullopt, 1).value()[0].actor, "key_1");
}

TEST_P(StoreOperators, NoRowsAtAllAreWrittenAtOnce) {
  EXPECT_TRUE(is_appended(record({}), 0));
}

}  // namespace
}  // namespace cambist::storage::testing
