#include <gtest/gtest.h>

#include "config/settings.hpp"
#include "tests/unit/config/written.hpp"

namespace cambist::config {
namespace {

using namespace std::chrono_literals;
using test::Written;

TEST(ConfigLoad, NothingSetStartsOnAFreshCheckout) {
  const auto settings = load({}, {});
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->server.listen, "127.0.0.1:8080");
  EXPECT_EQ(settings->storage.data, "cambist-data");
  EXPECT_TRUE(settings->storage.database.empty());
  EXPECT_TRUE(settings->sandbox.enabled);
  EXPECT_TRUE(settings->api_key.empty());
  const auto& stripe = settings->providers.at("stripe");
  EXPECT_TRUE(stripe.enabled);
  EXPECT_FALSE(stripe.settings.values.contains("base_url"));
  EXPECT_EQ(settings->payments.inquiry_delays.size(), 4U);
}

TEST(ConfigLoad, FlagsBeatTheEnvironmentWhichBeatsTheFile) {
  const Written file{
      "[server]\nlisten = \"127.0.0.1:1\"\n[log]\nlevel = \"warn\"\n[sandbox]\nlisten = "
      "\"127.0.0.1:4\"\n"};
  auto flags = file.flags();
  flags.listen = "127.0.0.1:3";
  const auto settings =
      load(flags, {{"CAMBIST_LISTEN", "127.0.0.1:2"}, {"CAMBIST_LOG_LEVEL", "debug"}});
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->server.listen, "127.0.0.1:3");
  EXPECT_EQ(settings->log.level, "debug");
  EXPECT_EQ(settings->sandbox.listen, "127.0.0.1:4");
}

TEST(ConfigLoad, TheEnvironmentNamesTheFileWhenNoFlagDoes) {
  const Written file{"[runtime]\nworkers = 7\n"};
  const Written other{"[runtime]\nworkers = 8\n"};
  const auto settings = load({}, {{"CAMBIST_CONFIG", file.path()}});
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->runtime.workers, 7);
  EXPECT_EQ(load(other.flags(), {{"CAMBIST_CONFIG", file.path()}})->runtime.workers, 8);
}

TEST(ConfigLoad, EveryKindCanComeFromTheEnvironment) {
  const auto settings = load({}, {{"CAMBIST_DATA", "/tmp/d"},
                                  {"CAMBIST_API_KEY", "sk_test_0123456789"},
                                  {"CAMBIST_SANDBOX", "true"},
                                  {"CAMBIST_SANDBOX_LISTEN", "[::1]:0"},
                                  {"CAMBIST_RUNTIME_WORKERS", "3"},
                                  {"CAMBIST_PAYMENTS_INQUIRY_DELAYS_MS", "10,20,20"},
                                  {"CAMBIST_STRIPE_RATE_LIMIT_PER_S", "2.5"},
                                  {"CAMBIST_STRIPE_SECRET_KEY", "sk_live_1"},
                                  {"CAMBIST_STRIPE_MULTICAPTURE", "false"},
                                  {"CAMBIST_STRIPE_CALL_TIMEOUT_MS", "1500"},
                                  {"CAMBIST_STRIPE_BREAKER_OPEN_MIN_MS", "250"},
                                  {"CAMBIST_DATABASE_URL", ""},
                                  {"HOME", "/root"}});
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->storage.data, "/tmp/d");
  EXPECT_EQ(settings->api_key.reveal(), "sk_test_0123456789");
  EXPECT_EQ(settings->sandbox.listen, "[::1]:0");
  EXPECT_EQ(settings->runtime.workers, 3);
  EXPECT_EQ(settings->payments.inquiry_delays, (std::vector<Duration>{10ms, 20ms, 20ms}));
  const auto& stripe = settings->providers.at("stripe");
  EXPECT_DOUBLE_EQ(stripe.rate_limit_per_s, 2.5);
  EXPECT_EQ(stripe.settings.secrets.at("secret_key").reveal(), "sk_live_1");
  EXPECT_EQ(stripe.settings.values.at("multicapture"), "false");
  EXPECT_EQ(stripe.call_timeout, 1500ms);
  EXPECT_EQ(stripe.breaker.open_min, Duration{250ms});
}

