#include "gateway/sandbox/webhooks/sender.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace cambist::gateway::sandbox::webhooks {
namespace {

constexpr std::chrono::milliseconds attempt_max{10'000};
// The clock may be one that somebody moves by hand, so no wait trusts it for longer.
constexpr std::chrono::milliseconds nap_max{1'000};
constexpr std::chrono::milliseconds nap_min{1};

bool is_success(const actors::HttpOutcome& outcome) {
  const auto* response = std::get_if<http::Response>(&outcome);
  return response != nullptr && response->status >= 200 && response->status <= 299;
}

std::string in_words(const actors::HttpOutcome& outcome) {
  if (const auto* response = std::get_if<http::Response>(&outcome))
    return "HTTP " + std::to_string(response->status);
  return std::get<http::TransportFailure>(outcome).reason;
}

class SenderImpl final : public Sender, public std::enable_shared_from_this<SenderImpl> {
 public:
  SenderImpl(Destination destination, std::shared_ptr<actors::HttpClient> client, Clock now,
             PassTime pass_time, ScheduleLimits limits)
      : destination_{std::move(destination)},
        client_{std::move(client)},
        now_{std::move(now)},
        pass_time_{std::move(pass_time)},
        schedule_{limits} {}

  void start() {
    thread_ = std::thread{[this] { run(); }};
  }

  ~SenderImpl() override { stop(); }

  void post(Letter letter) override {
    if (letter.url.empty() && !destination_.secrets.contains(letter.provider)) return;
    {
      const std::lock_guard lock{mutex_};
      if (stopping_) return;
      schedule_.post(std::move(letter), now_());
      changed_ = true;
    }
    wake_.notify_one();
  }

  void clear() override {
    const std::lock_guard lock{mutex_};
    schedule_.clear();
  }

  boost::json::object show() const override {
    const std::lock_guard lock{mutex_};
    auto shown = schedule_.show();
    shown["url"] = destination_.origin + destination_.path;
    return shown;
  }

  void stop() override {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
    client_.reset();  // cancels what is on the wire
  }

 private:
  void run() {
    std::unique_lock lock{mutex_};
    while (!stopping_) {
      changed_ = false;
      lock.unlock();
      const auto passes = pass_time_();  // takes the sandbox's lock and may post
      lock.lock();
      const auto attempts = take_all();
      if (!attempts.empty()) {
        lock.unlock();
        for (const auto& attempt : attempts) send(attempt);
        lock.lock();
        continue;
      }
      nap(lock, passes);
    }
  }

  std::vector<Schedule::Attempt> take_all() {
    std::vector<Schedule::Attempt> attempts;
    const auto now = now_();
    while (auto attempt = schedule_.take(now)) attempts.push_back(std::move(*attempt));
    return attempts;
  }

  void nap(std::unique_lock<std::mutex>& lock, std::optional<TimePoint> passes) {
    auto until = schedule_.due_at();
    if (passes && (!until || *passes < *until)) until = passes;
    const auto awake = [this] { return stopping_ || changed_; };
    // A call may make something due without a letter that tells of it: never a longer nap than
    // this.
    auto left = nap_max;
    if (until) left = std::chrono::ceil<std::chrono::milliseconds>(*until - now_());
    wake_.wait_for(lock, std::clamp(left, nap_min, nap_max), awake);
  }

  void send(const Schedule::Attempt& attempt) {
    client_->send(seal(*attempt.letter, destination_, now_()), attempt_max,
                  [self = weak_from_this(), id = attempt.id](const actors::HttpOutcome& outcome) {
                    if (const auto sender = self.lock()) sender->settle(id, outcome);
                  });
  }

  void settle(std::uint64_t id, const actors::HttpOutcome& outcome) {
    {
      const std::lock_guard lock{mutex_};
      schedule_.settle(id, is_success(outcome), in_words(outcome), now_());
      changed_ = true;
    }
    wake_.notify_one();
  }

  const Destination destination_;
  std::shared_ptr<actors::HttpClient> client_;  // used by the thread alone, until it has ended
  const Clock now_;
  const PassTime pass_time_;
  mutable std::mutex mutex_;  // guards what follows; never held while sending
  std::condition_variable wake_;
  Schedule schedule_;
  bool changed_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace

std::shared_ptr<Sender> start_sender(Destination destination,
                                     std::shared_ptr<actors::HttpClient> client, Clock now,
                                     PassTime pass_time, ScheduleLimits limits) {
  auto sender = std::make_shared<SenderImpl>(std::move(destination), std::move(client),
                                             std::move(now), std::move(pass_time), limits);
  sender->start();
  return sender;
}

}  // namespace cambist::gateway::sandbox::webhooks
