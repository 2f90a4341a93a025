// The merchants' endpoints for our events: what they were sent, and how they fail.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/ports.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/troubled_store.hpp"
#include "tests/support/invariants.hpp"

namespace cambist::sim {

class World;

class Shops {
 public:
  explicit Shops(World& world);

  /// The process's way to them.
  [[nodiscard]] std::shared_ptr<actors::HttpClient> client(std::shared_ptr<const Life> life);
  /// Makes the endpoints, once the server is up.
  void open();
  [[nodiscard]] bool opened() const noexcept { return opened_ == shops_.size(); }
  /// An operator starts the schedule of every endpoint anew.
  void try_again();
  [[nodiscard]] const std::vector<test::Received>& received() const noexcept { return received_; }

 private:
  struct Shop {
    EndpointId id;
    std::string url;
    std::string secret;
  };
  void open(Shop shop);
  /// Whether the wire fails it now: late or lost, twice, or its answer reset.
  bool mishap(const http::Request& request);
  /// Takes a request in; the status of the answer, 0 for none.
  int take(const http::Request& request);

  World& world_;
  Dice dice_;
  std::vector<Shop> shops_;
  std::size_t opened_ = 0;
  int lives_ = 0;
  std::vector<test::Received> received_;
};

}  // namespace cambist::sim
