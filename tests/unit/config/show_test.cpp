#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "config/settings.hpp"
#include "config/suggest.hpp"
#include "config/value.hpp"
#include "tests/unit/config/written.hpp"

namespace cambist::config {
namespace {

bool has(const std::string& text, const std::string& line) {
  return text.find(line + "\n") != std::string::npos;
}

TEST(ConfigShow, NamesTheSourceOfEachValue) {
  const test::Written file{"[server]\n\nthreads = 4\n"};
  auto flags = file.flags();
  flags.log_level = "debug";
  flags.sandbox = true;
  const auto text = show(flags, {{"CAMBIST_DATA", "/srv/cambist"}});
  ASSERT_TRUE(text) << text.error().detail;
  EXPECT_TRUE(has(*text, "threads = 4  # " + file.path() + ":3")) << *text;
  EXPECT_TRUE(has(*text, "data = \"/srv/cambist\"  # environment CAMBIST_DATA"));
  EXPECT_TRUE(has(*text, "level = \"debug\"  # flag --log-level"));
  EXPECT_TRUE(has(*text, "enabled = true  # flag --sandbox"));
  EXPECT_TRUE(has(*text, "listen = \"127.0.0.1:8080\"  # default"));
  EXPECT_TRUE(has(*text, "[providers.stripe]"));
  EXPECT_TRUE(has(*text, "# base_url is not set"));
  EXPECT_TRUE(has(*text, "inquiry_delays_ms = [2000, 5000, 15000, 60000]  # default"));
}

TEST(ConfigShow, SecretsAreOnlySaidToBeSet) {
  const auto text =
      show({}, {{"CAMBIST_API_KEY", "sk_test_hidden_0123456"},
                {"CAMBIST_STRIPE_SECRET_KEY", "sk_live_hidden"},
                {"CAMBIST_STRIPE_WEBHOOK_SECRET", "whsec_hidden"},
                {"CAMBIST_DATABASE_URL",
                 "postgresql://cambist:hidden@db.internal/cambist?sslpassword=hidden"}});
  ASSERT_TRUE(text) << text.error().detail;
  EXPECT_TRUE(has(*text, "database = \"(set)\"  # environment CAMBIST_DATABASE_URL"));
  EXPECT_EQ(text->find("hidden"), std::string::npos);
  EXPECT_TRUE(has(*text, "api_key = \"(set)\"  # environment CAMBIST_API_KEY"));
  EXPECT_TRUE(has(*text, "secret_key = \"(set)\"  # environment CAMBIST_STRIPE_SECRET_KEY"));
  EXPECT_TRUE(
      has(*text, "webhook_secret = \"(set)\"  # environment CAMBIST_STRIPE_WEBHOOK_SECRET"));
}

TEST(ConfigShow, WhatItShowsCanBeReadAgain) {
  const auto text = show({}, {{"CAMBIST_DATA", "a \"quoted\" \\ folder\t"}});
  ASSERT_TRUE(text) << text.error().detail;
  const test::Written file{*text};
  const auto again = load(file.flags(), {});
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(again->storage.data, "a \"quoted\" \\ folder\t");
}

TEST(ConfigShow, AsJsonItNamesEachSettingOnceAndNoSecret) {
  const auto text = show_json({}, {{"CAMBIST_DATA", "a \"quoted\" \\ folder\t"},
                                   {"CAMBIST_STRIPE_SECRET_KEY", "sk_live_hidden"}});
  ASSERT_TRUE(text) << text.error().detail;
  EXPECT_EQ(text->find("hidden"), std::string::npos);
  const auto has_part = [&](const char* part) { return text->find(part) != std::string::npos; };
  EXPECT_TRUE(has_part(R"--({"name":"providers.stripe.secret_key","value":"(set)",)--"
                       R"--("source":"environment CAMBIST_STRIPE_SECRET_KEY"})--"));
  EXPECT_TRUE(has_part(R"--({"name":"storage.data","value":"a \"quoted\" \\ folder\u0009",)--"))
      << *text;
  EXPECT_TRUE(has_part(R"("name":"providers.stripe.base_url","value":null,"source":"default")"));
  EXPECT_TRUE(has_part(R"("value":[2000, 5000, 15000, 60000])"));
  EXPECT_TRUE(text->starts_with(R"({"settings":[{)") && text->ends_with("}]}\n"));
}

TEST(ConfigShow, RefusesWhatLoadRefuses) {
  Flags flags;
  flags.log_level = "loud";
  EXPECT_EQ(show(flags, {}).error(), load(flags, {}).error());
}

TEST(ConfigSuggest, CountsWhatFingersDo) {
  EXPECT_EQ(distance("listen", "listen"), 0U);
  EXPECT_EQ(distance("lisen", "listen"), 1U);
  EXPECT_EQ(distance("lsiten", "listen"), 1U);
  EXPECT_EQ(distance("", "abc"), 3U);
  EXPECT_EQ(nearest("servr.listen", {"server.listen", "sandbox.listen"}), "server.listen");
  EXPECT_EQ(nearest("anything.else.at.all", {"server.listen"}), "");
  EXPECT_EQ(nearest("x", {}), "");
  EXPECT_EQ(nearest(std::string(100'000, 'a'), {"server.listen"}), "");
}

RC_GTEST_PROP(ConfigSuggestProperty, DistanceIsSymmetricAndZeroOnlyForTheSame,
              (const std::string& a, const std::string& b)) {
  RC_ASSERT(distance(a, b) == distance(b, a));
  RC_ASSERT((distance(a, b) == 0) == (a == b));
}

RC_GTEST_PROP(ConfigFileProperty, AnyBytesAreReadOrRefusedAndNeverThrow,
              (const std::string& bytes)) {
  const test::Written file{bytes};
  const auto loaded = load(file.flags(), {});
  RC_ASSERT(loaded.has_value() || !loaded.error().detail.empty());
}

RC_GTEST_PROP(ConfigEnvironmentProperty, AnyTextIsReadOrRefusedAndNeverThrows,
              (const std::string& text)) {
  for (const char* variable : {"CAMBIST_LISTEN", "CAMBIST_SANDBOX", "CAMBIST_RUNTIME_WORKERS",
                               "CAMBIST_PAYMENTS_INQUIRY_DELAYS_MS", "CAMBIST_STRIPE_BASE_URL",
                               "CAMBIST_STRIPE_RATE_LIMIT_PER_S", "CAMBIST_API_KEY"}) {
    const auto loaded = load({}, {{variable, text}});
    RC_ASSERT(loaded.has_value() || !loaded.error().detail.empty());
  }
}

}  // namespace
}  // namespace cambist::config