TEST(ConfigLoad, AFileMaySayTrueWhereAnAdapterWantsText) {
  const Written file{"[providers.stripe]\nmulticapture = false\n"};
  const auto settings = load(file.flags(), {});
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->providers.at("stripe").settings.values.at("multicapture"), "false");
}

TEST(ConfigLoad, AnEmptyVariableIsAnUnsetOne) {
  const auto settings =
      load({}, {{"CAMBIST_LISTEN", ""}, {"CAMBIST_CONFIG", ""}, {"CAMBIST_API_KEY", ""}});
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->server.listen, "127.0.0.1:8080");
}

TEST(ConfigProviders, SayWhichPaymentsTheyTake) {
  const test::Written file{
      "[providers.stripe]\npriority = 7\ncurrencies = [\"USD\", \"KES\"]\n"
      "limits = \"USD: 1.00 - 5000.00, KES:-200\"\n"};
  const auto settings = load(file.flags(), {{"CAMBIST_STRIPE_COUNTRIES", "US, KE"},
                                            {"CAMBIST_STRIPE_FEATURES", "refunds,webhooks"}});
  ASSERT_TRUE(settings) << settings.error().detail;
  const auto& route = settings->providers.at("stripe").route;
  EXPECT_EQ(route.priority, 7);
  EXPECT_EQ(route.currencies, (std::vector<std::string>{"USD", "KES"}));
  EXPECT_EQ(route.countries, (std::vector<std::string>{"US", "KE"}));
  EXPECT_EQ(route.features, (std::vector<std::string>{"refunds", "webhooks"}));
  EXPECT_TRUE(route.method_types.empty() && route.tenants.empty());
  ASSERT_EQ(route.limits.size(), 2U);
  EXPECT_EQ(route.limits[0].min_minor, 100);
  EXPECT_EQ(route.limits[0].max_minor, 500'000);
  EXPECT_EQ(route.limits[1].min_minor, std::nullopt);
  EXPECT_EQ(route.limits[1].max_minor, 20'000);
  const auto shown = show(file.flags(), {});
  EXPECT_NE(shown->find("limits = \"USD:1.00-5000.00,KES:-200.00\""), std::string::npos);
}

TEST(ConfigProviders, WithoutSandboxAndKeyNothingCanRun) {
  Flags flags;
  flags.sandbox = false;
  const auto refused = load(flags, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_request);
  EXPECT_EQ(
      refused.error().detail,
      "flag --no-sandbox: providers: none is enabled; set a provider's secret key, for example "
      "CAMBIST_STRIPE_SECRET_KEY, or switch the sandbox on");
}

TEST(ConfigProviders, AKeyAloneEnables) {
  Flags flags;
  flags.sandbox = false;
  const auto settings = load(flags, {{"CAMBIST_STRIPE_SECRET_KEY", "sk_live_1"}});
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_TRUE(settings->providers.at("stripe").enabled);
}

TEST(ConfigProviders, TheTimeoutOfOneThatIsOffIsInNobodysWay) {
  const Environment stripe{{"CAMBIST_SANDBOX", "false"},
                           {"CAMBIST_STRIPE_SECRET_KEY", "sk_test_1"},
                           {"CAMBIST_STRIPE_WEBHOOK_SECRET", "whsec_1"},
                           {"CAMBIST_STRIPE_CALL_TIMEOUT_MS", "1000"},
                           {"CAMBIST_PAYMENTS_CALL_GRACE_MS", "4000"}};
  const auto settings = load({}, stripe);
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->payments.call_grace, std::chrono::seconds{4});

  auto with_another = stripe;
  with_another["CAMBIST_TIGO_PESA_CALL_TIMEOUT_MS"] = "5000";
  const auto refused = load({}, with_another);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail,
            "environment CAMBIST_TIGO_PESA_CALL_TIMEOUT_MS: providers.tigo_pesa.call_timeout_ms: "
            "does not fit the other end of its range; providers.tigo_pesa.call_timeout_ms must "
            "not be above payments.call_grace_ms");
}

