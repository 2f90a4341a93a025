// One run: everybody who plays, and what they may do to each other.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/store.hpp"
#include "tests/simulation/profile.hpp"
#include "tests/simulation/reach.hpp"
#include "tests/simulation/stage.hpp"
#include "tests/support/history.hpp"
#include "tests/support/invariants.hpp"

namespace cambist::sim {

class Clients;
class Front;
class Havoc;
class Mail;
class Operators;
class ProviderSide;
class Server;
class Shops;
struct StoreTroubles;

/// What a run came to.
struct Outcome {
  std::uint64_t seed = 0;
  std::string profile;
  std::vector<test::Violation> violations;
  std::uint64_t payments = 0;
  std::uint64_t faults = 0;
  std::uint64_t crashes = 0;
  std::uint64_t requests = 0;
  std::uint64_t steps = 0;
  std::uint64_t hash = 0;
  double simulated_s = 0;
  std::string last_steps;  // up to what was broken; of its payment, when only the end could tell
  Reach reach;
};

class World {
 public:
  /// Shape: `trace_to` gets every step; nullptr: none.
  explicit World(std::uint64_t seed, std::FILE* trace_to = nullptr);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Plays it to its end and judges it.
  [[nodiscard]] Outcome run();
  /// All that is kept of a payment, here and at the provider, for people.
  [[nodiscard]] std::string story(const std::string& payment);

  // --- for those who play
  // ------------------------------------------------------------------------

  /// Counts something that went wrong; `payment` empty: it met everybody who is there; "-": it met
  /// somebody of whom nothing is known yet.
  void fault(Fault kind, std::string_view payment = {});
  [[nodiscard]] Dice dice(std::string_view stream) const { return Dice{seed_, stream}; }
  /// Nothing goes wrong by itself any more.
  [[nodiscard]] bool quiet() const noexcept { return quiet_; }
  [[nodiscard]] storage::Reader& reader() noexcept { return *reader_; }
  /// A promise that was seen to be broken while it happened.
  void broken(std::string invariant, std::string payment, std::string what);
  [[nodiscard]] std::uint64_t faults() const noexcept { return faults_; }

  Profile profile;
  Stage stage;
  Reach reach;
  std::shared_ptr<storage::Store> store;  // survives every crash
  std::shared_ptr<StoreTroubles> store_troubles;
  std::unique_ptr<ProviderSide> provider;
  std::unique_ptr<Server> server;
  std::unique_ptr<Front> front;
  std::unique_ptr<Mail> mail;
  std::unique_ptr<Shops> shops;
  std::unique_ptr<Clients> clients;
  std::unique_ptr<Operators> operators;
  std::unique_ptr<Havoc> havoc;

 private:
  void play();
  void come_to_rest();
  void advance();
  [[nodiscard]] bool at_rest();
  [[nodiscard]] std::string under_way();
  [[nodiscard]] bool endpoints_disabled();
  void written(std::span<const storage::Entry> batch,
               const std::vector<storage::AppendResult>& results);
  void written(const storage::Append& append, std::uint64_t version);
  void meet(Fault kind, const std::string& payment, std::string_view status);
  void judge(Outcome& outcome);
  [[nodiscard]] std::string steps_of(const test::Violation& violation) const;

  std::uint64_t seed_;
  std::unique_ptr<storage::Reader> reader_;
  struct Known {
    std::uint64_t version = 0;
    payment::Status settled = payment::Status::pending;  // the last that was not on its way
  };
  std::map<std::string, Known, std::less<>> known_;  // payments, as they were written
  std::vector<test::Violation> seen_;                // the first ends the run
  std::string steps_before_;                         // it
  std::uint64_t faults_ = 0;
  bool quiet_ = false;
};

/// The id of the first payment that `text` names; empty: none.
[[nodiscard]] std::string payment_in(std::string_view text);

}  // namespace cambist::sim
