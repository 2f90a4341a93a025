#include "gateway/log.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <sstream>

namespace cambist::gateway {
namespace {

namespace json = boost::json;

class Log : public ::testing::Test {
 protected:
  void SetUp() override { start("debug"); }
  void TearDown() override { stop_log(); }
  void start(std::string_view level) {
    ASSERT_TRUE(start_log(level, std::make_shared<spdlog::sinks::ostream_sink_mt>(text_)));
  }
  std::vector<json::value> lines() {
    std::vector<json::value> all;
    std::istringstream in{text_.str()};
    for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
    return all;
  }
  std::ostringstream text_;
};

TEST_F(Log, WritesOneJsonObjectPerLine) {
  log_event(spdlog::level::warn, "a \"message\"\n",
            {{"request_id", std::string_view{"req\\1\x01"}},
             {"status", std::int64_t{503}},
             {"duration_ms", 1.5},
             {"replayed", true},
             {"payment_id", std::string_view{}}});
  const auto all = lines();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].at("level").as_string(), "warn");
  EXPECT_EQ(all[0].at("msg").as_string(), "a \"message\"\n");
  EXPECT_EQ(all[0].at("request_id").as_string(), "req\\1\x01");
  EXPECT_EQ(all[0].at("status").as_int64(), 503);
  EXPECT_EQ(all[0].at("duration_ms").as_double(), 1.5);
  EXPECT_TRUE(all[0].at("replayed").as_bool());
  EXPECT_EQ(all[0].as_object().if_contains("payment_id"), nullptr);
  EXPECT_TRUE(all[0].at("ts").as_string().ends_with("Z"));
}

TEST_F(Log, WrapsPlainMessagesOfOtherRooms) {
  spdlog::info("commit took {} ms \"late\"", 7);
  EXPECT_EQ(lines().at(0).at("msg").as_string(), "commit took 7 ms \"late\"");
}

TEST_F(Log, LeavesOutWhatIsBelowTheLevel) {
  stop_log();
  start("warn");
  log_event(spdlog::level::info, "quiet");
  spdlog::info("quiet too");
  log_event(spdlog::level::err, "loud");
  EXPECT_EQ(lines().size(), 1U);
  EXPECT_FALSE(start_log("verbose", nullptr));
}

TEST_F(Log, MasksWhatLooksLikeASecretAndStaysJson) {
  log_event(spdlog::level::info,
            "key sk_test_51ab\"cd whsec_abcdef Bearer abc.def-ghi== card 4242 4242 4242 4242",
            {{"detail", std::string_view{"mail to jane.doe+x@shop.example, call +254712345678"}}});
  const std::string line = text_.str();
  for (const char* secret :
       {"51ab", "abcdef", "abc.def", "4242", "jane", "shop.example", "254712"}) {
    EXPECT_EQ(line.find(secret), std::string::npos) << secret << " in " << line;
  }
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(Log, DoesNothingOnceStopped) {
  stop_log();
  log_event(spdlog::level::err, "late");
  EXPECT_EQ(text_.str(), "");
}

TEST(Mask, KeepsOrdinaryLinesAsTheyAre) {
  for (
      const std::string& line :
      {std::string{R"({"task_id":"risk_level","path":"/v1/payment_intents","status":200})"},
       std::string{
           R"({"payment_id":"pay_01jd2v9h3ke1r8m7q0c5xw4tbz","ts":"2026-11-21T10:00:00.000Z"})"},
       std::string{
           R"({"amount":"100.00","at":1795255200000,"trace_id":"0af7651916cd43dd8448eb211c80319c"})"},
       std::string{"a @ b, @, x@y, sk_, Bearer , +12"}, std::string{}}) {
    EXPECT_EQ(mask(line), line);
  }
}

TEST(Mask, CoversEachKindAndSaysWhichItWas) {
  EXPECT_EQ(mask("sk_live_abcd"), "sk_***");
  EXPECT_EQ(mask("x whsec_abcd y"), "x whsec_*** y");
  EXPECT_EQ(mask("Authorization: Bearer abcdefgh"), "Authorization: Bearer ***");
  EXPECT_EQ(mask("Basic dXNlcjpwYXNz"), "Basic ***");
  EXPECT_EQ(mask("a@b.co c@d.org"), "*** ***");
  EXPECT_EQ(mask("4242424242424242,5555555555554444"), "***,***");
}

}  // namespace
}  // namespace cambist::gateway
