// Every provider of the registry against every fixture in its folder.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/unit/protocols/providers/fixture.hpp"

namespace cambist {
namespace {

namespace json = boost::json;

class ProviderConformance : public testing::TestWithParam<std::string> {
 protected:
  static std::shared_ptr<const provider::Adapter> adapter(const provider::Settings& settings) {
    return provider::find_entry(GetParam())->make(settings).value();
  }
  /// Of a call that needs nobody's answer there is no request.
  static bool is_local(const test::Exchange& exchange) {
    return adapter(exchange.settings)->answer_locally(exchange.call).has_value();
  }
  static provider::Verdict verdict_of(const test::Exchange& exchange) {
    const auto made = adapter(exchange.settings);
    if (auto local = made->answer_locally(exchange.call)) return *std::move(local);
    return made->interpret(exchange.call, exchange.response);
  }
};

/// The whole way that a webhook goes before it is stored: "verified", or the word of the error.
std::string outcome_of(const provider::Adapter& adapter, const test::Delivery& delivery) {
  const auto word = [](const Error& error) { return std::string{to_string(error.code)}; };
  const http::Request& request = delivery.request;
  const auto evidence = adapter.evidence_for(request);
  if (!evidence) return word(evidence.error());
  if (*evidence && !delivery.evidence) return "the case holds no evidence";
  const auto verified = *evidence ? adapter.verify_with(request, *delivery.evidence, delivery.now)
                                  : adapter.verify_webhook(request, delivery.now);
  if (!verified) return word(verified.error());
  const auto asked = adapter.confirmation_for(request);
  if (!asked) return word(asked.error());
  if (!*asked) return "verified";
  if (!delivery.confirmation) return "the case holds no confirmation";
  const auto confirmed = adapter.confirm_with(request, *delivery.confirmation);
  return confirmed ? "verified" : word(confirmed.error());
}

std::string event_of(const provider::Adapter& adapter, const test::Delivery& delivery) {
  const auto path = provider::callback_path(delivery.request.target, adapter.name()).path;
  const auto notice = adapter.read_webhook_at(path, delivery.request.body);
  return notice ? notice->id : "cannot be read";
}

bool same_bytes(const http::Request& one, const http::Request& other) {
  const auto same = [](const http::Header& a, const http::Header& b) {
    return a.name == b.name && a.value == b.value;
  };
  return one.target == other.target && one.body == other.body && one.peer == other.peer &&
         std::equal(one.headers.begin(), one.headers.end(), other.headers.begin(),
                    other.headers.end(), same);
}

std::string header(const http::Request& request, std::string_view name) {
  const auto* value = http::find(request.headers, name);
  return value == nullptr ? std::string{} : *value;
}

TEST_P(ProviderConformance, EveryFixtureBecomesItsRequest) {
  int seen = 0;
  for (const auto& exchange : test::read_exchanges(GetParam())) {
    SCOPED_TRACE(exchange.name);
    if (is_local(exchange)) {
      ++seen;
      EXPECT_EQ(adapter(exchange.settings)->answer_locally(exchange.call),
                adapter(exchange.settings)->answer_locally(exchange.call));
      continue;
    }
    const auto request = adapter(exchange.settings)->build(exchange.call);
    ASSERT_TRUE(request) << request.error().detail;
    const auto again = adapter(exchange.settings)->build(exchange.call);
    EXPECT_EQ(request->body, again->body);
    if (!exchange.request) continue;
    ++seen;
    const auto& expected = *exchange.request;
    EXPECT_EQ(request->method, json::value_to<std::string>(expected.at("method")));
    EXPECT_EQ(request->target, json::value_to<std::string>(expected.at("target")));
    if (const auto* body = expected.if_contains("body")) {
      EXPECT_EQ(request->body, json::value_to<std::string>(*body));
    }
    if (const auto* key = expected.if_contains("key")) {
      EXPECT_EQ(header(*request, "Idempotency-Key"), json::value_to<std::string>(*key));
    }
    if (const auto* headers = expected.if_contains("headers")) {
      for (const auto& one : headers->as_object()) {
        EXPECT_EQ(header(*request, one.key()), json::value_to<std::string>(one.value()))
            << one.key();
      }
    }
  }
  EXPECT_GT(seen, 0) << "no fixture of " << GetParam() << " states its request";
}

TEST_P(ProviderConformance, EveryFixtureGetsItsVerdict) {
  for (const auto& exchange : test::read_exchanges(GetParam())) {
    const auto verdict = verdict_of(exchange);
    EXPECT_EQ(test::to_json(verdict), exchange.verdict)
        << exchange.name << "\n  is       " << json::serialize(test::to_json(verdict))
        << "\n  expected " << json::serialize(exchange.verdict);
  }
}

TEST_P(ProviderConformance, TheFixturesCoverWhatTheProviderDocuments) {
  const auto coverage = test::read_coverage(GetParam());
  std::set<std::string> verdicts;
  std::string bodies;
  for (const auto& exchange : test::read_exchanges(GetParam())) {
    verdicts.insert(json::value_to<std::string>(exchange.verdict.at("type")));
    bodies += exchange.response.body + "\n";
  }
  for (const auto& verdict : coverage.verdicts) EXPECT_TRUE(verdicts.contains(verdict)) << verdict;
  for (const auto& code : coverage.decline_codes) {
    EXPECT_NE(bodies.find("\"" + code + "\""), std::string::npos) << code;
  }
}

// What every adapter owes whoever calls it, fixture by fixture.
TEST_P(ProviderConformance, NothingSecretAndNothingUnsafeLeavesTheAdapter) {
  const auto sent = test::read_coverage(GetParam()).sent_secrets;
  for (const auto& exchange : test::read_exchanges(GetParam())) {
    SCOPED_TRACE(exchange.name);
    if (is_local(exchange)) continue;  // nothing leaves
    const auto request = adapter(exchange.settings)->build(exchange.call).value();
    for (const auto& [name, secret] : exchange.settings.secrets) {
      EXPECT_EQ(request.target.find(secret.reveal()), std::string::npos) << name;
      if (std::find(sent.begin(), sent.end(), name) != sent.end()) continue;
      EXPECT_EQ(request.body.find(secret.reveal()), std::string::npos) << name;
    }
    EXPECT_TRUE(request.target.starts_with('/'));
    EXPECT_EQ(request.target.find_first_of(" \r\n"), std::string::npos);
    for (const auto& field : request.headers) {
      EXPECT_EQ(field.value.find_first_of("\r\n"), std::string::npos) << field.name;
    }
    const auto verdict = adapter(exchange.settings)->interpret(exchange.call, exchange.response);
    if (exchange.call.inquiry && std::holds_alternative<provider::Refused>(verdict)) {
      // Asked and refused: fit to be asked again, never the end of the operation.
      const auto& refused = std::get<provider::Refused>(verdict);
      EXPECT_TRUE(refused.repeatable || refused.outage);
    }
  }
}

TEST_P(ProviderConformance, EveryWebhookFixtureGetsItsNotice) {
  for (const auto& webhook : test::read_webhooks(GetParam())) {
    SCOPED_TRACE(webhook.name);
    const auto notice = adapter(webhook.settings)->read_webhook_at(webhook.path, webhook.body);
    ASSERT_TRUE(notice) << notice.error().field << " " << notice.error().detail;
    EXPECT_EQ(test::to_json(*notice), webhook.notice)
        << "  is       " << json::serialize(test::to_json(*notice)) << "\n  expected "
        << json::serialize(webhook.notice);
  }
}

TEST_P(ProviderConformance, EveryWebhookIsVerifiedBeforeItIsBelieved) {
  std::set<std::string> kinds;
  for (const auto& delivery : test::read_deliveries(GetParam())) {
    SCOPED_TRACE(delivery.kind + ": " + delivery.name);
    kinds.insert(delivery.kind);
    const auto made = adapter(delivery.settings);
    EXPECT_EQ(outcome_of(*made, delivery), delivery.outcome);
    if (delivery.kind == "valid") EXPECT_EQ(delivery.outcome, "verified");
    // Whatever is wrong, the answer is the same.
    if (delivery.kind == "tampered" || delivery.kind == "foreign")
      EXPECT_EQ(delivery.outcome, "unauthenticated");
    if (delivery.outcome == "verified") EXPECT_EQ(event_of(*made, delivery), delivery.event);
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"foreign", "replayed", "tampered", "valid"}))
      << "fixtures/verification.json of " << GetParam() << " shows not all kinds";
}

