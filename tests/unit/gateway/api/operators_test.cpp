// Tasks, the audit log and breakers over a fake bridge.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/gateway/api/fake_bridge.hpp"

namespace cambist::gateway::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
const std::string tasks = "/api/v1/tasks";
const std::string some_id = TaskId{{0, 1}}.to_string();

std::string field_of(const http::Response& response) {
  const auto parsed = json::parse(response.body);
  const auto* field = parsed.as_object().if_contains("field");
  return field == nullptr ? std::string{} : std::string{field->as_string()};
}

storage::TaskRow a_task() {
  storage::TaskRow row;
  row.id = TaskId{{0, 1}};
  row.kind = "unknown_outcome";
  row.status = "open";
  row.payment = PaymentId{{3}};
  row.operation = OperationId{{4}};
  row.operation_kind = "capture";
  row.amount = {1'000, *Currency::parse("USD")};
  row.provider = "stripe";
  return row;
}

void resolve(storage::TaskRow& row, std::string by) {
  row.status = "resolved";
  row.outcome = "failed";
  row.resolved_by = std::move(by);
}

TEST(ResolveTask, TellsThePaymentWhatTheOperatorsFound) {
  Bench bench;
  bench.bridge->task_rows = {a_task()};
  const auto answer =
      bench.send({.method = "POST",
                  .target = tasks + "/" + some_id + "/resolve",
                  .body = R"({"outcome":"failed","reason":"not in the dashboard"})"});
  EXPECT_EQ(answer->status, 0);
  ASSERT_EQ(bench.bridge->commands.size(), 1U);
  const Command& command = bench.bridge->commands[0];
  EXPECT_EQ(command.payment, (PaymentId{{3}}));
  const auto& decided = std::get<payment::ResolveOperation>(command.command);
  EXPECT_EQ(decided.operation, (OperationId{{4}}));
  EXPECT_FALSE(decided.succeeded);
  EXPECT_EQ(decided.reason, "not in the dashboard");
  EXPECT_EQ(decided.by, "abc");
  resolve(bench.bridge->task_rows[0], "abc");
  // What failed at the provider looks like a refusal, and is what was asked for.
  bench.bridge->performing[0](api::problem_with_status(402, {ErrorCode::internal, "no"}, "r"));
  EXPECT_EQ(answer->status, 200) << answer->body;
  const auto shown = json::parse(answer->body);
  EXPECT_EQ(shown.at("status"), "resolved");
  EXPECT_EQ(shown.at("resolved_by"), "abc");
}

// A task about money that came by itself has no operation whose outcome could be told.
TEST(ResolveTask, OfMoneyIsClosedWithAReasonAlone) {
  Bench bench;
  bench.bridge->task_rows = {a_task()};
  bench.bridge->task_rows[0].kind = "overpayment";
  bench.bridge->task_rows[0].operation = {};
  const std::string target = tasks + "/" + some_id + "/resolve";
  const auto refused = bench.post(target, R"({"outcome":"succeeded","reason":"sent back"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(field_of(refused), "outcome");
  const auto answer =
      bench.send({.method = "POST", .target = target, .body = R"({"reason":"sent back"})"});
  ASSERT_EQ(bench.bridge->commands.size(), 1U);
  const auto& seen_to = std::get<payment::ResolveAttention>(bench.bridge->commands[0].command);
  EXPECT_EQ(seen_to.task, (TaskId{{0, 1}}));
  EXPECT_EQ(seen_to.reason, "sent back");
  EXPECT_EQ(seen_to.by, "abc");
}

TEST(ResolveTask, OfAnUnknownOutcomeNeedsOne) {
  Bench bench;
  bench.bridge->task_rows = {a_task()};
  const auto refused = bench.post(tasks + "/" + some_id + "/resolve", R"({"reason":"r"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(field_of(refused), "outcome");
}

TEST(ResolveTask, OnlyAnOpenOneCanBeResolved) {
  Bench bench;
  const std::string target = tasks + "/" + some_id + "/resolve";
  const std::string body = R"({"outcome":"succeeded","reason":"r","provider_object":"re_1"})";
  EXPECT_EQ(bench.post(target, body).status, 404);
  bench.bridge->task_rows = {a_task()};
  resolve(bench.bridge->task_rows[0], "somebody");
  EXPECT_EQ(bench.post(target, body).status, 409);
  EXPECT_TRUE(bench.bridge->commands.empty());
  // Another operator, or the provider, was faster.
  bench.bridge->task_rows = {a_task()};
  const auto late = bench.send({.method = "POST", .target = target, .body = body});
  resolve(bench.bridge->task_rows[0], "somebody");
  bench.bridge->performing[0](api::problem({ErrorCode::illegal_transition, "settled"}, "r"));
  EXPECT_EQ(late->status, 409);
  // The payment refuses, and the task stays.
  bench.bridge->task_rows = {a_task()};
  bench.bridge->verdict = api::problem({ErrorCode::operation_in_progress, "wait"}, "r");
  EXPECT_EQ(bench.post(target, body).status, 409);
  bench.bridge->verdict = Error{ErrorCode::unavailable, "the actor died"};
  EXPECT_EQ(bench.post(target, body).status, 503);
}

TEST(ResolveTask, NamesWhatIsWrong) {
  Bench bench;
  bench.bridge->task_rows = {a_task()};
  for (const auto& [body, field] : std::vector<std::pair<std::string, std::string>>{
           {"{}", "reason"},
           {R"({"reason":"r"})", "outcome"},
           {R"({"outcome":"maybe","reason":"r"})", "outcome"},
           {R"({"outcome":"failed"})", "reason"},
           {R"({"outcome":"failed","reason":""})", "reason"},
           {R"({"outcome":"failed","reason":"r","by":"me"})", "by"}}) {
    const auto answer = bench.post(tasks + "/" + some_id + "/resolve", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(field_of(answer), field) << body;
  }
  EXPECT_TRUE(bench.bridge->commands.empty());
}

TEST(Tasks, AreListedAndShown) {
  Bench bench;
  bench.bridge->task_rows = {a_task()};
  const auto list = bench.get(tasks + "?status=open&payment_id=" + PaymentId{{3}}.to_string());
  ASSERT_EQ(list.status, 200) << list.body;
  const auto shown = json::parse(list.body).at("data").at(0);
  EXPECT_EQ(shown.at("amount").at("value"), "10.00");
  EXPECT_EQ(shown.at("operation_kind"), "capture");
  EXPECT_TRUE(shown.at("outcome").is_null());
  EXPECT_EQ(bench.bridge->task_queries.at(0).status, "open");
  EXPECT_EQ(bench.bridge->task_queries.at(0).payment, (PaymentId{{3}}));
  EXPECT_EQ(bench.get(tasks + "/" + some_id).status, 200);
  EXPECT_EQ(bench.get(tasks + "/nonsense").status, 404);
  EXPECT_EQ(field_of(bench.get(tasks + "?status=done")), "status");
}

TEST(Audit, ShowsWhoDidWhat) {
  Bench bench;
  storage::AuditRow row;
  row.id = AuditId{{1}};
  row.actor = "abc";
  row.action = "breaker.trip";
  row.object = "stripe";
  row.detail = R"({"reason":"r"})";
  bench.bridge->audit_rows = {row};
  const auto shown = json::parse(bench.get("/api/v1/audit").body).at("data").at(0);
  EXPECT_EQ(shown.at("action"), "breaker.trip");
  EXPECT_EQ(shown.at("detail").at("reason"), "r");
  EXPECT_TRUE(shown.at("request_id").is_null());
}

TEST(Breaker, IsOperatedWithAReason) {
  Bench bench;
  actors::ProviderHealth health;
  health.name = "stripe";
  health.breaker = "open";
  health.held = true;
  bench.bridge->operated.health = health;
  const auto answer =
      bench.post("/api/v1/providers/stripe/breaker", R"({"action":"hold","reason":"maintenance"})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(json::parse(answer.body).at("breaker").at("held").as_bool());
  const auto& operation = bench.bridge->breaker_operations.at(0);
  EXPECT_EQ(operation.provider, "stripe");
  EXPECT_EQ(operation.action, actors::OperateBreaker::Action::hold);
  EXPECT_EQ(operation.audit.action, "breaker.hold");
  EXPECT_EQ(operation.audit.detail, R"({"reason":"maintenance"})");
  EXPECT_EQ(operation.audit.tenant, TenantId{"shop"});
}

TEST(Breaker, NamesWhatIsWrong) {
  Bench bench;
  const std::string target = "/api/v1/providers/stripe/breaker";
  EXPECT_EQ(field_of(bench.post(target, R"({"action":"open","reason":"r"})")), "action");
  EXPECT_EQ(field_of(bench.post(target, R"({"action":"trip","reason":5})")), "reason");
  EXPECT_EQ(
      bench.post("/api/v1/providers/nobody/breaker", R"({"action":"trip","reason":"r"})").status,
      404);
  EXPECT_TRUE(bench.bridge->breaker_operations.empty());
  EXPECT_EQ(bench.post(target, R"({"action":"trip","reason":"r"})").status, 404)
      << "the tree knows no such provider";
  bench.bridge->operated.error = Error{ErrorCode::unavailable, "the journal is away"};
  EXPECT_EQ(bench.post(target, R"({"action":"trip","reason":"r"})").status, 503);
}

TEST(CaptureSchedule, ReachesThePayment) {
  Bench bench;
  bench.bridge->verdict = api::Answer{200, "{}"};
  const std::string target = "/api/v1/payments/" + PaymentId{{3}}.to_string() + "/capture-schedule";
  EXPECT_EQ(bench.post(target, R"({"capture_at":"2026-12-01T09:00:00Z"})").status, 200);
  EXPECT_EQ(bench.post(target, R"({"capture_at":null})").status, 200);
  const auto& commands = bench.bridge->commands;
  EXPECT_EQ(to_rfc3339(*std::get<payment::ScheduleCapture>(commands.at(0).command).at),
            "2026-12-01T09:00:00.000Z");
  EXPECT_FALSE(std::get<payment::ScheduleCapture>(commands.at(1).command).at);
  for (const char* body : {"{}", R"({"capture_at":"soon"})", R"({"capture_at":5})"}) {
    const auto answer = bench.post(target, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(field_of(answer), "capture_at") << body;
  }
}

}  // namespace
}  // namespace cambist::gateway::test
