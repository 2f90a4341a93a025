// The process: the real tree, the real API in front of it, and the ways in which both end.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "actors/runtime.hpp"
#include "gateway/api/api.hpp"
#include "gateway/bridge.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/troubled_store.hpp"

namespace cambist::sim {

class World;

/// What one life of the process tells. One of its actors falls over when that is asked for.
class Teller final : public actors::Telemetry {
 public:
  explicit Teller(World& world) : world_(world) {}
  void operation_settled(std::string_view, std::string_view, std::string_view, Duration) override;
  void payment_moved(std::string_view, std::string_view) override;
  void provider_called(std::string_view, std::string_view, std::string_view, Duration) override;
  void breaker_changed(std::string_view provider, int state) override;
  void webhook_received(std::string_view, std::string_view) override;
  void queue_depth(std::string_view queue, std::size_t) override;

  /// The N-th time from now that something is told, whoever tells it falls over.
  void throw_after(int times) { throw_after_ = times; }

 private:
  void perhaps_throw();

  World& world_;
  int throw_after_ = 0;
  std::map<std::string, int, std::less<>> breakers_;
};

class Server {
 public:
  using Answered = std::function<void(std::optional<http::Response>)>;

  explicit Server(World& world);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] bool up() const noexcept { return runtime_ != nullptr; }
  void start();
  /// Everything in memory is gone; whoever waited for an answer hears nothing.
  void crash();
  /// SIGTERM.
  void stop();
  /// The process must end before anybody else runs: asked from inside one of its own steps.
  void doom() noexcept;
  [[nodiscard]] bool doomed() const noexcept { return doomed_; }

  /// A request that has arrived. `answered` is called once; without a response when the process
  /// ends before it has answered, or is not there.
  void take(http::Request request, Answered answered);
  /// Shape: only while it is up.
  [[nodiscard]] gateway::Bridge& bridge() noexcept { return *bridge_; }
  [[nodiscard]] Teller& teller() noexcept { return *teller_; }
  [[nodiscard]] payment::Policy policy() const;

 private:
  [[nodiscard]] actors::RuntimeParams runtime_params();
  void narrow(actors::RuntimeParams& params);
  void open_api();
  void let_go_of_clients();

  World& world_;
  Dice dice_;
  std::map<std::string, std::shared_ptr<const provider::Adapter>> adapters_;
  std::shared_ptr<Life> life_;
  std::shared_ptr<Teller> teller_;
  std::unique_ptr<actors::Runtime> runtime_;
  std::shared_ptr<gateway::Bridge> bridge_;
  std::unique_ptr<gateway::Api> api_;
  gateway::inbound::Handler handler_;
  std::map<std::uint64_t, Answered> waiting_;  // for an answer of this life
  std::uint64_t last_request_ = 0;
  bool doomed_ = false;
  bool stopping_ = false;  // its own stop() is on the stack: nobody else may take it apart
};

}  // namespace cambist::sim
