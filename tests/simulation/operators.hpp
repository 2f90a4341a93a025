// People: those who run the server, and those who act at the provider past it.
#pragma once

#include <string>

#include "storage/store.hpp"
#include "tests/simulation/dice.hpp"

namespace cambist::sim {

class World;

class Operators {
 public:
  explicit Operators(World& world);

  /// Puts the profile's acts on the agenda, and looks at the tasks from then on.
  void begin();
  /// After all faults: what an operator does so that everything can come to its end.
  void clear_up();
  /// Has all webhooks that were given up worked on again; false when there is none.
  bool replay_dead_letters();

 private:
  void look_at_tasks();
  void resolve(const storage::TaskRow& task);
  void operate_breaker();
  void reset_breaker(const std::string& provider);
  void replay();
  void act_at_dashboard();
  [[nodiscard]] std::string status_of(const std::string& payment);
  void dispute();
  void close(const std::string& dispute);
  void post(std::string target, std::string body);
  struct Object {
    std::string payment;
    std::string provider;
    std::string id;  // there; empty: none
  };
  [[nodiscard]] Object some_object();

  World& world_;
  Dice dice_;
  int keys_ = 0;
};

}  // namespace cambist::sim
