// The command line's contract: exit codes, what goes to stdout, precedence, drain on SIGTERM, no
// secrets shown.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/support/service.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;

struct Ran {
  int status = -1;
  std::string out;
  std::string err;
};

Ran run(std::vector<std::string> arguments,
        const std::map<std::string, std::string>& environment = {}) {
  TemporaryFolder folder;
  const auto errors = folder.path() + "/stderr";
  arguments.insert(arguments.begin(), CAMBIST_BINARY);
  Process process{std::move(arguments), environment, errors};
  Ran ran;
  ran.out = process.rest(30s);
  ran.status = process.wait(30s).value_or(-1);
  std::ifstream in{errors};
  std::stringstream text;
  text << in.rdbuf();
  ran.err = text.str();
  return ran;
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string write(const TemporaryFolder& folder, const std::string& name, const std::string& text) {
  const auto path = folder.path() + "/" + name;
  std::ofstream{path} << text;
  return path;
}

TEST(CommandLine, VersionPrintsTheVersionAndJsonIsForPrograms) {
  const auto plain = run({"version"});
  EXPECT_EQ(plain.status, 0);
  EXPECT_TRUE(plain.out.starts_with("cambist ")) << plain.out;
  const auto json = run({"version", "--json"});
  EXPECT_EQ(json.status, 0);
  EXPECT_TRUE(boost::json::parse(json.out).at("version").is_string());
}

TEST(CommandLine, AWrongLineEndsWithStatusTwoAndOneLineOnStderr) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"dance"},
                                             {"serve", "--colour"},
                                             {"serve", "--listen"},
                                             {"sandbox", "--root", "stripe"},
                                             {"config"},
                                             {"version", "extra"}}) {
    const auto ran = run(arguments);
    EXPECT_EQ(ran.status, 2) << ran.err;
    EXPECT_TRUE(ran.out.empty()) << ran.out;
    EXPECT_EQ(lines(ran.err), 1U) << ran.err;
  }
}

TEST(CommandLine, HelpIsAResult) {
  const auto ran = run({"--help"});
  EXPECT_EQ(ran.status, 0);
  for (const char* command :
       {"serve", "sandbox", "demo", "config", "migrate", "version", "doctor"}) {
    EXPECT_NE(ran.out.find(command), std::string::npos) << command;
  }
}

struct WrongSetting {
  const char* name;
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;
  const char* says;
};
// Names the case in the output of the tests.
void PrintTo(const WrongSetting& shown, std::ostream* out) {
  *out << shown.name;
}
class WrongSettings : public testing::TestWithParam<WrongSetting> {};

TEST_P(WrongSettings, EndServeWithStatusTwoAndOneLineThatSaysWhich) {
  TemporaryFolder folder;
  auto arguments = GetParam().arguments;
  arguments.insert(arguments.begin(), "serve");
  arguments.insert(arguments.end(), {"--data", folder.path() + "/data"});
  const auto ran = run(arguments, GetParam().environment);
  EXPECT_EQ(ran.status, 2) << ran.err;
  EXPECT_TRUE(ran.out.empty()) << ran.out;
  EXPECT_EQ(lines(ran.err), 1U) << ran.err;
  EXPECT_NE(ran.err.find(GetParam().says), std::string::npos) << ran.err;
}