// Refused where the scheme is dated; where it is not, known by its event's id and stored once.
TEST_P(ProviderConformance, AReplayedWebhookCannotCountTwice) {
  const auto deliveries = test::read_deliveries(GetParam());
  int replays = 0;
  for (const auto& replay : deliveries) {
    if (replay.kind != "replayed") continue;
    SCOPED_TRACE(replay.name);
    ++replays;
    const auto first = std::find_if(deliveries.begin(), deliveries.end(), [&](const auto& valid) {
      return valid.kind == "valid" && same_bytes(valid.request, replay.request);
    });
    ASSERT_NE(first, deliveries.end()) << "it is no replay of a valid one";
    EXPECT_GE(replay.now - first->now, std::chrono::hours{1});
    if (replay.outcome == "verified") {
      EXPECT_FALSE(replay.event.empty());
      EXPECT_EQ(replay.event, first->event);
    } else {
      EXPECT_EQ(replay.outcome, "unauthenticated");
    }
  }
  EXPECT_GT(replays, 0);
}

// An account without a secret has no webhooks: nothing is ever taken for genuine.
TEST_P(ProviderConformance, WithoutItsSecretNoWebhookIsVerified) {
  auto deliveries = test::read_deliveries(GetParam());
  ASSERT_FALSE(deliveries.empty());
  for (auto& delivery : deliveries) {
    SCOPED_TRACE(delivery.name);
    delivery.settings.secrets.erase("webhook_secret");
    delivery.settings.values.erase("webhook_id");
    const auto made = provider::find_entry(GetParam())->make(delivery.settings);
    if (!made) continue;  // it cannot do without
    EXPECT_NE(outcome_of(**made, delivery), "verified");
  }
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& entry : provider::registry()) all.emplace_back(entry.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Registry, ProviderConformance, testing::ValuesIn(names()),
                         [](const auto& info) { return info.param; });

TEST(ProviderRegistry, NamesAreUniqueAndFitForAnEnvironmentVariable) {
  std::set<std::string_view> seen;
  for (const auto& entry : provider::registry()) {
    EXPECT_TRUE(seen.insert(entry.name).second) << entry.name;
    EXPECT_EQ(entry.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"),
              std::string_view::npos);
    EXPECT_EQ(provider::find_entry(entry.name), &entry);
    for (const auto& secret : entry.secrets) {
      EXPECT_EQ(std::count(entry.settings.begin(), entry.settings.end(), secret), 0) << secret;
    }
  }
  EXPECT_EQ(provider::find_entry("alpenpay"), nullptr);
  EXPECT_EQ(provider::find_entry(""), nullptr);
}

}  // namespace
}  // namespace cambist
