#include "tests/integration/database/shoppers.hpp"

#include "tests/integration/reliability/operations.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

// Longer than any fault here lasts: who has no answer by then has been forgotten.
constexpr auto patience = 60s;

std::chrono::milliseconds since(Steady::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - start);
}

bool is_final(const ApiResponse& answer) {
  return answer.status != 0 && answer.status != 202 && answer.status != 409 &&
         answer.status != 429 && answer.status < 500;
}

}  // namespace

Shoppers::Shoppers(Scene& scene, unsigned count) : scene_(scene) {
  for (unsigned i = 0; i < count; ++i) {
    threads_.emplace_back([this, i] {
      for (unsigned n = i; !stop_; ++n) shop(n);
    });
  }
}

Shoppers::~Shoppers() {
  stop();
}

void Shoppers::stop() {
  stop_ = true;
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

bool Shoppers::finish_more(std::size_t payments, std::chrono::milliseconds timeout) {
  const auto goal = finished_ + payments;
  return eventually(timeout, [&] { return finished_ >= goal; });
}

void Shoppers::shop(unsigned number) {
  const auto made = ask({"/api/v1/payments", payment_body("manual"), scene_.fresh_key()});
  if (made.status != 201) return;
  const std::string id{made.json().at("id").as_string()};
  const auto path = "/api/v1/payments/" + id;
  std::string last = "payment.authorized";
  if (ask({path + "/capture", "{}", scene_.fresh_key()}).status == 200) {
    last = "payment.captured";
    const Request refund{path + "/refund", R"({"amount":{"value":"5.00","currency":"USD"}})",
                         scene_.fresh_key()};
    if (number % 3 == 0 && ask(refund).status == 200) last = "refund.succeeded";
  }
  const std::lock_guard lock{mutex_};
  told_[id] = last;
  ++finished_;
}

ApiResponse Shoppers::ask(const Request& request) {
  const auto start = Steady::now();
  for (;;) {
    const auto asked = Steady::now();
    auto answer = scene_.send(request);
    {
      const std::lock_guard lock{mutex_};
      longest_ = std::max(longest_, since(asked));
      look_at(request, answer);
    }
    if (is_final(answer)) return answer;
    if (since(start) > patience) {
      const std::lock_guard lock{mutex_};
      wrong_.push_back(request.target + " has no end: " + std::to_string(answer.status) + " " +
                       answer.body);
      return answer;
    }
    std::this_thread::sleep_for(20ms);  // a client's pause, shorter than it is told to make
  }
}

void Shoppers::look_at(const Request& request, const ApiResponse& answer) {
  if (answer.status >= 200 && answer.status < 300) {
    promises_.push_back(promised(answer.json()));
  } else if (answer.status == 503) {
    ++refused_;
    const auto* type = http::find(answer.headers, "Content-Type");
    if (type == nullptr || *type != "application/problem+json" ||
        http::find(answer.headers, "Retry-After") == nullptr)
      wrong_.push_back("a 503 that is no problem with Retry-After: " + answer.body);
  } else if (answer.status != 409) {
    wrong_.push_back(request.target + " was answered " + std::to_string(answer.status) + " " +
                     answer.body);
  }
}

ReadyWatch::ReadyWatch(std::string origin) : client_(std::move(origin), "") {
  thread_ = std::thread{[this] {
    while (!stop_) {
      ready_ = client_.get("/readyz").status == 200;
      poll_pause();
    }
  }};
}

ReadyWatch::~ReadyWatch() {
  stop_ = true;
  thread_.join();
}

std::chrono::milliseconds ReadyWatch::until(bool ready, Steady::time_point start,
                                            std::chrono::milliseconds timeout) const {
  const bool came = eventually(timeout - since(start), [&] { return ready_ == ready; });
  return came ? std::min(since(start), timeout) : timeout;
}

}  // namespace cambist::test
