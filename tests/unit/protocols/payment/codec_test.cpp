#include "protocols/payment/codec.hpp"

#include <boost/json.hpp>

#include "tests/unit/protocols/payment/story.hpp"

namespace cambist::payment {
namespace {

using namespace std::chrono_literals;

provider::Exchange exchange() {
  return {
      "POST", "/v1/payment_intents", 200, "", "req_1", from_micros(1'790'000'000'123'456), 1234us,
      ""};
}

/// One of each, every field filled with something that JSON must escape or that sits at a limit.
std::vector<Fact> full() {
  Story story;
  const auto id = story.operation_id();
  Details details;
  details.amount = {std::numeric_limits<std::int64_t>::max(), Currency::parse("KWD").value()};
  details.capture = CaptureMethod::manual;
  details.provider = "stripe";
  details.method = {
      "mobile_money", "tok \"quoted\"", {{"phone", "+255700000000"}, {"note", "a\\b\n\t\x01"}}};
  details.customer_id = "cus_1";
  details.reference = "order-7";
  details.description = "Zürich \xf0\x9f\x9a\x80";
  details.return_url = "https://shop.example/back?a=1&b=2";
  details.metadata = {{"cart", "9"}, {"", ""}, {"cart", "again"}};
  details.capture_at = from_micros(12);
  details.alternatives = {"paypal", "m\"pesa"};
  details.required_features = {"refunds", "webhooks"};
  Operation operation;
  operation.id = id;
  operation.kind = provider::OperationKind::void_authorization;
  operation.status = OperationStatus::unknown;
  operation.amount = usd(-1);
  operation.remaining = usd(0);
  operation.final_capture = false;
  operation.idempotency_key = "pay_x:op_y";
  operation.provider_object = "ch_1";
  operation.reason = "duplicate";
  operation.step = 2;
  operation.attempts = 7;
  operation.inquire = operation.confirmed = true;
  operation.started_at = from_micros(-5);
  operation.next_attempt_at = from_micros(0);
  operation.failure =
      provider::Failure{provider::FailureCode::fraud_detected, "No.", "stolen_card"};
  operation.failures = 3;
  operation.inquiries = 4;
  operation.step_started_at = from_micros(6);
  operation.updated_at = from_micros(7);
  operation.origin = {"key-1", "req_9"};
  operation.by_itself = operation.escalated = true;
  operation.escalation = Escalation{from_micros(17), "Nobody knows."};
  operation.unknown_since = from_micros(13);
  operation.resumed_at = from_micros(14);
  operation.moved = usd(2);
  operation.provider = "paypal";
  operation.provider_payment_id = "pp_1";
  operation.unfenced = true;
  auto opened = exchange();
  opened.failure = "circuit_open";
  opened.breaker = "turned_away";
  auto yes = approved(usd(5), "ch_2");
  yes.authorization_expires_at = from_micros(8);
  auto no = declined();
  no.soft = true;
  no.method = {"visa", "0002"};
  auto action = action_required(from_micros(9));
  action.action.instructions = "Look at your phone.";
  action.method = {"visa", "3155"};
  return {PaymentCreated{story.next_id<PaymentId>(), TenantId{"acme"}, details},
          OperationStarted{operation},
          StepCompleted{id, 3, "pi_1", exchange(), "3BX"},
          OperationApproved{id, yes, exchange()},
          OperationDeclined{id, no, exchange()},
          OperationRefused{id, refused(true, 0s), exchange()},
          AttemptFailed{id,
                        4,
                        true,
                        true,
                        from_micros(10),
                        {provider::FailureCode::timeout, "Late.", "x"},
                        opened},
          OperationPending{id, "pi_1", "ch_1", from_micros(11), exchange()},
          ActionWasRequired{id, action, exchange()},
          ActionConfirmed{id, {"key-2", "req_10"}},
          AuthorizationExpired{},
          CaptureScheduled{from_micros(15)},
          OperationEscalated{id, "Nobody \"knows\"."},
          OperatorDecided{id, true, "Seen in the dashboard.", "ops@example.com"},
          BreakerNoticed{id, "stripe", "half_open", "probe"},
          AuthorizationEndedAtProvider{true, "evt_1"},
          CapturedAtProvider{usd(7), "evt_2"},
          RefundedAtProvider{"re_1", id, usd(3), "evt_3"},
          RefundReversed{"re_1", id, usd(3), "declined", "evt_4"},
          DisputeChanged{"du_1", usd(9), "fraudulent", provider::DisputeStatus::under_review, true,
                         from_micros(16), "evt_5"},
          OutcomeReported{id, usd(4), "UAF1TEST01", "evt_6", "ws_CO_1"},
          Routed{"stripe", {{"stripe", true, "chosen: \"first\""}, {"paypal", false, "next"}}},
          AttemptFenced{id, refused(true, 3s), exchange(), operation},
          FenceFailed{id, {provider::FailureCode::unknown, "Captured.", "x"}, exchange()},
          FailedOver{id, refused(false), opened, "stripe", "paypal", "stripe refused", operation},
          LateSuccess{id, "stripe", "pi_1", usd(8), true, "evt_7"},
          CompensationStarted{operation},
          TransferReceived{"FT1", provider::TransferKind::reversal, usd(4), "ASHA", "evt_7"},
          AttentionNeeded{TaskId{id.bytes}, AttentionKind::reversal, usd(4), "Taken back.", "FT1"},
          AttentionResolved{TaskId{id.bytes}, "Refunded by hand.", "ops@example.com"}};
}

/// One of each with nothing in it but its ids.
std::vector<Fact> sparse() {
  const auto id = Story{}.operation_id();
  Operation operation;
  operation.id = id;
  operation.amount = operation.remaining = usd(1);
  PaymentCreated created{PaymentId{}, default_tenant(), {}};
  return {created,
          OperationStarted{operation},
          StepCompleted{id, 0},
          OperationApproved{id, {}},
          OperationDeclined{id, {}},
          OperationRefused{id, {}},
          AttemptFailed{id, 0},
          OperationPending{id},
          ActionWasRequired{id, {}},
          ActionConfirmed{id, {}},
          AuthorizationExpired{},
          CaptureScheduled{},
          OperationEscalated{id},
          OperatorDecided{id},
          BreakerNoticed{id, "", "open", ""},
          AuthorizationEndedAtProvider{},
          CapturedAtProvider{},
          RefundedAtProvider{"re_1", {}, {}},
          RefundReversed{"re_1", {}, {}},
          DisputeChanged{"du_1", {}},
          OutcomeReported{id},
          Routed{"stripe", {}},
          AttemptFenced{id, {}, {}, operation},
          FenceFailed{id, {}},
          FailedOver{id, {}, {}, "stripe", "paypal", "", operation},
          LateSuccess{id, "stripe", {}, {}},
          CompensationStarted{operation},
          TransferReceived{"FT1", {}, {}},
          AttentionNeeded{},
          AttentionResolved{}};
}

TEST(PaymentCodec, ReadsBackEveryFactAsItWas) {
  for (const auto& facts : {full(), sparse()}) {
    ASSERT_EQ(facts.size(), std::variant_size_v<Fact>);
    for (std::size_t i = 0; i < facts.size(); ++i) {
      EXPECT_EQ(facts[i].index(), i);
      const auto encoded = encode(facts[i]);
      const auto decoded = decode(encoded.type, encoded.version, encoded.json);
      ASSERT_TRUE(decoded) << encoded.type << ": " << decoded.error().detail << "\n"
                           << encoded.json;
      EXPECT_TRUE(*decoded == facts[i]) << encoded.json;
      EXPECT_EQ(encoded.version, 1);
    }
  }
}

TEST(PaymentCodec, WritesTheFormThatIsKeptForEver) {
  // If this fails, events that are stored already can no longer be read: add a version instead.
  const auto id = Story{}.operation_id();
  const auto approved_event =
      encode(OperationApproved{id, approved(usd(1050), "ch_2"), exchange()});
  EXPECT_EQ(approved_event.type, "operation_approved");
  EXPECT_EQ(
      approved_event.json,
      R"({"operation":")" + id.to_string() +
          R"(","amount":{"minor":1050,"currency":"USD"},"provider_payment_id":"pi_1","provider_object":"ch_2",)"
          R"("method":{"brand":"visa","last4":"4242"},"exchange":{"method":"POST","path":"/v1/payment_intents",)"
          R"("status":200,"request_id":"req_1","at":1790000000123456,"duration_us":1234}})");
  EXPECT_EQ(encode(AuthorizationExpired{}).json, "{}");
}

TEST(PaymentCodec, ReadsEventsOfBeforeTheirNewFields) {
  // Stored by the version before schedules, breakers and tasks.
  const auto id = Story{}.operation_id();
  const auto started = decode(
      "operation_started", 1,
      R"({"operation":{"id":")" + id.to_string() +
          R"(","kind":"capture","status":"pending","amount":{"minor":5,"currency":"USD"},)"
          R"("remaining":{"minor":5,"currency":"USD"},"final_capture":true,"idempotency_key":"k",)"
          R"("started_at":1,"step_started_at":1,"updated_at":1}})");
  ASSERT_TRUE(started) << started.error().detail;
  const Operation& operation = std::get<OperationStarted>(*started).operation;
  EXPECT_FALSE(operation.by_itself || operation.escalated);
  EXPECT_FALSE(operation.unknown_since || operation.resumed_at || operation.moved);
  EXPECT_TRUE(operation.provider.empty() && operation.provider_payment_id.empty());
}

