// The provider and the wire to it: the sandbox's own emulator, called in process, with everything
// that a network can do in between.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "actors/ports.hpp"
#include "gateway/sandbox/sandbox.hpp"
#include "tests/simulation/agenda.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/reach.hpp"
#include "tests/simulation/troubled_store.hpp"

namespace cambist::sim {

class World;

class ProviderSide {
 public:
  explicit ProviderSide(World& world);

  /// The process's way to it; whatever comes back after the end of its life goes nowhere.
  [[nodiscard]] std::shared_ptr<actors::HttpClient> client(std::shared_ptr<const Life> life);
  void mail_to(std::shared_ptr<gateway::sandbox::webhooks::Mailer> mailer);
  /// Nothing is answered as it should be for so long.
  void fail_for(Tick how_long);

  // --- what others do there
  // -----------------------------------------------------------------------
  /// A request at the sandbox's own pages. Shape: a 2xx, or nothing was done.
  http::Response desk(std::string_view method, std::string target, std::string body = {});
  [[nodiscard]] boost::json::array effects();
  /// The payment that an object of the provider belongs to; empty: not known.
  [[nodiscard]] std::string payment_of(std::string_view text) const;
  /// What time alone does there.
  void pass_time();

 private:
  struct Call;
  void send(std::shared_ptr<Call> call);
  void must_be_durable(const Call& call);
  void arrive(const std::shared_ptr<Call>& call, bool again);
  [[nodiscard]] gateway::inbound::Outgoing serve(const http::Request& request);
  [[nodiscard]] gateway::inbound::Outgoing serve_faulty(const http::Request& request,
                                                        const std::string& payment);
  void finish(const std::shared_ptr<Call>& call, Tick wait, actors::HttpOutcome outcome);
  void learn(const http::Request& request, const http::Response& response);
  Tick latency();

  World& world_;
  Dice dice_;
  std::unique_ptr<gateway::sandbox::Sandbox> sandbox_;
  gateway::inbound::Handler handler_;
  std::map<std::string, std::string, std::less<>> objects_;  // a provider's id: payment
  Tick looks_at_{};                                          // when time passes there next
  int outages_ = 0;
  bool outage_silent_ = false;
};

}  // namespace cambist::sim
