// The POST routes over a fake bridge: what reaches the payment, and what the client gets when
// nothing comes back.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "protocols/api/keys.hpp"
#include "tests/unit/gateway/api/fake_bridge.hpp"

namespace cambist::gateway::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

const std::string create =
    R"({"amount":{"value":"100.00","currency":"USD"},"payment_method":{"type":"card","token":"pm_card_visa"}})";
const std::string create_with_reference =
    R"({"amount":{"value":"100.00","currency":"USD"},"payment_method":{"type":"card","token":"t"},"reference":"o-7"})";
const std::string payments = "/api/v1/payments";

std::string code_of(const http::Response& response) {
  return std::string{json::parse(response.body).at("code").as_string()};
}
std::string field_of(const http::Response& response) {
  const auto parsed = json::parse(response.body);
  const auto* field = parsed.as_object().if_contains("field");
  return field == nullptr ? std::string{} : std::string{field->as_string()};
}

TEST(Commands, ACreateReachesThePaymentWithAllItNeeds) {
  Bench bench;
  bench.bridge->verdict =
      api::Answer{201, R"({"id":"pay_x"})", false, false, std::nullopt, "/api/v1/payments/pay_x"};
  const auto answer =
      bench.post(payments, create, {{"Idempotency-Key", "\"k-1\""}, {"X-Request-Id", "mine-1"}});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, R"({"id":"pay_x"})");
  EXPECT_EQ(header(answer, "Content-Type"), "application/json");
  EXPECT_EQ(header(answer, "Location"), "/api/v1/payments/pay_x");
  EXPECT_EQ(header(answer, "X-Request-Id"), "mine-1");
  EXPECT_EQ(header(answer, "Idempotent-Replayed"), "");
  EXPECT_EQ(header(answer, "Cache-Control"), "no-store");
  ASSERT_EQ(bench.bridge->commands.size(), 1U);
  const Command& command = bench.bridge->commands[0];
  const auto& made = std::get<payment::Create>(command.command);
  EXPECT_EQ(command.tenant, TenantId{"shop"});
  EXPECT_EQ(command.key, "k-1");
  EXPECT_EQ(command.request_id, "mine-1");
  EXPECT_EQ(command.fingerprint,
            api::fingerprint("POST", payments, json::parse(create).as_object()));
  EXPECT_EQ(made.id, command.payment);
  EXPECT_EQ(made.tenant, TenantId{"shop"});
  EXPECT_FALSE(made.operation.empty());
  EXPECT_EQ(made.details.provider, "");  // routing chooses it
}

TEST(Commands, AreRefusedAtOnceWhileTheStoreCannotBeWritten) {
  Bench bench;
  bench.bridge->healthy = false;
  for (const auto& target : {payments, payments + "/" + std::string(32, 'a') + "/capture",
                             std::string{"/api/v1/webhook-endpoints"}}) {
    const auto answer = bench.post(target, create, {{"Idempotency-Key", "k-1"}});
    EXPECT_EQ(answer.status, 503) << target;
    EXPECT_EQ(header(answer, "Content-Type"), "application/problem+json");
    EXPECT_EQ(header(answer, "Retry-After"), "1");
    EXPECT_EQ(code_of(answer), "unavailable");
  }
  EXPECT_TRUE(bench.bridge->commands.empty());
  EXPECT_NE(bench.get(payments).status, 503);  // what can be read is read
}

TEST(Commands, OtherCommandsReachThePaymentOfTheirPath) {
  Bench bench;
  bench.bridge->verdict = api::Answer{200, "{}"};
  const std::string id = PaymentId{{9}}.to_string();
  EXPECT_EQ(bench.post(payments + "/" + id + "/capture", R"({"final":false})").status, 200);
  EXPECT_EQ(bench.post(payments + "/" + id + "/cancel", R"({"reason":"r"})").status, 200);
  EXPECT_EQ(bench.post(payments + "/" + id + "/refund", "").status, 200);
  EXPECT_EQ(bench.post(payments + "/" + id + "/confirm", "{}").status, 200);
  const auto& commands = bench.bridge->commands;
  ASSERT_EQ(commands.size(), 4U);
  EXPECT_FALSE(std::get<payment::Capture>(commands[0].command).final_capture);
  EXPECT_EQ(std::get<payment::Cancel>(commands[1].command).reason, "r");
  EXPECT_TRUE(std::holds_alternative<payment::Refund>(commands[2].command));
  EXPECT_TRUE(std::holds_alternative<payment::Confirm>(commands[3].command));
  for (const Command& command : commands) {
    EXPECT_EQ(command.payment, (PaymentId{{9}}));
    EXPECT_EQ(command.key, "");
  }
}