TEST(PaymentCodec, AStreamOfBeforeRoutingIsStillAPaymentOfItsProvider) {
  const auto id = Story{}.operation_id();
  const auto created = decode(
      "payment_created", 1,
      R"({"id":")" + Story{}.next_id<PaymentId>().to_string() +
          R"(","tenant":"default","amount":{"minor":5,"currency":"USD"},"capture":"automatic",)"
          R"("provider":"stripe","method":{"type":"card","token":"t"}})");
  ASSERT_TRUE(created) << created.error().detail;
  const auto started = decode(
      "operation_started", 1,
      R"({"operation":{"id":")" + id.to_string() +
          R"(","kind":"charge","status":"pending","amount":{"minor":5,"currency":"USD"},)"
          R"("remaining":{"minor":5,"currency":"USD"},"final_capture":true,"idempotency_key":"k",)"
          R"("started_at":1,"step_started_at":1,"updated_at":1}})");
  ASSERT_TRUE(started);
  Payment payment =
      evolve(evolve({}, Event{from_micros(1), *created}), Event{from_micros(1), *started});
  EXPECT_EQ(payment.provider, "stripe");
  EXPECT_EQ(running(payment)->provider, "stripe");
  EXPECT_TRUE(payment.details.alternatives.empty());
}

TEST(PaymentCodec, LeavesNewFieldsOutWhileTheyHaveTheirDefault) {
  for (const Fact& fact : sparse()) {
    const std::string json = encode(fact).json;
    for (const auto* field :
         {"capture_at", "by_itself", "escalated", "unknown_since", "resumed_at", "moved", "breaker",
          "alternatives", "required_features", "unfenced"}) {
      EXPECT_EQ(json.find('"' + std::string{field} + '"'), std::string::npos) << json;
    }
  }
}

