// The provider's webhooks on their way to us: the sandbox's own schedule of attempts, driven by the
// virtual clock, over a network that loses, repeats, delays and shuffles.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "gateway/sandbox/webhooks/destination.hpp"
#include "gateway/sandbox/webhooks/schedule.hpp"
#include "tests/simulation/agenda.hpp"
#include "tests/simulation/dice.hpp"

namespace cambist::sim {

class World;

class Mail {
 public:
  explicit Mail(World& world);
  ~Mail();

  /// The port that the emulators post to.
  [[nodiscard]] std::shared_ptr<gateway::sandbox::webhooks::Mailer> mailer();
  /// Event ids that only a forger has used.
  [[nodiscard]] const std::set<std::string>& forged() const noexcept { return forged_; }
  /// Nothing is under way and nothing waits.
  [[nodiscard]] bool empty() const { return !schedule_.due_at() && under_way_ == 0; }

 private:
  class Box;
  using Letter = gateway::sandbox::webhooks::Letter;
  void post(Letter letter);
  void look();
  void send(const gateway::sandbox::webhooks::Schedule::Attempt& attempt);
  void settle(std::uint64_t id, std::optional<int> status);
  [[nodiscard]] std::string payment_of(const Letter& letter) const;

  World& world_;
  Dice dice_;
  gateway::sandbox::webhooks::Destination destination_;
  gateway::sandbox::webhooks::Schedule schedule_;
  std::shared_ptr<Box> box_;
  std::set<std::string> forged_;
  Tick looks_at_{};
  int under_way_ = 0;
};

}  // namespace cambist::sim
