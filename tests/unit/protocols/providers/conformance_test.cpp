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
