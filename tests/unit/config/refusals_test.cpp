// What is wrong is said with its place, its name and what would be right: all of it, and nothing
// secret.
#include <gtest/gtest.h>

#include <algorithm>

#include "config/settings.hpp"
#include "tests/unit/config/written.hpp"

namespace cambist::config {
namespace {

using test::problems_of;

struct Case {
  const char* name;
  const char* toml;
  const char* expected;
};

class ConfigRefuses : public testing::TestWithParam<Case> {};

TEST_P(ConfigRefuses, WithFileLineNameAndRemedy) {
  EXPECT_EQ(problems_of(GetParam().toml), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Files, ConfigRefuses,
    testing::Values(
        Case{"UnknownKey", "[server]\n\nlisen = \"x\"\n",
             "FILE:3: server.lisen: there is no such setting; did you mean server.listen?"},
        Case{"UnknownSection", "[sandbx]\nenabled = true\n",
             "FILE:1: sandbx: there is no such setting; did you mean sandbox?"},
        Case{"UnknownKeyLikeNothing", "color = \"red\"\n",
             "FILE:1: color: there is no such setting; config/cambist.example.toml lists all of "
             "them"},
        Case{"UnknownProvider", "[providers.strpe]\nenabled = true\n",
             "FILE:1: providers.strpe: there is no such setting; did you mean providers.stripe?"},
        Case{"UnknownProviderSetting", "[providers.stripe]\nsecretkey = \"sk_live_hidden\"\n",
             "FILE:2: providers.stripe.secretkey: there is no such setting; did you mean "
             "providers.stripe.secret_key?"},
        Case{"SectionAsValue", "server = 3\n",
             "FILE:1: server: there is no such setting; did you mean server?"},
        Case{"TextForNumber", "[server]\nthreads = \"4\"\n",
             "FILE:2: server.threads: is text, not a whole number; write a whole number from 1 to "
             "256"},
        Case{"FractionForNumber", "[server]\nthreads = 1.5\n",
             "FILE:2: server.threads: is a number, not a whole number; write a whole number from 1 "
             "to 256"},
        Case{"NumberForText", "[server]\nlisten = 8080\n",
             "FILE:2: server.listen: is a whole number, not text; write it in quotes"},
        Case{"NumberForFlag", "[sandbox]\nenabled = 1\n",
             "FILE:2: sandbox.enabled: is a whole number, neither true nor false; write true or "
             "false"},
        Case{"TableForText", "[server.listen]\nhost = \"x\"\n",
             "FILE:1: server.listen: is a table, a date or a list of other things than whole "
             "numbers or texts; "
             "config/cambist.example.toml shows how to write it"},
        Case{"TooSmall", "[idempotency]\nlifetime_h = 23\n",
             "FILE:2: idempotency.lifetime_h: 23 is out of range; write a whole number from 24 to "
             "8760 (hours)"},
        Case{"Negative", "[runtime]\nidle_max_ms = -1\n",
             "FILE:2: runtime.idle_max_ms: -1 is out of range; write a whole number from 1 to "
             "86400000 "
             "(milliseconds)"},
        Case{"NotANumberAtAll", "[limits]\nreads_per_s = nan\n",
             "FILE:2: limits.reads_per_s: nan is out of range; write a number from 0 to 1e+06"},
        Case{"AddressWithoutPort", "[server]\nlisten = \"localhost\"\n",
             "FILE:2: server.listen: \"localhost\" cannot be used; write HOST:PORT with a port "
             "from 0 to 65535, "
             "such as 127.0.0.1:8080 or [::1]:8080"},
        Case{"PortTooLarge", "[sandbox]\nlisten = \"127.0.0.1:65536\"\n",
             "FILE:2: sandbox.listen: \"127.0.0.1:65536\" cannot be used; write HOST:PORT with a "
             "port from 0 to "
             "65535, such as 127.0.0.1:8080 or [::1]:8080"},
        Case{"Level", "[log]\nlevel = \"loud\"\n",
             "FILE:2: log.level: \"loud\" cannot be used; write one of trace, debug, info, warn, "
             "error"},
        Case{"DelaysThatShrink", "[payments]\ninquiry_delays_ms = [5000, 2000]\n",
             "FILE:2: payments.inquiry_delays_ms: 2000 does not fit there; write 1 to 20 whole "
             "numbers of "
             "milliseconds from 1 to 86400000, none smaller than the one before it"},
        Case{"NoDelays", "[payments]\ninquiry_delays_ms = []\n",
             "FILE:2: payments.inquiry_delays_ms: has no entry or more than 20; write 1 to 20 "
             "whole numbers of "
             "milliseconds from 1 to 86400000, none smaller than the one before it"},
        Case{"DelaysOfText", "[payments]\ninquiry_delays_ms = [\"2s\"]\n",
             "FILE:2: payments.inquiry_delays_ms: is a list of texts, not a list of whole numbers; "
             "write 1 to 20 whole numbers of "
             "milliseconds from 1 to 86400000, none smaller than the one before it"},
        Case{"CurrencyThatIsNone", "[providers.stripe]\ncurrencies = [\"USD\", \"usd\"]\n",
             "FILE:2: providers.stripe.currencies: \"usd\" cannot be used; use codes of ISO 4217, "
             "such as USD"},
        Case{"CountryInWords", "[providers.stripe]\ncountries = \"Kenya\"\n",
             "FILE:2: providers.stripe.countries: \"Kenya\" cannot be used; use codes of ISO 3166 "
             "in two capitals, such as KE"},
        Case{"MethodTypeWithSpace", "[providers.stripe]\nmethod_types = \"credit card\"\n",
             "FILE:2: providers.stripe.method_types: \"credit card\" cannot be used; use types of "
             "payment methods, such as card or mobile_money"},
        Case{"FeatureThatNobodyHas", "[providers.stripe]\nfeatures = \"refund\"\n",
             "FILE:2: providers.stripe.features: \"refund\" cannot be used; use authorization, "
             "partial_capture, multiple_captures, refunds, partial_refunds, webhooks"},
        Case{"TenantTwice", "[providers.stripe]\ntenants = \"default, default\"\n",
             "FILE:2: providers.stripe.tenants: \"default\" stands there twice; name it once"},
        Case{"LimitUpsideDown", "[providers.stripe]\nlimits = \"USD:5.00-1.00\"\n",
             "FILE:2: providers.stripe.limits: \"USD:5.00-1.00\" cannot be used; write "
             "CURRENCY:LEAST-MOST for each currency, such as USD:1.00-5000.00,EUR:-200.00"},
        Case{"LimitWithTooManyDecimals", "[providers.stripe]\nlimits = \"JPY:1.50-\"\n",
             "FILE:2: providers.stripe.limits: \"JPY:1.50-\" cannot be used; write "
             "CURRENCY:LEAST-MOST for each currency, such as USD:1.00-5000.00,EUR:-200.00"},
        Case{"LimitOfOneCurrencyTwice", "[providers.stripe]\nlimits = [\"USD:1-\", \"USD:-9\"]\n",
             "FILE:2: providers.stripe.limits: \"USD:-9\" names its currency again; write "
             "CURRENCY:LEAST-MOST for each currency, such as USD:1.00-5000.00,EUR:-200.00"},
        Case{"PriorityInWords", "[providers.stripe]\npriority = \"first\"\n",
             "FILE:2: providers.stripe.priority: is text, not a whole number; write a whole number "
             "from 0 to 1000000"},
        Case{"RangeUpsideDown", "[payments]\nrepeat_delay_min_ms = 3000\n",
             "FILE:2: payments.repeat_delay_min_ms: does not fit the other end of its range; "
             "payments.repeat_delay_min_ms must not be above payments.repeat_delay_max_ms"},
        Case{"TimeoutAboveGrace", "[providers.stripe]\ncall_timeout_ms = 60000\n",
             "FILE:2: providers.stripe.call_timeout_ms: does not fit the other end of its range; "
             "providers.stripe.call_timeout_ms must not be above payments.call_grace_ms"},
        Case{"SameAddressTwice", "[sandbox]\nlisten = \"127.0.0.1:8080\"\n",
             "FILE:2: sandbox.listen: the API and the sandbox share one address; give each a port "
             "of its own"},
        Case{"PlainHttp",
             "[providers.stripe]\nbase_url = \"http://api.stripe.com\"\nsecret_key = "
             "\"sk_live_1\"\n",
             "FILE:2: providers.stripe.base_url: plain http is taken for loopback hosts only; use "
             "https://; set "
             "CAMBIST_STRIPE_BASE_URL or the file's providers.stripe.base_url"},
        Case{"UrlWithPassword",
             "[providers.stripe]\nbase_url = \"https://me:hidden@api.stripe.com\"\nsecret_key = "
             "\"sk_live_1\"\n",
             "FILE:2: providers.stripe.base_url: the URL must not hold a user, a query or a "
             "fragment; set "
             "CAMBIST_STRIPE_BASE_URL or the file's providers.stripe.base_url"},
        Case{"PublishableKey", "[providers.stripe]\nsecret_key = \"pk_live_hidden\"\n",
             "FILE:2: providers.stripe.secret_key: is a publishable key; use the one that starts "
             "with sk_ or rk_; "
             "set CAMBIST_STRIPE_SECRET_KEY or the file's providers.stripe.secret_key"},
        Case{"ApiKeyWithSpace", "api_key = \"hidden key\"\n",
             "FILE:1: api_key: cannot be used; use 1 to 255 printable characters without spaces"},
        Case{"DatabaseWithoutAnAddress", "[storage]\ndatabase = \"host=db password=hidden\"\n",
             "FILE:2: storage.database: cannot be used; use a URL such as "
             "postgresql://user@host/database, or leave it empty to use the embedded store"},
        Case{"OtherDatabase", "[storage]\ndatabase = \"mysql://me:hidden@db/cambist\"\n",
             "FILE:2: storage.database: cannot be used; use a URL such as "
             "postgresql://user@host/database, or leave it empty to use the embedded store"},
        Case{"NotToml", "[server\nlisten = \"hidden\n",
             "FILE:1: is not TOML; check the quotes, brackets and repeated keys at column 8"}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST(ConfigRefusals, VariablesMeantForUsAreRefusedAndThoseOfOthersLeftAlone) {
  for (const char* meant : {"CAMBIST_LISTNE", "CAMBIST_DATA_DIR", "CAMBIST_STRIPE_SECRETKEY",
                            "CAMBIST_SERVER_PORT", "CAMBIST_JOURNAL_SIZE"}) {
    const auto problems = problems_of("", {{meant, "x"}}, {});
    EXPECT_NE(problems.find(meant), std::string::npos) << meant;
  }
  for (const char* other : {"CAMBIST_REPO", "CAMBIST_KILL_ROUNDS", "CAMBIST_HOME", "CAMBISTX"}) {
    const Environment environment{{other, "x"}};
    EXPECT_TRUE(load(Flags{}, environment).has_value()) << other;
  }
}

TEST(ConfigRefusals, AllProblemsComeAtOnceOneLineEach) {
  Flags flags;
  flags.listen = "nowhere";
  const auto problems = problems_of("[server]\nthreads = 0\n[log]\nlevle = \"info\"\n",
                                    {{"CAMBIST_LISTNE", "x"},
                                     {"CAMBIST_SANDBOX", "yes"},
                                     {"CAMBIST_STRIPE_IN_FLIGHT_MAX", "many"}},
                                    flags);
  EXPECT_EQ(std::count(problems.begin(), problems.end(), '\n'), 5) << problems;
  for (const char* line :
       {"FILE:2: server.threads: 0 is out of range; write a whole number from 1 to 256",
        "FILE:4: log.levle: there is no such setting; did you mean log.level?",
        "environment CAMBIST_LISTNE: there is no such setting; did you mean CAMBIST_LISTEN?",
        "environment CAMBIST_SANDBOX: sandbox.enabled: \"yes\", neither true nor false; write true "
        "or false",
        "environment CAMBIST_STRIPE_IN_FLIGHT_MAX: providers.stripe.in_flight_max: \"many\", not a "
        "whole number; "
        "write a whole number from 1 to 100000",
        "flag --listen: server.listen: \"nowhere\" cannot be used; write HOST:PORT with a port "
        "from 0 to 65535, "
        "such as 127.0.0.1:8080 or [::1]:8080"}) {
    EXPECT_NE(problems.find(line), std::string::npos) << line << "\nis not in\n" << problems;
  }
}

TEST(ConfigRefusals, NothingSecretIsEverRepeated) {
  for (const char* toml :
       {"api_key = \"hidden key\"\n", "[providers.stripe]\nsecret_key = \"pk_hidden\"\n",
        "[providers.stripe]\nsecret_key = \"sk hidden\"\n",
        "[storage]\ndatabase = \"mysql://u:hidden@h\"\n",
        "[providers.stripe]\nsecret_key = \"hidden\n", "secret_key = hidden\n",
        "[providers.stripe]\nbase_url = \"ftp://u:hidden@h\"\n"}) {
    const auto problems = problems_of(toml);
    EXPECT_FALSE(problems.empty()) << toml;
    EXPECT_EQ(problems.find("hidden"), std::string::npos) << problems;
  }
}

TEST(ConfigRefusals, AFileThatIsNotThereIsNamed) {
  Flags flags;
  flags.config = "/nowhere/cambist.toml";
  EXPECT_EQ(load(flags, {}).error().detail,
            "/nowhere/cambist.toml: config: the file cannot be read; name a TOML file that exists");
  flags.config = "/";
  EXPECT_FALSE(load(flags, {}));
  flags.config = "";
  EXPECT_EQ(load(flags, {}).error().detail,
            "flag --config: config: names no file; name a TOML file that exists");
}

// A device that never ends would keep the program from starting, and take all memory.
TEST(ConfigRefusals, CertificatesStandInAFile) {
  for (const char* path : {"/dev/zero", "/nowhere/ca.pem", "/"}) {
    const auto problems = problems_of("[outbound]\nca_file = \"" + std::string{path} + "\"\n");
    EXPECT_NE(problems.find("FILE:2: outbound.ca_file: \"" + std::string{path} +
                            "\" cannot be read; name a readable PEM file"),
              std::string::npos)
        << problems;
  }
}

TEST(ConfigRefusals, ADatabaseOfAnotherKindFromTheFlagAndTheEnvironment) {
  Flags flags;
  flags.database = "redis://db/x";
  EXPECT_EQ(load(flags, {}).error().detail,
            "flag --database: storage.database: cannot be used; use a URL such as "
            "postgresql://user@host/database, or leave it empty to use the embedded store");
  EXPECT_TRUE(load({}, {{"CAMBIST_DATABASE_URL", "mysql://db/x"}})
                  .error()
                  .detail.starts_with(
                      "environment CAMBIST_DATABASE_URL: storage.database: cannot be used"));
}

TEST(ConfigRefusals, NoneOfBothSpellingsOfPostgres) {
  for (const char* url : {"postgres://db/x", "postgresql://me@db:5433/x?sslmode=verify-full"}) {
    Flags flags;
    flags.database = url;
    const auto loaded = load(flags, {{"CAMBIST_API_KEY", "key"}});
    EXPECT_TRUE(loaded) << loaded.error().detail;
    if (loaded) EXPECT_EQ(loaded->storage.database, url);
  }
}

TEST(ConfigRefusals, AWrongFileIsWrongEvenWhereAFlagWins) {
  Flags flags;
  flags.listen = "127.0.0.1:1";
  EXPECT_NE(problems_of("[server]\nlisten = \"nowhere\"\n", {}, flags).find("FILE:2"),
            std::string::npos);
}

}  // namespace
}  // namespace cambist::config
