// The thread around the schedule: what it sends, when it tries again, and that it ends.
#include "gateway/sandbox/webhooks/sender.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "gateway/sandbox/stripe/signature.hpp"

namespace cambist::gateway::sandbox::webhooks {
namespace {

using namespace std::chrono_literals;
constexpr auto patience = 20s;

// Answers from its own script, on the caller's thread; what it was asked can be waited for.
class Peer final : public actors::HttpClient {
 public:
  void send(http::Request request, std::chrono::milliseconds timeout,
            std::function<void(actors::HttpOutcome)> done) override {
    EXPECT_EQ(timeout, 10s);
    int status = 200;
    {
      const std::lock_guard lock{mutex_};
      requests_.push_back(std::move(request));
      if (requests_.size() <= statuses_.size()) status = statuses_[requests_.size() - 1];
    }
    changed_.notify_all();
    if (status == 0) return done(http::TransportFailure{http::FailurePhase::not_sent, "connect"});
    done(http::Response{status, {}, {}});
  }

  void answer_with(std::vector<int> statuses) {
    const std::lock_guard lock{mutex_};
    statuses_ = std::move(statuses);
  }
  std::vector<http::Request> wait_for(std::size_t count) {
    std::unique_lock lock{mutex_};
    EXPECT_TRUE(changed_.wait_for(lock, patience, [&] { return requests_.size() >= count; }));
    return requests_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<http::Request> requests_;
  std::vector<int> statuses_;
};

class WebhookSender : public testing::Test {
 protected:
  void start(PassTime pass_time = [] { return std::optional<TimePoint>{}; }) {
    Secrets secrets;
    secrets.emplace("stripe", Secret{"whsec_a"});
    // The clock is ours: it stands still until a test moves it.
    sender_ = start_sender(
        *read_destination("http://127.0.0.1:1/hooks", secrets), peer_,
        [this] { return TimePoint{Duration{now_.load()}}; }, std::move(pass_time));
  }
  ~WebhookSender() override {
    if (sender_) sender_->stop();
  }
  static Letter letter(std::string_view provider = "stripe") {
    Letter made;
    made.provider = provider;
    made.event = "evt_1";
    made.type = "charge.succeeded";
    made.body = R"({"id":"evt_1"})";
    made.seal = [](std::string_view body, const std::vector<Secret>& secrets, TimePoint now) {
      return http::Headers{{"Stripe-Signature", stripe::signature(secrets, body, now)}};
    };
    return made;
  }
  std::int64_t wait_for(std::string_view name, std::int64_t count) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (sender_->show().at(name).as_int64() < count && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
    return sender_->show().at(name).as_int64();
  }

  bool wait_for_result(std::size_t newest, const std::string& result) {
    const auto end = std::chrono::steady_clock::now() + patience;
    const auto found = [&] {
      return sender_->show().at("deliveries").at(newest).at("result").as_string() == result;
    };
    while (!found() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    return found();
  }

  std::shared_ptr<Peer> peer_ = std::make_shared<Peer>();
  std::atomic<std::int64_t> now_{1'700'000'000'000'000};
  std::shared_ptr<Sender> sender_;
};

TEST_F(WebhookSender, SendsSignedLettersToTheProvidersPath) {
  start();
  sender_->post(letter());
  const auto requests = peer_->wait_for(1);
  EXPECT_EQ(requests[0].target, "/hooks/stripe");
  EXPECT_TRUE(http::find(requests[0].headers, "stripe-signature")->starts_with("t=1700000000,v1="));
  EXPECT_EQ(wait_for("delivered", 1), 1);
  EXPECT_EQ(sender_->show().at("url").as_string(), "http://127.0.0.1:1/hooks");
}

TEST_F(WebhookSender, AnythingButA2xxIsTriedAgainWithANewSignature) {
  // The first letter fails three times; one more letter after each failure wakes the thread, which
  // then sees that the clock has moved.
  peer_->answer_with({503, 302, 200, 0, 200, 204});
  start();
  sender_->post(letter());
  int others = 0;
  for (const std::string result : {"HTTP 503", "HTTP 302", "connect"}) {
    EXPECT_TRUE(wait_for_result(static_cast<std::size_t>(others), result)) << result;
    now_ += 3'600'000'000;
    sender_->post(letter());
    ++others;
  }
  EXPECT_EQ(wait_for("delivered", 4), 4);
  const auto requests = peer_->wait_for(7);
  EXPECT_NE(*http::find(requests[0].headers, "stripe-signature"),
            *http::find(requests[1].headers, "stripe-signature"));
  EXPECT_EQ(sender_->show().at("deliveries").at(3).at("attempts").as_int64(), 4);
}

TEST_F(WebhookSender, AProviderWithoutASecretSendsNothing) {
  start();
  sender_->post(letter("other"));
  sender_->post(letter());
  EXPECT_EQ(wait_for("delivered", 1), 1);
  EXPECT_EQ(peer_->wait_for(1).size(), 1U);
  EXPECT_EQ(sender_->show().at("sent").as_int64(), 1);
}

TEST_F(WebhookSender, LooksForWhatACallMadeDueWithoutALetter) {
  std::atomic<int> asked{0};
  start([&]() -> std::optional<TimePoint> {
    ++asked;
    return std::nullopt;
  });
  const auto end = std::chrono::steady_clock::now() + patience;
  while (asked < 2 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  EXPECT_GE(asked.load(), 2);
  sender_->stop();
}

TEST_F(WebhookSender, LetsTimePassForTheProviders) {
  std::atomic<int> asked{0};
  start([&]() -> std::optional<TimePoint> {
    ++asked;
    return TimePoint{Duration{now_.load() + 1'000}};
  });
  const auto end = std::chrono::steady_clock::now() + patience;
  while (asked < 3 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  EXPECT_GE(asked.load(), 3) << "it comes back when something is due";
  sender_->stop();
}

TEST_F(WebhookSender, EndsWithLettersStillWaitingAndTakesNoMore) {
  peer_->answer_with({503});
  start();
  sender_->post(letter());
  EXPECT_EQ(wait_for("sent", 1), 1);
  sender_->stop();
  sender_->post(letter());
  EXPECT_EQ(sender_->show().at("pending").as_int64(), 1);
}

}  // namespace
}  // namespace cambist::gateway::sandbox::webhooks
