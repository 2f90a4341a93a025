// One request from the moment it is sent to the moment its outcome is told. It always knows whether
// a byte left.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "actors/ports.hpp"
#include "gateway/outbound/client.hpp"
#include "gateway/outbound/link.hpp"
#include "gateway/outbound/name_cache.hpp"
#include "gateway/outbound/pool.hpp"
#include "gateway/outbound/response_reader.hpp"
#include "protocols/http/url.hpp"

namespace cambist::gateway::outbound {

class Exchange;

/// What all exchanges of one client share; touched on the I/O thread alone.
struct Hub {
  explicit Hub(ClientLimits limits_) : limits(std::move(limits_)) {}

  [[nodiscard]] Pool& pool(const http::Origin& origin);
  /// Gives a finished exchange's connection to whoever waits for one.
  void give_back(Pool& pool, std::shared_ptr<Link> link, bool reusable);
  /// The context for a handshake. The system's roots are read when the first https origin is met
  /// (README.md, decision 9).
  [[nodiscard]] boost::asio::ssl::context& trusting();

  const ClientLimits limits;
  // Exchanges may be destroyed with `io`, so what they touch then is declared before it.
  std::unordered_set<Exchange*> live;
  boost::asio::ssl::context tls{boost::asio::ssl::context::tls_client};
  bool trusts_the_system = false;
  bool stopping = false;
  boost::asio::io_context io{1};
  NameCache names{io, limits.resolve};
  std::map<std::string, Pool> pools;  // by "https://host:port"
};

/// Destroyed before it has an outcome, it tells "cancelled".
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  using Clock = std::chrono::steady_clock;
  using Done = std::function<void(actors::HttpOutcome)>;

  Exchange(Hub& hub, http::Request request, Clock::time_point deadline, Done done);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange();

  void start();
  /// A connection has come free: `link` idle, or nullptr with the right to open one.
  void proceed(std::shared_ptr<Link> link);
  void cancel();

 private:
  enum class Stage : std::uint8_t {
    begun,
    waiting,
    resolving,
    connecting,
    securing,
    sending,
    receiving,
    finished
  };

  void acquire();
  void resolve();
  void connect(const Endpoints& endpoints);
  [[nodiscard]] bool may_reach(const Endpoints& endpoints) const;
  void secure();
  void send();
  void receive();
  void on_received(boost::system::error_code error, std::size_t n);
  void enter(Stage stage, std::chrono::milliseconds at_most);
  void on_deadline();
  void fail(std::string reason);
  void succeed();
  void finish(actors::HttpOutcome outcome, bool reusable);
  /// Wraps a step so that it is void once the stage it belongs to is over.
  template <class Step>
  auto during(Stage stage, Step step);

  Hub& hub_;
  http::Origin origin_;
  std::string bytes_;
  std::string error_;  // why the request cannot be sent at all
  Clock::time_point deadline_;
  Done done_;
  boost::asio::steady_timer timer_;
  Pool* pool_ = nullptr;  // set while a slot of it is held
  std::shared_ptr<Link> link_;
  ResponseReader reader_;
  Stage stage_ = Stage::begun;
  bool reused_ = false;
  bool written_ = false;
};

}  // namespace cambist::gateway::outbound