TEST(PaymentCodec, RefusesAStateThatNoBreakerHas) {
  const auto encoded = encode(BreakerNoticed{Story{}.operation_id(), "stripe", "ajar", "probe"});
  EXPECT_FALSE(decode(encoded.type, encoded.version, encoded.json));
}

TEST(PaymentCodec, RefusesTypesAndVersionsItDoesNotKnow) {
  for (const auto& [type, version] : {std::pair{"payment_created", 0},
                                      {"payment_created", 2},
                                      {"payment_created", -1},
                                      {"created", 1},
                                      {"", 1}}) {
    const auto decoded = decode(type, version, "{}");
    ASSERT_FALSE(decoded) << type;
    EXPECT_EQ(decoded.error().code, ErrorCode::internal);
    EXPECT_NE(decoded.error().detail.find("not known"), std::string::npos);
  }
}

TEST(PaymentCodec, RefusesWhatIsNotOneJsonObject) {
  for (const auto* text : {"", "null", "[]", "1", "\"x\"", "{", "{}x", "{\"a\":}", "{} {}"}) {
    EXPECT_FALSE(decode("authorization_expired", 1, text)) << text;
  }
}

TEST(PaymentCodec, RefusesEveryFieldOfAnotherType) {
  for (const Fact& fact : full()) {
    const auto encoded = encode(fact);
    const auto object = boost::json::parse(encoded.json).as_object();
    for (const auto& field : object) {
      for (const boost::json::value& wrong :
           {boost::json::value{nullptr}, boost::json::value{1.5}, boost::json::value{-1},
            boost::json::value{boost::json::array{1}}}) {
        if (field.value().kind() == wrong.kind() && wrong.is_int64())
          continue;  // a number is a number
        auto changed = object;
        changed[field.key()] = wrong;
        EXPECT_FALSE(decode(encoded.type, 1, boost::json::serialize(changed)))
            << encoded.type << "." << std::string_view{field.key()} << " = "
            << boost::json::serialize(wrong);
      }
    }
  }
}

