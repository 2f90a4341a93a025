#include "gateway/inbound/server.hpp"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "gateway/inbound/connection.hpp"
#include "gateway/inbound/worker.hpp"

namespace cambist::gateway::inbound {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

Result<tcp::endpoint> parse_address(const std::string& address) {
  const Error bad{ErrorCode::invalid_request,
                  "'" + address + "' is not an address of the form HOST:PORT"};
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return bad;
  auto host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  std::uint16_t port = 0;
  const char* const end = address.data() + address.size();
  const auto [stop, failed] = std::from_chars(address.data() + colon + 1, end, port);
  if (failed != std::errc{} || stop != end) return bad;
  error_code error;
  const auto ip = asio::ip::make_address(host, error);
  if (error) return bad;
  return tcp::endpoint{ip, port};
}

error_code bind(tcp::acceptor& acceptor, const tcp::endpoint& at, bool shared_port) {
  error_code error;
  acceptor.open(at.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
  if (!error && shared_port) acceptor.set_option(ReusePort{true}, error);
  if (!error) acceptor.bind(at, error);
  return error;
}

error_code listen(tcp::acceptor& acceptor, const tcp::endpoint& at, bool shared_port) {
  auto error = bind(acceptor, at, shared_port);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

std::string peer_name(const tcp::endpoint& endpoint) {
  const auto& address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

void admit(const std::shared_ptr<Worker>& worker, tcp::socket socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return;  // gone already
  socket.non_blocking(true, error);
  if (!error) socket.set_option(tcp::no_delay{true}, error);
  if (error) return;
  auto& shared = *worker->shared;
  auto peer = peer_name(endpoint);
  const auto verdict = shared.admission.enter(peer);
  if (verdict == Admission::Verdict::drop) {
    ++shared.refused_connections;
    return;
  }
  ++shared.accepted;
  const auto connection = std::make_shared<Connection>(*worker, std::move(socket), std::move(peer));
  verdict == Admission::Verdict::serve ? connection->serve() : connection->turn_away();
}

// Handlers name the worker weakly: it owns the io_context that owns them.
void accept(const std::shared_ptr<Worker>& worker) {
  worker->acceptor.async_accept(
      [weak = std::weak_ptr{worker}](error_code error, tcp::socket socket) {
        const auto self = weak.lock();
        if (!self || !self->acceptor.is_open()) return;
        if (!error) {
          admit(self, std::move(socket));
          return accept(self);
        }
        ++self->shared->accept_failures;
        if (error == asio::error::connection_aborted) return accept(self);
        // No descriptor or no memory: the client stays in the backlog; asking again at once would
        // only spin.
        self->accept_retry.expires_after(std::chrono::milliseconds{100});
        self->accept_retry.async_wait([weak](error_code cancelled) {
          const auto again = weak.lock();
          if (!cancelled && again && again->acceptor.is_open()) accept(again);
        });
      });
}

void for_each_connection(Worker& worker, void (Connection::*what)()) {
  std::vector<std::shared_ptr<Connection>> all;
  for (auto* connection : worker.connections) {
    if (auto alive = connection->weak_from_this().lock()) all.push_back(std::move(alive));
  }
  for (const auto& connection : all) ((*connection).*what)();
}

// Until drain stops it. An exception is memory running out: it costs one connection, not the
// thread.
void serve(asio::io_context& io) {
  const auto guard = asio::make_work_guard(io);
  while (!io.stopped()) {
    try {
      io.run();
    } catch (const std::exception& why) {
      spdlog::error("http connection lost: {}", why.what());
    }
  }
}

class ServerImpl final : public Server {
 public:
  ServerImpl(std::shared_ptr<Shared> shared, std::vector<std::shared_ptr<Worker>> workers)
      : shared_(std::move(shared)),
        workers_(std::move(workers)),
        port_(workers_.front()->acceptor.local_endpoint().port()) {}
  ~ServerImpl() override { drain(std::chrono::milliseconds{0}); }

  void run() {
    for (const auto& worker : workers_) {
      accept(worker);
      worker->thread = std::thread{[&io = worker->io] { serve(io); }};
    }
  }

  [[nodiscard]] std::uint16_t port() const noexcept override { return port_; }

  [[nodiscard]] Counters counters() const noexcept override {
    return {shared_->accepted,        shared_->requests,
            shared_->refused_heads,   shared_->refused_connections,
            shared_->accept_failures, shared_->timed_out,
            shared_->admission.open()};
  }

  void drain(std::chrono::milliseconds deadline) override {
    const std::lock_guard lock{drain_mutex_};
    if (std::exchange(drained_, true)) return;
    const auto until = std::chrono::steady_clock::now() + deadline;
    shared_->draining = true;
    for (const auto& worker : workers_) {
      asio::post(worker->io, [&w = *worker] {
        error_code ignored;
        w.acceptor.close(ignored);
        w.accept_retry.cancel();
        for_each_connection(w, &Connection::drain);
      });
    }
    shared_->admission.wait_until_empty(until);
    for (const auto& worker : workers_) {
      asio::post(worker->io, [&w = *worker] {
        for_each_connection(w, &Connection::close);
        w.io.stop();
      });
    }
    for (const auto& worker : workers_) {
      if (worker->thread.joinable()) worker->thread.join();
    }
    // A Responder may outlive us and keep its worker: it must not keep what the handler holds.
    shared_->handler = nullptr;
    shared_->refusal = nullptr;
  }

 private:
  std::shared_ptr<Shared> shared_;
  std::vector<std::shared_ptr<Worker>> workers_;
  std::uint16_t port_;
  std::mutex drain_mutex_;
  bool drained_ = false;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const std::string& address, Limits limits,
                                              Handler handler, Refusal refusal, int threads) {
  auto endpoint = parse_address(address);
  if (!endpoint) return endpoint.error();
  const auto shared =
      std::make_shared<Shared>(std::move(limits), std::move(handler), std::move(refusal));
  std::vector<std::shared_ptr<Worker>> workers;
  try {
    // A port shared between acceptors could also be shared, unseen, with another process: the first
    // bind of it is exclusive, and only then is the port bound again by each thread.
    tcp::endpoint at = *endpoint;
    if (threads > 1) {
      asio::io_context io;
      tcp::acceptor probe{io};
      if (const auto error = bind(probe, at, false)) {
        return Error{ErrorCode::unavailable,
                     "cannot listen on " + address + ": " + error.message()};
      }
      at.port(probe.local_endpoint().port());
    }
    for (int i = 0; i < std::max(threads, 1); ++i) {
      workers.push_back(std::make_shared<Worker>(shared));
      if (const auto error = listen(workers.back()->acceptor, at, threads > 1)) {
        return Error{ErrorCode::unavailable,
                     "cannot listen on " + address + ": " + error.message()};
      }
    }
    auto server = std::make_unique<ServerImpl>(shared, std::move(workers));
    server->run();
    return std::unique_ptr<Server>{std::move(server)};
  } catch (const std::exception& why) {  // no descriptor or thread left
    return Error{ErrorCode::unavailable, "cannot listen on " + address + ": " + why.what()};
  }
}

}  // namespace cambist::gateway::inbound
