// The sandbox's bank: what it books, what it tells, and that our own adapter understands both.
#include "protocols/bank/camt.hpp"
#include "protocols/bank/csv.hpp"
#include "protocols/providers/bank_transfer/adapter.hpp"
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* reference = "880000004225";

std::shared_ptr<const provider::Adapter> adapter() {
  provider::Settings settings;
  for (const auto& [name, value] : cambist::bank_transfer::sandbox_values())
    settings.values.emplace(name, value);
  settings.secrets.emplace("webhook_secret", Secret{"whsec_sandbox"});
  return cambist::bank_transfer::make_adapter(settings).value();
}

Answer pay(Desk& desk, const std::string& mode, const std::string& more = "") {
  return desk.call("POST", "/bank_transfer/pay",
                   R"({"reference":")" + std::string{reference} +
                       R"(","amount":"100.00","mode":")" + mode + "\"" + more + "}");
}

/// What our adapter makes of a letter, signed as the sender would.
Result<provider::Notice> read(const webhooks::Letter& letter, TimePoint now) {
  http::Request request;
  std::vector<Secret> secrets;
  secrets.emplace_back("whsec_sandbox");
  request.headers = letter.seal(letter.body, secrets, now);
  request.body = letter.body;
  if (const auto genuine = adapter()->verify_webhook(request, now); !genuine)
    return genuine.error();
  return adapter()->read_webhook(letter.body);
}

TEST(SandboxBank, TellsOfAPaymentInItsReference) {
  Desk desk;
  const auto box = desk.mailbox();
  ASSERT_EQ(pay(desk, "normal").status(), 200);
  ASSERT_EQ(box->letters.size(), 1U);
  const auto notice = read(box->letters[0], desk.now);
  ASSERT_TRUE(notice) << notice.error().detail;
  EXPECT_EQ(notice->provider_payment_id, reference);
  const auto& seen = std::get<provider::TransferSeen>(notice->news);
  EXPECT_EQ(to_decimal(seen.amount), "100.00");
  EXPECT_EQ(desk.effects(), (Effects{"charge 100.00"}));
}

TEST(SandboxBank, ItsStatementsTellTheSameAsItsCallbacks) {
  Desk desk;
  const auto box = desk.mailbox();
  ASSERT_EQ(pay(desk, "normal").status(), 200);
  ASSERT_EQ(pay(desk, "returned").status(), 200);
  std::vector<std::string> told;
  for (const auto& letter : box->letters) told.push_back(read(letter, desk.now)->id);
  for (const auto& [path, type] : {std::pair{"/bank_transfer/statement.xml", "application/xml"},
                                   std::pair{"/bank_transfer/statement.csv", "text/csv"}}) {
    const auto answer = desk.call("GET", path);
    const auto lines = adapter()->split_statement(type, answer.outgoing.response.body);
    ASSERT_TRUE(lines) << lines.error().detail;
    std::vector<std::string> written;
    for (const auto& line : *lines) {
      const auto notice = adapter()->read_webhook(line);
      ASSERT_TRUE(notice);
      written.push_back(notice->id);
      EXPECT_EQ(notice->provider_payment_id, reference);
    }
    EXPECT_EQ(written, told) << path;
  }
}

TEST(SandboxBank, FailsInEachWayThatBanksAndPayersDo) {
  const auto letters = [](const std::string& mode) {
    Desk desk;
    const auto box = desk.mailbox();
    EXPECT_EQ(pay(desk, mode).status(), 200) << mode;
    return box->letters;
  };
  EXPECT_TRUE(letters("lost_callback").empty());
  const auto twice = letters("duplicate");
  ASSERT_EQ(twice.size(), 2U);
  EXPECT_EQ(twice[0].body, twice[1].body);
  Desk desk;
  const auto amount = [&](const std::string& mode) {
    return to_decimal(
        std::get<provider::TransferSeen>(read(letters(mode).at(0), desk.now)->news).amount);
  };
  EXPECT_EQ(amount("partial"), "50.00");
  EXPECT_EQ(amount("over"), "110.00");
  EXPECT_EQ(read(letters("wrong_reference").at(0), desk.now)->provider_payment_id, "");
  EXPECT_GT(letters("late").at(0).delay, 0ms);
  const auto back = letters("returned");
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(std::get<provider::TransferSeen>(read(back[1], desk.now)->news).kind,
            provider::TransferKind::reversal);
}

TEST(SandboxBank, APayerPaysWhatTheObjectSays) {
  Desk desk;
  const auto box = desk.mailbox();
  const std::string payer = "/sandbox/payer/bank_transfer/";
  EXPECT_EQ(desk.call("POST", payer + "880000004225/approve").status(), 404);
  EXPECT_EQ(desk.call("POST", payer + "880000004225:0/approve").status(), 404);
  EXPECT_LT(desk.call("POST", payer + "880000004225:450000.00/decline").status(), 300);
  EXPECT_TRUE(box->letters.empty());
  EXPECT_LT(desk.call("POST", payer + "880000004225:450000.00/approve").status(), 300);
  ASSERT_EQ(box->letters.size(), 1U);
  EXPECT_EQ(desk.effects(), (Effects{"charge 450000.00"}));
}

TEST(SandboxBank, RefusesWhatIsNoPayment) {
  Desk desk;
  for (const char* body :
       {"", "[]", R"({"reference":"8","amount":"0"})", R"({"amount":"-1"})", R"({"amount":5})",
        R"({"amount":"5","mode":"gift"})", R"({"amount":"5","currency":"x"})",
        R"({"amount":"5","delay_ms":-1})", R"({"amount":"5","color":"red"})"}) {
    EXPECT_EQ(desk.call("POST", "/bank_transfer/pay", body).status(), 400) << body;
  }
  EXPECT_EQ(desk.call("GET", "/bank_transfer/pay").status(), 405);
  EXPECT_EQ(desk.call("GET", "/bank_transfer/other").status(), 404);
  EXPECT_TRUE(desk.effects().empty());
}

TEST(SandboxBank, ItsDayIsTheBanks) {
  Desk desk;
  desk.now = parse_rfc3339("2026-01-15T22:00:00Z").value();
  (void)pay(desk, "normal");
  const auto lines = [&](const std::string& day) {
    const auto answer = desk.call("GET", "/bank_transfer/statement.csv?day=" + day);
    const auto& body = answer.outgoing.response.body;
    return std::count(body.begin(), body.end(), '\n') - 1;
  };
  EXPECT_EQ(lines("2026-01-15"), 0);
  EXPECT_EQ(lines("2026-01-16"), 1);
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
