// The desk's view of webhooks: what it shows, what it sends again, and what it refuses.
#include "tests/unit/gateway/sandbox/bench.hpp"

namespace cambist::gateway::sandbox::test {
namespace {

TEST(SandboxDeskWebhooks, NothingIsSentWhereNoUrlIsSet) {
  Desk desk;
  (void)desk.faults(R"({"provider":"*","operation":"webhook","fault":"drop"})");
  (void)desk.confirmed("pm_card_visa");
  const auto shown = desk.call("GET", "/sandbox/webhooks");
  EXPECT_EQ(shown.status(), 200);
  EXPECT_TRUE(shown["url"].is_null());
  EXPECT_EQ(shown.number("sent"), 0);
  EXPECT_EQ(desk.call("GET", "/sandbox/faults")["rules"].at(0).at("fired").as_int64(), 0)
      << "a rule is for letters, and there are none";
  EXPECT_EQ(desk.call("POST", "/sandbox/webhooks/resend", R"({"all":true})").status(), 409);
}

TEST(SandboxDeskWebhooks, ShowsWhatTheMailerShows) {
  Desk desk;
  const auto box = desk.mailbox();
  (void)desk.confirmed("pm_card_visa");
  EXPECT_EQ(desk.call("GET", "/sandbox/webhooks").number("kept"), 3);
  (void)desk.call("POST", "/sandbox/reset");
  EXPECT_TRUE(box->letters.empty());
}

TEST(SandboxDeskWebhooks, OneEventOrAllAreSentAgainAsTheyWere) {
  Desk desk;
  const auto box = desk.mailbox();
  (void)desk.faults(R"({"provider":"*","operation":"webhook","fault":"drop"})");
  (void)desk.confirmed("pm_card_visa");
  const auto first = box->letters;
  EXPECT_TRUE(first[1].dropped);
  const auto again =
      desk.call("POST", "/sandbox/webhooks/resend", R"({"event":")" + first[1].event + "\"}");
  EXPECT_EQ(again.number("resent"), 1);
  ASSERT_EQ(box->letters.size(), 4U);
  EXPECT_EQ(box->letters[3].body, first[1].body);
  EXPECT_FALSE(box->letters[3].dropped) << "what is sent by hand meets no fault";
  const auto all = desk.call("POST", "/sandbox/webhooks/resend", R"({"all":true})");
  EXPECT_EQ(all.number("resent"), 3);
  ASSERT_EQ(box->letters.size(), 7U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(box->letters[4 + i].body, first[i].body);
}

TEST(SandboxDeskWebhooks, StrangeRequestsAreRefused) {
  Desk desk;
  const auto box = desk.mailbox();
  const auto resend = [&](const std::string& body) {
    return desk.call("POST", "/sandbox/webhooks/resend", body).status();
  };
  for (const auto* body : {"", "{}", "[]", "{", R"({"event":1})", R"({"all":false})",
                           R"({"event":"evt_1","all":true})", R"({"every":true})"}) {
    EXPECT_EQ(resend(body), 400) << body;
  }
  EXPECT_EQ(resend(R"({"event":"evt_1"})"), 404);
  EXPECT_EQ(desk.call("GET", "/sandbox/webhooks/resend").status(), 405);
  EXPECT_EQ(desk.call("POST", "/sandbox/webhooks").status(), 405);
  EXPECT_TRUE(box->letters.empty());
}

}  // namespace
}  // namespace cambist::gateway::sandbox::test