TEST(ConfigProviders, WhatWasSwitchedOffStaysOff) {
  EXPECT_EQ(test::problems_of("[sandbox]\nenabled = false\n"
                              "[providers.stripe]\nenabled = false\nsecret_key = \"sk_live_1\"\n"),
            "FILE:2: providers: none is enabled; set a provider's secret key, for example "
            "CAMBIST_STRIPE_SECRET_KEY, or switch the sandbox on");
}

TEST(ConfigProviders, EnabledWithoutAKeyIsNamed) {
  Flags flags;
  flags.sandbox = false;
  const auto problems = test::problems_of("[providers.stripe]\nenabled = true\n", {}, flags);
  EXPECT_NE(problems.find("default: providers.stripe.secret_key: is missing"), std::string::npos)
      << problems;
  EXPECT_NE(
      problems.find("set CAMBIST_STRIPE_SECRET_KEY or the file's providers.stripe.secret_key"),
      std::string::npos);
}

TEST(ConfigProviders, TheSandboxStandsInWhereNoUrlWasSet) {
  const auto settings = load({}, {{"CAMBIST_STRIPE_SECRET_KEY", "sk_test_1"}});
  ASSERT_TRUE(settings);
  const auto& stripe = settings->providers.at("stripe");
  const auto made = adapter_settings("stripe", stripe, "http://127.0.0.1:8081");
  EXPECT_EQ(made.values.at("base_url"), "http://127.0.0.1:8081/stripe");
  EXPECT_EQ(made.secrets.at("secret_key").reveal(), "sk_test_1");
  EXPECT_EQ(made.secrets.at("webhook_secret").reveal(), sandbox_webhook_secret);
  EXPECT_TRUE(provider::find_entry("stripe")->make(made));
  EXPECT_FALSE(adapter_settings("stripe", stripe, "").values.contains("base_url"));
}

TEST(ConfigProviders, AUrlThatWasSetIsLeftAloneAndNeedsItsKey) {
  const auto remote = load({}, {{"CAMBIST_STRIPE_BASE_URL", "https://api.stripe.com"}});
  ASSERT_FALSE(remote);
  EXPECT_NE(remote.error().detail.find("providers.stripe.secret_key: is missing"),
            std::string::npos);

  const auto local = load({}, {{"CAMBIST_STRIPE_BASE_URL", "http://127.0.0.1:12111"}});
  ASSERT_TRUE(local) << local.error().detail;
  const auto made =
      adapter_settings("stripe", local->providers.at("stripe"), "http://127.0.0.1:8081");
  EXPECT_EQ(made.values.at("base_url"), "http://127.0.0.1:12111");
  EXPECT_FALSE(made.secrets.at("secret_key").empty());
}

/// What Stripe's adapter is made from, without the sandbox and with a key of its own.
provider::Settings stripe_at(const std::string& base_url, Environment more = {}) {
  more.emplace("CAMBIST_SANDBOX", "false");
  more.emplace("CAMBIST_STRIPE_BASE_URL", base_url);
  more.emplace("CAMBIST_STRIPE_SECRET_KEY", "sk_live_1");
  const auto settings = load({}, more);
  EXPECT_TRUE(settings) << settings.error().detail;
  if (!settings) return {};
  return adapter_settings("stripe", settings->providers.at("stripe"), "");
}