TEST(PaymentCodec, RefusesFieldsItDoesNotKnowAtEveryDepth) {
  for (const Fact& fact : full()) {
    const auto encoded = encode(fact);
    auto object = boost::json::parse(encoded.json).as_object();
    auto changed = object;
    changed["surprise"] = 1;
    EXPECT_FALSE(decode(encoded.type, 1, boost::json::serialize(changed))) << encoded.type;
    for (auto& field : object) {
      if (!field.value().is_object() || field.key() == "fields") continue;
      changed = object;
      changed[field.key()].as_object()["surprise"] = 1;
      EXPECT_FALSE(decode(encoded.type, 1, boost::json::serialize(changed)))
          << encoded.type << "." << field.key();
    }
  }
}

TEST(PaymentCodec, RefusesAFactWithoutWhatItSpeaksOf) {
  for (const Fact& fact : full()) {
    // These speak of the payment as a whole.
    if (std::holds_alternative<AuthorizationExpired>(fact) ||
        std::holds_alternative<CaptureScheduled>(fact) ||
        std::holds_alternative<AuthorizationEndedAtProvider>(fact)) {
      continue;
    }
    EXPECT_FALSE(decode(encode(fact).type, 1, "{}")) << encode(fact).type;
  }
  // What must be there, by name.
  for (const auto* field : {"id", "tenant", "amount", "capture"}) {
    const auto encoded = encode(full().front());
    auto object = boost::json::parse(encoded.json).as_object();
    object.erase(field);
    const auto decoded = decode(encoded.type, 1, boost::json::serialize(object));
    ASSERT_FALSE(decoded) << field;
    EXPECT_NE(decoded.error().detail.find(field), std::string::npos) << decoded.error().detail;
  }
}

TEST(PaymentCodec, RefusesWordsItDoesNotKnow) {
  const std::pair<std::string, std::string> changes[] = {
      {R"("currency":"USD")", R"("currency":"ZZZ")"},
      {R"("kind":"void")", R"("kind":"inquire")"},
      {R"("status":"unknown")", R"("status":"lost")"},
      {R"("code":"fraud_detected")", R"("code":"bad_luck")"},
      {R"("id":"op_)", R"("id":"pay_)"}};
  const auto encoded = encode(full()[1]);
  for (const auto& [from, to] : changes) {
    auto text = encoded.json;
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    EXPECT_FALSE(decode(encoded.type, 1, text)) << to;
  }
}

TEST(PaymentCodec, RefusesNumbersThatDoNotFit) {
  const auto encoded = encode(full()[1]);
  for (const auto* number : {"2147483648", "-1", "9223372036854775808", "1e3"}) {
    auto text = encoded.json;
    const auto at = text.find(R"("attempts":7)");
    ASSERT_NE(at, std::string::npos);
    text.replace(at, 12, std::string{R"("attempts":)"} + number);
    EXPECT_FALSE(decode(encoded.type, 1, text)) << number;
  }
}

}  // namespace
}  // namespace cambist::payment