INSTANTIATE_TEST_SUITE_P(
    Serve, WrongSettings,
    testing::Values(
        WrongSetting{"Listen", {"--listen", "nowhere"}, {}, "listen"},
        WrongSetting{"ListenPort", {"--listen", "127.0.0.1:99999"}, {}, "listen"},
        WrongSetting{"EnvironmentListen", {}, {{"CAMBIST_LISTEN", "x"}}, "CAMBIST_LISTEN"},
        WrongSetting{
            "ConfigMissing", {"--config", "/does/not/exist.toml"}, {}, "/does/not/exist.toml"},
        WrongSetting{"NoProvider",
                     {"--no-sandbox"},
                     {{"CAMBIST_API_KEY", "a-key-of-the-tests"}},
                     "provider"},
        WrongSetting{"NoApiKey",
                     {"--no-sandbox"},
                     {{"CAMBIST_STRIPE_SECRET_KEY", "sk_test_x"}},
                     "CAMBIST_API_KEY"},
        WrongSetting{"BaseUrl",
                     {},
                     {{"CAMBIST_STRIPE_BASE_URL", "ftp://x"},
                      {"CAMBIST_STRIPE_SECRET_KEY", "sk_test_x"},
                      {"CAMBIST_SANDBOX", "false"}},  // with it the other providers work
                     "CAMBIST_STRIPE_BASE_URL"},
        WrongSetting{"UnknownVariable", {}, {{"CAMBIST_LISTNE", "127.0.0.1:0"}}, "CAMBIST_LISTEN"},
        WrongSetting{"LogLevel", {"--log-level", "loud"}, {}, "log"},
        WrongSetting{"Postgres", {"--database", "postgres://127.0.0.1/x"}, {}, "database"}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST(CommandLine, ADataFolderThatCannotBeMadeEndsWithStatusTwo) {
  TemporaryFolder folder;
  const auto file = write(folder, "file", "");
  const auto ran = run({"serve", "--data", file + "/data", "--listen", "127.0.0.1:0",
                        "--sandbox-listen", "127.0.0.1:0"});
  EXPECT_EQ(ran.status, 2) << ran.err;
  EXPECT_NE(ran.err.find(file), std::string::npos) << ran.err;
}

TEST(CommandLine, AnAddressInUseEndsWithStatusTwo) {
  TemporaryFolder first, second;
  ServerProcess server{{first.path()}};
  const auto address = server.origin().substr(std::string{"http://"}.size());
  const auto ran = run(
      {"serve", "--data", second.path(), "--listen", address, "--sandbox-listen", "127.0.0.1:0"});
  EXPECT_EQ(ran.status, 2) << ran.err;
  EXPECT_NE(ran.err.find(address), std::string::npos) << ran.err;
}

TEST(CommandLine, ASecondServerOnTheSameDataIsRefused) {
  TemporaryFolder folder;
  ServerProcess server{{folder.path()}};
  const auto ran = run({"serve", "--data", folder.path(), "--listen", "127.0.0.1:0",
                        "--sandbox-listen", "127.0.0.1:0"});
  EXPECT_EQ(ran.status, 2) << ran.err;
  EXPECT_NE(ran.err.find(folder.path()), std::string::npos) << ran.err;
}

TEST(CommandLine, UnknownKeysOfTheFileAreRefusedWithFileLineAndASuggestion) {
  TemporaryFolder folder;
  const auto file = write(folder, "c.toml", "[server]\nlisten = \"127.0.0.1:0\"\nlisen = \"x\"\n");
  const auto ran = run({"config", "check", "--config", file});
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find(file + ":3"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("listen"), std::string::npos) << ran.err;
}

TEST(CommandLine, FlagsBeatEnvironmentBeatsFileBeatsDefault) {
  TemporaryFolder folder;
  const auto file = write(folder, "c.toml", "[server]\nlisten = \"127.0.0.1:1111\"\n");
  const auto listen_of = [](const Ran& ran) {
    const auto at = ran.out.find("127.0.0.1:");
    return ran.out.substr(at, ran.out.find('"', at) - at);
  };
  EXPECT_EQ(listen_of(run({"config", "show"})), "127.0.0.1:8080");
  EXPECT_EQ(listen_of(run({"config", "show", "--config", file})), "127.0.0.1:1111");
  EXPECT_EQ(
      listen_of(run({"config", "show", "--config", file}, {{"CAMBIST_LISTEN", "127.0.0.1:2222"}})),
      "127.0.0.1:2222");
  EXPECT_EQ(listen_of(run({"config", "show", "--config", file, "--listen", "127.0.0.1:3333"},
                          {{"CAMBIST_LISTEN", "127.0.0.1:2222"}})),
            "127.0.0.1:3333");
}

TEST(CommandLine, ConfigCheckTellsOfEachProviderWhetherItIsOn) {
  const std::map<std::string, std::string> environment{{"CAMBIST_SANDBOX", "false"},
                                                       {"CAMBIST_STRIPE_SECRET_KEY", "sk_test_x"},
                                                       {"CAMBIST_AIRTEL_MONEY_ENABLED", "false"}};
  const auto ran = run({"config", "check"}, environment);
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(ran.out.starts_with("the settings are right\nstripe: on\n")) << ran.out;
  EXPECT_NE(ran.out.find("\npaypal: off (nothing is set)\n"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("\nairtel_money: off (switched off by environment "
                         "CAMBIST_AIRTEL_MONEY_ENABLED)\n"),
            std::string::npos)
      << ran.out;

  const auto json = run({"config", "check", "--json"}, environment);
  EXPECT_EQ(json.status, 0);
  const auto told = boost::json::parse(json.out);
  EXPECT_TRUE(told.at("right").as_bool());
  const auto& stripe = told.at("providers").at(0);
  EXPECT_EQ(stripe.at("name").as_string(), "stripe");
  EXPECT_EQ(stripe.at("state").as_string(), "on");
  EXPECT_TRUE(stripe.at("detail").is_null());
}

TEST(CommandLine, ConfigCheckNamesWhatHalfOfAProvidersCredentialsLack) {
  const std::map<std::string, std::string> half{{"CAMBIST_SANDBOX", "false"},
                                                {"CAMBIST_STRIPE_SECRET_KEY", "sk_test_x"},
                                                {"CAMBIST_PAYPAL_CLIENT_ID", "a-client"},
                                                {"CAMBIST_PAYPAL_WEBHOOK_ID", "WH-1"}};
  const auto ran = run({"config", "check"}, half);
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find("providers.paypal.secret_key: is missing"), std::string::npos) << ran.err;
  EXPECT_EQ(ran.out, "");
  const auto json = run({"config", "check", "--json"}, half);
  EXPECT_EQ(json.status, 2);
  const auto told = boost::json::parse(json.out);
  EXPECT_FALSE(told.at("right").as_bool());
  EXPECT_EQ(told.at("problems").as_array().size(), 1U);
}

TEST(CommandLine, AKeyThatIsNoneOfStripesIsRefusedByItsName) {
  const auto ran = run({"config", "check"},
                       {{"CAMBIST_SANDBOX", "false"}, {"CAMBIST_STRIPE_SECRET_KEY", "nonsense"}});
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find("providers.stripe.secret_key"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("use sk_… or rk_…"), std::string::npos) << ran.err;
  EXPECT_EQ(ran.err.find("nonsense"), std::string::npos) << ran.err;
}

TEST(CommandLine, ConfigShowAsJsonIsForPrograms) {
  const auto ran = run({"config", "show", "--json"}, {{"CAMBIST_STRIPE_PRIORITY", "7"}});
  EXPECT_EQ(ran.status, 0) << ran.err;
  bool seen = false;
  const auto told = boost::json::parse(ran.out);
  for (const auto& setting : told.at("settings").as_array()) {
    if (setting.at("name").as_string() != "providers.stripe.priority") continue;
    seen = setting.at("value").to_number<int>() == 7 &&
           setting.at("source").as_string() == "environment CAMBIST_STRIPE_PRIORITY";
  }
  EXPECT_TRUE(seen) << ran.out;
}

TEST(CommandLine, ConfigShowNeverShowsASecret) {
  const auto ran = run({"config", "show"}, {{"CAMBIST_API_KEY", "canary-key-1"},
                                            {"CAMBIST_STRIPE_SECRET_KEY", "sk_test_canary2"},
                                            {"CAMBIST_STRIPE_WEBHOOK_SECRET", "whsec_canary3"}});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ((ran.out + ran.err).find("canary"), std::string::npos) << ran.out;
}

TEST(CommandLine, TheDevelopmentKeyIsPrintedOnceAndTheDemoFindsIt) {
  TemporaryFolder folder;
  const std::vector<std::string> arguments{CAMBIST_BINARY,     "serve",      "--data",
                                           folder.path(),      "--listen",   "127.0.0.1:0",
                                           "--sandbox-listen", "127.0.0.1:0"};
  std::string url;
  const auto start_and_read = [&](Process& process) {
    std::string banner;
    while (auto line = process.line(30s)) {
      banner += *line + "\n";
      if (const auto at = line->find("http://");
          at != std::string::npos && line->find(" API ") != std::string::npos) {
        url = line->substr(at);
        url = url.substr(0, url.find(' '));
        break;
      }
    }
    return banner;
  };
  Process server{arguments, {}};
  EXPECT_NE(start_and_read(server).find("sk_test_"), std::string::npos);
  const auto demo = run({"demo", "--url", url, "--data", folder.path()});
  EXPECT_EQ(demo.status, 0) << demo.err;
  EXPECT_NE(demo.out.find("partially_refunded"), std::string::npos) << demo.out;
  EXPECT_NE(demo.out.find("POST /stripe/v1/payment_intents"), std::string::npos) << demo.out;
  EXPECT_EQ(demo.out.find("sk_test_"), std::string::npos);
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(40s), 0);
  Process again{arguments, {}};
  EXPECT_EQ(start_and_read(again).find("sk_test_"), std::string::npos);
  again.signal(SIGTERM);
  EXPECT_EQ(again.wait(40s), 0);
}

TEST(CommandLine, TheDemoFailsWhenThereIsNoServer) {
  const auto ran = run({"demo", "--url", "http://127.0.0.1:1"}, {{"CAMBIST_API_KEY", "k"}});
  EXPECT_EQ(ran.status, 1);
  EXPECT_TRUE(ran.out.empty());
  EXPECT_NE(ran.err.find("127.0.0.1:1"), std::string::npos) << ran.err;
}

TEST(CommandLine, MigrateNamesEachMigrationAndIsIdempotent) {
  TemporaryFolder folder;
  const auto first = run({"migrate", "--data", folder.path(), "--json"});
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_FALSE(boost::json::parse(first.out).at("migrations").as_array().empty());
  const auto second = run({"migrate", "--data", folder.path()});
  EXPECT_EQ(second.status, 0) << second.err;
}

TEST(CommandLine, DoctorSaysWhatIsRightAndWhatIsNot) {
  TemporaryFolder folder;
  const auto good = run({"doctor", "--data", folder.path(), "--listen", "127.0.0.1:0",
                         "--sandbox-listen", "127.0.0.1:0"});
  EXPECT_EQ(good.status, 0) << good.out << good.err;
  const auto bad = run({"doctor", "--data", "/proc/none", "--listen", "127.0.0.1:0",
                        "--sandbox-listen", "127.0.0.1:0"});
  EXPECT_EQ(bad.status, 1) << bad.out;
  EXPECT_NE(bad.out.find("/proc/none"), std::string::npos) << bad.out;
}

TEST(CommandLine, SigtermLetsARunningRequestEndAndExitsZero) {
  TemporaryFolder folder;
  SandboxProcess sandbox;
  sandbox.faults(
      R"({"rules":[{"provider":"stripe","operation":"charge","fault":"slow","delay_ms":700,"count":1}]})");
  ServerProcess server{{folder.path(), sandbox.origin() + "/stripe"}};
  ApiResponse answer;
  std::thread request{[&] {
    answer = server.client().post(
        "/api/v1/payments",
        R"({"amount":{"value":"1.00","currency":"USD"},"payment_method":{"type":"card","token":"pm_card_visa"}})");
  }};
  // The confirm call has reached the provider once its rule is used up.
  EXPECT_TRUE(eventually(10s, [&] {
    const auto rules = sandbox.client().get("/sandbox/faults").json().at("rules").as_array();
    return rules.empty() || rules.front().at("count") == 0;
  }));
  server.process().signal(SIGTERM);
  EXPECT_EQ(server.process().wait(40s), 0);
  request.join();
  EXPECT_EQ(answer.status, 201) << answer.body;
}

}  // namespace
}  // namespace cambist::test