TEST(SandboxSecrets, NeverStandInAtAProxyOnThisMachine) {
  for (const char* url : {"http://127.0.0.1:12111", "http://localhost:1", "https://[::1]:443"}) {
    const auto made = stripe_at(url);
    EXPECT_FALSE(made.secrets.contains("webhook_secret")) << url;
    const auto adapter = provider::find_entry("stripe")->make(made);
    ASSERT_TRUE(adapter);
    EXPECT_FALSE((*adapter)->capabilities().webhooks);
  }
  const auto paypal = load({}, {{"CAMBIST_SANDBOX", "false"},
                                {"CAMBIST_PAYPAL_BASE_URL", "http://127.0.0.1:12111"},
                                {"CAMBIST_PAYPAL_CLIENT_ID", "a-client"},
                                {"CAMBIST_PAYPAL_SECRET_KEY", "a-secret"}});
  ASSERT_TRUE(paypal) << paypal.error().detail;
  const auto made = adapter_settings("paypal", paypal->providers.at("paypal"), "");
  EXPECT_FALSE(made.values.contains("webhook_root") || made.values.contains("webhook_id"));
}

TEST(SandboxSecrets, AreMissedWhereNobodySetAny) {
  const auto refused =
      load({}, {{"CAMBIST_SANDBOX", "false"}, {"CAMBIST_STRIPE_BASE_URL", "http://127.0.0.1:1"}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().detail.find("providers.stripe.secret_key: is missing"),
            std::string::npos);
}

TEST(SandboxSecrets, StandInForASandboxBesideThisProcessWhenAskedTo) {
  const auto beside = stripe_at("http://127.0.0.1:1", {{"CAMBIST_SANDBOX_SECRETS", "true"}});
  EXPECT_EQ(beside.secrets.at("webhook_secret").reveal(), sandbox_webhook_secret);
  EXPECT_EQ(beside.secrets.at("secret_key").reveal(), "sk_live_1");
  const auto far = stripe_at("https://api.stripe.com", {{"CAMBIST_SANDBOX_SECRETS", "true"}});
  EXPECT_FALSE(far.secrets.contains("webhook_secret"));
}

TEST(SandboxSecrets, CanBeKeptFromLoopbackWhileTheSandboxRuns) {
  const auto refused = load({}, {{"CAMBIST_SANDBOX_SECRETS", "false"},
                                 {"CAMBIST_STRIPE_BASE_URL", "http://127.0.0.1:1"}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().detail.find("providers.stripe.secret_key: is missing"),
            std::string::npos);
}

TEST(ConfigProviders, AnyWordForItsAdapterMeansThatItIsToBeUsed) {
  const Environment stripe{{"CAMBIST_SANDBOX", "false"},
                           {"CAMBIST_STRIPE_SECRET_KEY", "sk_test_1"}};
  auto half = stripe;
  half["CAMBIST_PAYPAL_CLIENT_ID"] = "a-client";
  half["CAMBIST_PAYPAL_WEBHOOK_ID"] = "WH-1";
  const auto refused = load({}, half);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().detail.find("providers.paypal.secret_key: is missing"),
            std::string::npos)
      << refused.error().detail;
  const auto serving = load_for_serving({}, half);
  ASSERT_TRUE(serving) << serving.error().detail;
  EXPECT_FALSE(serving->providers.at("paypal").enabled);
  EXPECT_NE(serving->providers.at("paypal").problem.find("providers.paypal.secret_key"),
            std::string::npos);

  auto limits = stripe;
  limits["CAMBIST_PAYPAL_PRIORITY"] = "3";
  limits["CAMBIST_PAYPAL_CURRENCIES"] = "USD";
  limits["CAMBIST_PAYPAL_CALL_TIMEOUT_MS"] = "1500";
  limits["CAMBIST_PAYPAL_BREAKER_OPEN_MIN_MS"] = "250";
  const auto without = load({}, limits);
  ASSERT_TRUE(without) << without.error().detail;
  EXPECT_FALSE(without->providers.at("paypal").enabled);
  EXPECT_EQ(without->providers.at("paypal").off_by, "");
}

TEST(ConfigProviders, WhoSwitchedOneOffIsKept) {
  const auto settings = load({}, {{"CAMBIST_PAYPAL_ENABLED", "false"}});
  ASSERT_TRUE(settings) << settings.error().detail;
  EXPECT_EQ(settings->providers.at("paypal").off_by, "environment CAMBIST_PAYPAL_ENABLED");
  EXPECT_EQ(settings->providers.at("stripe").off_by, "");
}

}  // namespace
}  // namespace cambist::config