TEST(Commands, AReferenceStandsInForAMissingKeyOfACreateOnly) {
  Bench bench;
  bench.bridge->verdict = api::Answer{201, "{}"};
  (void)bench.post(payments, create_with_reference);
  (void)bench.post(payments, create_with_reference, {{"Idempotency-Key", "k"}});
  (void)bench.post(payments, create);
  EXPECT_EQ(bench.bridge->commands[0].key, api::derived_key(TenantId{"shop"}, "create", "o-7"));
  EXPECT_EQ(bench.bridge->commands[1].key, "k");
  EXPECT_EQ(bench.bridge->commands[2].key, "");
}

TEST(Commands, TheKeyMayStandInTheBody) {
  Bench bench;
  bench.bridge->verdict = api::Answer{201, "{}"};
  std::string body = create;
  body.insert(1, R"("idempotency_key":"b-1",)");
  (void)bench.post(payments, body);
  EXPECT_EQ(bench.bridge->commands[0].key, "b-1");
  EXPECT_EQ(bench.bridge->commands[0].fingerprint,
            api::fingerprint("POST", payments, json::parse(create).as_object()));
  const auto both = bench.post(payments, body, {{"Idempotency-Key", "other"}});
  EXPECT_EQ(both.status, 400);
  EXPECT_EQ(field_of(both), "idempotency_key");
}

TEST(Commands, WhatTheActorAnsweredIsSentAsItIs) {
  Bench bench;
  bench.bridge->verdict = api::problem({ErrorCode::operation_in_progress, "wait"}, "r");
  const auto conflict = bench.post(payments, create);
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(header(conflict, "Retry-After"), "1");
  EXPECT_EQ(header(conflict, "Content-Type"), "application/problem+json");
  bench.bridge->verdict = api::replay(201, R"({"id":"pay_x"})");
  const auto replayed = bench.post(payments, create);
  EXPECT_EQ(header(replayed, "Idempotent-Replayed"), "true");
  EXPECT_EQ(header(replayed, "Location"), "/api/v1/payments/pay_x");
}

/// What the journal holds once a command has begun its operation.
Story begun(const payment::Command& command) {
  const auto operation = std::visit(
      [](const auto& one) {
        if constexpr (requires { one.operation; }) return one.operation.to_string();
        return std::string{};
      },
      command);
  storage::StoredEvent event;
  event.event.type = "operation_started";
  event.event.json = R"({"operation":{"id":")" + operation + "\"}}";
  return {{event}, {}};
}

TEST(Deadline, AfterItThePaymentIsShownAsItStands) {
  Bench bench;
  const auto answer = bench.send({.method = "POST", .target = payments, .body = create});
  EXPECT_EQ(answer->status, 0);
  storage::PaymentRow row;
  row.id = bench.bridge->commands[0].payment;
  row.tenant = TenantId{"shop"};
  row.json = R"({"status":"processing"})";
  bench.bridge->rows.emplace(row.id, row);
  bench.bridge->told = begun(bench.bridge->commands[0].command);
  bench.timers->fire(11s);
  EXPECT_EQ(answer->status, 202);
  EXPECT_EQ(answer->body, row.json);
  EXPECT_EQ(header(*answer, "Location"), payments + "/" + row.id.to_string());
  // The verdict comes late: it is durable, and nobody is told twice.
  bench.bridge->performing[0](api::Answer{201, "{}"});
  EXPECT_EQ(answer->status, 202);
}

TEST(Deadline, AfterItACommandThatIsNotDurableIsNotTakenFor202) {
  Bench bench;
  const PaymentId id = bench.add_row(5);
  const auto target = payments + "/" + id.to_string();
  const auto capture = bench.send({.method = "POST", .target = target + "/capture", .body = "{}"});
  bench.bridge->told = begun(payment::Capture{{}, true, OperationId{{1}}});  // another's
  bench.timers->fire(11s);
  EXPECT_EQ(capture->status, 503);
  EXPECT_EQ(code_of(*capture), "unavailable");
  // A confirmation begins no operation: what it leaves is the name of its request.
  const auto confirm = bench.send({.method = "POST", .target = target + "/confirm", .body = "{}"});
  bench.bridge->told = {};
  bench.bridge->told.events.emplace_back().event.json =
      R"({"origin":{"request_id":")" + header(*capture, "X-Request-Id") + "\"}}";
  bench.timers->fire(11s);
  EXPECT_EQ(confirm->status, 503);
  const auto known = bench.send({.method = "POST", .target = target + "/confirm", .body = "{}"});
  bench.bridge->told.events[0].event.json =
      R"({"origin":{"request_id":")" + bench.bridge->commands.back().request_id + "\"}}";
  bench.timers->fire(11s);
  EXPECT_EQ(known->status, 202);
}

