#include "gateway/outbound/client.hpp"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/outbound/exchange.hpp"

namespace cambist::gateway::outbound {

namespace {

namespace asio = boost::asio;

// A request on its way to the I/O thread. If it never gets there it was cancelled.
struct Handover {
  Handover(http::Request request_, Exchange::Clock::time_point deadline_, Exchange::Done done_)
      : request(std::move(request_)), deadline(deadline_), done(std::move(done_)) {}
  Handover(Handover&& other) noexcept
      : request(std::move(other.request)),
        deadline(other.deadline),
        done(std::exchange(other.done, nullptr)) {}
  Handover& operator=(Handover&&) = delete;
  ~Handover() {
    if (done) done(http::TransportFailure{http::FailurePhase::not_sent, "cancelled"});
  }

  http::Request request;
  Exchange::Clock::time_point deadline;
  Exchange::Done done;
};

class Client final : public actors::HttpClient {
 public:
  explicit Client(ClientLimits limits) : hub_(std::make_shared<Hub>(std::move(limits))) {
    if (const auto ready = prepare(hub_->tls, hub_->limits.ca_file); !ready) {
      // Nothing is trusted then: every https call fails as not_sent "tls".
      spdlog::error("outgoing TLS: {}", ready.error().detail);
    }
    prune_later(*hub_, std::make_shared<asio::steady_timer>(hub_->io));
    thread_ = std::thread{[hub = hub_] { run(*hub); }};
  }

  ~Client() override {
    asio::post(hub_->io, [hub = hub_.get()] { stop(*hub); });
    // The last owner may let go inside a callback, on the I/O thread itself: it then ends on its
    // own.
    if (thread_.get_id() == std::this_thread::get_id()) {
      thread_.detach();
    } else {
      thread_.join();
    }
  }

  void send(http::Request request, std::chrono::milliseconds timeout,
            std::function<void(actors::HttpOutcome)> done) override {
    const auto deadline = Exchange::Clock::now() +
                          std::min<std::chrono::milliseconds>(timeout, std::chrono::hours{24});
    asio::post(hub_->io, [hub = hub_.get(), handover = Handover{std::move(request), deadline,
                                                                std::move(done)}]() mutable {
      std::make_shared<Exchange>(*hub, std::move(handover.request), handover.deadline,
                                 std::exchange(handover.done, nullptr))
          ->start();
    });
  }

 private:
  static void run(Hub& hub) {
    const auto guard = asio::make_work_guard(hub.io);
    while (!hub.io.stopped()) {
      try {
        hub.io.run();
      } catch (const std::exception& why) {  // no memory: the exchange it hit has told "cancelled"
        spdlog::error("an outgoing request was lost: {}", why.what());
      }
    }
  }

  static void stop(Hub& hub) {
    hub.stopping = true;
    std::vector<std::shared_ptr<Exchange>> live;
    for (auto* exchange : hub.live) {
      if (auto alive = exchange->weak_from_this().lock()) live.push_back(std::move(alive));
    }
    for (const auto& exchange : live) exchange->cancel();
    hub.io.stop();
  }

  static void prune_later(Hub& hub, const std::shared_ptr<asio::steady_timer>& timer) {
    timer->expires_after(std::max(hub.limits.idle_max / 2, std::chrono::milliseconds{100}));
    timer->async_wait([&hub, timer](boost::system::error_code cancelled) {
      if (cancelled) return;
      for (auto& [origin, pool] : hub.pools) pool.prune(Pool::Clock::now());
      std::erase_if(hub.pools, [](const auto& item) { return item.second.is_unused(); });
      prune_later(hub, timer);
    });
  }

  std::shared_ptr<Hub> hub_;
  std::thread thread_;
};

}  // namespace

std::shared_ptr<actors::HttpClient> make_client(ClientLimits limits) {
  return std::make_shared<Client>(std::move(limits));
}

}  // namespace cambist::gateway::outbound