TEST(Deadline, AfterItARequestThatLeftNoTraceMayBeRepeated) {
  Bench bench;
  const auto answer = bench.send({.method = "POST", .target = payments, .body = create});
  bench.timers->fire(11s);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(code_of(*answer), "unavailable");
  EXPECT_EQ(header(*answer, "Retry-After"), "1");
}

TEST(Deadline, EvenAStoreThatSaysNothingEndsTheWait) {
  Bench bench;
  bench.bridge->silent = true;
  const auto answer = bench.send({.method = "POST", .target = payments, .body = create});
  bench.timers->fire(11s);
  EXPECT_EQ(answer->status, 0);
  bench.timers->fire(3s);
  EXPECT_EQ(answer->status, 503);
  for (const auto& late : bench.bridge->reading) late();
}

TEST(Deadline, DoesNothingToARequestThatWasAnswered) {
  Bench bench;
  bench.bridge->verdict = api::Answer{201, "{}"};
  const auto answer = bench.send({.method = "POST", .target = payments, .body = create});
  EXPECT_EQ(answer->status, 201);
  bench.timers->fire(11s);
  EXPECT_EQ(answer->status, 201);
}

TEST(DeadPayment, IsShownAsItStandsOrMayBeRepeated) {
  Bench bench;
  bench.bridge->verdict = Error{ErrorCode::unavailable, "the actor died"};
  EXPECT_EQ(bench.post(payments, create).status, 503);
  const PaymentId id = bench.add_row(5);
  EXPECT_EQ(bench.post(payments + "/" + id.to_string() + "/capture", "{}").status, 503);
  bench.bridge->begun = [](const payment::Command& command) { return begun(command); };
  const auto shown = bench.post(payments + "/" + id.to_string() + "/capture", "{}");
  EXPECT_EQ(shown.status, 202);
  EXPECT_EQ(shown.body, bench.bridge->rows.at(id).json);
  bench.bridge->broken = true;
  EXPECT_EQ(bench.post(payments + "/" + id.to_string() + "/capture", "{}").status, 503);
}

TEST(LostRequests, AreAnsweredAndLeaveTheCount) {
  Bench bench{[](ApiParams& params) { params.in_flight_max = 1; }};
  const auto first = bench.send({.method = "POST", .target = payments, .body = create});
  const auto second = bench.post(payments, create);
  EXPECT_EQ(second.status, 503);
  EXPECT_EQ(code_of(second), "overloaded");
  EXPECT_EQ(header(second, "Retry-After"), "1");
  bench.bridge->performing.clear();  // every copy of the completion is gone
  EXPECT_EQ(first->status, 500);
  bench.bridge->verdict = api::Answer{201, "{}"};
  EXPECT_EQ(bench.post(payments, create).status, 201);
}

struct Refused {
  const char* name;
  Bench::Sent sent;
  int status;
  const char* code;
  const char* field;
};
void PrintTo(const Refused& r, std::ostream* out) {
  *out << r.name;
}
class Refusals : public ::testing::TestWithParam<Refused> {};
TEST_P(Refusals, ReachNoPayment) {
  Bench bench;
  bench.bridge->verdict = api::Answer{201, "{}"};
  const auto answer = bench.send(GetParam().sent);
  EXPECT_EQ(answer->status, GetParam().status) << answer->body;
  EXPECT_EQ(code_of(*answer), GetParam().code);
  EXPECT_EQ(field_of(*answer), GetParam().field);
  EXPECT_EQ(header(*answer, "Content-Type"), "application/problem+json");
  EXPECT_FALSE(header(*answer, "X-Request-Id").empty());
  EXPECT_EQ(answer->body.find("4242"), std::string::npos);
  EXPECT_TRUE(bench.bridge->commands.empty());
}

const std::string some_id = PaymentId{{9}}.to_string();
INSTANTIATE_TEST_SUITE_P(
    Post, Refusals,
    ::testing::Values(
        Refused{"NoBody", {"POST", payments}, 400, "invalid_request", "amount"},
        Refused{"NotJson", {"POST", payments, "amount=1"}, 400, "malformed_json", ""},
        Refused{"DuplicateKey",
                {"POST", payments, R"({"amount":1,"amount":2})"},
                400,
                "malformed_json",
                "amount"},
        Refused{"UnknownField", {"POST", payments, R"({"x":1})"}, 400, "invalid_request", "x"},
        Refused{"Form",
                {"POST", payments, create, {{"Content-Type", "application/x-www-form-urlencoded"}}},
                415,
                "unsupported_media_type",
                "Content-Type"},
        Refused{"OtherCharset",
                {"POST", payments, create, {{"Content-Type", "application/json; charset=latin1"}}},
                415,
                "unsupported_media_type",
                "Content-Type"},
        Refused{"EmptyKey",
                {"POST", payments, create, {{"Idempotency-Key", ""}}},
                400,
                "invalid_request",
                "Idempotency-Key"},
        Refused{"LongKey",
                {"POST", payments, create, {{"Idempotency-Key", std::string(256, 'a')}}},
                400,
                "invalid_request",
                "Idempotency-Key"},
        Refused{"NoSuchId", {"POST", payments + "/pay_1/capture", "{}"}, 404, "not_found", ""},
        Refused{"OtherKindOfId",
                {"POST", payments + "/op_" + some_id.substr(4) + "/refund", "{}"},
                404,
                "not_found",
                ""},
        Refused{"BadCapture",
                {"POST", payments + "/" + some_id + "/capture", R"({"final":1})"},
                400,
                "invalid_request",
                "final"},
        Refused{"BadRefund",
                {"POST", payments + "/" + some_id + "/refund", R"({"amount":5})"},
                400,
                "invalid_request",
                "amount"},
        Refused{"BadCancel",
                {"POST", payments + "/" + some_id + "/cancel", R"({"why":"x"})"},
                400,
                "invalid_request",
                "why"},
        Refused{"BadConfirm",
                {"POST", payments + "/" + some_id + "/confirm", R"({"x":"y"})"},
                400,
                "invalid_request",
                "x"},
        Refused{"CardInBody",
                {"POST", payments, R"({"reference":"4242424242424242"})"},
                422,
                "card_data_refused",
                "reference"},
        Refused{"CardInHeader",
                {"POST", payments, create, {{"X-Note", "4242 4242 4242 4242"}}},
                422,
                "card_data_refused",
                "header X-Note"},
        Refused{"CardInKey",
                {"POST", payments, create, {{"Idempotency-Key", "4242424242424242"}}},
                422,
                "card_data_refused",
                "header Idempotency-Key"},
        Refused{"CvvHeader",
                {"POST", payments, create, {{"CVV", "123"}}},
                422,
                "card_data_refused",
                "header CVV"},
        Refused{"CardInTarget",
                {"GET", payments + "?reference=4242+4242%204242-4242"},
                422,
                "card_data_refused",
                "target"},
        Refused{"CardInPath",
                {"GET", payments + "/4242424242424242"},
                422,
                "card_data_refused",
                "target"},
        Refused{"NoKey", {"POST", payments, create, {}, ""}, 401, "unauthenticated", ""},
        Refused{"WrongKey",
                {"POST", payments, create, {}, "sk_test_abc_wrong"},
                401,
                "unauthenticated",
                ""},
        Refused{"PutPayments", {"PUT", payments, "{}"}, 405, "method_not_allowed", ""},
        Refused{"WebhookOfNobody", {"POST", "/api/v1/webhooks/acme", "{}"}, 404, "not_found", ""},
        Refused{"PatchPayments", {"PATCH", payments, "{}"}, 405, "method_not_allowed", ""},
        Refused{"PatchForm",
                {"PATCH",
                 "/api/v1/webhook-endpoints/" + EndpointId{{9}}.to_string(),
                 "a=b",
                 {{"Content-Type", "text/plain"}}},
                415,
                "unsupported_media_type",
                "Content-Type"},
        Refused{"Nowhere", {"GET", "/api/v2/payments"}, 404, "not_found", ""}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST(ContentType, AllowsJsonInItsSpellings) {
  Bench bench;
  bench.bridge->verdict = api::Answer{201, "{}"};
  for (const char* type :
       {"application/json", "Application/JSON", "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\""}) {
    EXPECT_EQ(bench.post(payments, create, {{"Content-Type", type}}).status, 201) << type;
  }
  EXPECT_EQ(bench.post(payments, create, {{"Content-Type", "application/jsonp"}}).status, 415);
}

}  // namespace
}  // namespace cambist::gateway::test
